import { randomUUID } from 'node:crypto'
import type { Connection } from '../common/database.js'
import { insertRows, nextVersions } from '../common/records.js'
import type { Row } from '../common/table.js'
import { blankRow, quoted } from '../common/table.js'
import { CONTACTS } from './contact-table.js'
import { nextNumbers } from './number-series.js'
import { ADDRESS, BLANK_OPTION, VERSION, ZERO_GUID } from './table.js'

/** What a company can be to us; each customer and each vendor has a contact of type Company. */
export type Trade = 'Customer' | 'Vendor'

export const TRADES: readonly { readonly trade: Trade; readonly table: string; readonly agent: string }[] = [
  { trade: 'Customer', table: 'customers', agent: 'salespersonCode' },
  { trade: 'Vendor', table: 'vendors', agent: 'purchaserCode' },
]

/** Members that the company's contact takes over as they are; who attends to the company is called differently. */
const SHARED = [
  'displayName',
  ...ADDRESS.map((column) => column.name),
  'phoneNumber',
  'fax',
  'email',
  'website',
  'taxRegistrationNumber',
  'currencyId',
  'currencyCode',
]

/** Sets stamp and version of a record that changes with another; the stamp is parameter `$2`. */
export const TOUCHED = `"lastModifiedDateTime" = $2::timestamptz, ${quoted(VERSION)} = nextval('record_version')`

/** The contact of a customer or vendor, without id, stamp and version. */
export function companyContact(trade: Trade, company: Row, number: string): Row {
  const agent = TRADES.find((candidate) => candidate.trade === trade)?.agent ?? ''
  return {
    ...Object.fromEntries(SHARED.map((name) => [name, company[name] ?? null])),
    number,
    type: 'Company',
    companyNumber: number,
    companyName: company['displayName'] ?? '',
    contactBusinessRelation: trade,
    salespersonCode: company[agent] ?? '',
    parentId: company['id'] ?? ZERO_GUID,
    parentType: trade,
  }
}

/** Creates the contacts of customers or vendors, with the next numbers of the contacts' series. */
export async function createCompanyContacts(
  connection: Connection,
  trade: Trade,
  companies: readonly Row[],
  stamp: string,
): Promise<void> {
  const numbers = await nextNumbers(connection, CONTACTS, companies.length)
  const versions = await nextVersions(connection, companies.length)
  const rows = companies.map((company, index) => ({
    ...blankRow(CONTACTS),
    ...companyContact(trade, company, numbers[index] ?? ''),
    id: randomUUID(),
    [CONTACTS.stamp]: stamp,
    [VERSION]: versions[index] ?? null,
  }))
  await insertRows(connection, CONTACTS, rows)
}

/** Does a change of a customer or vendor concern its contact? */
export function concernsContact(trade: Trade, before: Row, after: Row): boolean {
  const agent = TRADES.find((candidate) => candidate.trade === trade)?.agent ?? ''
  return [...SHARED, agent].some((name) => before[name] !== after[name])
}

/** Changed customers or vendors take their contacts along, and these the company's name at every person. */
export async function followCompanies(
  connection: Connection,
  trade: Trade,
  ids: readonly string[],
  stamp: string,
): Promise<void> {
  const source = TRADES.find((candidate) => candidate.trade === trade)
  if (ids.length === 0 || source === undefined) return
  const names = [...SHARED, 'companyName', 'salespersonCode'].map(quoted).join(', ')
  const values = [...SHARED, 'displayName', source.agent].map((name) => `s.${quoted(name)}`).join(', ')
  const changed = await connection.query<{ number: string }>(
    `update contacts t set (${names}) = row(${values}), ${TOUCHED}
       from ${quoted(source.table)} s where t."parentId" = s.id and t.type = 'Company' and s.id = any($1::uuid[])
       returning t.number`,
    [ids, stamp],
  )
  const numbers = changed.rows.map((row) => row.number)
  await renameCompany(connection, numbers, stamp)
}

/** Persons bear the name of their company, found by the numbers of the companies' contacts. */
export async function renameCompany(
  connection: Connection,
  numbers: readonly string[],
  stamp: string,
): Promise<void> {
  if (numbers.length === 0) return
  await connection.query(
    `update contacts t set "companyName" = c."displayName", ${TOUCHED} from contacts c
       where c.number = any($1::text[]) and t."companyNumber" = c.number and t.type = 'Person'
         and t."companyName" <> c."displayName"`,
    [numbers, stamp],
  )
}

/** The contacts of deleted customers and vendors stay and belong to nobody. */
export async function releaseContacts(
  connection: Connection,
  companies: readonly string[],
  stamp: string,
): Promise<void> {
  if (companies.length === 0) return
  await connection.query(
    `update contacts set "parentId" = '${ZERO_GUID}', "parentType" = '${BLANK_OPTION}', "contactBusinessRelation" = 'None',
       ${TOUCHED} where "parentId" = any($1::uuid[])`,
    [companies, stamp],
  )
}
