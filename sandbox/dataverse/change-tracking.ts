import type { Answer, ApiRequest } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import { rowJson, readPage } from '../common/odata/page.js'
import { Parameters } from '../common/odata/filter-sql.js'
import { QueryError } from '../common/odata/errors.js'
import { decodeCursor, encodeCursor, parseSelect } from '../common/odata/query.js'
import { quoted } from '../common/table.js'
import { outputMembers, shownColumns, withAnnotations } from './dialect.js'
import { DataverseError } from './errors.js'
import { MAXIMUM_PAGE, annotationsOf, contextUrl, linkWith, preferredPageSize, textAnswer } from './read.js'
import type { Route } from './route.js'
import { SERVICE_ROOT } from './route.js'
import type { DataverseTable } from './tables.js'

/**
 * Change tracking. Versions are given out and committed under one lock (see `store.ts`), so at any moment every version
 * below the highest visible one is visible too: a token is just the highest version its reader could see, and a change
 * that commits while somebody reads has a higher one and comes with the next delta.
 */

export const TOMBSTONE_STATEMENTS = [
  `create table if not exists deleted_record (
    set_name text not null,
    id uuid not null,
    versionnumber bigint not null
  )`,
  'create index if not exists deleted_record_version on deleted_record (set_name, versionnumber)',
]

/** Tells the cursor of a tracked read from that of a plain one. */
const MARK = 'track-'

const REFUSED = ['$filter', '$orderby', '$expand', '$top', '$skip', '$count']

/** Place within a tracked read. `to` is the version up to which it reads, fixed on its first page. */
type Cursor =
  | {
      readonly kind: 'all'
      readonly size: number
      readonly to: string
      readonly after: readonly (string | null)[]
    }
  | {
      readonly kind: 'changed' | 'deleted'
      readonly size: number
      readonly from: string
      readonly to: string
      readonly after: string
    }

export interface Tracking {
  readonly now: number
  /** Days after which a token is no longer accepted. */
  readonly expiryDays: number
}

/** Does this request belong here: it asks for tracking, or follows a link of a tracked read? */
export function isTracked(request: ApiRequest, route: Route): boolean {
  if (route.options.has('$deltatoken') || route.options.get('$skiptoken')?.startsWith(MARK) === true)
    return true
  return /odata\.track-changes/i.test(request.headers['prefer'] ?? '')
}

/** One page of a tracked read: everything the first time, afterwards what changed, and last what was deleted. */
export async function readTracked(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  tracking: Tracking,
): Promise<Answer> {
  checkOptions(route, table)
  const continued = route.options.get('$skiptoken')?.slice(MARK.length)
  if (continued !== undefined)
    return continueRead(database, request, route, table, tracking, readCursor(continued))
  const size = preferredPageSize(request) ?? MAXIMUM_PAGE
  const token = route.options.get('$deltatoken')
  const from = token === undefined ? null : readToken(token, tracking)
  const to = await highestVersion(database, table)
  if (from === null)
    return readAll(database, request, route, table, tracking, { kind: 'all', size, to, after: [] })
  return readChanged(database, request, route, table, tracking, {
    kind: 'changed',
    size,
    from,
    to,
    after: from,
  })
}

/** `accounts/$count?$deltatoken=...`: how many changes and deletions there are. */
export async function countTracked(
  database: Database | Connection,
  route: Route,
  table: DataverseTable,
  tracking: Tracking,
): Promise<Answer> {
  checkOptions(route, table)
  const from = readToken(route.options.get('$deltatoken') ?? '', tracking)
  const result = await database.query<{ count: string }>(
    `select (select count(*) from ${quoted(table.name)} where versionnumber > $1::bigint)
          + (select count(*) from deleted_record where set_name = $2 and versionnumber > $1::bigint) as count`,
    [from, table.name],
  )
  return textAnswer(result.rows[0]?.count ?? '0')
}

async function continueRead(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  tracking: Tracking,
  cursor: Cursor,
): Promise<Answer> {
  if (cursor.kind === 'all') return readAll(database, request, route, table, tracking, cursor)
  if (cursor.kind === 'changed') return readChanged(database, request, route, table, tracking, cursor)
  return readDeleted(database, request, route, table, tracking, cursor, '', 0)
}

async function readAll(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  tracking: Tracking,
  cursor: Extract<Cursor, { kind: 'all' }>,
): Promise<Answer> {
  const page = await readPage(database, {
    table,
    members: membersOf(request, route, table),
    condition: null,
    parameters: new Parameters(),
    order: [],
    after: cursor.after.length === 0 ? null : cursor.after,
    limit: cursor.size,
    offset: 0,
    countUpTo: null,
  })
  const link =
    page.after === null
      ? deltaLink(request, route, cursor.to, tracking)
      : continueLink(request, route, { ...cursor, after: page.after })
  return trackedAnswer(request, route, table, page.json, page.rows, link)
}

async function readChanged(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  tracking: Tracking,
  cursor: Extract<Cursor, { from: string }>,
): Promise<Answer> {
  const result = await database.query<[string, string]>({
    text: `select ${rowJson(membersOf(request, route, table))}, t.versionnumber from ${quoted(table.name)} t
      where t.versionnumber > $1::bigint and t.versionnumber <= $2::bigint order by t.versionnumber limit $3::int`,
    values: [cursor.after, cursor.to, cursor.size],
    rowMode: 'array',
  })
  const json = result.rows.map((row) => row[0]).join(',')
  const last = result.rows.at(-1)
  if (result.rows.length === cursor.size && last !== undefined) {
    const link = continueLink(request, route, { ...cursor, after: last[1] })
    return trackedAnswer(request, route, table, json, result.rows.length, link)
  }
  const deleted: Cursor = { ...cursor, kind: 'deleted', after: cursor.from }
  return readDeleted(database, request, route, table, tracking, deleted, json, result.rows.length)
}

/** Deletions come last, after `before` on the page that holds the last changes. */
async function readDeleted(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  tracking: Tracking,
  cursor: Extract<Cursor, { from: string }>,
  before: string,
  rowsBefore: number,
): Promise<Answer> {
  const room = cursor.size - rowsBefore
  const result = await database.query<[string, string]>({
    text: `select id::text, versionnumber from deleted_record
      where set_name = $1 and versionnumber > $2::bigint and versionnumber <= $3::bigint order by versionnumber limit $4::int`,
    values: [table.name, cursor.after, cursor.to, room],
    rowMode: 'array',
  })
  const context = `${request.origin}${SERVICE_ROOT}/$metadata#${table.name}/$deletedEntity`
  const tombstones = result.rows.map(([id]) =>
    JSON.stringify({ '@odata.context': context, id, reason: 'deleted' }),
  )
  const json = [...(before === '' ? [] : [before]), ...tombstones].join(',')
  const last = result.rows.at(-1)
  const link =
    result.rows.length === room && last !== undefined
      ? continueLink(request, route, { ...cursor, after: last[1] })
      : deltaLink(request, route, cursor.to, tracking)
  return trackedAnswer(request, route, table, json, rowsBefore + result.rows.length, link)
}

function membersOf(
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
): ReturnType<typeof outputMembers> {
  return outputMembers(
    table,
    shownColumns(table, parseSelect(route.options.get('$select'))),
    annotationsOf(request),
  )
}

function trackedAnswer(
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  json: string,
  rows: number,
  link: { readonly name: string; readonly url: string },
): Answer {
  const context = `${contextUrl(request, table, parseSelect(route.options.get('$select')))}/$delta`
  const body = `{"@odata.context":${JSON.stringify(context)},"value":[${withAnnotations(json)}],"${link.name}":${JSON.stringify(link.url)}}`
  return jsonAnswer(200, body, { 'odata-version': '4.0', 'preference-applied': 'odata.track-changes' }, rows)
}

function deltaLink(
  request: ApiRequest,
  route: Route,
  version: string,
  tracking: Tracking,
): { name: string; url: string } {
  const options = selectOnly(route)
  options.set('$deltatoken', `${version}!${tokenTime(tracking.now)}`)
  return { name: '@odata.deltaLink', url: linkWith(request, route, options) }
}

function continueLink(request: ApiRequest, route: Route, cursor: Cursor): { name: string; url: string } {
  const options = selectOnly(route)
  options.set('$skiptoken', `${MARK}${encodeCursor(cursor)}`)
  return { name: '@odata.nextLink', url: linkWith(request, route, options) }
}

function selectOnly(route: Route): Map<string, string> {
  const select = route.options.get('$select')
  return new Map(select === undefined ? [] : [['$select', select]])
}

async function highestVersion(database: Database | Connection, table: DataverseTable): Promise<string> {
  const result = await database.query<{ version: string }>(
    `select greatest(
       coalesce((select max(versionnumber) from ${quoted(table.name)}), 0),
       coalesce((select max(versionnumber) from deleted_record where set_name = $1), 0)) as version`,
    [table.name],
  )
  return result.rows[0]?.version ?? '0'
}

function checkOptions(route: Route, table: DataverseTable): void {
  if (!table.tracksChanges) {
    throw new DataverseError(
      400,
      '0x80060888',
      `Change tracking is not enabled for entity '${table.entity}'.`,
    )
  }
  for (const name of REFUSED) {
    if (route.options.has(name)) {
      throw new DataverseError(
        400,
        '0x80060888',
        `The query option '${name}' is not supported when tracking changes.`,
      )
    }
  }
}

/** The version of a token. Throws 0x80044352 when it is too old. */
function readToken(token: string, tracking: Tracking): string {
  const match = /^(\d{1,18})!(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(token)
  if (match === null) throw new QueryError('syntax', `The delta token '${token}' is not valid.`)
  const [, version = '0', month, day, year, hours, minutes, seconds] = match
  const made = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`)
  if (tracking.now - made > tracking.expiryDays * 24 * 60 * 60 * 1000) {
    throw new DataverseError(
      400,
      '0x80044352',
      'Version stamp associated with the client has expired. Please perform a full sync.',
    )
  }
  return version
}

function tokenTime(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${month}/${day}/${year} ${time.slice(0, 8)}`
}

function readCursor(token: string): Cursor {
  const value = decodeCursor(token)
  if (typeof value !== 'object' || value === null || !('kind' in value))
    throw new QueryError('syntax', 'The skip token is not valid.')
  return value as Cursor
}
