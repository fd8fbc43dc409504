import { isUnchanged } from './comparison.js'
import type { ConflictDetail } from './conflict.js'
import type { Coupling, CoupledSide } from './coupling.js'
import { arrival, fieldEnd, isCurrencyLookup, transferField, type TransferContext } from './field-transfer.js'
import type { FieldMapping, MappingDefinition, PassDirection } from './mapping.js'
import { carries, mappedValue, mappingCarries } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { Side, type Value } from './value.js'

/** What is known of one mapped field of a pair, against the base. */
export interface FieldState {
  readonly field: FieldMapping
  readonly local: Value
  readonly integration: Value
  readonly agrees: boolean
  readonly localChanged: boolean
  readonly integrationChanged: boolean
  /** Whether the mapping carries this field of this record in that direction: a blank of a Not Null field it does not. */
  readonly carriedTo: boolean
  readonly carriedFrom: boolean
  /** The local side's blank is not nothing: it is the local currency, which pairs with the base currency. */
  readonly blankIsLocalCurrency: boolean
}

/** What is known of a coupled pair of which both sides were read. */
export interface PairState {
  readonly fields: readonly FieldState[]
  readonly localChanged: boolean
  readonly integrationChanged: boolean
  readonly firstContact: boolean
}

/**
 * Compares both sides with each other and with the base (engine rules 3 and 4). A side is changed when its version moved
 * and its stamp is later than the coupling's, or when a mapped value differs from its base: versions may move without a
 * change, stamps may stand still through one.
 */
export function comparePair(
  mapping: MappingDefinition,
  coupling: Coupling,
  local: RecordSnapshot,
  integration: RecordSnapshot,
  context: TransferContext,
): PairState {
  const movedLocal = moved(coupling.local, local)
  const movedIntegration = moved(coupling.integration, integration)
  const fields = mapping.fields.map((field): FieldState => {
    const localValue = mappedValue(field, Side.local, local.values)
    const integrationValue = mappedValue(field, Side.integration, integration.values)
    const base = coupling.base?.[field.name]
    const state = {
      field,
      local: localValue,
      integration: integrationValue,
      localChanged:
        base === undefined
          ? movedLocal
          : !isUnchanged(localValue, base.local, fieldEnd(field, Side.local, context).type) ||
            currencyChanged(mapping, field, coupling, local) ||
            isNoLongerCleared(field, 'TO_INTEGRATION_TABLE', base, local, context),
      integrationChanged:
        base === undefined
          ? movedIntegration
          : !isUnchanged(
              integrationValue,
              base.integration,
              fieldEnd(field, Side.integration, context).type,
            ) || isNoLongerCleared(field, 'FROM_INTEGRATION_TABLE', base, integration, context),
      carriedTo:
        mappingCarries(mapping, field, 'TO_INTEGRATION_TABLE') &&
        !isLeftOut(field, 'TO_INTEGRATION_TABLE', local, context),
      carriedFrom:
        mappingCarries(mapping, field, 'FROM_INTEGRATION_TABLE') &&
        !isLeftOut(field, 'FROM_INTEGRATION_TABLE', integration, context),
      blankIsLocalCurrency:
        context.baseCurrency !== null && isCurrencyLookup(field, context.integrationTable),
    }
    return { ...state, agrees: agrees(state, coupling.base === null, local, integration, context) }
  })
  return {
    fields,
    localChanged: movedLocal || fields.some((field) => field.localChanged),
    integrationChanged: movedIntegration || fields.some((field) => field.integrationChanged),
    firstContact: coupling.base === null,
  }
}

/**
 * Whether the sides agree as far as each can hold the other's value. What one side leaves out (its blank, Not Null) is no
 * difference, unless the other side has news that are carried to it: its own change, or at first contact its value.
 */
function agrees(
  state: Omit<FieldState, 'agrees'>,
  isFirstContact: boolean,
  local: RecordSnapshot,
  integration: RecordSnapshot,
  context: TransferContext,
): boolean {
  const { field } = state
  const arrivalOf = (pass: PassDirection) => {
    if (!carries(field, pass)) return null
    const [source, destination] =
      pass === 'TO_INTEGRATION_TABLE' ? [local, integration] : [integration, local]
    return arrival(field, pass, source.values, destination.values, context)
  }
  const to = arrivalOf('TO_INTEGRATION_TABLE')
  if (to === 'arrives') return true
  const from = arrivalOf('FROM_INTEGRATION_TABLE')
  if (from === 'arrives') return true
  const newsFrom = from === 'differs' && state.carriedFrom && (isFirstContact || state.integrationChanged)
  const newsTo = to === 'differs' && state.carriedTo && (isFirstContact || state.localChanged)
  return (to === 'omitted' && !newsFrom) || (from === 'omitted' && !newsTo)
}

/** Whether a side has only the blank that Not Null leaves out: it has nothing to carry, so nothing of it clashes. */
function isLeftOut(
  field: FieldMapping,
  pass: PassDirection,
  source: RecordSnapshot,
  context: TransferContext,
): boolean {
  return field.notNull === true && transferField(field, pass, source.values, context).kind === 'omitted'
}

/**
 * Clear Value on Failed Sync left the other side blank. As soon as the record referred to is coupled the value is news of its
 * side, though it is the one that side had all along.
 */
function isNoLongerCleared(
  field: FieldMapping,
  pass: PassDirection,
  base: { readonly local: Value; readonly integration: Value },
  source: RecordSnapshot,
  context: TransferContext,
): boolean {
  if (field.clearValueOnFailedSync !== true || !carries(field, pass)) return false
  const isTo = pass === 'TO_INTEGRATION_TABLE'
  const [own, other] = isTo ? [base.local, base.integration] : [base.integration, base.local]
  if (own === null || other !== null) return false
  const now = transferField(field, pass, source.values, context)
  return now.kind === 'value' && now.value !== null
}

/** An amount in the local currency means something else once its record's currency changed, though its digits stand. */
function currencyChanged(
  mapping: MappingDefinition,
  field: FieldMapping,
  coupling: Coupling,
  local: RecordSnapshot,
): boolean {
  const name = field.localCurrencyAmount?.currencyField
  if (name === undefined) return false
  const currency = mapping.fields.find((candidate) => candidate.localField === name)
  const base = currency === undefined ? undefined : coupling.base?.[currency.name]
  return (
    currency !== undefined &&
    base !== undefined &&
    mappedValue(currency, Side.local, local.values) !== base.local
  )
}

/** Whether one side of a coupled pair was changed since the last synchronisation, when the other side is gone. */
export function sideChanged(
  mapping: MappingDefinition,
  coupling: Coupling,
  side: Side,
  record: RecordSnapshot,
  context: TransferContext,
): boolean {
  const coupled = side === Side.local ? coupling.local : coupling.integration
  return (
    moved(coupled, record) ||
    mapping.fields.some((field) => {
      const base = coupling.base?.[field.name]
      if (base === undefined) return false
      const { type } = fieldEnd(field, side, context)
      const agreed = side === Side.local ? base.local : base.integration
      return !isUnchanged(mappedValue(field, side, record.values), agreed, type)
    })
  )
}

/** Whether a side's record is newer than the coupling by version and stamp. */
export function moved(coupled: CoupledSide, record: RecordSnapshot): boolean {
  return record.version !== coupled.version && record.stamp > coupled.stamp
}

/** Whether the field is carried from `winner` to the other side. */
export function carriedFromSide(state: FieldState, winner: Side): boolean {
  return winner === Side.local ? state.carriedTo : state.carriedFrom
}

export function changedOn(state: FieldState, side: Side): boolean {
  return side === Side.local ? state.localChanged : state.integrationChanged
}

/** Whether a side of the pair changed since the last synchronisation. */
export function changedRecord(state: PairState, side: Side): boolean {
  return side === Side.local ? state.localChanged : state.integrationChanged
}

export function isBidirectional(state: FieldState): boolean {
  return state.carriedTo && state.carriedFrom
}

/** The structured side of a conflict: stamps, order of the edits, and per field base, both values and who changed it. */
export function describeConflict(
  pair: PairState,
  coupling: Coupling | null,
  local: RecordSnapshot,
  integration: RecordSnapshot,
  context: TransferContext,
): ConflictDetail {
  return {
    firstContact: pair.firstContact,
    localStamp: local.stamp,
    integrationStamp: integration.stamp,
    localVersion: local.version,
    integrationVersion: integration.version,
    coupledLocalStamp: pair.firstContact ? null : (coupling?.local.stamp ?? null),
    coupledIntegrationStamp: pair.firstContact ? null : (coupling?.integration.stamp ?? null),
    editedLast:
      local.stamp === integration.stamp
        ? null
        : local.stamp > integration.stamp
          ? Side.local
          : Side.integration,
    // A constant is nobody's edit, so there is nothing to choose.
    fields: pair.fields.filter(isPaired).map((state) => ({
      name: state.field.name,
      localField: state.field.localField,
      integrationField: state.field.integrationField,
      localCaption: fieldEnd(state.field, Side.local, context).caption,
      integrationCaption: fieldEnd(state.field, Side.integration, context).caption,
      direction: state.field.direction,
      base: coupling?.base?.[state.field.name] ?? null,
      local: state.local,
      integration: state.integration,
      localChanged: state.localChanged,
      integrationChanged: state.integrationChanged,
      equal: state.agrees,
    })),
  }
}

/** The state of a field mapping that pairs two fields. */
type PairedFieldState = FieldState & {
  readonly field: { readonly localField: string; readonly integrationField: string }
}

/** Whether two fields are paired, rather than a constant carried to one. */
export function isPaired(state: FieldState): state is PairedFieldState {
  return state.field.localField !== null && state.field.integrationField !== null
}
