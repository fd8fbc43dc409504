import type { Outcome } from './decision.js'
import { changedRecord, describeConflict, isPaired } from './field-state.js'
import { carries } from './mapping.js'
import {
  contested,
  firstContact,
  nothing,
  passFrom,
  settle,
  sourceOf,
  wholeRecord,
  type Pair,
} from './settle.js'
import { otherSide, type Side, type Value } from './value.js'

/** The versions a person saw, per side; null where he did not say. */
export interface SeenVersions {
  readonly local: string | null
  readonly integration: string | null
}

/** The versions a person saw and the mapped values that were shown with them. */
export interface SeenState {
  readonly versions: SeenVersions
  readonly values: Readonly<Record<string, { readonly local: Value; readonly integration: Value }>>
}

/**
 * A person's Synchronize of one record: the whole record from the source of the pass. Where the destination was changed since
 * the last synchronisation, or moved since he looked, he is told and nothing is written unless he says overwrite.
 */
export function force(pair: Pair, overwrite: boolean, seen: SeenVersions | null): Outcome {
  const source = sourceOf(pair.pass)
  const detail = () => describeConflict(pair.state, pair.coupling, pair.local, pair.integration, pair.context)
  if (seen !== null && !sawVersions(pair, seen)) return { outcome: 'destinationChanged', detail: detail() }
  const taken = pair.state.firstContact ? firstContact(source) : wholeRecord(source)
  const loses = pair.state.firstContact
    ? pair.state.fields.some(contested)
    : changedRecord(pair.state, otherSide(source))
  if (loses && !overwrite) return { outcome: 'destinationChanged', detail: detail() }
  return settle(pair, taken)
}

function sawVersions(pair: Pair, seen: SeenVersions): boolean {
  return (
    (seen.local === null || seen.local === pair.local.version) &&
    (seen.integration === null || seen.integration === pair.integration.version)
  )
}

/**
 * A person's choice is bound to what he saw: where a version and a mapped value differ since, nothing is written. Who keeps
 * the destination of a one-way mapping leaves both sides as they are: nothing is carried from it, and he wants nothing carried
 * to it.
 */
export function resolve(pair: Pair, keep: Side, seen: SeenState): Outcome {
  const moved = (version: string | null, current: string) => version === null || version !== current
  const differs = pair.state.fields.filter(isPaired).some((state) => {
    const shown = seen.values[state.field.name]
    if (shown === undefined) return true
    return (
      (moved(seen.versions.local, pair.local.version) && shown.local !== state.local) ||
      (moved(seen.versions.integration, pair.integration.version) && shown.integration !== state.integration)
    )
  })
  if (differs) {
    return {
      outcome: 'changedSince',
      detail: describeConflict(pair.state, pair.coupling, pair.local, pair.integration, pair.context),
    }
  }
  if (!carries(pair.mapping, passFrom(keep))) return settle(pair, nothing)
  return settle(pair, pair.state.firstContact ? firstContact(keep) : wholeRecord(keep))
}
