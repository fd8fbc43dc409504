import type { Answer } from '../common/answer.js'
import type { Database } from '../common/database.js'
import type { ShownField } from '../common/record-page.js'
import { noRecordPage, recordPage, shownDecimal, shownTime } from '../common/record-page.js'
import type { Column, Row } from '../common/table.js'
import { assertNever, quoted } from '../common/table.js'
import type { BusinessCentralTable } from './table.js'
import { BLANK_OPTION, VERSION, ZERO_GUID } from './table.js'
import { companyTable } from './tables.js'

const PRODUCT = 'Business Central'

/** The pages on which the web client shows records of these tables. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['4', 'paymentTerms'],
  ['5', 'currencies'],
  ['11', 'shipmentMethods'],
  ['21', 'customers'],
  ['26', 'vendors'],
  ['30', 'items'],
  ['209', 'unitsOfMeasure'],
  ['5050', 'contacts'],
  ['5116', 'salespeoplePurchasers'],
])

const RECORD = /^'SystemId' IS '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'$/i

/** The record that an address of the web client opens (`/?company=..&page=21&filter='SystemId' IS '..'`); null: it is none. */
export async function webClientPage(database: Database, url: string): Promise<Answer | null> {
  if (!url.startsWith('/?')) return null
  const { searchParams } = new URL(url, 'http://127.0.0.1')
  const number = searchParams.get('page')
  if (number === null) return null
  const name = PAGES.get(number)
  const id = RECORD.exec(searchParams.get('filter') ?? '')?.[1]
  if (name === undefined || id === undefined) return noRecordPage(PRODUCT, 'This page is not there.')
  const table = companyTable(name)
  const row = await read(database, table, id)
  if (row === undefined) return noRecordPage(PRODUCT, `The ${table.caption} does not exist.`)
  const named = row['displayName'] ?? ''
  const key = table.primary === null ? '' : (row[table.primary] ?? '')
  const fields: ShownField[] = []
  for (const column of table.columns) {
    if ([table.key, table.stamp, VERSION].includes(column.name) || column.hidden === true) continue
    const value = await shown(database, table, column, row[column.name] ?? '')
    if (value !== null) fields.push({ caption: captionOf(column.name), value })
  }
  return recordPage({
    product: PRODUCT,
    caption: table.caption,
    title: [key, named].filter((part) => part !== '').join(' · ') || table.caption,
    stamps: [{ caption: 'Last modified', value: shownTime(row[table.stamp] ?? '') }],
    fields,
  })
}

async function read(database: Database, table: BusinessCentralTable, id: string): Promise<Row | undefined> {
  const { rows } = await database.query<Row>(
    `select * from ${quoted(table.name)} where ${quoted(table.key)} = $1::uuid`,
    [id],
  )
  return rows[0]
}

/** Null: nobody reads it, such as the id of a record of which the code stands beside it. */
async function shown(
  database: Database,
  table: BusinessCentralTable,
  column: Column,
  value: string,
): Promise<string | null> {
  switch (column.type.kind) {
    case 'guid': {
      const relation = table.relations.find(({ id }) => id === column.name)
      if (relation === undefined || relation.code !== null || relation.target === null) return null
      if (value === '' || value === ZERO_GUID) return ''
      const target = await read(database, companyTable(relation.target), value)
      return target?.['displayName'] ?? value
    }
    case 'boolean':
      return value === 't' ? 'Yes' : 'No'
    case 'option':
      return value === BLANK_OPTION ? '' : value.replaceAll('_x0020_', ' ')
    case 'decimal':
      return shownDecimal(value)
    case 'date':
      return value === '0001-01-01' ? '' : value
    case 'dateTime':
      return value.startsWith('0001-01-01') ? '' : shownTime(value)
    case 'text':
    case 'code':
    case 'memo':
    case 'integer':
    case 'bigint':
    case 'choice':
      return value
    default:
      return assertNever(column.type)
  }
}

/** `addressLine1` as people read it: `Address Line 1`. */
function captionOf(member: string): string {
  const words = member.replace(/Id$/, '').replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
