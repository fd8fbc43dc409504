import { tableOf } from '../../domain/catalog/tables.js'
import type { RecordSnapshot } from '../../domain/record.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { Value, Values } from '../../domain/value.js'
import type { WriteRequest, WriteResult } from '../connector.js'
import { WireValueError } from '../http/canonical.js'
import { refuseValue } from '../http/refuse-value.js'

/**
 * Some references are codes on the wire (a customer's salesperson). To everybody else they are lookups: this translates them,
 * with one bulk read for all records at hand.
 */
export interface ReferredRecords {
  byCodes(table: TableDefinition, field: string, codes: readonly string[]): Promise<readonly RecordSnapshot[]>
  byIds(table: TableDefinition, field: string, ids: readonly string[]): Promise<readonly RecordSnapshot[]>
}

interface Reference {
  readonly field: string
  readonly table: TableDefinition
  readonly code: string
}

/** Records as read, with codes in the places of lookups, as they are to be known: with ids. A code that nobody has is blank. */
export async function withIds(
  table: TableDefinition,
  records: readonly RecordSnapshot[],
  referred: ReferredRecords,
): Promise<readonly RecordSnapshot[]> {
  let known = records
  for (const reference of referencesOf(table)) {
    const codes = valuesOf(
      known.map((record) => record.values),
      reference.field,
    )
    if (codes.length === 0) continue
    const found = await referred.byCodes(reference.table, reference.code, codes)
    const ids = new Map(found.map((record) => [record.values[reference.code], record.id]))
    known = known.map((record) => ({
      ...record,
      values: replaced(record.values, reference.field, (code) => ids.get(code) ?? null),
    }))
  }
  return known
}

/** Results with the records written as they are to be known. */
export async function resultsWithIds(
  table: TableDefinition,
  results: readonly WriteResult[],
  referred: ReferredRecords,
): Promise<readonly WriteResult[]> {
  const written = results.flatMap((result) => (result.kind === 'written' ? [result.record] : []))
  const records = new Map((await withIds(table, written, referred)).map((record) => [record.id, record]))
  return results.map((result) =>
    result.kind === 'written'
      ? { ...result, record: records.get(result.record.id) ?? result.record }
      : result,
  )
}

/** Requests as they can be sent, with codes; those that refer to a record that is not there are refused instead. */
export async function withCodes(
  table: TableDefinition,
  requests: readonly WriteRequest[],
  referred: ReferredRecords,
): Promise<{ readonly requests: readonly WriteRequest[]; readonly refused: readonly WriteResult[] }> {
  let sendable = requests
  const refused: WriteResult[] = []
  for (const reference of referencesOf(table)) {
    const ids = valuesOf(
      sendable.map((request) => (request.kind === 'delete' ? {} : request.values)),
      reference.field,
    )
    if (ids.length === 0) continue
    const found = await referred.byIds(reference.table, reference.code, ids)
    const codes = new Map(found.map((record) => [record.id, record.values[reference.code] ?? null]))
    const missing = (request: WriteRequest): boolean => {
      const id = request.kind === 'delete' ? null : (request.values[reference.field] ?? null)
      return typeof id === 'string' && !codes.has(id)
    }
    refused.push(...sendable.filter(missing).map((request) => refuse(request, reference)))
    sendable = sendable
      .filter((request) => !missing(request))
      .map((request) =>
        request.kind === 'delete'
          ? request
          : {
              ...request,
              values: replaced(request.values, reference.field, (id) => codes.get(String(id)) ?? null),
            },
      )
  }
  return { requests: sendable, refused }
}

/** Ids to look for in a field that the wire holds as codes, as the codes; of any other field the values as they are. */
export async function searchedValues(
  table: TableDefinition,
  field: string,
  values: readonly string[],
  referred: ReferredRecords,
): Promise<readonly string[]> {
  const reference = referencesOf(table).find((candidate) => candidate.field === field)
  if (reference === undefined) return values
  const found = await referred.byIds(reference.table, reference.code, values)
  return found.flatMap((record) => {
    const code = record.values[reference.code]
    return typeof code === 'string' ? [code] : []
  })
}

/** The field as the wire has it: a code under its own name. */
export function wireField(field: FieldDefinition): FieldDefinition {
  return field.byCode === undefined
    ? field
    : { ...field, name: field.byCode.member, type: { kind: 'code', maxLength: 20 } }
}

function referencesOf(table: TableDefinition): readonly Reference[] {
  return table.fields.flatMap(({ name, type, byCode }) =>
    byCode === undefined || type.kind !== 'lookup'
      ? []
      : [{ field: name, table: tableOf('BUSINESS_CENTRAL', type.table), code: byCode.field }],
  )
}

function valuesOf(values: readonly Values[], field: string): readonly string[] {
  const found = values.map((value) => value[field]).filter((value) => typeof value === 'string')
  return [...new Set(found)]
}

function replaced(values: Values, field: string, by: (value: Value) => Value): Values {
  const value = values[field]
  return value === undefined || value === null ? values : { ...values, [field]: by(value) }
}

function refuse(request: WriteRequest, { field, table }: Reference): WriteResult {
  const error = new WireValueError(
    field,
    `Field ${field} refers to a ${table.caption} that does not exist any more.`,
  )
  return { kind: 'refused', ref: request.ref, failure: refuseValue(error) }
}
