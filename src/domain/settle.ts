import { sameValue } from './comparison.js'
import { deletionConflict, updateConflict } from './conflict.js'
import type { Coupling } from './coupling.js'
import type { LostValue, Outcome } from './decision.js'
import { ErrorClass, type Failure } from './failure.js'
import {
  carriedFromSide,
  changedOn,
  describeConflict,
  isBidirectional,
  type FieldState,
  type PairState,
} from './field-state.js'
import { endsOf, transferField, type TransferContext } from './field-transfer.js'
import type { MappingDefinition, PassDirection, UpdateConflictPolicy } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { otherSide, Side, type Value, type Values } from './value.js'

/** A pair of which both sides were read, with all that rules need to settle it. */
export interface Pair {
  readonly mapping: MappingDefinition
  readonly coupling: Coupling
  readonly local: RecordSnapshot
  readonly integration: RecordSnapshot
  readonly context: TransferContext
  readonly state: PairState
  readonly pass: PassDirection
}

/** Which direction carries from a side to the other. */
export function passFrom(side: Side): PassDirection {
  return side === Side.local ? 'TO_INTEGRATION_TABLE' : 'FROM_INTEGRATION_TABLE'
}

/** The side a pass reads from. */
export function sourceOf(pass: PassDirection): Side {
  return pass === 'TO_INTEGRATION_TABLE' ? Side.local : Side.integration
}

/** The winner that a policy names, or null for the blank policy. */
export function policyWinner(policy: UpdateConflictPolicy): Side | null {
  if (policy === 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE') return Side.local
  if (policy === 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE') return Side.integration
  return null
}

/** Of a settlement, the fields whose value is taken from that side. */
export type Taken = (state: FieldState) => Side | null

/** Both sides stay as they are. */
export const nothing: Taken = () => null

/** Each side's own changes, where carried: rows 14 and 16. */
export const ownChanges: Taken = (state) => {
  if (state.agrees) return null
  if (state.localChanged && state.carriedTo && !(state.integrationChanged && state.carriedFrom))
    return Side.local
  if (state.integrationChanged && state.carriedFrom && !(state.localChanged && state.carriedTo))
    return Side.integration
  return null
}

/**
 * A winner takes the whole record: every field carried from it that differs. Fields carried only the other way are settled
 * in the same step, where the loser changed them (engine rules 3 and 5).
 */
export function wholeRecord(winner: Side): Taken {
  const loser = otherSide(winner)
  return (state) => {
    if (state.agrees) return null
    if (carriedFromSide(state, winner)) return winner
    return carriedFromSide(state, loser) && changedOn(state, loser) ? loser : null
  }
}

/** Only the clashing fields go to the winner; all else merges (detection `fields`). */
export function clashesTo(winner: Side): Taken {
  return (state) => (clashes(state) ? winner : ownChanges(state))
}

/** Both sides changed the same bidirectional field to different values. */
export function clashes(state: FieldState): boolean {
  return isBidirectional(state) && !state.agrees && state.localChanged && state.integrationChanged
}

/**
 * First contact (engine rule 4): equal fields become the base; a blank is filled from the other side; a one-way field is
 * carried in its direction, differences too; other differences go to the winner, and stay open without one.
 */
export function firstContact(winner: Side | null): Taken {
  return (state) => {
    if (state.agrees) return null
    if (!isBidirectional(state))
      return state.carriedTo ? Side.local : state.carriedFrom ? Side.integration : null
    if (contested(state)) return winner
    return state.integration === null ? Side.local : Side.integration
  }
}

/** A difference that first contact cannot settle by itself: a bidirectional field of which neither side is blank. */
export function contested(state: FieldState): boolean {
  const localBlank = state.local === null && !state.blankIsLocalCurrency
  return isBidirectional(state) && !state.agrees && !localBlank && state.integration !== null
}

/** Turns what is taken from each side into writes, or into the failure of the first field that cannot be carried. */
export function settle(pair: Pair, taken: Taken): Outcome {
  const local: Record<string, Value> = {}
  const integration: Record<string, Value> = {}
  const lost: LostValue[] = []
  for (const state of amountsLast(pair.state.fields)) {
    const follows = amountFollowsCurrency(state, pair, local, integration)
    const winner = follows ? Side.local : taken(state)
    if (winner === null) continue
    const pass = passFrom(winner)
    const source = winner === Side.local ? pair.local.values : pair.integration.values
    const settled = winner === Side.local && isAmount(state) ? { ...source, ...local } : source
    const transferred = transferField(state.field, pass, settled, pair.context)
    if (transferred.kind === 'omitted') continue
    if (transferred.kind === 'failed') return { outcome: 'failed', failure: transferred.failure }
    const { sourceField, destinationField, destinationTable } = endsOf(state.field, pass, pair.context)
    if (follows && sameValue(transferred.value, sourceField.type, state.integration, destinationField.type))
      continue
    if (destinationField.readOnly === true || destinationField.createOnly === true) {
      return {
        outcome: 'failed',
        failure: notWritable(destinationField.caption, destinationTable.caption, destinationField.name),
      }
    }
    const target = winner === Side.local ? integration : local
    target[destinationField.name] = transferred.value
    const before = winner === Side.local ? state.integration : state.local
    if (before !== null && loses(pair.state, state, winner)) {
      lost.push({
        side: otherSide(winner),
        field: destinationField.name,
        value: before,
        replacedBy: transferred.value,
      })
    }
  }
  const writes = {
    local: Object.keys(local).length > 0 ? local : null,
    integration: Object.keys(integration).length > 0 ? integration : null,
  }
  if (writes.local === null && writes.integration === null) {
    return { outcome: 'unchanged', refresh: true, pendingFor: null }
  }
  return { outcome: 'modified', writes, lost }
}

/**
 * Whether what a write replaces is more than the copy of an older value of the winner: then it stays in the history
 * (engine rule 5). At first contact, and where neither side changed, there is no such older value.
 */
function loses(pair: PairState, state: FieldState, winner: Side): boolean {
  return pair.firstContact || changedOn(state, otherSide(winner)) || !changedOn(state, winner)
}

/** Amounts after all else: which of them are carried depends on the currency that the settlement itself leaves behind. */
function amountsLast(fields: readonly FieldState[]): readonly FieldState[] {
  return [...fields.filter((state) => !isAmount(state)), ...fields.filter(isAmount)]
}

function isAmount(state: FieldState): boolean {
  return state.field.localCurrencyAmount !== undefined
}

/** An amount whose record gets another currency in this very settlement is judged anew by that currency. */
function amountFollowsCurrency(state: FieldState, pair: Pair, local: Values, integration: Values): boolean {
  const name = state.field.localCurrencyAmount?.currencyField
  if (name === undefined || !state.carriedTo) return false
  const currency = pair.mapping.fields.find((field) => field.localField === name)
  return (
    name in local ||
    (currency !== undefined && currency.integrationField !== null && currency.integrationField in integration)
  )
}

/** The update conflict of this pass: documented message and structured detail. */
export function conflictOf(pair: Pair): Outcome {
  const source = sourceOf(pair.pass)
  const captions = {
    [Side.local]: pair.context.localTable.caption,
    [Side.integration]: pair.context.integrationTable.caption,
  }
  return {
    outcome: 'conflict',
    failure: updateConflict(captions[otherSide(source)], captions[source], pair.state.firstContact),
    detail: describeConflict(pair.state, pair.coupling, pair.local, pair.integration, pair.context),
  }
}

/** The deletion conflict of this pass; one side of the pair is gone. */
export function deletionConflictOf(
  pass: PassDirection,
  gone: Side,
  context: TransferContext,
  survivor: RecordSnapshot | null,
): Outcome {
  const captions = {
    [Side.local]: context.localTable.caption,
    [Side.integration]: context.integrationTable.caption,
  }
  const isLocal = gone !== Side.local
  return {
    outcome: 'conflict',
    failure: deletionConflict(captions[otherSide(sourceOf(pass))], captions[gone]),
    detail: {
      firstContact: false,
      localStamp: isLocal ? (survivor?.stamp ?? null) : null,
      integrationStamp: isLocal ? null : (survivor?.stamp ?? null),
      localVersion: isLocal ? (survivor?.version ?? null) : null,
      integrationVersion: isLocal ? null : (survivor?.version ?? null),
      coupledLocalStamp: null,
      coupledIntegrationStamp: null,
      editedLast: null,
      fields: [],
    },
  }
}

function notWritable(caption: string, table: string, field: string): Failure {
  return {
    errorClass: ErrorClass.validation,
    message: `${caption} of an existing ${table} record cannot be changed.`,
    cause: `The system accepts ${caption} only when the ${table} record is created.`,
    remedy: 'Undo the change on the other side, or create a new record there and couple it.',
    field,
  }
}
