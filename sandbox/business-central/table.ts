import type { Column, ColumnType, Table } from '../common/table.js'

export const ZERO_GUID = '00000000-0000-0000-0000-000000000000'
export const BLANK_OPTION = '_x0020_'

/** A member that names a record of another table by id and perhaps, in a second member, by code. */
export interface Relation {
  readonly id: string
  readonly code: string | null
  /** Null: a table that this sandbox does not serve, so that only a blank id fits. */
  readonly target: string | null
  readonly caption: string
}

/** A member that holds a code of another table, without an id beside it. */
export interface CodeRelation {
  readonly code: string
  readonly target: string
  readonly targetCaption: string
  readonly fieldCaption: string
}

/** An entity set of an API. One that shows only part of what is stored names the table that holds the whole records. */
export interface BusinessCentralTable extends Table {
  readonly writable: boolean
  readonly stored?: BusinessCentralTable
  /** The member that is the table's primary key in Business Central: `number`, `code`. */
  readonly primary: string | null
  /** Numbers given to records created without one. */
  readonly series?: { readonly prefix: string; readonly digits: number; readonly step: number }
  readonly nameRequired: boolean
  /** Members of which the name of a person is composed. */
  readonly nameParts: readonly string[]
  readonly relations: readonly Relation[]
  readonly codeRelations: readonly CodeRelation[]
}

export const column = (
  name: string,
  type: ColumnType,
  initial: string,
  rest: Partial<Column> = {},
): Column => ({
  name,
  type,
  initial,
  ...rest,
})
export const text = (name: string, length: number, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'text', length }, '', rest)
export const code = (name: string, length: number, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'code', length }, '', rest)
export const guid = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'guid' }, ZERO_GUID, rest)
export const decimal = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'decimal', precision: 38, scale: 20, trimmed: true }, '0', rest)
export const boolean = (name: string): Column => column(name, { kind: 'boolean' }, 'f')
export const option = (name: string, members: readonly string[], rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'option', members }, members[0] ?? BLANK_OPTION, rest)
export const date = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'date' }, '0001-01-01', rest)

/** Where a company or a person is. */
export const ADDRESS: readonly Column[] = [
  text('addressLine1', 100),
  text('addressLine2', 50),
  text('city', 30),
  text('state', 30),
  code('country', 10),
  code('postalCode', 20),
]

export const ID: Column = { name: 'id', type: { kind: 'guid' }, readOnly: true }
/** Not a member on the wire: it shows only in the ETag. */
export const VERSION = 'recordVersion'
export const VERSION_COLUMN: Column = {
  name: VERSION,
  type: { kind: 'bigint' },
  initial: '0',
  readOnly: true,
}
const STAMP: Column = column(
  'lastModifiedDateTime',
  { kind: 'dateTime', digits: 3 },
  '0001-01-01T00:00:00Z',
  { readOnly: true },
)

export const BASE = {
  key: 'id',
  version: VERSION,
  stamp: STAMP.name,
  writable: true,
  primary: null,
  nameRequired: false,
  nameParts: [],
  relations: [],
  codeRelations: [],
} as const

type Definition = Pick<BusinessCentralTable, 'name' | 'entity' | 'caption' | 'columns'> &
  Partial<BusinessCentralTable>

export const table = (definition: Definition): BusinessCentralTable => ({
  ...BASE,
  ...definition,
  columns: [ID, ...definition.columns, STAMP, VERSION_COLUMN],
})

/** A table of which the page of API v2.0 shows all but the `extension`. */
export function tableWithPage(
  definition: Definition,
  extension: readonly Column[],
): { readonly stored: BusinessCentralTable; readonly page: BusinessCentralTable } {
  const stored = table({ ...definition, columns: [...definition.columns, ...extension] })
  return { stored, page: { ...table(definition), stored } }
}

/** The table that holds the whole records of an entity set. */
export function storedTable(entitySet: BusinessCentralTable): BusinessCentralTable {
  return entitySet.stored ?? entitySet
}

/** The name of the type of an option member: `customerBlocked`. */
export function optionType(entitySet: BusinessCentralTable, member: Column): string {
  return `${entitySet.entity}${member.name.charAt(0).toUpperCase()}${member.name.slice(1)}`
}
