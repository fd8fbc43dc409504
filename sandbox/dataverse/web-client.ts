import type { Answer } from '../common/answer.js'
import type { Database } from '../common/database.js'
import type { ShownField } from '../common/record-page.js'
import { noRecordPage, recordPage, shownDecimal, shownTime } from '../common/record-page.js'
import type { Column, Row } from '../common/table.js'
import { assertNever, quoted } from '../common/table.js'
import { nameOf } from './metadata/names.js'
import type { OptionSets } from './options.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'

const PRODUCT = 'Dynamics 365 Sales'
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const STAMPS = ['modifiedon', '_modifiedby_value', 'createdon', '_createdby_value']

/** The record that an address of the app opens (`/main.aspx?etn=account&pagetype=entityrecord&id=..`); null: it is none. */
export async function webClientPage(
  { database, optionSets }: { readonly database: Database; readonly optionSets: OptionSets },
  url: string,
): Promise<Answer | null> {
  if (!url.startsWith('/main.aspx?')) return null
  const { searchParams } = new URL(url, 'http://127.0.0.1')
  const table = DATAVERSE_TABLES.find(({ entity }) => entity === searchParams.get('etn'))
  const id = searchParams.get('id') ?? ''
  if (table === undefined || !GUID.test(id) || searchParams.get('pagetype') !== 'entityrecord')
    return noRecordPage(PRODUCT, 'This page is not there.')
  const row = await read(database, table, id)
  if (row === undefined) return noRecordPage(PRODUCT, `${table.caption} With Id = ${id} Does Not Exist`)
  const parts = { database, optionSets, table, row }
  const stamps: ShownField[] = []
  const fields: ShownField[] = []
  for (const column of table.columns) {
    if (column.hidden === true || column.createOnly === true) continue
    const value = await shown(parts, column)
    if (value === null) continue
    const caption = nameOf(table.entity, column.lookup?.attribute ?? column.name).label
    if (STAMPS.includes(column.name)) stamps.push({ caption, value })
    else fields.push({ caption, value })
  }
  return recordPage({
    product: PRODUCT,
    caption: table.caption,
    title: row[table.nameColumn] ?? table.caption,
    stamps,
    fields,
  })
}

async function read(database: Database, table: DataverseTable, id: string): Promise<Row | undefined> {
  const { rows } = await database.query<Row>(
    `select * from ${quoted(table.name)} where ${quoted(table.key)} = $1::uuid`,
    [id],
  )
  return rows[0]
}

interface Shown {
  readonly database: Database
  readonly optionSets: OptionSets
  readonly table: DataverseTable
  readonly row: Row
}

/** Null: nobody reads it, such as the version, or an id that is no lookup. */
async function shown({ database, optionSets, table, row }: Shown, column: Column): Promise<string | null> {
  const value = row[column.name] ?? ''
  switch (column.type.kind) {
    case 'guid':
      return column.lookup === undefined ? null : lookedUp(database, column, row, value)
    case 'bigint':
      return null
    case 'boolean':
      return value === '' ? '' : value === 't' ? 'Yes' : 'No'
    case 'choice': {
      const option = optionSets.of(table, column).find((candidate) => String(candidate.value) === value)
      return option?.label ?? value
    }
    case 'decimal':
      return shownDecimal(value)
    case 'dateTime':
      return value === '' ? '' : shownTime(value)
    case 'text':
    case 'code':
    case 'memo':
    case 'integer':
    case 'option':
    case 'date':
      return value
    default:
      return assertNever(column.type)
  }
}

/** The name of the record that a lookup leads to; its id where it is of a table that is not served. */
async function lookedUp(database: Database, { lookup }: Column, row: Row, id: string): Promise<string> {
  if (lookup === undefined || id === '') return ''
  const kind = lookup.kindColumn === undefined ? null : (row[lookup.kindColumn] ?? null)
  const targets = lookup.ways.flatMap(({ target }) => DATAVERSE_TABLES.filter(({ name }) => name === target))
  const target = targets.find(({ entity }) => kind === null || entity === kind)
  const found = target === undefined ? undefined : await read(database, target, id)
  return (target === undefined ? null : found?.[target.nameColumn]) ?? id
}
