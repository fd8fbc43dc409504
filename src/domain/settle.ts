import { sameValue } from './comparison.js'
import type { LostValue, Outcome } from './decision.js'
import { ErrorClass, type Failure } from './failure.js'
import { changedOn, type FieldState, type PairState } from './field-state.js'
import { endsOf, fit, holds, transferField } from './field-transfer.js'
import { fieldOn, mappingCarries, passFrom } from './mapping.js'
import { recordOn, type Pair } from './pair.js'
import type { FieldDefinition, TableDefinition } from './schema.js'
import type { Taken } from './taken.js'
import { otherSide, Side, type Value, type Values } from './value.js'

export { passFrom, sourceOf } from './mapping.js'

/** Turns what is taken from each side into writes, or into the failure of the first field that cannot be carried. */
export function settle(pair: Pair, taken: Taken): Outcome {
  const settlement = new Settlement(pair)
  for (const state of amountsLast(pair.state.fields)) {
    const follows = settlement.amountFollowsCurrency(state)
    const source = follows ? Side.local : taken(state)
    if (source === null) continue
    const failure =
      typeof source === 'object'
        ? settlement.give(state, source.own)
        : settlement.carry(state, source, follows)
    if (failure !== null) return { outcome: 'failed', failure }
  }
  return settlement.outcome()
}

/** The writes of one pair as they come together. */
class Settlement {
  private readonly writes: Record<Side, Record<string, Value>> = { LOCAL: {}, INTEGRATION: {} }
  private readonly lost: LostValue[] = []

  constructor(private readonly pair: Pair) {}

  outcome(): Outcome {
    const writesOf = (side: Side): Values | null =>
      Object.keys(this.writes[side]).length > 0 ? this.writes[side] : null
    const writes = { local: writesOf(Side.local), integration: writesOf(Side.integration) }
    if (writes.local === null && writes.integration === null)
      return { outcome: 'unchanged', refresh: true, pendingFor: null }
    return { outcome: 'modified', writes, lost: this.lost }
  }

  /** Carries a field from one side to the other. `ifDiffers`: only where it would change something. */
  carry(state: FieldState, from: Side, ifDiffers: boolean): Failure | null {
    const { pair } = this
    const pass = passFrom(from)
    const source = recordOn(pair, from).values
    const settled = from === Side.local && isAmount(state) ? { ...source, ...this.writes.LOCAL } : source
    const transferred = transferField(state.field, pass, settled, pair.context)
    if (transferred.kind === 'omitted') return null
    if (transferred.kind === 'failed') return transferred.failure
    const { destinationField, destinationTable } = endsOf(state.field, pass, pair.context)
    const before = valueOn(state, otherSide(from))
    if (ifDiffers && holds(state.field, pass, transferred.value, before, pair.context)) return null
    const isLost = loses(pair.state, state, from)
    return this.write(otherSide(from), destinationField, destinationTable, before, transferred.value, isLost)
  }

  /**
   * A person's own value, told as the local field would hold it: written where it changes something, to both sides, and
   * kept is whatever it replaces.
   */
  give(state: FieldState, own: Value): Failure | null {
    const { context, local } = this.pair
    const localName = fieldOn(state.field, Side.local)
    const isCarriedBothWays =
      mappingCarries(this.pair.mapping, state.field, 'TO_INTEGRATION_TABLE') &&
      mappingCarries(this.pair.mapping, state.field, 'FROM_INTEGRATION_TABLE')
    if (!isCarriedBothWays || localName === null) return notBidirectional(state.field.name)
    const { sourceField, destinationField, destinationTable } = endsOf(
      state.field,
      'TO_INTEGRATION_TABLE',
      context,
    )
    const itself = { sourceField, destinationField: sourceField, destinationTable: context.localTable }
    const here = fit(state.field, own, itself)
    if (here.kind === 'failed') return here.failure
    // Text goes whole to the other side, which may hold more of it than this one.
    const told = here.kind === 'value' && sourceField.type.kind !== 'text' ? here.value : own
    const values = { ...local.values, [localName]: told }
    const there = transferField(state.field, 'TO_INTEGRATION_TABLE', values, context)
    if (there.kind === 'failed') return there.failure
    const give = (side: Side, field: FieldDefinition, table: TableDefinition, value: Value) => {
      const before = valueOn(state, side)
      return sameValue(value, field.type, before, field.type)
        ? null
        : this.write(side, field, table, before, value, true)
    }
    const failed =
      here.kind === 'value' ? give(Side.local, sourceField, context.localTable, here.value) : null
    if (failed !== null || there.kind === 'omitted') return failed
    return give(Side.integration, destinationField, destinationTable, there.value)
  }

  /** An amount whose record gets another currency in this very settlement is judged anew by that currency. */
  amountFollowsCurrency(state: FieldState): boolean {
    const name = state.field.localCurrencyAmount?.currencyField
    if (name === undefined || !state.carriedTo) return false
    const currency = this.pair.mapping.fields.find((field) => field.localField === name)
    return (
      name in this.writes.LOCAL ||
      (currency !== undefined &&
        currency.integrationField !== null &&
        currency.integrationField in this.writes.INTEGRATION)
    )
  }

  private write(
    side: Side,
    field: FieldDefinition,
    table: TableDefinition,
    before: Value,
    value: Value,
    isLost: boolean,
  ): Failure | null {
    if (field.readOnly === true || field.createOnly === true)
      return notWritable(field.caption, table.caption, field.name)
    this.writes[side][field.name] = value
    if (before !== null && isLost)
      this.lost.push({ side, field: field.name, value: before, replacedBy: value })
    return null
  }
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

function valueOn(state: FieldState, side: Side): Value {
  return side === Side.local ? state.local : state.integration
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

function notBidirectional(field: string): Failure {
  return {
    errorClass: ErrorClass.validation,
    message: `${field} is carried one way only, so it cannot be given a value of one's own on both sides.`,
    cause:
      'A value of one’s own is written to both records, and this field mapping may write one of them only.',
    remedy: 'Keep one side of this field, or change the value in the system that it is carried from.',
    field,
  }
}
