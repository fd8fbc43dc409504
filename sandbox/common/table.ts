/**
 * What a column holds. Text lengths are UTF-16 code units, as both real systems count them.
 * `code` is Business Central's Code type: stored trimmed and in upper case.
 * `option` travels by member name (Business Central), `choice` by its number (Dataverse).
 */
export type ColumnType =
  | { readonly kind: 'guid' }
  | { readonly kind: 'text'; readonly length: number }
  | { readonly kind: 'code'; readonly length: number }
  | { readonly kind: 'memo' }
  | {
      readonly kind: 'decimal'
      readonly precision: number
      readonly scale: number
      readonly trimmed: boolean
      /** Where the system accepts less than the digits allow. */
      readonly minimum?: number
      readonly maximum?: number
    }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'option'; readonly members: readonly string[] }
  | { readonly kind: 'choice'; readonly options: readonly ChoiceOption[] }
  | { readonly kind: 'date' }
  | { readonly kind: 'dateTime'; readonly digits: 0 | 3 }

/** A value of a choice with the label that people see. */
export interface ChoiceOption {
  readonly value: number
  readonly label: string
}

/** One column: its name is the member's name on the wire and the column's name in the database. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** Refused when a client sends it. */
  readonly readOnly?: boolean
  /** Accepted when a record is created, refused or ignored afterwards. */
  readonly createOnly?: boolean
  readonly required?: boolean
  /** Value of a new record, in text form; without one it is NULL. */
  readonly initial?: string
  /** An index for equality and, for text, for case-insensitive equality. */
  readonly indexed?: boolean
  /** No two records may hold the same value; blank values are not compared. */
  readonly unique?: boolean
  /** Nothing but requests keeps a unique value from being held twice. */
  readonly twiceByAccident?: boolean
  /** Its name is all that people call it. */
  readonly namedByItself?: boolean
  /** Kept by the system and no member on the wire. */
  readonly hidden?: boolean
  /** Dataverse: this column holds the id of another record. */
  readonly lookup?: Lookup
}

/** A lookup of Dataverse: the attribute `x` lies in the column `_x_value`. */
export interface Lookup {
  readonly attribute: string
  /** Where it may lead; more than one way makes it polymorphic. */
  readonly ways: readonly LookupWay[]
  /** Of a polymorphic lookup: the hidden column that names the entity type it leads to. */
  readonly kindColumn?: string
  /** What happens to the record of this lookup when its target is deleted: it loses the lookup, forbids it, or goes along. */
  readonly onDelete: 'clear' | 'restrict' | 'cascade'
}

export interface LookupWay {
  /** The navigation property by which it is set. */
  readonly navigation: string
  /** Entity set that it leads to. */
  readonly target: string
  /** A read-only column that holds the id, too, when it leads there. */
  readonly mirror?: string
}

/** An entity set and the SQL table (of the same name) that holds it. */
export interface Table {
  /** Entity set name on the wire: `customers`. */
  readonly name: string
  /** Entity type name: `customer`. */
  readonly entity: string
  /** Caption in messages: `Customer`. */
  readonly caption: string
  readonly key: string
  /** The column of record versions. */
  readonly version: string
  /** The column of modification stamps. */
  readonly stamp: string
  readonly columns: readonly Column[]
}

/** A record as the database holds it: every value in its text form, NULL as null. */
export type Row = Record<string, string | null>

/** A new record with every column at its initial value. */
export function blankRow(table: Table): Row {
  return Object.fromEntries(table.columns.map((column) => [column.name, column.initial ?? null]))
}

export function columnOf(table: Table, name: string): Column | undefined {
  return columnsByName(table).get(name)
}

const indexes = new WeakMap<Table, ReadonlyMap<string, Column>>()

function columnsByName(table: Table): ReadonlyMap<string, Column> {
  let index = indexes.get(table)
  if (index === undefined) {
    index = new Map(table.columns.map((column) => [column.name, column]))
    indexes.set(table, index)
  }
  return index
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The SQL type of a column. */
export function sqlType(type: ColumnType): string {
  switch (type.kind) {
    case 'guid':
      return 'uuid'
    case 'text':
    case 'code':
      return `varchar(${type.length})`
    case 'memo':
    case 'option':
      return 'text'
    case 'decimal':
      return `numeric(${type.precision}, ${type.scale})`
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
      return `timestamptz(${type.digits})`
    default:
      return assertNever(type)
  }
}

export function isText(type: ColumnType): boolean {
  return type.kind === 'text' || type.kind === 'code' || type.kind === 'memo' || type.kind === 'option'
}

/** Fails to compile when a closed set gained a member that a switch does not handle. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}
