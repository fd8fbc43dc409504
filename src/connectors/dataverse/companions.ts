import { tableOf } from '../../domain/catalog/tables.js'
import type { RecordSnapshot } from '../../domain/record.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { Values } from '../../domain/value.js'
import type { WriteRequest } from '../connector.js'

/** Records of a table in which a lookup is one of the ids. */
export type ReadReferring = (
  table: TableDefinition,
  fields: readonly string[],
  lookup: string,
  ids: readonly string[],
) => Promise<readonly RecordSnapshot[]>

/**
 * Fills in the lookups that go with others (a product's unit is the primary one of its unit group), with one bulk read for
 * all requests. Where there is no such record the request goes out without, and Dataverse says what is missing.
 */
export async function withCompanions(
  table: TableDefinition,
  requests: readonly WriteRequest[],
  read: ReadReferring,
): Promise<readonly WriteRequest[]> {
  let filled = requests
  for (const { name, follows } of table.fields) {
    if (follows === undefined) continue
    const lacks = (values: Values): string | null => {
      const id = values[follows.lookup]
      return typeof id === 'string' && values[name] === undefined ? id : null
    }
    const ids = filled.flatMap((request) => (request.kind === 'delete' ? [] : (lacks(request.values) ?? [])))
    if (ids.length === 0) continue
    const found = await read(
      tableOf('DATAVERSE', follows.table),
      [follows.reference, follows.flag],
      follows.reference,
      [...new Set(ids)],
    )
    const companions = new Map(
      found
        .filter((record) => record.values[follows.flag] === true)
        .map((record) => [record.values[follows.reference], record.id]),
    )
    filled = filled.map((request) => {
      const id = request.kind === 'delete' ? null : lacks(request.values)
      const companion = id === null ? undefined : companions.get(id)
      if (request.kind === 'delete' || companion === undefined) return request
      return { ...request, values: { ...request.values, [name]: companion } }
    })
  }
  return filled
}
