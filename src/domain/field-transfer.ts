import { sameValue } from './comparison.js'
import { ErrorClass, type Failure } from './failure.js'
import type { FieldMapping, MappingDefinition, PassDirection } from './mapping.js'
import { carries, fieldOn, mappedValue } from './mapping.js'
import { isNumber, roundNumber } from './number.js'
import { fieldOf, type FieldDefinition, type TableDefinition } from './schema.js'
import { canonicalCode } from './text.js'
import { otherSide, Side, type Value, type Values } from './value.js'

/** Ids coupled through another mapping, both ways. Only ids that occur in the records at hand. */
export interface LookupCouplings {
  readonly toIntegration: Readonly<Record<string, string>>
  readonly toLocal: Readonly<Record<string, string>>
}

/** What a transfer needs to know besides the record. */
export interface TransferContext {
  readonly localTable: TableDefinition
  readonly integrationTable: TableDefinition
  /** By name of the mapping whose couplings translate a lookup. */
  readonly lookups: Readonly<Record<string, LookupCouplings>>
  /** Id of the integration system's base currency; the local currency, which is blank, pairs with it. */
  readonly baseCurrency: string | null
}

/** `omitted`: this record's field is not carried, which is no difference (a local-currency amount on a foreign account). */
export type Transferred =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'omitted' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The value that the destination of `pass` would hold for this field, or why it cannot. */
export function transferField(
  field: FieldMapping,
  pass: PassDirection,
  source: Values,
  context: TransferContext,
): Transferred {
  const { sourceField, destinationField, destinationTable } = endsOf(field, pass, context)
  const value = mappedValue(field, pass === 'TO_INTEGRATION_TABLE' ? Side.local : Side.integration, source)
  if (
    field.localCurrencyAmount !== undefined &&
    !isLocalCurrency(field.localCurrencyAmount.currencyField, source)
  ) {
    return { kind: 'omitted' }
  }
  if (field.lookupMappings !== undefined) {
    const localCurrency = isCurrencyLookup(field, context) ? context.baseCurrency : null
    return transferLookup(
      field.lookupMappings,
      pass,
      value,
      sourceField,
      destinationTable,
      context,
      localCurrency,
    )
  }
  return convert(value, sourceField, destinationField, destinationTable)
}

/**
 * Whether the two sides agree on a field as far as each can hold the other's value (engine rule 3): for a bidirectional
 * field the transfer of either side equals the other; for a one-way field the transfer in its direction does.
 */
export function fieldAgrees(
  field: FieldMapping,
  local: Values,
  integration: Values,
  context: TransferContext,
): boolean {
  return (
    (carries(field, 'TO_INTEGRATION_TABLE') &&
      arrives(field, 'TO_INTEGRATION_TABLE', local, integration, context)) ||
    (carries(field, 'FROM_INTEGRATION_TABLE') &&
      arrives(field, 'FROM_INTEGRATION_TABLE', integration, local, context))
  )
}

/** The fields of each side that the mapping reads: mapped ones, filters', match rules' and those that rules refer to. */
export function fieldsRead(
  mapping: MappingDefinition,
  filterNames: { local: readonly string[]; integration: readonly string[] },
) {
  const local = new Set(filterNames.local)
  const integration = new Set(filterNames.integration)
  for (const field of mapping.fields) {
    if (field.localField !== null) local.add(field.localField)
    if (field.integrationField !== null) integration.add(field.integrationField)
    if (field.localCurrencyAmount !== undefined) local.add(field.localCurrencyAmount.currencyField)
  }
  for (const pair of mapping.matchRules.flatMap((rule) => rule.pairs)) {
    local.add(pair.localField)
    integration.add(pair.integrationField)
  }
  return { local: [...local].sort(), integration: [...integration].sort() }
}

function arrives(
  field: FieldMapping,
  pass: PassDirection,
  source: Values,
  destination: Values,
  context: TransferContext,
): boolean {
  const transferred = transferField(field, pass, source, context)
  if (transferred.kind === 'omitted') return true
  if (transferred.kind === 'failed') return false
  const { sourceField, destinationField } = endsOf(field, pass, context)
  const current = mappedValue(
    field,
    pass === 'TO_INTEGRATION_TABLE' ? Side.integration : Side.local,
    destination,
  )
  return sameValue(transferred.value, sourceField.type, current, destinationField.type)
}

export function endsOf(field: FieldMapping, pass: PassDirection, context: TransferContext) {
  const local = fieldEnd(field, Side.local, context)
  const integration = fieldEnd(field, Side.integration, context)
  return pass === 'TO_INTEGRATION_TABLE'
    ? { sourceField: local, destinationField: integration, destinationTable: context.integrationTable }
    : { sourceField: integration, destinationField: local, destinationTable: context.localTable }
}

/** The field of a side; a constant has the type of the field it is carried to. */
export function fieldEnd(field: FieldMapping, side: Side, context: TransferContext): FieldDefinition {
  const [table, other] =
    side === Side.local
      ? [context.localTable, context.integrationTable]
      : [context.integrationTable, context.localTable]
  const name = fieldOn(field, side)
  if (name !== null) return fieldOf(table, name)
  const opposite = fieldOn(field, otherSide(side))
  if (opposite === null) throw new Error(`Field mapping ${field.name} names no field.`)
  return { ...fieldOf(other, opposite), name: '', caption: 'Constant Value', readOnly: true }
}

/** Whether the field refers to a currency: only there Business Central's blank means the local currency. */
export function isCurrencyLookup(field: FieldMapping, context: TransferContext): boolean {
  const { type } = fieldEnd(field, Side.integration, context)
  return (
    field.lookupMappings !== undefined && type.kind === 'lookup' && type.table === 'transactioncurrencies'
  )
}

function isLocalCurrency(currencyField: string, source: Values): boolean {
  return source[currencyField] === null
}

function transferLookup(
  mappingNames: readonly string[],
  pass: PassDirection,
  value: Value,
  sourceField: FieldDefinition,
  destinationTable: TableDefinition,
  context: TransferContext,
  /** What the local side's blank stands for at the integration side. */
  localBlank: string | null,
): Transferred {
  if (pass === 'TO_INTEGRATION_TABLE' && value === null) return { kind: 'value', value: localBlank }
  if (value === null || (pass === 'FROM_INTEGRATION_TABLE' && value === localBlank)) {
    return { kind: 'value', value: null }
  }
  const partner = mappingNames
    .map((name) => context.lookups[name])
    .map((couplings) =>
      pass === 'TO_INTEGRATION_TABLE'
        ? couplings?.toIntegration[String(value)]
        : couplings?.toLocal[String(value)],
    )
    .find((found) => found !== undefined)
  if (partner !== undefined) return { kind: 'value', value: partner }
  return {
    kind: 'failed',
    failure: {
      errorClass: ErrorClass.dependencyMissing,
      message: `${sourceField.caption} ${String(value)} must be coupled to a record in ${mappingNames.join(' or ')}.`,
      cause: `The record refers to a ${sourceField.caption} that has no partner in the ${destinationTable.caption}'s system yet.`,
      remedy: `Synchronize the mapping ${mappingNames.join(' or ')}, or couple that record. This record waits and is carried as soon as it is coupled.`,
      field: sourceField.name,
    },
  }
}

/** The value as a destination field holds it, or why it cannot. */
export function convert(
  value: Value,
  source: FieldDefinition,
  destination: FieldDefinition,
  destinationTable: TableDefinition,
): Transferred {
  if (value === null || typeof value === 'boolean')
    return { kind: 'value', value: blankFor(value, destination) }
  const type = destination.type
  switch (type.kind) {
    case 'text':
    case 'code': {
      const text = type.kind === 'code' ? canonicalCode(value) : value
      if (text.length > type.maxLength)
        return tooLong(text.length, type.maxLength, source, destination, destinationTable)
      return { kind: 'value', value: text === '' ? null : text }
    }
    case 'decimal':
    case 'integer':
      if (!isNumber(value)) return notANumber(source, destination, destinationTable)
      return { kind: 'value', value: roundNumber(value, type.kind === 'decimal' ? type.scale : 0) }
    default:
      return { kind: 'value', value }
  }
}

/** Blank, in a field that cannot be blank, is zero or false. */
function blankFor(value: null | boolean, destination: FieldDefinition): Value {
  if (value !== null) return value
  const type = destination.type
  if ('nullable' in type && !type.nullable) return type.kind === 'boolean' ? false : '0'
  return null
}

function notANumber(
  source: FieldDefinition,
  destination: FieldDefinition,
  destinationTable: TableDefinition,
): Transferred {
  return {
    kind: 'failed',
    failure: {
      errorClass: ErrorClass.validation,
      message: `The value of ${source.caption} is not a number, as ${destination.caption} in ${destinationTable.caption} must be.`,
      cause: `${source.caption} holds text and ${destination.caption} a number.`,
      remedy: `Write digits in ${source.caption}, with a point before decimals, then synchronize again.`,
      field: destination.name,
    },
  }
}

function tooLong(
  length: number,
  limit: number,
  source: FieldDefinition,
  destination: FieldDefinition,
  destinationTable: TableDefinition,
): Transferred {
  return {
    kind: 'failed',
    failure: {
      errorClass: ErrorClass.validation,
      message: `The value of ${source.caption} is ${length} characters long; ${destination.caption} in ${destinationTable.caption} holds at most ${limit}.`,
      cause: 'Accord never cuts a value unless the mapping says so.',
      remedy: `Shorten ${source.caption} to ${limit} characters, then synchronize again.`,
      field: destination.name,
    },
  }
}
