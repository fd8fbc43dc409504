import { decide } from './decide.js'
import type { Decision } from './decision.js'
import type { Failure } from './failure.js'
import { carries, fieldOn, sourceOf } from './mapping.js'
import { sourceOfPair, type DecidedPair } from './pair-before.js'
import { isInFilter, type RehearsedMapping } from './rehearsal.js'
import { Side } from './value.js'
import { CLOCK_ERROR } from './watermark.js'

/** What the changed mapping would have decided about a pair, beside the one in force. */
export const DecisionDifferenceKind = {
  newConflict: 'NEW_CONFLICT',
  noLongerConflict: 'NO_LONGER_CONFLICT',
  newlyFailing: 'NEWLY_FAILING',
  noLongerFailing: 'NO_LONGER_FAILING',
  /** Both write, but other fields, or other sides. */
  writtenOtherwise: 'WRITTEN_OTHERWISE',
  noLongerWritten: 'NO_LONGER_WRITTEN',
  newlyWritten: 'NEWLY_WRITTEN',
} as const
export type DecisionDifferenceKind = (typeof DecisionDifferenceKind)[keyof typeof DecisionDifferenceKind]

export interface DecisionDifference {
  readonly kind: DecisionDifferenceKind
  /** `LOCAL:city`, `INTEGRATION:address1_city`: what each of the two would have written. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly failure: Failure | null
}

/** Null: the pair cannot be decided again, since a mapped value of then is not known. */
export function rehearseDecision(
  inForce: RehearsedMapping,
  changed: RehearsedMapping,
  pair: DecidedPair,
): { readonly difference: DecisionDifference | null } | null {
  if (!isComplete(inForce, pair) || !isComplete(changed, pair)) return null
  const [was, is] = [decideAgain(inForce, pair), decideAgain(changed, pair)]
  const kind = kindOf(was, is)
  if (kind === null) return { difference: null }
  const failed = [is, was].find((one) => one?.outcome === 'conflict' || one?.outcome === 'failed')
  return {
    difference: {
      kind,
      before: writtenBy(was),
      after: writtenBy(is),
      failure: failed !== undefined && failed !== null && 'failure' in failed ? failed.failure : null,
    },
  }
}

function isComplete({ definition }: RehearsedMapping, { local, integration }: DecidedPair): boolean {
  return definition.fields.every((field) =>
    [
      { name: fieldOn(field, Side.local), values: local.values },
      { name: fieldOn(field, Side.integration), values: integration.values },
      { name: field.localCurrencyAmount?.currencyField ?? null, values: local.values },
    ].every(({ name, values }) => name === null || values[name] !== undefined),
  )
}

/** As a scheduled pass would; null: the mapping does not carry that way. Clock differences of then are not kept. */
function decideAgain(mapping: RehearsedMapping, pair: DecidedPair): Decision | null {
  const { pass, coupling, local, integration } = pair
  if (!carries(mapping.definition, pass)) return null
  const [source, destination] = sourceOf(pass) === Side.local ? [local, integration] : [integration, local]
  return decide({
    mapping: mapping.definition,
    pass,
    mode: { kind: 'scheduled' },
    source: { kind: 'found', record: source },
    destination: { kind: 'found', record: destination },
    coupling,
    skipped: false,
    inFilter: isInFilter(mapping, { pass, source: sourceOfPair(pair) }),
    unread: true,
    match: { kind: 'none' },
    context: mapping.context,
    clocks: { offsets: { LOCAL: 0, INTEGRATION: 0 }, error: CLOCK_ERROR },
  })
}

function writtenBy(decision: Decision | null): readonly string[] {
  if (decision?.outcome !== 'modified') return []
  const named = (side: Side, values: object | null) =>
    Object.keys(values ?? {}).map((field) => `${side}:${field}`)
  return [
    ...named(Side.local, decision.writes.local),
    ...named(Side.integration, decision.writes.integration),
  ].sort()
}

function kindOf(was: Decision | null, is: Decision | null): DecisionDifferenceKind | null {
  const [before, after] = [outcomeOf(was), outcomeOf(is)]
  if (before === after) {
    if (before !== 'written') return null
    return writtenBy(was).join() === writtenBy(is).join() ? null : 'WRITTEN_OTHERWISE'
  }
  if (after === 'conflict') return 'NEW_CONFLICT'
  if (after === 'failed') return 'NEWLY_FAILING'
  if (before === 'conflict') return 'NO_LONGER_CONFLICT'
  if (before === 'failed') return 'NO_LONGER_FAILING'
  return after === 'written' ? 'NEWLY_WRITTEN' : 'NO_LONGER_WRITTEN'
}

function outcomeOf(decision: Decision | null): 'written' | 'conflict' | 'failed' | 'nothing' {
  if (decision?.outcome === 'modified') return 'written'
  return decision?.outcome === 'conflict' || decision?.outcome === 'failed' ? decision.outcome : 'nothing'
}
