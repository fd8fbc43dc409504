import { prepareTransformation } from '../../domain/transformation.js'
import { transferField, type LookupCouplings, type TransferContext } from '../../domain/field-transfer.js'
import { carries, fieldOn, sourceOf, type FieldMapping, type PassDirection } from '../../domain/mapping.js'
import { Side, type Value, type Values } from '../../domain/value.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { knownTables } from '../../persistence/tables.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { parseId } from '../identifiers.js'
import { unknownTables } from '../mapping/validate-definition.js'
import { checkSamples } from './samples.js'
import type { FieldMappingPreviewType } from './transformation.type.js'
import { coupledPairs } from '../../persistence/queries/coupled-ids.js'

export interface PreviewRequest {
  /** Null: the direction in which the field is carried, To where it is both. */
  readonly direction: PassDirection | null
  readonly samples: readonly Value[]
  /** Its last agreed value is a sample. */
  readonly couplingId: string | null
}

/**
 * What a field mapping would carry, by the rules of a run. Values come from the request or from what a coupling last agreed on:
 * business systems are not asked. Throws BAD_USER_INPUT.
 */
export async function previewFieldMapping(
  context: ApiContext,
  mapping: Mapping,
  field: FieldMapping,
  request: PreviewRequest,
): Promise<readonly FieldMappingPreviewType[]> {
  const direction =
    request.direction ??
    (field.direction === 'FROM_INTEGRATION_TABLE' ? field.direction : 'TO_INTEGRATION_TABLE')
  if (!carries(field, direction)) {
    throw badUserInput([
      { argument: 'direction', message: `Expected ${field.direction}, in which the field is carried.` },
    ])
  }
  checkSamples(request.samples)
  const side = sourceOf(direction)
  const sourceField = fieldOn(field, side)
  const coupled =
    request.couplingId === null ? [] : [await agreedValues(context, mapping, field, side, request.couplingId)]
  const currency = field.localCurrencyAmount?.currencyField
  const given = request.samples.map((sample): Values => ({
    ...(sourceField === null ? {} : { [sourceField]: sample }),
    // A sample is an amount in the local currency, whose code is blank.
    ...(currency === undefined ? {} : { [currency]: null }),
  }))
  const records = sourceField === null ? [{}] : [...given, ...coupled]
  if (records.length === 0) {
    throw badUserInput([{ argument: 'samples', message: 'Expected at least one value, or a couplingId.' }])
  }
  const transfer = await transferContextOf(context, mapping, field, side, records)
  const rules = prepareTransformation(
    (direction === 'TO_INTEGRATION_TABLE' ? field.transformTo : field.transformFrom) ?? [],
  )
  return records.map((values) => {
    const source = sourceField === null ? (field.constant ?? null) : (values[sourceField] ?? null)
    return { source, steps: rules.trace(source).steps, ...outcomeOf(field, direction, values, transfer) }
  })
}

function outcomeOf(
  field: FieldMapping,
  direction: PassDirection,
  values: Values,
  transfer: TransferContext,
): Omit<FieldMappingPreviewType, 'source' | 'steps'> {
  const transferred = transferField(field, direction, values, transfer)
  const nothing = { destination: null, carried: false, errorClass: null, message: null, remedy: null }
  switch (transferred.kind) {
    case 'value':
      return { ...nothing, destination: transferred.value, carried: true }
    case 'omitted':
      return {
        ...nothing,
        message:
          field.localCurrencyAmount === undefined
            ? 'Not Null: a blank is not carried; the destination keeps what it holds.'
            : 'An amount in the local currency is not carried for a record in another currency.',
      }
    default: {
      const { errorClass, message, remedy } = transferred.failure
      return { ...nothing, errorClass, message, remedy }
    }
  }
}

/** What a coupling last agreed on at a side: of the field, and of the currency that it needs. */
async function agreedValues(
  context: ApiContext,
  mapping: Mapping,
  field: FieldMapping,
  side: Side,
  id: string,
): Promise<Values> {
  const coupling = await context.em.findOne(
    CouplingRecord,
    { id: parseId(id, 'couplingId'), mappingId: mapping.id },
    { disableIdentityMap: true },
  )
  if (coupling === null) {
    throw badUserInput([{ argument: 'couplingId', message: `${mapping.name} has no coupling ${id}.` }])
  }
  const values: Record<string, Value> = {}
  const names = [fieldOn(field, side), field.localCurrencyAmount?.currencyField ?? null]
  for (const name of names.filter((wanted) => wanted !== null)) {
    const carrier = mapping.definition.fields.find((other) => fieldOn(other, side) === name)
    const agreed = carrier === undefined ? undefined : coupling.base?.[carrier.name]
    if (agreed === undefined) {
      throw badUserInput([
        {
          argument: 'couplingId',
          message: `The two records have not agreed on a value of ${name} yet: it is known once a run has carried it. Give samples instead.`,
        },
      ])
    }
    values[name] = side === Side.local ? agreed.local : agreed.integration
  }
  return values
}

async function transferContextOf(
  context: ApiContext,
  mapping: Mapping,
  field: FieldMapping,
  side: Side,
  records: readonly Values[],
): Promise<TransferContext> {
  const { connectionId, definition } = mapping
  const [local = null, integration = null] = await knownTables(context.em, [
    { connectionId, side: Side.local, name: definition.localTable },
    { connectionId, side: Side.integration, name: definition.integrationTable },
  ])
  if (local === null || integration === null)
    throw badUserInput(unknownTables(definition, local, integration))
  const missing = [
    { argument: 'input.localField', table: local.definition, name: field.localField },
    { argument: 'input.integrationField', table: integration.definition, name: field.integrationField },
  ].filter(({ table, name }) => name !== null && !table.fields.some((other) => other.name === name))
  if (missing.length > 0) {
    throw badUserInput(
      missing.map(({ argument, table, name }) => ({
        argument,
        message: `${table.caption} has no field ${String(name)}.`,
      })),
    )
  }
  const sourceField = fieldOn(field, side)
  const ids = records.flatMap((values) => {
    const value = sourceField === null ? null : values[sourceField]
    return typeof value === 'string' ? [value] : []
  })
  const lookups: Record<string, LookupCouplings> = {}
  for (const name of field.lookupMappings ?? []) {
    const pairs = await coupledPairs(
      context.em,
      connectionId,
      name,
      side === Side.local ? ids : [],
      side === Side.integration ? ids : [],
    )
    lookups[name] = {
      toIntegration: Object.fromEntries(pairs.map((pair) => [pair.localId, pair.integrationId])),
      toLocal: Object.fromEntries(pairs.map((pair) => [pair.integrationId, pair.localId])),
    }
  }
  return {
    localTable: local.definition,
    integrationTable: integration.definition,
    lookups,
    // A fact of the integration system, which is not asked: a blank currency shows as blank.
    baseCurrency: null,
  }
}
