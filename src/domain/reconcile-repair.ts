import { carries, type Direction, type PassDirection } from './mapping.js'
import { Verdict } from './reconcile.js'
import { assertNever, Side } from './value.js'

/** What a person says of pairs that differ: whose state stays, or what each item recommends. */
export const RepairKeep = { local: 'LOCAL', integration: 'INTEGRATION', recommended: 'RECOMMENDED' } as const
export type RepairKeep = (typeof RepairKeep)[keyof typeof RepairKeep]

export const RepairAction = {
  /** Decided now as a scheduled run would, whatever was handled before. */
  synchronize: 'SYNCHRONIZE',
  /** The local record gives the whole record, also over edits of the other side. */
  writeIntegration: 'WRITE_INTEGRATION',
  writeLocal: 'WRITE_LOCAL',
  /** The record that is gone is created anew from the one that is left. */
  restore: 'RESTORE',
  /** A partner is created on the other side. */
  create: 'CREATE',
  /** Coupled with the record that matches. */
  couple: 'COUPLE',
} as const
export type RepairAction = (typeof RepairAction)[keyof typeof RepairAction]

/** What is to be done, or why nothing is. JSON-safe. */
export type Repair =
  | { readonly kind: 'do'; readonly action: RepairAction; readonly pass: PassDirection }
  | { readonly kind: 'none'; readonly reason: string }

/** What of an item decides about its repair. */
export interface Repairable {
  readonly verdict: Verdict
  /** What the item itself recommends. */
  readonly recommended: Repair
}

const TO = 'TO_INTEGRATION_TABLE'
const FROM = 'FROM_INTEGRATION_TABLE'

/** What approval of an item means, by whose state is to stay. Total over verdicts. `captions`: of the two tables. */
export function repairOf(
  item: Repairable,
  keep: RepairKeep,
  direction: Direction,
  captions: Readonly<Record<Side, string>>,
): Repair {
  if (keep === RepairKeep.recommended) return item.recommended
  const { verdict } = item
  switch (verdict) {
    case 'PENDING':
    case 'CONFLICT':
    case 'SKIPPED':
    case 'FAILING':
    case 'DRIFT':
      return give(keep, direction, captions)
    case 'MISSING_LOCAL':
      return keep === Side.local
        ? nothingToKeep(captions.LOCAL, captions.INTEGRATION)
        : recreate(FROM, 'RESTORE', direction, captions)
    case 'MISSING_INTEGRATION':
      return keep === Side.integration
        ? nothingToKeep(captions.INTEGRATION, captions.LOCAL)
        : recreate(TO, 'RESTORE', direction, captions)
    case 'UNCOUPLED_LOCAL':
      return keep === Side.integration
        ? nothingToKeep(captions.INTEGRATION, captions.LOCAL)
        : partner(item, TO, direction, captions)
    case 'UNCOUPLED_INTEGRATION':
      return keep === Side.local
        ? nothingToKeep(captions.LOCAL, captions.INTEGRATION)
        : partner(item, FROM, direction, captions)
    case 'EQUAL':
    case 'MISSING_BOTH':
    case 'FORBIDDEN':
    case 'OUT_OF_FILTER':
      return item.recommended
    default:
      return assertNever(verdict)
  }
}

export function act(action: RepairAction, pass: PassDirection): Repair {
  return { kind: 'do', action, pass }
}

export function none(reason: string): Repair {
  return { kind: 'none', reason }
}

/** The side that is kept gives the whole record. */
function give(keep: Side, direction: Direction, captions: Readonly<Record<Side, string>>): Repair {
  const pass = keep === Side.local ? TO : FROM
  if (!carries({ direction }, pass)) return notCarried(pass, captions)
  return keep === Side.local ? act('WRITE_INTEGRATION', pass) : act('WRITE_LOCAL', pass)
}

function recreate(
  pass: PassDirection,
  action: RepairAction,
  direction: Direction,
  captions: Readonly<Record<Side, string>>,
): Repair {
  return carries({ direction }, pass) ? act(action, pass) : notCarried(pass, captions)
}

/** A record that matches is coupled; no second one is created beside it. */
function partner(
  { recommended }: Repairable,
  pass: PassDirection,
  direction: Direction,
  captions: Readonly<Record<Side, string>>,
): Repair {
  if (recommended.kind === 'do' && recommended.action === 'COUPLE') return recommended
  return recreate(pass, 'CREATE', direction, captions)
}

function notCarried(pass: PassDirection, captions: Readonly<Record<Side, string>>): Repair {
  const [from, to] =
    pass === TO ? [captions.LOCAL, captions.INTEGRATION] : [captions.INTEGRATION, captions.LOCAL]
  return none(
    `The mapping carries nothing from the ${from} to the ${to}, so the ${from} cannot decide. Keep the ${to}.`,
  )
}

function nothingToKeep(missing: string, left: string): Repair {
  return none(
    `There is no ${missing} record to keep, and a repair deletes nothing. Keep the ${left}, or delete the record or the coupling yourself.`,
  )
}
