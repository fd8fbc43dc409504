import type { Answer, ApiRequest } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import { rowJson, readPage } from '../common/odata/page.js'
import { Parameters } from '../common/odata/filter-sql.js'
import { parseSelect } from '../common/odata/query.js'
import { quoted } from '../common/table.js'
import { outputMembers, shownColumns, withAnnotations } from './dialect.js'
import { DataverseError } from './errors.js'
import type { Cursor, Tracking } from './tracking-links.js'
import { continueLink, cursorOf, deltaLink, readToken } from './tracking-links.js'
import { MAXIMUM_PAGE, annotationsOf, contextUrl, preferredPageSize, textAnswer } from './read.js'
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

const REFUSED = ['$filter', '$orderby', '$expand', '$top', '$skip', '$count']

/** Does this request belong here: it asks for tracking, or follows a link of a tracked read? */
export function isTracked(request: ApiRequest, route: Route): boolean {
  if (route.options.has('$deltatoken') || cursorOf(route) !== null) return true
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
  const continued = cursorOf(route)
  if (continued !== null) return continueRead(database, request, route, table, tracking, continued)
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
  return outputMembers(shownColumns(table, parseSelect(route.options.get('$select'))), annotationsOf(request))
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
