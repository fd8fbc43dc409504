import type { FieldType } from './value.js'

export const SystemKind = { businessCentral: 'BUSINESS_CENTRAL', dataverse: 'DATAVERSE' } as const
export type SystemKind = (typeof SystemKind)[keyof typeof SystemKind]

/** One column of a table, by its name on the wire. */
export interface FieldDefinition {
  readonly name: string
  /** The caption a user of that system knows. */
  readonly caption: string
  readonly type: FieldType
  /** Never sent: computed or assigned by the system. */
  readonly readOnly?: boolean
  /** May be sent when the record is created, never afterwards. */
  readonly createOnly?: boolean
  /** The system refuses a record in which this field is blank. */
  readonly required?: boolean
  /** How a lookup is written to Dataverse: navigation property and entity set of `<navigation>@odata.bind`. */
  readonly bind?: { readonly navigation: string; readonly entitySet: string }
  /** An amount whose currency is the record's own (`currencyField`), as Dataverse's Money columns are. */
  readonly money?: { readonly currencyField: string }
}

/** A table as its connector reads and writes it. */
export interface TableDefinition {
  readonly system: SystemKind
  /** Entity set on the wire: `customers`, `accounts`. */
  readonly name: string
  /** Singular caption used in messages: `Customer`, `Account`. */
  readonly caption: string
  /** Name of the key member: `id`, `accountid`. */
  readonly keyField: string
  /** Member that carries the modification stamp. */
  readonly stampField: string
  /** Resolution of the modification stamp in milliseconds: 1 in Business Central, 1,000 in Dataverse. */
  readonly stampResolution: number
  /** Field shown to people as the record's name. */
  readonly nameField: string
  /** Logical name in URLs that open the record (`account`), or the page number in Business Central (`21`). */
  readonly page: string
  /**
   * Where the system assigns ids (Business Central): the field that Accord assigns on creation so that a creation of
   * unknown outcome can be found again (engine rule 9), and the series it is taken from.
   */
  readonly assignedKey?: { readonly field: string; readonly prefix: string; readonly digits: number }
  readonly fields: readonly FieldDefinition[]
}

export function fieldOf(table: TableDefinition, name: string): FieldDefinition {
  const field = table.fields.find((candidate) => candidate.name === name)
  if (field === undefined) {
    throw new Error(
      `Table ${table.name} has no field ${name}. Its fields: ${table.fields.map((f) => f.name).join(', ')}.`,
    )
  }
  return field
}
