import type { FieldChoice, ResolveChoice, SeenState, SeenVersions } from './choice.js'
import type { Outcome } from './decision.js'
import { carriedFromSide, changedRecord, isPaired, type FieldState } from './field-state.js'
import { carries, passFrom, sourceOf } from './mapping.js'
import { conflictOf, detailOf, type Pair } from './pair.js'
import { settle } from './settle.js'
import { clashes, contested, firstContact, nothing, wholeRecord, type Source, type Taken } from './taken.js'
import { otherSide } from './value.js'
import { merged, metFirst } from './winner.js'

/**
 * A person's Synchronize of one record: the whole record from the source of the pass. Where the destination was changed since
 * the last synchronisation, or moved since he looked, he is told and nothing is written unless he says overwrite.
 */
export function force(pair: Pair, overwrite: boolean, seen: SeenVersions | null): Outcome {
  const source = sourceOf(pair.pass)
  if (seen !== null && !sawVersions(pair, seen)) return told(pair)
  const taken = pair.state.firstContact ? firstContact(source) : wholeRecord(source)
  const loses = pair.state.firstContact
    ? pair.state.fields.some(contested)
    : changedRecord(pair.state, otherSide(source))
  return loses && !overwrite ? told(pair) : settle(pair, taken)
}

/**
 * A person's Merge data: each side's own changes, at first contact each side's blanks filled. A clash that no owner decides
 * is told, and nothing is written.
 */
export function merge(pair: Pair, seen: SeenVersions | null): Outcome {
  if (seen !== null && !sawVersions(pair, seen)) return told(pair)
  return pair.state.fields.some((state) => isOpen(pair, state)) ? told(pair) : settle(pair, merging(pair))
}

/**
 * A person's choice is bound to what he saw: where a version and a mapped value differ since, nothing is written. Who keeps
 * the destination of a one-way mapping leaves both sides as they are: nothing is carried from it, and he wants nothing carried
 * to it. Chosen field by field, a clash that he does not name stays a conflict.
 */
export function resolve(pair: Pair, choice: ResolveChoice, seen: SeenState): Outcome {
  if (movedSince(pair, seen)) return { outcome: 'changedSince', detail: detailOf(pair) }
  if (choice.kind === 'fields') return resolveFields(pair, choice.fields)
  if (!carries(pair.mapping, passFrom(choice.keep))) return settle(pair, nothing)
  return settle(pair, pair.state.firstContact ? firstContact(choice.keep) : wholeRecord(choice.keep))
}

function resolveFields(pair: Pair, choices: Readonly<Record<string, FieldChoice>>): Outcome {
  const known = new Set(pair.state.fields.map((state) => state.field.name))
  if (Object.keys(choices).some((name) => !known.has(name)))
    return { outcome: 'changedSince', detail: detailOf(pair) }
  const unnamed = pair.state.fields.filter((state) => choices[state.field.name] === undefined)
  if (unnamed.some((state) => isOpen(pair, state))) return conflictOf(pair)
  const rest = merging(pair)
  return settle(pair, (state) => {
    const choice = choices[state.field.name]
    return choice === undefined ? rest(state) : chosen(state, choice)
  })
}

function chosen(state: FieldState, choice: FieldChoice): Source {
  if ('value' in choice) return { own: choice.value }
  return state.agrees || !carriedFromSide(state, choice.keep) ? null : choice.keep
}

function isOpen(pair: Pair, state: FieldState): boolean {
  return state.field.owner === undefined && (pair.state.firstContact ? contested(state) : clashes(state))
}

function merging(pair: Pair): Taken {
  return pair.state.firstContact ? metFirst(null) : merged(null)
}

/** He is told what stands, and nothing is written. */
function told(pair: Pair): Outcome {
  return { outcome: 'destinationChanged', detail: detailOf(pair) }
}

function sawVersions(pair: Pair, seen: SeenVersions): boolean {
  return (
    (seen.local === null || seen.local === pair.local.version) &&
    (seen.integration === null || seen.integration === pair.integration.version)
  )
}

function movedSince(pair: Pair, seen: SeenState): boolean {
  const moved = (version: string | null, current: string) => version === null || version !== current
  return pair.state.fields.filter(isPaired).some((state) => {
    const shown = seen.values[state.field.name]
    if (shown === undefined) return true
    return (
      (moved(seen.versions.local, pair.local.version) && shown.local !== state.local) ||
      (moved(seen.versions.integration, pair.integration.version) && shown.integration !== state.integration)
    )
  })
}
