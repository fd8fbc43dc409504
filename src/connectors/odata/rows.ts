import type { Change, RecordSnapshot } from '../../domain/record.js'
import type { TableDefinition } from '../../domain/schema.js'
import { WireValueError } from '../http/canonical.js'
import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import type { ODataPage } from '../http/odata.js'
import { queryOption, readPage, unreadable } from '../http/odata.js'
import { toConnectorError } from './errors.js'
import { answerOf } from './operations.js'
import type { ODataService, Send } from './service.js'
import { membersOf, readId, readRecord } from './wire.js'

/** What to ask for of every row. */
export function selectOf(service: ODataService, table: TableDefinition, fields: readonly string[]): string {
  const hasETags = service.hasETags.get(table.name) === true
  return queryOption('$select', membersOf(table, fields, hasETags).join(','))
}

/** `wasAskedFor`: the rows hold all of `fields` that have a value. Throws {@link ConnectorError} where a row cannot be read. */
export function readRecords(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
  rows: readonly ExactJsonObject[],
  wasAskedFor = true,
): readonly RecordSnapshot[] {
  const [first] = rows
  // Rows were asked for as far as their versions need it, which holds for as long as this stays as it is.
  if (first !== undefined && !service.hasETags.has(table.name))
    service.hasETags.set(table.name, hasETag(first))
  if (service.hasETags.get(table.name) === true && !rows.every(hasETag))
    throw unreadable(service.system, `some rows of ${table.name} have an ETag and some have none`)
  try {
    return rows.map((row) => readRecord(table, fields, row, wasAskedFor))
  } catch (error) {
    if (error instanceof WireValueError) throw unreadable(service.system, error.message)
    throw error
  }
}

function hasETag(row: ExactJsonObject): boolean {
  return typeof row['@odata.etag'] === 'string'
}

/** Rows of a change feed, which a link of old may have asked for other fields: records, and what was deleted. Links between records that came or went are passed over. */
export function readFeed(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
  rows: readonly ExactJsonObject[],
  wasAskedFor: boolean,
): readonly Change[] {
  const present = rows.filter((row) => !isDeletion(row) && !isLink(row))
  const records = readRecords(service, table, fields, present, wasAskedFor)
  const byRow = new Map(present.map((row, index) => [row, records[index]]))
  return rows.flatMap((row): Change[] => {
    if (isDeletion(row)) return [{ kind: 'tombstone', id: deletedId(service, table, row) }]
    const record = byRow.get(row)
    return record === undefined ? [] : [{ kind: 'changed', record }]
  })
}

function contextOf(row: ExactJsonObject): string {
  const context = row['@odata.context']
  return typeof context === 'string' ? context : ''
}

function isDeletion(row: ExactJsonObject): boolean {
  return '@removed' in row || contextOf(row).endsWith('/$deletedEntity')
}

function isLink(row: ExactJsonObject): boolean {
  return /\/\$(link|deletedLink)$/.test(contextOf(row))
}

/** By its key where the row has it, else by its address, which is the id itself in some services. */
function deletedId(service: ODataService, table: TableDefinition, row: ExactJsonObject): string {
  const key = readId(table, row)
  if (key !== null) return key
  const address = row['@odata.id'] ?? row['id']
  if (typeof address !== 'string')
    throw unreadable(service.system, `a deleted row of ${table.name} has no id`)
  const predicate = /\(([^/]*)\)$/.exec(address)?.[1]
  const text = predicate === undefined ? address : decodeURIComponent(predicate).replace(/^\w+=/, '')
  const plain = /^'(.*)'$/s.exec(text)?.[1]?.replaceAll("''", "'") ?? text
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plain) ? plain.toLowerCase() : plain
}

/** The records of the first page of a list. */
export function readFirst(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
  body: ExactJson,
): readonly RecordSnapshot[] {
  const rows = isJsonObject(body) ? body['value'] : undefined
  if (!Array.isArray(rows) || !rows.every(isJsonObject))
    throw unreadable(service.system, 'it holds no list of rows')
  return readRecords(service, table, fields, rows)
}

/** The records of a list whose first page has been read, and of the pages after it. */
export async function readList(
  service: ODataService,
  send: Send,
  table: TableDefinition,
  fields: readonly string[],
  first: ExactJson,
): Promise<readonly RecordSnapshot[]> {
  const records = [...readFirst(service, table, fields, first)]
  const link = isJsonObject(first) ? first['@odata.nextLink'] : undefined
  let next = typeof link === 'string' ? absolute(service, link) : null
  while (next !== null) {
    const page = await getPage(service, send, next)
    records.push(...readRecords(service, table, fields, page.rows))
    next = page.nextLink
  }
  return records
}

/** A page of a collection, with links that can be followed. Throws {@link ConnectorError}. */
export async function getPage(
  service: ODataService,
  send: Send,
  url: string,
  preferences: readonly string[] = [],
): Promise<ODataPage> {
  const headers =
    preferences.length === 0 ? service.headers : { ...service.headers, prefer: preferences.join(',') }
  const response = await send({ method: 'GET', url, headers })
  if (response.status !== 200) throw toConnectorError(answerOf(response), service.now())
  const page = readPage(response.text, service.system)
  const followed = (link: string | null): string | null =>
    link === null ? null : absolute(service, link, url)
  return { rows: page.rows, nextLink: followed(page.nextLink), deltaLink: followed(page.deltaLink) }
}

/** A link as it came; one that is relative, against the address that was asked. */
function absolute(service: ODataService, link: string, asked = `${service.url}/`): string {
  return /^https?:\/\//i.test(link) ? link : new URL(link, asked).href
}
