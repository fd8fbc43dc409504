import type { TransferContext } from './field-transfer.js'
import { carries, passFrom, type MappingDefinition } from './mapping.js'
import type { Match } from './match.js'
import type { Verdict } from './reconcile.js'
import { act, none, type Repair } from './reconcile-repair.js'
import { assertNever, otherSide, Side } from './value.js'

/** What a reconciliation says of a record without a partner. JSON-safe. */
export interface UncoupledJudgement {
  readonly verdict: Verdict
  /** The record of the other side that matches. */
  readonly partnerId: string | null
  readonly reason: string
  readonly recommended: Repair
}

/** Judges a record inside the filter that no mapping has coupled. `match`: what the match rules find for it. */
export function judgeUncoupled(
  mapping: MappingDefinition,
  side: Side,
  match: Match,
  context: Pick<TransferContext, 'localTable' | 'integrationTable'>,
): UncoupledJudgement {
  const captions = {
    [Side.local]: context.localTable.caption,
    [Side.integration]: context.integrationTable.caption,
  }
  const [own, other] = [captions[side], captions[otherSide(side)]]
  const verdict = side === Side.local ? 'UNCOUPLED_LOCAL' : 'UNCOUPLED_INTEGRATION'
  const pass = passFrom(side)
  switch (match.kind) {
    case 'one':
      return {
        verdict,
        partnerId: match.partner.id,
        reason: `The ${own} is not coupled, and exactly one free ${other} matches it.`,
        recommended: act('COUPLE', pass),
      }
    case 'several':
      return {
        verdict,
        partnerId: null,
        reason: match.failure.message,
        recommended: none(match.failure.remedy),
      }
    case 'busy':
      return {
        verdict,
        partnerId: null,
        reason: `The ${own} is not coupled, and the ${other} that matches may just be being created for another one.`,
        recommended: none('Reconcile again when the run has ended.'),
      }
    case 'none':
      return { verdict, partnerId: null, ...withoutMatch(mapping, side, captions) }
    default:
      return assertNever(match)
  }
}

function withoutMatch(
  mapping: MappingDefinition,
  side: Side,
  captions: Readonly<Record<Side, string>>,
): Pick<UncoupledJudgement, 'reason' | 'recommended'> {
  const [own, other] = [captions[side], captions[otherSide(side)]]
  const pass = passFrom(side)
  const alone = `The ${own} is not coupled, and no ${other} matches it`
  if (!carries(mapping, pass)) {
    return {
      reason: `${alone}; the mapping creates no ${other}.`,
      recommended: none(`The mapping carries nothing from the ${own} to the ${other}.`),
    }
  }
  if (mapping.onlyCoupled) {
    return {
      reason: `${alone}; the mapping synchronizes only coupled records.`,
      recommended: none(`Say that the ${own} is to be kept: a ${other} is then created for it.`),
    }
  }
  return { reason: `${alone}; a run that reads it creates one.`, recommended: act('CREATE', pass) }
}
