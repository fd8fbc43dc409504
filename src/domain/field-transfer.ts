import { sameValue } from './comparison.js'
import { convertValue, type Converted } from './convert.js'
import { ErrorClass, type Failure } from './failure.js'
import { isCurrencyLookup, transferLookup, type LookupCouplings } from './lookup.js'
import type { FieldMapping, PassDirection } from './mapping.js'
import { carries, fieldOn, mappedValue, sourceOf } from './mapping.js'
import { fieldOf, type FieldDefinition, type TableDefinition } from './schema.js'
import {
  prepareTransformation,
  type PreparedTransformation,
  type TransformationRule,
} from './transformation.js'
import { otherSide, Side, type FieldType, type Value, type Values } from './value.js'

export type { LookupCouplings } from './lookup.js'
export { isCurrencyLookup } from './lookup.js'
export { fieldsRead } from './fields-read.js'

/** What a transfer needs to know besides the record. */
export interface TransferContext {
  readonly localTable: TableDefinition
  readonly integrationTable: TableDefinition
  /** By name of the mapping whose couplings translate a lookup. */
  readonly lookups: Readonly<Record<string, LookupCouplings>>
  /** Id of the integration system's base currency; the local currency, which is blank, pairs with it. */
  readonly baseCurrency: string | null
}

/**
 * `omitted`: this record's field is not carried, which is no difference: a local-currency amount on a foreign account, a blank
 * of a Not Null field.
 */
export type Transferred =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'omitted' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The two fields of a pass, and the table that is written. */
export interface Ends {
  readonly sourceField: FieldDefinition
  readonly destinationField: FieldDefinition
  readonly destinationTable: TableDefinition
}

/**
 * The value that the destination of `pass` would hold for this field, or why it cannot: transformation rules first, then the
 * option map or the couplings, then the destination's type.
 */
export function transferField(
  field: FieldMapping,
  pass: PassDirection,
  source: Values,
  context: TransferContext,
): Transferred {
  const currencyField = field.localCurrencyAmount?.currencyField
  if (currencyField !== undefined && source[currencyField] !== null) return { kind: 'omitted' }
  const ends = endsOf(field, pass, context)
  const read = mappedValue(field, sourceOf(pass), source)
  const transferred = carryValue(field, pass, read, ends, context)
  const isKept = field.notNull === true && transferred.kind === 'value' && transferred.value === null
  return isKept ? { kind: 'omitted' } : transferred
}

function carryValue(
  field: FieldMapping,
  pass: PassDirection,
  read: Value,
  ends: Ends,
  context: TransferContext,
): Transferred {
  const rules = rulesOf(field, pass)
  const transformed = rules === undefined ? read : prepared(rules).transform(read)
  if (transformed !== null && typeof transformed === 'object' && transformed.kind === 'failed')
    return { kind: 'failed', failure: notTransformed(transformed, ends) }
  const value = transformed !== null && typeof transformed === 'object' ? transformed.value : transformed
  if (field.lookupMappings !== undefined) {
    const blank = isCurrencyLookup(field, context.integrationTable) ? context.baseCurrency : null
    return transferLookup(field, pass, value, ends, context.lookups, blank)
  }
  if (field.optionMap === undefined) return fit(field, value, ends)
  const mapped = translate(field.optionMap, pass, value, ends.sourceField.type)
  return mapped === undefined
    ? { kind: 'failed', failure: notInOptionMap(ends) }
    : fit(field, mapped, { ...ends, sourceField: { ...ends.sourceField, type: ends.destinationField.type } })
}

/** The value as the destination field of `ends` holds it, or why it cannot. */
export function fit(field: FieldMapping, value: Value, ends: Ends): Transferred {
  const { sourceField, destinationField } = ends
  const converted = convertValue(value, sourceField.type, destinationField.type, {
    truncate: field.truncate === true,
    timeZone: field.timeZone ?? null,
  })
  return converted.kind === 'value' ? converted : { kind: 'failed', failure: notFitting(converted, ends) }
}

/** Whether what the source of `pass` would send is what the destination holds. */
export function arrival(
  field: FieldMapping,
  pass: PassDirection,
  source: Values,
  destination: Values,
  context: TransferContext,
): 'arrives' | 'differs' | 'omitted' {
  const transferred = transferField(field, pass, source, context)
  if (transferred.kind === 'omitted') return 'omitted'
  if (transferred.kind === 'failed') return 'differs'
  const current = mappedValue(field, otherSide(sourceOf(pass)), destination)
  return holds(field, pass, transferred.value, current, context) ? 'arrives' : 'differs'
}

/** Whether the destination of `pass` holds a transferred value already, as far as the two fields can tell. */
export function holds(
  field: FieldMapping,
  pass: PassDirection,
  transferred: Value,
  current: Value,
  context: TransferContext,
): boolean {
  const { sourceField, destinationField } = endsOf(field, pass, context)
  const sent = typeSent(field, pass, sourceField.type, destinationField.type)
  return sameValue(transferred, sent, current, destinationField.type, field.timeZone ?? null)
}

/** What a transferred value is like: an option map or a rule makes another kind of value of it than its source holds. */
function typeSent(
  field: FieldMapping,
  pass: PassDirection,
  source: FieldType,
  destination: FieldType,
): FieldType {
  const isRemade = field.optionMap !== undefined || (rulesOf(field, pass) ?? []).length > 0
  return isRemade && source.kind !== destination.kind ? destination : source
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
      arrival(field, 'TO_INTEGRATION_TABLE', local, integration, context) !== 'differs') ||
    (carries(field, 'FROM_INTEGRATION_TABLE') &&
      arrival(field, 'FROM_INTEGRATION_TABLE', integration, local, context) !== 'differs')
  )
}

export function endsOf(field: FieldMapping, pass: PassDirection, context: TransferContext): Ends {
  const local = fieldEnd(field, Side.local, context)
  const integration = fieldEnd(field, Side.integration, context)
  return pass === 'TO_INTEGRATION_TABLE'
    ? { sourceField: local, destinationField: integration, destinationTable: context.integrationTable }
    : { sourceField: integration, destinationField: local, destinationTable: context.localTable }
}

/** The field of a side; a constant has the type of the field it is carried to. */
export function fieldEnd(
  field: FieldMapping,
  side: Side,
  context: Pick<TransferContext, 'localTable' | 'integrationTable'>,
): FieldDefinition {
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

function rulesOf(field: FieldMapping, pass: PassDirection): readonly TransformationRule[] | undefined {
  return pass === 'TO_INTEGRATION_TABLE' ? field.transformTo : field.transformFrom
}

const PREPARED = new WeakMap<readonly TransformationRule[], PreparedTransformation>()

/** Expressions are read once for all records of a page. */
function prepared(rules: readonly TransformationRule[]): PreparedTransformation {
  const known = PREPARED.get(rules)
  if (known !== undefined) return known
  const made = prepareTransformation(rules)
  PREPARED.set(rules, made)
  return made
}

/** The other side's value of an option map; undefined where the value is not in it. Blank that is not in it is blank. */
function translate(
  pairs: NonNullable<FieldMapping['optionMap']>,
  pass: PassDirection,
  value: Value,
  type: FieldType,
): Value | undefined {
  const isTo = pass === 'TO_INTEGRATION_TABLE'
  const found = pairs.find((pair) => sameValue(isTo ? pair.local : pair.integration, type, value, type))
  if (found !== undefined) return isTo ? found.integration : found.local
  return value === null ? null : undefined
}

function notTransformed(failed: { message: string; remedy: string }, ends: Ends): Failure {
  const { sourceField, destinationField, destinationTable } = ends
  return {
    errorClass: ErrorClass.validation,
    message: `The value of ${sourceField.caption} could not be transformed for ${destinationField.caption} in ${destinationTable.caption}: ${failed.message}`,
    cause: 'A transformation rule of the field mapping cannot read this value.',
    remedy: failed.remedy,
    field: destinationField.name,
  }
}

function notInOptionMap({ sourceField, destinationField, destinationTable }: Ends): Failure {
  return {
    errorClass: ErrorClass.validation,
    message: `The value of ${sourceField.caption} has no counterpart in ${destinationField.caption} in ${destinationTable.caption}.`,
    cause: 'The option map of the field mapping does not list this value.',
    remedy: `Add the value to the option map, or choose another ${sourceField.caption}, then synchronize again.`,
    field: destinationField.name,
  }
}

function notFitting(refused: Exclude<Converted, { kind: 'value' }>, ends: Ends): Failure {
  const { sourceField, destinationField, destinationTable } = ends
  const field = destinationField.name
  if (refused.kind === 'notOfType') {
    return {
      errorClass: ErrorClass.validation,
      message: `The value of ${sourceField.caption} is not ${refused.expected}, as ${destinationField.caption} in ${destinationTable.caption} must be.`,
      cause: `${sourceField.caption} and ${destinationField.caption} are of different types.`,
      remedy: `Write ${refused.example} in ${sourceField.caption}, or give the field mapping a transformation rule or an option map, then synchronize again.`,
      field,
    }
  }
  const { length, limit } = refused
  return {
    errorClass: ErrorClass.validation,
    message: `The value of ${sourceField.caption} is ${length} characters long; ${destinationField.caption} in ${destinationTable.caption} holds at most ${limit}.`,
    cause: 'Accord never cuts a value unless the mapping says so.',
    remedy: `Shorten ${sourceField.caption} to ${limit} characters, then synchronize again.`,
    field,
  }
}
