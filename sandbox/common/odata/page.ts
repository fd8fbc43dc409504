import type { Database, Connection } from '../database.js'
import type { Column, Table } from '../table.js'
import { quoted } from '../table.js'
import { Parameters } from './filter-sql.js'

export interface OrderItem {
  readonly column: Column
  readonly descending: boolean
}

/** How one column appears in a record's JSON. */
export interface OutputMember {
  readonly name: string
  /** SQL expression over the alias `t`. */
  readonly sql: string
}

export interface PageRequest {
  readonly table: Table
  readonly members: readonly OutputMember[]
  /** SQL condition over `t`, using `parameters`. */
  readonly condition: string | null
  readonly parameters: Parameters
  readonly order: readonly OrderItem[]
  /** Values of the order's columns and the key in the last record of the page before. */
  readonly after: readonly (string | null)[] | null
  readonly limit: number
  readonly offset: number
  /** Also count the records that fit the condition, up to this many. */
  readonly countUpTo: number | null
}

export interface Page {
  /** The records' JSON, joined by commas. */
  readonly json: string
  readonly rows: number
  /** Where the next page begins; null when there is none. */
  readonly after: readonly (string | null)[] | null
  readonly count: string | null
}

/** JSON of one record as SQL: a scalar subquery over the alias `t`. */
export function rowJson(members: readonly OutputMember[]): string {
  return `(select row_to_json(r)::text from (select ${members.map((m) => `${m.sql} as ${quoted(m.name)}`).join(', ')}) r)`
}

/**
 * Reads one page with one statement. The cursor is the last record's place in the order, made unique by its key, so
 * records that are inserted, changed or deleted before it neither repeat nor hide others, and an index finds the place.
 */
export async function readPage(database: Database | Connection, request: PageRequest): Promise<Page> {
  const { table, parameters } = request
  const order = withKey(table, request.order)
  const conditions: string[] = request.condition === null ? [] : [request.condition]
  const counted = conditions.join(' and ')
  if (request.after !== null) conditions.push(afterCursor(order, request.after, parameters))
  const keys = order.map((item) => `${columnSql(item.column)}::text`)
  const from = `from ${quoted(table.name)} t`
  const where = (text: string): string => (text === '' ? '' : ` where ${text}`)
  const count =
    request.countUpTo === null
      ? 'null'
      : `(select count(*) from (select 1 ${from}${where(counted)} limit ${request.countUpTo}) counted)`
  const inner = `select t.* ${from}${where(conditions.join(' and '))} order by ${orderBy(table, order)} limit ${
    request.limit + 1
  }${request.offset > 0 ? ` offset ${request.offset}` : ''}`
  // The count must come also when the page is empty, hence the outer join with a single row.
  const statement = `select c.count, ${rowJson(request.members)} , t.${quoted(table.key)}::text, ${keys.join(', ')}
    from (select ${count} as count) c left join (${inner}) t on true order by ${orderBy(table, order)}`
  const result = await database.query<(string | null)[]>({
    text: statement,
    values: parameters.values,
    rowMode: 'array',
  })
  const found = result.rows.filter((row) => row[2] !== null)
  const rows = found.slice(0, request.limit)
  const last = rows.at(-1)
  return {
    json: rows.map((row) => row[1]).join(','),
    rows: rows.length,
    after: found.length > request.limit && last !== undefined ? last.slice(3) : null,
    count: result.rows[0]?.[0] ?? null,
  }
}

function withKey(table: Table, order: readonly OrderItem[]): OrderItem[] {
  if (order.some((item) => item.column.name === table.key)) return [...order]
  const key = table.columns.find((column) => column.name === table.key)
  if (key === undefined) throw new Error(`Table ${table.name} has no key column.`)
  return [...order, { column: key, descending: order.at(-1)?.descending ?? false }]
}

function columnSql(column: Column): string {
  return `t.${quoted(column.name)}`
}

/** Blanks first when ascending, as SQL Server sorts. */
function orderBy(table: Table, order: readonly OrderItem[]): string {
  return order
    .map(({ column, descending }) => {
      const nulls =
        column.initial !== undefined || column.name === table.key
          ? ''
          : descending
            ? ' nulls last'
            : ' nulls first'
      return `${columnSql(column)}${descending ? ' desc' : ''}${nulls}`
    })
    .join(', ')
}

function afterCursor(
  order: readonly OrderItem[],
  after: readonly (string | null)[],
  parameters: Parameters,
): string {
  const values = order.map((item, index) => {
    const value = after[index] ?? null
    return value === null
      ? null
      : parameters.add(value, item.column.type.kind === 'guid' ? 'uuid' : castOf(item.column))
  })
  const uniform = order.every((item) => item.descending === order[0]?.descending)
  const nullable = order.some((item) => item.column.initial === undefined && item !== order.at(-1))
  if (uniform && !nullable && values.every((value) => value !== null)) {
    const columns = order.map((item) => columnSql(item.column))
    const operator = order[0]?.descending === true ? '<' : '>'
    return `(${columns.join(', ')}) ${operator} (${values.join(', ')})`
  }
  const alternatives = order.map((item, index) => {
    const equal = order
      .slice(0, index)
      .map((before, place) => equals(columnSql(before.column), values[place] ?? null))
    return [...equal, beyond(item, values[index] ?? null)].join(' and ')
  })
  return `(${alternatives.map((text) => `(${text})`).join(' or ')})`
}

function equals(column: string, value: string | null): string {
  return value === null ? `${column} is null` : `${column} = ${value}`
}

function beyond(item: OrderItem, value: string | null): string {
  const column = columnSql(item.column)
  if (item.descending) return value === null ? 'false' : `(${column} < ${value} or ${column} is null)`
  return value === null ? `${column} is not null` : `${column} > ${value}`
}

function castOf(column: Column): string {
  switch (column.type.kind) {
    case 'decimal':
      return 'numeric'
    case 'integer':
    case 'choice':
      return 'integer'
    case 'bigint':
      return 'bigint'
    case 'boolean':
      return 'boolean'
    case 'date':
      return 'date'
    case 'dateTime':
      return 'timestamptz'
    default:
      return 'text'
  }
}
