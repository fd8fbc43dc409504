import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer, jsonAnswer, preferences } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import { QueryError } from '../common/odata/errors.js'
import { parseFilter } from '../common/odata/filter.js'
import { Parameters, filterToSql } from '../common/odata/filter-sql.js'
import { readPage, rowJson } from '../common/odata/page.js'
import { countOption, decodeCursor, encodeCursor, parseOrder, parseSelect } from '../common/odata/query.js'
import { quoted } from '../common/table.js'
import { DATAVERSE_FILTERS, memberColumn, outputMembers, shownColumns, withAnnotations } from './dialect.js'
import { DataverseError, answerError, doesNotExist } from './errors.js'
import type { Route } from './route.js'
import { SERVICE_ROOT } from './route.js'
import type { DataverseTable } from './tables.js'

export const MAXIMUM_PAGE = 5000
/** Counting stops here, as in Dataverse. */
const MAXIMUM_COUNT = 5000

const KNOWN_OPTIONS = new Set(['$filter', '$select', '$orderby', '$top', '$count', '$skiptoken'])

export function contextUrl(
  request: ApiRequest,
  table: DataverseTable,
  selected: readonly string[] | null,
): string {
  return `${request.origin}${SERVICE_ROOT}/$metadata#${table.name}${selected === null ? '' : `(${selected.join(',')})`}`
}

/** The page size a client asked for; undefined when it asked for none. */
export function preferredPageSize(request: ApiRequest): number | undefined {
  const preferred = Number(preferences(request.headers).get('odata.maxpagesize') ?? '')
  return Number.isInteger(preferred) && preferred > 0 ? Math.min(preferred, MAXIMUM_PAGE) : undefined
}

export function annotationsOf(request: ApiRequest): string | undefined {
  return preferences(request.headers).get('odata.include-annotations')
}

/** One page of an entity set. Throws QueryError or DataverseError. */
export async function readSet(
  database: Database | Connection,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
): Promise<Answer> {
  const { options } = route
  refuseUnknownOptions(options)
  const selected = parseSelect(options.get('$select'))
  const parameters = new Parameters()
  const condition = conditionOf(options, table, parameters)
  const preferred = preferredPageSize(request)
  const token = options.get('$skiptoken')
  const cursor = token === undefined ? null : readCursor(token)
  const size = preferred ?? cursor?.[0] ?? MAXIMUM_PAGE
  // $top is ignored where a page size is asked for.
  const top = preferred === undefined && cursor === null ? countOption(options, '$top') : undefined
  const page = await readPage(database, {
    table,
    members: outputMembers(shownColumns(table, selected), annotationsOf(request)),
    condition,
    parameters,
    order: parseOrder(options.get('$orderby')).map((item) => ({
      column: memberColumn(table, item.name),
      descending: item.descending,
    })),
    after: cursor === null ? null : cursor.slice(1).map((value) => (value === null ? null : String(value))),
    limit: Math.min(size, top ?? size),
    offset: 0,
    countUpTo: options.get('$count') === 'true' ? MAXIMUM_COUNT : null,
  })
  const next =
    page.after === null || top !== undefined ? null : nextLink(request, route, [size, ...page.after])
  const head = `{"@odata.context":${JSON.stringify(contextUrl(request, table, selected))}`
  const count = page.count === null ? '' : `,"@odata.count":${page.count}`
  const link = next === null ? '' : `,"@odata.nextLink":${JSON.stringify(next)}`
  const applied: Record<string, string> =
    preferred === undefined ? {} : { 'preference-applied': `odata.maxpagesize=${preferred}` }
  return jsonAnswer(
    200,
    `${head}${count},"value":[${withAnnotations(page.json)}]${link}}`,
    applied,
    page.rows,
  )
}

/** `accounts/$count`: plain text, up to 5,000. */
export async function countSet(
  database: Database | Connection,
  route: Route,
  table: DataverseTable,
): Promise<Answer> {
  refuseUnknownOptions(route.options)
  const parameters = new Parameters()
  const condition = conditionOf(route.options, table, parameters)
  const result = await database.query<{ count: string }>(
    `select count(*) as count from (select 1 from ${quoted(table.name)} t ${condition === null ? '' : `where ${condition}`} limit ${MAXIMUM_COUNT}) counted`,
    parameters.values,
  )
  return textAnswer(result.rows[0]?.count ?? '0')
}

export function textAnswer(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body, rows: 0 }
}

/** Records by id, each answered by itself, with one statement. */
export async function readRecords(
  database: Database | Connection,
  requests: readonly ApiRequest[],
  route: Route,
  table: DataverseTable,
  ids: readonly string[],
): Promise<Answer[]> {
  refuseUnknownOptions(route.options)
  const selected = parseSelect(route.options.get('$select'))
  const request = requests[0]
  if (request === undefined) return []
  const found = await recordsJson(database, table, selected, annotationsOf(request), ids)
  const context = `${contextUrl(request, table, selected)}/$entity`
  return ids.map((id, index) => {
    const record = found.get(id)
    if (record === undefined) return answerError(doesNotExist(table.entity, id))
    const etag = `W/"${record.version}"`
    // A client that holds this version already is not sent it again.
    if ((requests[index] ?? request).headers['if-none-match'] === etag) return emptyAnswer(304, { etag })
    return entityAnswer(200, context, record.json, { etag })
  })
}

export interface RecordJson {
  readonly json: string
  readonly version: string
}

/** JSON of records by id. */
export async function recordsJson(
  database: Database | Connection,
  table: DataverseTable,
  selected: readonly string[] | null,
  annotations: string | undefined,
  ids: readonly string[],
): Promise<Map<string, RecordJson>> {
  if (ids.length === 0) return new Map()
  const key = `t.${quoted(table.key)}`
  const members = outputMembers(shownColumns(table, selected), annotations)
  const result = await database.query<[string, string, string]>({
    text: `select ${key}::text, ${rowJson(members)}, t.versionnumber from ${quoted(table.name)} t where ${key} = any($1::uuid[])`,
    values: [ids],
    rowMode: 'array',
  })
  return new Map(result.rows.map(([id, json, version]) => [id, { json: withAnnotations(json), version }]))
}

export function entityAnswer(
  status: number,
  context: string,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonAnswer(
    status,
    `{"@odata.context":${JSON.stringify(context)},${json.slice(1)}`,
    { 'odata-version': '4.0', ...headers },
    1,
  )
}

function conditionOf(
  options: ReadonlyMap<string, string>,
  table: DataverseTable,
  parameters: Parameters,
): string | null {
  const filter = options.get('$filter')
  return filter === undefined ? null : filterToSql(parseFilter(filter), table, DATAVERSE_FILTERS, parameters)
}

function refuseUnknownOptions(options: ReadonlyMap<string, string>): void {
  for (const name of options.keys()) {
    if (name === '$skip') throw new DataverseError(400, '0x80060888', 'Skip Clause is not supported in CRM')
    if (name.startsWith('$') && !KNOWN_OPTIONS.has(name)) {
      throw new QueryError('unsupported', `The query option '${name}' is not served by the sandbox here.`)
    }
  }
}

function readCursor(token: string): readonly [number, ...(string | null)[]] {
  const value = decodeCursor(token)
  if (!Array.isArray(value) || typeof value[0] !== 'number')
    throw new QueryError('syntax', 'The skip token is not valid.')
  return value as unknown as readonly [number, ...(string | null)[]]
}

function nextLink(request: ApiRequest, route: Route, cursor: readonly unknown[]): string {
  const options = new Map(route.options)
  options.set('$skiptoken', encodeCursor(cursor))
  return linkWith(request, route, options)
}

export function linkWith(request: ApiRequest, route: Route, options: ReadonlyMap<string, string>): string {
  const query = [...options].map(
    ([name, value]) => `${encodeURIComponent(name).replaceAll('%24', '$')}=${encodeURIComponent(value)}`,
  )
  return `${request.origin}${route.path}?${query.join('&')}`
}
