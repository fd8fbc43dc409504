import type { TableDefinition } from '../../domain/schema.js'
import type { WriteRequest, WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { WireValueError } from '../http/canonical.js'
import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { stringifyExactJson } from '../http/exact-json.js'
import { queryOption, readPage } from '../http/odata.js'
import type { HttpRequest, HttpResponse } from '../http/transport.js'
import type { Look, PreparedWrite } from '../http/write-in-chunks.js'
import { unknown } from '../http/write-in-chunks.js'
import { preferencesOf, selectOf } from './fields.js'
import { inFilter } from './reads.js'
import type { DataverseWrites } from './write-protocol.js'

/** Messages that write many records of a table at once, all or nothing. */
export const BulkMessage = { create: 'CreateMultiple', update: 'UpdateMultiple' } as const
export type BulkMessage = (typeof BulkMessage)[keyof typeof BulkMessage]

type ReadRows = (path: string) => Promise<readonly ExactJsonObject[]>

/** The logical name of a table on which a message works, by the system's own register of messages; null where it does not. */
export type BulkRegister = (table: TableDefinition, message: BulkMessage) => Promise<string | null>

export function createBulkRegister(readRows: ReadRows): BulkRegister {
  const known = new Map<string, Promise<string | null>>()
  return (table, message) => {
    const key = `${message} ${table.name}`
    const found = known.get(key) ?? find(readRows, table.name, message)
    known.set(key, found)
    // A failed read is asked again by the next caller.
    found.catch(() => known.delete(key))
    return found
  }
}

async function find(readRows: ReadRows, entitySet: string, message: BulkMessage): Promise<string | null> {
  const [entity] = await readRows(
    `EntityDefinitions?${queryOption('$select', 'LogicalName')}&${queryOption('$filter', `EntitySetName eq '${entitySet}'`)}`,
  )
  const logicalName = entity?.['LogicalName']
  if (typeof logicalName !== 'string') return null
  const filter = `primaryobjecttypecode eq '${logicalName}' and sdkmessageid/name eq '${message}'`
  const filters = await readRows(
    `sdkmessagefilters?${queryOption('$select', 'sdkmessagefilterid')}&${queryOption('$filter', filter)}`,
  )
  return filters.length === 0 ? null : logicalName
}

/** One call of a message with all of these writes. */
export function composeMessage(
  { table, url, headers }: DataverseWrites,
  message: BulkMessage,
  logicalName: string,
  writes: readonly PreparedWrite[],
): HttpRequest {
  const targets = writes.map(({ request, body }) => ({
    ...body,
    '@odata.type': `Microsoft.Dynamics.CRM.${logicalName}`,
    [table.keyField]: idOf(request),
  }))
  return {
    method: 'POST',
    url: `${url}/${table.name}/Microsoft.Dynamics.CRM.${message}`,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: stringifyExactJson({ Targets: targets }),
  }
}

/** Whether the writes are all of a kind, and nothing has to follow one of them in the same transaction. */
export function goTogether(writes: readonly PreparedWrite[], kind: WriteRequest['kind']): boolean {
  return writes.every(
    (write) => write.request.kind === kind && write.afterwards === undefined && write.singly !== true,
  )
}

/** Of an answer that is no success: throttled, or not known whether it was carried out. Else nothing was done. */
export function mayHaveLanded(status: number): boolean {
  return [408, 429, 502, 503, 504].includes(status)
}

/** Messages answer without the records, so they are read: a row for each write that has one, by its id in lower case. */
export async function readWritten(
  { table, url, headers, returnFields }: DataverseWrites,
  writes: readonly PreparedWrite[],
  further: readonly string[],
  look: Look,
): Promise<{ readonly response: HttpResponse; readonly rows: ReadonlyMap<string, ExactJsonObject> }> {
  const ids = writes.map(({ request }) => idOf(request))
  const select = [...new Set([...selectOf(table, returnFields).split(','), ...further])].join(',')
  const query = `${queryOption('$select', select)}&${queryOption('$filter', inFilter(table.keyField, ids))}`
  const prefer = preferencesOf(table, returnFields)
  const response = await look({
    method: 'GET',
    url: `${url}/${table.name}?${query}`,
    headers: prefer.length === 0 ? headers : { ...headers, prefer: prefer.join(',') },
  })
  const rows = response.status === 200 ? readPage(response.text, 'Dataverse').rows : []
  return {
    response,
    rows: new Map(rows.map((row) => [textOf(row[table.keyField]).toLowerCase(), row])),
  }
}

/** Results of writes that were accepted, by their records as they are read afterwards. What cannot be read is asked for later. */
export async function resultsByReading(
  context: DataverseWrites,
  writes: readonly PreparedWrite[],
  further: readonly string[],
  look: Look,
  judge: (write: PreparedWrite, row: ExactJsonObject) => WriteResult,
): Promise<readonly WriteResult[]> {
  const all = (message: string): readonly WriteResult[] => writes.map((write) => unknown(write, message))
  try {
    const { response, rows } = await readWritten(context, writes, further, look)
    if (response.status !== 200)
      return all(`It was accepted, but reading it was answered ${response.status}.`)
    return writes.map((write) => {
      const row = rows.get(idOf(write.request).toLowerCase())
      return row === undefined ? unknown(write, 'It was accepted, but cannot be read.') : judge(write, row)
    })
  } catch (error) {
    if (error instanceof ConnectorError || error instanceof WireValueError)
      return all(`It was accepted, but: ${error.message}`)
    throw error
  }
}

export function idOf(request: WriteRequest): string {
  if (request.id === null) throw new Error('A creation in Dataverse has the id that was chosen for it.')
  return request.id
}

function textOf(value: ExactJson | undefined): string {
  return typeof value === 'string' ? value : ''
}
