import { keyFieldsOf, keyLiteral } from '../../domain/record-key.js'
import type { RecordSnapshot } from '../../domain/record.js'
import type { TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { ChangePage, ReadChanges } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { queryOption, unreadable } from '../http/odata.js'
import { getPage, readFeed, readRecords, selectOf } from './rows.js'
import { provenFilter } from './push-filter.js'
import type { ODataService } from './service.js'
import { pathOf } from './service.js'

/**
 * How a page was asked for, kept in front of what leads to the next one: by a link of the service, of a read that is plain or
 * tracked, or by what {@link Position} says, where the service has no links.
 */
const Walk = { plain: 'plain', tracked: 'tracked', asked: 'asked' } as const
type Walk = (typeof Walk)[keyof typeof Walk]

/** Where the next page begins that is asked for with `$top`. */
interface Position {
  /** Epoch ms: records stamped at or after it; null: all. */
  readonly mark: number | null
  /** Key of the last record; null at the beginning, and where rows are skipped. */
  readonly after: string | null
  readonly skip: number
  /** Ids that were given already and have the stamp of the mark. */
  readonly seen: readonly string[]
  /** What is asked for besides; null: everything. */
  readonly filter: string | null
}

const BEGINNING: Position = { mark: null, after: null, skip: 0, seen: [], filter: null }

/** A page of changes, or of all records. Throws {@link ConnectorError}. */
export async function readChangePage(service: ODataService, request: ReadChanges): Promise<ChangePage> {
  const { table, fields, from } = request
  const pageSize = Math.min(request.pageSize, service.settings.pageSize)
  const tracks = table.tracksChanges === true
  switch (from.kind) {
    case 'token':
      return readLinked(service, request, Walk.tracked, from.token, pageSize)
    case 'next': {
      const space = from.next.indexOf(' ')
      const walk = Object.values(Walk).find((known) => known === from.next.slice(0, space))
      const rest = from.next.slice(space + 1)
      if (walk === undefined) throw new Error(`This leads to no next page: ${from.next}`)
      if (walk !== Walk.asked) return readLinked(service, request, walk, rest, pageSize)
      return readAsked(service, table, fields, JSON.parse(rest) as Position, pageSize)
    }
    case 'beginning':
    case 'stamp': {
      const walk = from.kind === 'beginning' && request.track && tracks ? Walk.tracked : Walk.plain
      const mark = from.kind === 'stamp' && table.stampField !== '' ? from.atOrAfter : null
      const filter = walk === Walk.plain ? await provenFilter(service, table, request.filter ?? null) : null
      if (walk === Walk.plain && service.asksForPages)
        return readAsked(service, table, fields, { ...BEGINNING, mark, filter }, pageSize)
      const query = [selectOf(service, table, fields), ...filterOf(table, mark, null, filter)]
      if (mark !== null) query.push(queryOption('$orderby', table.stampField))
      const url = `${service.url}/${pathOf(service, table)}?${query.join('&')}`
      return readLinked(service, request, walk, url, pageSize)
    }
  }
}

async function readLinked(
  service: ODataService,
  request: ReadChanges,
  walk: Walk,
  url: string,
  pageSize: number,
): Promise<ChangePage> {
  const { table, fields, from } = request
  const preferences = [`odata.maxpagesize=${pageSize}`]
  if (walk === Walk.tracked && from.kind === 'beginning') preferences.unshift('odata.track-changes')
  const page = await orExpired(from.kind === 'token', () => getPage(service, service.send, url, preferences))
  if (walk === Walk.tracked && page.nextLink === null && page.deltaLink === null) throw notTracked(table)
  if (page.nextLink === null && page.rows.length > pageSize)
    service.asksForPages ||= service.settings.paging === undefined
  return {
    changes: readFeed(service, table, fields, page.rows, walk === Walk.plain),
    next: page.nextLink === null ? null : `${walk} ${page.nextLink}`,
    token: walk === Walk.tracked && page.nextLink === null ? page.deltaLink : null,
  }
}

/** Whatever a service has against a delta link as a request, a full read makes a new one or shows the true reason. */
async function orExpired<Result>(isToken: boolean, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const status = error instanceof ConnectorError ? error.failure.status : undefined
    const isRefused =
      error instanceof ConnectorError &&
      (status === undefined ? error.failure.errorClass === 'SETUP' : [400, 404, 410].includes(status))
    if (!isToken || !isRefused) throw error
    throw new ConnectorError(error.failure, error.retryAfter, true, { cause: error })
  }
}

/**
 * A page asked for with `$top`. Behind the last key where keys have an order, so that a deletion in between hides nothing; by skipping
 * rows where they have none. Of changes: from the stamp of the last record, of whose like only those are left out that were given.
 */
async function readAsked(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
  at: Position,
  pageSize: number,
): Promise<ChangePage> {
  const keys = keyFieldsOf(table)
  const orders = at.mark === null ? keys : [table.stampField, ...keys]
  const query = [
    selectOf(service, table, fields),
    queryOption('$orderby', orders.join(',')),
    `$top=${pageSize}`,
    ...(at.skip > 0 ? [`$skip=${at.skip}`] : []),
  ]
  query.push(...filterOf(table, at.mark, at.after, at.filter))
  const page = await getPage(
    service,
    service.send,
    `${service.url}/${pathOf(service, table)}?${query.join('&')}`,
  )
  const records = readRecords(service, table, fields, page.rows)
  const next = records.length < pageSize ? null : nextPosition(table, at, records)
  const seen = new Set(at.seen)
  const fresh = records.filter((record) => !seen.has(record.id))
  return {
    changes: fresh.map((record) => ({ kind: 'changed', record })),
    next: next === null ? null : `${Walk.asked} ${JSON.stringify(next)}`,
    token: null,
  }
}

function nextPosition(table: TableDefinition, at: Position, records: readonly RecordSnapshot[]): Position {
  const last = records.at(-1)
  if (last === undefined) throw new Error('A full page has a last record.')
  const skip = at.skip + records.length
  if (at.mark === null) return hasOrder(table) ? { ...at, after: last.id } : { ...at, skip }
  const seen = records.filter((record) => record.stamp === last.stamp).map((record) => record.id)
  // All of one stamp: there is no later one to go on from.
  const stays = records.every((record) => record.stamp === last.stamp) && last.stamp <= at.mark
  return stays ? { ...at, skip } : { ...at, mark: last.stamp, after: null, skip: 0, seen }
}

/** Keys that every service compares with `gt` in the order in which it sorts them. */
function hasOrder(table: TableDefinition): boolean {
  if (keyFieldsOf(table).length > 1) return false
  return ['integer', 'text'].includes(fieldOf(table, table.keyField).type.kind)
}

/** From a stamp on, or else behind a key, and inside a filter; empty where all is asked for. */
function filterOf(
  table: TableDefinition,
  mark: number | null,
  after: string | null,
  filter: string | null,
): readonly string[] {
  const place =
    mark !== null
      ? [`${table.stampField} ge ${new Date(mark).toISOString()}`]
      : after === null
        ? []
        : [`${table.keyField} gt ${keyLiteral(table, table.keyField, after)}`]
  const terms = [...place, ...(filter === null ? [] : [filter])]
  return terms.length === 0 ? [] : [queryOption('$filter', terms.join(' and '))]
}

function notTracked(table: TableDefinition): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `The service gave no delta link for ${table.name}.`,
    cause:
      'The settings of the connection say that the service keeps delta links of this entity set, and it does not.',
    remedy: 'Take deltaLinks of the set out of the settings, and name its modifiedField where it has one.',
  })
}

/** All records. Throws {@link ConnectorError}. */
export async function readEverything(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
): Promise<readonly RecordSnapshot[]> {
  const records: RecordSnapshot[] = []
  const request = { table, fields, pageSize: service.settings.pageSize, track: false }
  let page = await readChangePage(service, { ...request, from: { kind: 'beginning' } })
  for (;;) {
    for (const change of page.changes) if (change.kind === 'changed') records.push(change.record)
    if (page.next === null) return records
    page = await readChangePage(service, { ...request, from: { kind: 'next', next: page.next } })
  }
}

export function expectRecords(service: ODataService, page: ChangePage): readonly string[] {
  return page.changes.map((change) => {
    if (change.kind !== 'changed') throw unreadable(service.system, 'a plain read told of a deletion')
    return change.record.id
  })
}
