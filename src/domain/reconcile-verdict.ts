import type { Coupling } from './coupling.js'
import { decide, type Clocks } from './decide.js'
import type { Decision } from './decision.js'
import { comparePair, type FieldState, type PairState } from './field-state.js'
import type { TransferContext } from './field-transfer.js'
import { directionsOf, sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import type { ReadById, RecordSnapshot } from './record.js'
import type { FieldDifference, Verdict } from './reconcile.js'
import { act, none, type Repair } from './reconcile-repair.js'
import { differencesOf, wordsOf, type Words } from './reconcile-words.js'
import { otherSide, Side } from './value.js'

/** One side of a pair as a reconciliation has read it. */
export interface ExaminedSide {
  readonly read: ReadById
  /** Whether it lies inside the filter of its side; irrelevant unless it was found. */
  readonly inFilter: boolean
  /** Whether the next scheduled run looks at it as it is now: it waits for that pass, or is a version not handled yet. */
  readonly due: boolean
}

/** A coupled pair with all that is known of it. */
export interface ExaminedPair {
  readonly mapping: MappingDefinition
  readonly coupling: Coupling
  readonly local: ExaminedSide
  readonly integration: ExaminedSide
  /** Of a skipped synch. record; `byChoice`: only a person's choice lifts it. */
  readonly skip: { readonly reason: string; readonly byChoice: boolean } | null
  /** The latest error that stands. */
  readonly error: { readonly errorClass: string; readonly message: string } | null
  readonly context: TransferContext
  readonly clocks: Clocks
}

/** What a reconciliation says of a pair. JSON-safe. */
export interface Judgement {
  readonly verdict: Verdict
  readonly fields: readonly FieldDifference[]
  /** One sentence. */
  readonly reason: string
  readonly recommended: Repair
}

/**
 * Judges a pair. What is missing or hidden comes first, then what lies outside the filter, then the values; of a pair that
 * differs the reason why: skipped, failing, or what the decision table would make of it. Pure and total.
 */
export function judgePair(pair: ExaminedPair): Judgement {
  const words = wordsOf(pair.context)
  const { local, integration } = pair
  if (local.read.kind === 'gone' && integration.read.kind === 'gone') {
    const [pass] = directionsOf(pair.mapping.direction)
    const recommended = pass === undefined ? none(words.nothing) : act('SYNCHRONIZE', pass)
    return { verdict: 'MISSING_BOTH', fields: [], reason: words.bothGone, recommended }
  }
  for (const side of [Side.local, Side.integration]) {
    const { read } = sideOf(pair, side)
    if (read.kind !== 'forbidden') continue
    return {
      verdict: 'FORBIDDEN',
      fields: [],
      reason: words.forbidden(side, read.message),
      recommended: none(words.giveAccess(side)),
    }
  }
  if (local.read.kind !== 'found') return missing(pair, Side.local, words)
  if (integration.read.kind !== 'found') return missing(pair, Side.integration, words)
  return judgeFound(pair, local.read.record, integration.read.record, words)
}

function sideOf(pair: ExaminedPair, side: Side): ExaminedSide {
  return side === Side.local ? pair.local : pair.integration
}

function missing({ mapping, skip }: ExaminedPair, gone: Side, words: Words): Judgement {
  const policy = mapping.deletionConflictPolicy
  const [pass] = directionsOf(mapping.direction)
  return {
    verdict: gone === Side.local ? 'MISSING_LOCAL' : 'MISSING_INTEGRATION',
    fields: [],
    reason: words.gone(gone, policy, skip !== null),
    recommended:
      policy === 'NONE' || skip !== null || pass === undefined
        ? none(words.decideDeletion(gone))
        : act('SYNCHRONIZE', pass),
  }
}

function judgeFound(
  pair: ExaminedPair,
  local: RecordSnapshot,
  integration: RecordSnapshot,
  words: Words,
): Judgement {
  const { mapping, coupling, context, skip, error } = pair
  const state = comparePair(mapping, coupling, local, integration, context)
  const differing = state.fields.filter((field) => !field.agrees && (field.carriedTo || field.carriedFrom))
  const fields = differencesOf(differing, coupling, context)
  const outside = directionsOf(mapping.direction)
    .map(sourceOf)
    .filter((side) => !sideOf(pair, side).inFilter)
  if (outside.length > 0) {
    const [reason, recommended] = [words.outside(outside, differing), none(words.filterDecides(outside))]
    return { verdict: 'OUT_OF_FILTER', fields, reason, recommended }
  }
  if (differing.length === 0)
    return { verdict: 'EQUAL', fields, reason: '', recommended: none(words.nothing) }
  const foreseen = foresee(pair, local, integration)
  const synchronize = act('SYNCHRONIZE', foreseen.pass)
  if (skip !== null) {
    return {
      verdict: 'SKIPPED',
      fields,
      reason: words.skipped(skip.reason, error?.message ?? null),
      recommended: skip.byChoice ? none(words.choose) : synchronize,
    }
  }
  if (error !== null) return { verdict: 'FAILING', fields, reason: error.message, recommended: synchronize }
  return judgeDifference(pair, state, differing, fields, foreseen, words)
}

function judgeDifference(
  { mapping, coupling }: ExaminedPair,
  state: PairState,
  differing: readonly FieldState[],
  fields: readonly FieldDifference[],
  { decision, pass, unnoticed }: Foreseen,
  words: Words,
): Judgement {
  switch (decision.outcome) {
    case 'conflict':
      return {
        verdict: 'CONFLICT',
        fields,
        reason: decision.failure.message,
        recommended: none(words.choose),
      }
    case 'failed':
      return {
        verdict: 'FAILING',
        fields,
        reason: decision.failure.message,
        recommended: act('SYNCHRONIZE', pass),
      }
    case 'modified':
      return {
        verdict: unnoticed ? 'DRIFT' : 'PENDING',
        fields,
        reason: unnoticed
          ? words.unnoticed(state, differing)
          : words.pending(state, differing, coupling.base === null),
        recommended: act('SYNCHRONIZE', pass),
      }
    default:
      return {
        verdict: 'DRIFT',
        fields,
        reason: words.drift(state, differing),
        recommended: settling(mapping, differing, words),
      }
  }
}

/** Drift is settled by the side from which all that differs is carried, and from which alone it is. */
function settling(mapping: MappingDefinition, differing: readonly FieldState[], words: Words): Repair {
  if (mapping.direction !== 'BIDIRECTIONAL')
    return act(
      mapping.direction === 'TO_INTEGRATION_TABLE' ? 'WRITE_INTEGRATION' : 'WRITE_LOCAL',
      mapping.direction,
    )
  if (differing.every((field) => field.carriedTo && !field.carriedFrom))
    return act('WRITE_INTEGRATION', 'TO_INTEGRATION_TABLE')
  if (differing.every((field) => field.carriedFrom && !field.carriedTo))
    return act('WRITE_LOCAL', 'FROM_INTEGRATION_TABLE')
  return none(words.choose)
}

/** What a run makes of a pair. `unnoticed`: no scheduled run would look, and this is what it would do if it did. */
interface Foreseen {
  readonly decision: Decision
  readonly pass: PassDirection
  readonly unnoticed: boolean
}

/** Asks the decision table: the passes that are due, in their order, what one leaves to the other included; else every pass. */
function foresee(pair: ExaminedPair, local: RecordSnapshot, integration: RecordSnapshot): Foreseen {
  const passes = directionsOf(pair.mapping.direction)
  const due = new Set(passes.filter((pass) => sideOf(pair, sourceOf(pass)).due))
  const asked = new Set<PassDirection>()
  // A pass that is left something by the one after it comes to it in the next run.
  for (const pass of [...passes, ...passes]) {
    if (!due.has(pass) || asked.has(pass)) continue
    asked.add(pass)
    const decision = ask(pair, pass, local, integration)
    if (decision.outcome !== 'unchanged') return { decision, pass, unnoticed: false }
    if (decision.pendingFor !== null) due.add(decision.pendingFor)
  }
  let last: Foreseen | null = null
  for (const pass of passes) {
    const decision = ask(pair, pass, local, integration)
    last = { decision, pass, unnoticed: true }
    if (decision.outcome !== 'unchanged') return last
  }
  if (last === null) throw new Error('A mapping has at least one direction.')
  return last
}

function ask(
  pair: ExaminedPair,
  pass: PassDirection,
  local: RecordSnapshot,
  integration: RecordSnapshot,
): Decision {
  const source = sourceOf(pass)
  const records = { [Side.local]: local, [Side.integration]: integration }
  return decide({
    mapping: pair.mapping,
    pass,
    mode: { kind: 'scheduled' },
    source: { kind: 'found', record: records[source] },
    destination: { kind: 'found', record: records[otherSide(source)] },
    coupling: pair.coupling,
    skipped: false,
    inFilter: true,
    unread: sideOf(pair, source).due,
    match: { kind: 'none' },
    context: pair.context,
    clocks: pair.clocks,
  })
}
