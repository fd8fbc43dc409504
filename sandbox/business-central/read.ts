import type { Answer } from '../common/answer.js'
import { jsonAnswer, preferences } from '../common/answer.js'
import type { ApiRequest } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import { QueryError } from '../common/odata/errors.js'
import { parseFilter } from '../common/odata/filter.js'
import { Parameters, filterToSql } from '../common/odata/filter-sql.js'
import { readPage, rowJson } from '../common/odata/page.js'
import { countOption, decodeCursor, encodeCursor, parseOrder, parseSelect } from '../common/odata/query.js'
import { quoted } from '../common/table.js'
import { BUSINESS_CENTRAL_FILTERS, memberColumn, outputMembers } from './dialect.js'
import { answerError, recordNotFound } from './errors.js'
import type { Route } from './route.js'
import type { BusinessCentralTable } from './table.js'

const MAXIMUM_PAGE = 20_000

const KNOWN_OPTIONS = new Set([
  '$filter',
  '$select',
  '$orderby',
  '$top',
  '$skip',
  '$count',
  '$skiptoken',
  '$schemaversion',
])

/** Place and page size carried by a nextLink, so that following it needs no header. */
type Cursor = readonly [size: number, ...place: (string | null)[]]

export function contextUrl(
  request: ApiRequest,
  route: Route,
  table: BusinessCentralTable,
  selected: readonly string[] | null,
): string {
  const fields = selected === null ? '' : `(${selected.join(',')})`
  return `${request.origin}${route.root}/$metadata#${route.scope}${table.name}${fields}`
}

/** One page of an entity set. Throws QueryError. */
export async function readSet(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: BusinessCentralTable,
): Promise<Answer> {
  const { options } = route
  refuseUnknownOptions(options)
  const selected = parseSelect(options.get('$select'))
  const parameters = new Parameters()
  const filter = options.get('$filter')
  const condition =
    filter === undefined
      ? null
      : filterToSql(parseFilter(filter), table, BUSINESS_CENTRAL_FILTERS, parameters)
  const top = countOption(options, '$top')
  const token = options.get('$skiptoken')
  const cursor = token === undefined ? null : readCursor(token)
  const preferred = Number(preferences(request.headers).get('odata.maxpagesize') ?? '')
  const wanted = Number.isInteger(preferred) && preferred > 0 ? preferred : (cursor?.[0] ?? MAXIMUM_PAGE)
  const size = Math.min(wanted, MAXIMUM_PAGE)
  const limit = Math.min(size, top ?? size)
  const page = await readPage(database, {
    table,
    members: outputMembers(table, selected),
    condition,
    parameters,
    order: parseOrder(options.get('$orderby')).map((item) => ({
      column: memberColumn(table, item.name),
      descending: item.descending,
    })),
    after: cursor === null ? null : cursor.slice(1).map((value) => (value === null ? null : String(value))),
    limit,
    offset: cursor === null ? (countOption(options, '$skip') ?? 0) : 0,
    countUpTo: options.get('$count') === 'true' ? Number.MAX_SAFE_INTEGER : null,
  })
  const remaining = top === undefined ? undefined : top - page.rows
  const more = page.after !== null && remaining !== 0
  const next = more && page.after !== null ? nextLink(request, route, [size, ...page.after], remaining) : null
  const head = `{"@odata.context":${JSON.stringify(contextUrl(request, route, table, selected))}`
  const count = page.count === null ? '' : `,"@odata.count":${page.count}`
  const link = next === null ? '' : `,"@odata.nextLink":${JSON.stringify(next)}`
  const applied: Record<string, string> =
    Number.isInteger(preferred) && preferred > 0 ? { 'preference-applied': `odata.maxpagesize=${size}` } : {}
  return jsonAnswer(200, `${head}${count},"value":[${page.json}]${link}}`, applied, page.rows)
}

/** Records by id, each answered by itself, with one statement. Throws QueryError for a bad $select. */
export async function readRecords(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: BusinessCentralTable,
  ids: readonly string[],
): Promise<Answer[]> {
  refuseUnknownOptions(route.options)
  const selected = parseSelect(route.options.get('$select'))
  const found = await recordsJson(database, table, selected, ids)
  const context = `${contextUrl(request, route, table, selected)}/$entity`
  return ids.map((id) => {
    const json = found.get(id)
    return json === undefined
      ? answerError(recordNotFound(table.caption, id))
      : entityAnswer(200, context, json)
  })
}

/** JSON of records by id. */
export async function recordsJson(
  database: Database | Connection,
  table: BusinessCentralTable,
  selected: readonly string[] | null,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const key = quoted(table.key)
  const result = await database.query<[string, string]>({
    text: `select t.${key}::text, ${rowJson(outputMembers(table, selected))} from ${quoted(table.name)} t where t.${key} = any($1::uuid[])`,
    values: [ids],
    rowMode: 'array',
  })
  return new Map(result.rows)
}

export function entityAnswer(
  status: number,
  context: string,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonAnswer(status, `{"@odata.context":${JSON.stringify(context)},${json.slice(1)}`, headers, 1)
}

function refuseUnknownOptions(options: ReadonlyMap<string, string>): void {
  for (const name of options.keys()) {
    if (name.startsWith('$') && !KNOWN_OPTIONS.has(name)) {
      throw new QueryError('unsupported', `The query option '${name}' is not served by the sandbox.`)
    }
  }
}

function readCursor(token: string): Cursor {
  const value = decodeCursor(token)
  if (!Array.isArray(value) || typeof value[0] !== 'number')
    throw new QueryError('syntax', 'The skip token is not valid.')
  return value as unknown as Cursor
}

/** The client's own options, with the rest of $top and without $skip, which is behind us. */
function nextLink(request: ApiRequest, route: Route, cursor: Cursor, remaining: number | undefined): string {
  const options = new Map(route.options)
  options.delete('$skip')
  if (remaining !== undefined) options.set('$top', String(remaining))
  options.set('$skiptoken', encodeCursor(cursor))
  const query = [...options].map(
    ([name, value]) => `${encodeURIComponent(name).replaceAll('%24', '$')}=${encodeURIComponent(value)}`,
  )
  return `${request.origin}${route.path}?${query.join('&')}`
}
