import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { run, sql } from '../../persistence/sql.js'
import { assertNever } from '../../domain/value.js'
import { badUserInput } from '../errors.js'
import { decodeCursor, encodeCursor, KeyType } from './cursor.js'

/** The most rows on one page. */
export const LARGEST_PAGE = 500
export const DEFAULT_PAGE = 50
/** Rows up to which a list is counted. */
export const MOST_COUNTED = 10_000

/** One way to sort a list. Ties are broken by the id, ascending, so that every row has one place. */
export interface SortOrder {
  /** SQL of the sort key; never null. */
  readonly key: RawBuilder<unknown>
  readonly keyType: KeyType
  readonly descending: boolean
}

/** What to list: rows of `from` that meet every condition. */
export interface Listing {
  readonly from: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  readonly conditions: readonly RawBuilder<unknown>[]
}

export interface PageRequest {
  readonly first: number
  readonly after: string | null | undefined
  readonly order: string
}

/** One row's place, and what else was selected of it. */
export interface PageEntry {
  readonly id: string
  readonly cursor: string
  readonly selected: Readonly<Record<string, unknown>>
}

/** One page in order. */
export interface PageOfEntries {
  readonly entries: readonly PageEntry[]
  readonly hasNextPage: boolean
}

/**
 * Reads one page after a position, never by offset: rows that are inserted or removed meanwhile neither repeat a row nor
 * hide one. `columns`: what else is selected. Throws BAD_USER_INPUT for a page size or cursor that has no meaning.
 */
export async function readPage(
  em: EntityManager,
  listing: Listing,
  sort: SortOrder,
  request: PageRequest,
  columns: RawBuilder<unknown> | null = null,
): Promise<PageOfEntries> {
  assertPageSize(request.first)
  const conditions = [...listing.conditions]
  if (request.after !== null && request.after !== undefined) {
    const position = decodeCursor(request.after, request.order, sort.keyType)
    conditions.push(afterPosition(listing, sort, position))
  }
  const order = sort.keyType === KeyType.none ? sql`` : sql`${sort.key} ${direction(sort)}, `
  const others = columns === null ? sql`` : sql`, ${columns}`
  const rows = await run<{ id: string; placeKey: string }>(
    em,
    sql`select ${listing.id} as id, ${printedKey(sort)} as "placeKey"${others} from ${listing.from} where ${allOf(conditions)}
        order by ${order}${listing.id} limit ${request.first + 1}`,
  )
  return {
    entries: rows.slice(0, request.first).map((row) => ({
      id: row.id,
      cursor: encodeCursor(request.order, { key: row.placeKey, id: row.id }),
      selected: row,
    })),
    hasNextPage: rows.length > request.first,
  }
}

/** How many rows the whole list has; past {@link MOST_COUNTED} it is that number, and not exact. */
export interface RowCount {
  readonly count: number
  readonly isExact: boolean
}

/** Counts the rows of the whole list and stops past {@link MOST_COUNTED}, so that it costs the same however long the list is. */
export async function countRows(em: EntityManager, listing: Listing): Promise<RowCount> {
  const [row] = await run<{ count: number }>(
    em,
    sql`select count(*)::integer as count
        from (select 1 from ${listing.from} where ${allOf(listing.conditions)} limit ${MOST_COUNTED + 1}) as counted`,
  )
  const count = row?.count ?? 0
  return { count: Math.min(count, MOST_COUNTED), isExact: count <= MOST_COUNTED }
}

/** All conditions joined by `and`; no condition is always true. */
export function allOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

/** Throws BAD_USER_INPUT. */
export function assertPageSize(first: number): void {
  if (first >= 0 && first <= LARGEST_PAGE) return
  throw badUserInput([
    { argument: 'first', message: `Expected a number from 0 to ${LARGEST_PAGE}, got ${first}.` },
  ])
}

/** Written so that an index on (key, id) can serve it as a range, also where the key descends and the id ascends. */
function afterPosition(
  listing: Listing,
  sort: SortOrder,
  position: { readonly key: string; readonly id: string },
): RawBuilder<unknown> {
  const later = sql`${listing.id} > ${position.id}::uuid`
  if (sort.keyType === KeyType.none) return later
  const at = keyValue(sort.keyType, position.key)
  const beyond = sql.raw(sort.descending ? '<' : '>')
  return sql`(${sort.key} ${beyond}= ${at} and (${sort.key} ${beyond} ${at} or ${later}))`
}

function printedKey(sort: SortOrder): RawBuilder<unknown> {
  switch (sort.keyType) {
    case 'TIMESTAMP':
      return sql`(extract(epoch from ${sort.key}) * 1000)::bigint::text`
    case 'TEXT':
    case 'INTEGER':
      return sql`(${sort.key})::text`
    case 'NONE':
      return sql`''`
    default:
      return assertNever(sort.keyType)
  }
}

function keyValue(keyType: Exclude<KeyType, 'NONE'>, key: string): RawBuilder<unknown> {
  switch (keyType) {
    case 'TIMESTAMP':
      return sql`to_timestamp(${key}::double precision / 1000)`
    case 'TEXT':
      return sql`${key}::text`
    case 'INTEGER':
      return sql`${key}::bigint`
    default:
      return assertNever(keyType)
  }
}

function direction(sort: SortOrder): RawBuilder<unknown> {
  return sql.raw(sort.descending ? 'desc' : 'asc')
}
