import { force, merge, resolve } from './by-person.js'
import type { CoupleSynchronize, ResolveChoice, SeenState, SeenVersions } from './choice.js'
import { coupleGiven, nobodyMatches } from './couple.js'
import type { Coupling } from './coupling.js'
import type { Decision, Outcome, Row } from './decision.js'
import { IgnoredReason } from './decision.js'
import { decideDeletion } from './deletion.js'
import { changedRecord, comparePair } from './field-state.js'
import type { TransferContext } from './field-transfer.js'
import { createValues } from './insert.js'
import { sourceOf, type MappingDefinition, type PassDirection, passFrom } from './mapping.js'
import type { Match } from './match.js'
import { conflictOf, type Clocks, type Pair } from './pair.js'
import type { RecordSnapshot } from './record.js'
import { settle } from './settle.js'
import { clashes, ownChanges, wholeRecord } from './taken.js'
import { otherSide, Side } from './value.js'
import { differs, isInConflict, isUndecided, merged, metFirst, policyWinner, settledBy } from './winner.js'

export type { Clocks } from './pair.js'
export type { SeenState, SeenVersions } from './choice.js'

/** One side of a pair as it was read. `notRead`: its state does not matter (an unchanged echo, an uncoupled source). */
export type SideRead =
  | { readonly kind: 'found'; readonly record: RecordSnapshot }
  | { readonly kind: 'gone' }
  | { readonly kind: 'notRead' }

/** Who asks, and what for. */
export type Mode =
  | { readonly kind: 'scheduled' }
  /** Run Unconditional Full Synchronization: stamps are ignored. */
  | { readonly kind: 'unconditional' }
  /** A person's Synchronize of one record in the direction of the pass. */
  | { readonly kind: 'forced'; readonly overwrite: boolean; readonly seen: SeenVersions | null }
  /** A person's choice for a skipped synch. record. */
  | { readonly kind: 'resolve'; readonly choice: ResolveChoice; readonly seen: SeenState }
  /** A person's Merge data: each side's own changes; where they clash he is told, and nothing is written. */
  | { readonly kind: 'merge'; readonly seen: SeenVersions | null }
  /** Match-based coupling. `createNew`: where nothing matches; `synchronize`: first contact in the same step. */
  | { readonly kind: 'couple'; readonly createNew: boolean; readonly synchronize: boolean }
  /** A person couples two records, which stand in the input as the source and its match. */
  | { readonly kind: 'given'; readonly synchronize: CoupleSynchronize }

export interface DecideInput {
  readonly mapping: MappingDefinition
  readonly pass: PassDirection
  readonly mode: Mode
  readonly source: SideRead
  readonly destination: SideRead
  /** Null when the source is not coupled. */
  readonly coupling: Coupling | null
  readonly skipped: boolean
  /** Whether the source lies inside the filter of its side; irrelevant when it is gone. */
  readonly inFilter: boolean
  /** Whether a scheduled pass has not yet read this version of the source (row 17). */
  readonly unread: boolean
  /** For an uncoupled source: what matching found. */
  readonly match: Match
  readonly context: TransferContext
  readonly clocks: Clocks
}

/** Decides one record in one pass: the table of SPEC.md, rows tried from the top. Pure and total. */
export function decide(input: DecideInput): Decision {
  const { source, destination, coupling, mode } = input
  const byPerson = mode.kind !== 'scheduled' && mode.kind !== 'unconditional'
  if (coupling !== null && mode.kind === 'couple')
    return row('coupling', { outcome: 'ignored', reason: IgnoredReason.alreadyCoupled })
  if (coupling !== null && source.kind === 'gone' && destination.kind === 'gone')
    return row(1, { outcome: 'deleted' })
  if (input.skipped && !byPerson) return row(2, { outcome: 'skipped' })
  if (coupling === null) return decideUncoupled(input)
  const gone = goneSide(input)
  if (gone !== null) {
    const survivor = foundRecord(source) ?? foundRecord(destination)
    const { mapping, context, pass } = input
    return row(4, decideDeletion({ mapping, context, pass, coupling, gone, survivor }))
  }
  if (source.kind === 'notRead') throw new Error('A decision needs the source record.')
  if (!input.inFilter) return row(5, { outcome: 'ignored', reason: IgnoredReason.outOfFilter })
  if (source.kind === 'gone') throw new Error('A coupled source that is gone is a deletion conflict.')
  if (destination.kind !== 'found') return row(10, { outcome: 'unchanged', refresh: false, pendingFor: null })
  return decidePair(input, pairOf(input, coupling, source.record, destination.record))
}

function row(number: Row, outcome: Outcome, partner: string | null = null): Decision {
  return { row: number, partner, ...outcome }
}

function foundRecord(read: SideRead): RecordSnapshot | null {
  return read.kind === 'found' ? read.record : null
}

function goneSide(input: DecideInput): Side | null {
  const source = sourceOf(input.pass)
  if (input.source.kind === 'gone') return source
  return input.destination.kind === 'gone' ? otherSide(source) : null
}

function decideUncoupled(input: DecideInput): Decision {
  const { source, match, mapping, mode } = input
  const couples = mode.kind === 'couple'
  if (source.kind !== 'found') return row(3, { outcome: 'ignored', reason: IgnoredReason.deletedAtSource })
  if (!input.inFilter) return row(5, { outcome: 'ignored', reason: IgnoredReason.outOfFilter })
  if (mode.kind === 'given') return decideGiven(input, source.record, mode.synchronize)
  if (mapping.onlyCoupled && !couples) return row(6, { outcome: 'ignored', reason: IgnoredReason.notCoupled })
  if (match.kind === 'several')
    return row(7, { outcome: couples ? 'unmatched' : 'failed', failure: match.failure })
  if (match.kind === 'busy') return row(8, { outcome: 'ignored', reason: IgnoredReason.busy })
  if (match.kind === 'one') {
    if (couples && !mode.synchronize) return row(8, { outcome: 'coupled' }, match.partner.id)
    return row(8, meetFirst(freshPair(input, source.record, match.partner)), match.partner.id)
  }
  if (couples && !mode.createNew) return row('coupling', nobodyMatches(mapping, input.pass, input.context))
  const created = createValues(mapping, input.pass, source.record, input.context)
  return row(
    9,
    created.kind === 'failed'
      ? { outcome: 'failed', failure: created.failure }
      : { outcome: 'inserted', values: created.values },
  )
}

/** The pair a person has named: coupled, and where he says so their first contact in the same step. */
function decideGiven(input: DecideInput, source: RecordSnapshot, synchronize: CoupleSynchronize): Decision {
  const { match } = input
  if (match.kind !== 'one') throw new Error('A person couples two records; one of them was not given.')
  const outcome = coupleGiven(freshPair(input, source, match.partner), synchronize)
  // Where he is told of a clash nothing is done: the records are not coupled either.
  return row('given', outcome, outcome.outcome === 'destinationChanged' ? null : match.partner.id)
}

function freshPair(input: DecideInput, source: RecordSnapshot, partner: RecordSnapshot): Pair {
  return pairOf(input, freshCoupling(input.pass, source, partner), source, partner)
}

/** A pair that has only just been coupled: no past, so no base. */
export function freshCoupling(
  pass: PassDirection,
  source: RecordSnapshot,
  partner: RecordSnapshot,
): Coupling {
  const [local, integration] = sourceOf(pass) === Side.local ? [source, partner] : [partner, source]
  return {
    local: { version: local.version, stamp: local.stamp },
    integration: { version: integration.version, stamp: integration.stamp },
    base: null,
    last: null,
  }
}

function pairOf(
  input: DecideInput,
  coupling: Coupling,
  source: RecordSnapshot,
  destination: RecordSnapshot,
): Pair {
  const { mapping, context, pass, clocks } = input
  const [local, integration] = sourceOf(pass) === Side.local ? [source, destination] : [destination, source]
  return {
    mapping,
    context,
    pass,
    clocks,
    coupling,
    local,
    integration,
    state: comparePair(mapping, coupling, local, integration, context),
  }
}

function decidePair(input: DecideInput, pair: Pair): Decision {
  const { mode } = input
  if (mode.kind === 'resolve') return row('resolved', resolve(pair, mode.choice, mode.seen))
  if (mode.kind === 'merge') return row('merged', merge(pair, mode.seen))
  if (mode.kind === 'forced') return row('forced', force(pair, mode.overwrite, mode.seen))
  if (pair.state.firstContact) return row(8, meetFirst(pair))
  return mode.kind === 'unconditional' ? decideUnconditional(pair) : decideScheduled(input, pair)
}

/** First contact of a fresh coupling. */
function meetFirst(pair: Pair): Outcome {
  const winner = policyWinner(pair)
  const isOpen = winner === null && pair.state.fields.some((state) => isUndecided(pair, state))
  return isOpen ? conflictOf(pair) : settle(pair, metFirst(winner))
}

function decideScheduled(input: DecideInput, pair: Pair): Decision {
  const source = sourceOf(pair.pass)
  const sourceChanged = changedRecord(pair.state, source)
  const destinationChanged = changedRecord(pair.state, otherSide(source))
  if (!sourceChanged && !destinationChanged)
    return row(10, { outcome: 'unchanged', refresh: true, pendingFor: null })
  if (sourceChanged && nothingToCarry(pair, destinationChanged)) {
    return row(11, { outcome: 'unchanged', refresh: true, pendingFor: null })
  }
  if (pair.mapping.direction !== 'BIDIRECTIONAL') {
    return sourceChanged
      ? row(12, settle(pair, wholeRecord(source)))
      : row(13, { outcome: 'unchanged', refresh: false, pendingFor: null })
  }
  if (sourceChanged && !destinationChanged) return row(14, settle(pair, ownChanges))
  if (sourceChanged) {
    return inConflict(pair) ? row(15, byPolicy(pair)) : row(16, settle(pair, ownChanges))
  }
  if (
    input.unread &&
    pair.coupling.last?.by === 'MANUAL' &&
    pair.coupling.last.source === source &&
    pair.mapping.conflictDetection === 'TIMESTAMPS' &&
    pair.state.fields.some((state) => differs(state) && state.field.owner === undefined)
  ) {
    return row(17, byPolicy(pair))
  }
  return row(18, { outcome: 'unchanged', refresh: false, pendingFor: passFrom(otherSide(source)) })
}

/**
 * Stamps do not count. One-way: every difference is written. Bidirectional: judged by the base; one side differs from it:
 * carried; both: conflict; neither: drift, which a run never writes.
 */
function decideUnconditional(pair: Pair): Decision {
  const source = sourceOf(pair.pass)
  if (pair.mapping.direction !== 'BIDIRECTIONAL') return row(12, settle(pair, wholeRecord(source)))
  if (!pair.state.fields.some(clashes)) return row(16, settle(pair, ownChanges))
  const winner = policyWinner(pair)
  const isOpen =
    winner === null && pair.state.fields.some((state) => clashes(state) && state.field.owner === undefined)
  return row(15, isOpen ? conflictOf(pair) : settle(pair, merged(winner)))
}

/** Row 15 and 17: owners, then Resolve Update Conflicts; a conflict where neither decides some field. */
function byPolicy(pair: Pair): Outcome {
  const winner = policyWinner(pair)
  const isOpen = winner === null && pair.state.fields.some((state) => isUndecided(pair, state))
  return isOpen ? conflictOf(pair) : settle(pair, settledBy(pair, winner))
}

function inConflict(pair: Pair): boolean {
  return pair.state.fields.some((state) => isInConflict(pair, state))
}

/** Row 11: no field differs, or what differs is nobody's to carry. */
function nothingToCarry(pair: Pair, destinationChanged: boolean): boolean {
  if (pair.mapping.direction !== 'BIDIRECTIONAL') {
    const winner = wholeRecord(sourceOf(pair.pass))
    return pair.state.fields.every((field) => winner(field) === null)
  }
  if (pair.state.fields.some((field) => ownChanges(field) !== null)) return false
  return !(destinationChanged && inConflict(pair))
}
