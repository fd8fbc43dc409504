import type { FieldType } from './value.js'

export const SystemKind = {
  businessCentral: 'BUSINESS_CENTRAL',
  dataverse: 'DATAVERSE',
  postgresql: 'POSTGRESQL',
  odata: 'ODATA',
} as const
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
  /** Only a custom API page of Business Central has this field; API v2.0 lacks it. */
  readonly customApi?: boolean
  /** Refused in the creation itself (a product's state): the connector sends it right behind, in the same transaction. */
  readonly afterCreation?: boolean
  /**
   * Of a lookup that may lead to several tables: the logical name of the one that is meant. A record of another table reads as
   * blank, so that a contact is never taken for an account.
   */
  readonly target?: string
  /** Of a lookup whose table has no GUID as its key: how the wire writes that key. */
  readonly referenceKey?: 'integer' | 'text'
  /** Further tables of the same system to which the ids of a lookup may belong (a contact's customer or vendor). */
  readonly otherTables?: readonly string[]
  /** Names a lookup: this field says to which table it leads, by logical name. Read only. */
  readonly targetOf?: string
  /**
   * Of a lookup that the wire holds as a code: the member, and the field of the table referred to whose value it holds. The
   * connector translates codes and ids.
   */
  readonly byCode?: { readonly member: string; readonly field: string }
  /** Another column's text behind a prefix; blank where that text does not begin with it. */
  readonly behindPrefix?: { readonly column: string; readonly prefix: string }
  /**
   * Of a lookup that goes with another one: when `lookup` is written and this field is not, the connector fills in the record
   * of `table` whose `reference` is the same and whose `flag` is set (a product's unit: the primary one of its unit group).
   */
  readonly follows?: {
    readonly lookup: string
    readonly table: string
    readonly reference: string
    readonly flag: string
  }
}

/** A table as its connector reads and writes it. */
export interface TableDefinition {
  readonly system: SystemKind
  /** Entity set on the wire: `customers`, `accounts`. */
  readonly name: string
  /** Singular caption used in messages: `Customer`, `Account`. */
  readonly caption: string
  /** Name of the key member: `id`, `accountid`. Of a key of several members their names with commas between. */
  readonly keyField: string
  /** Member that carries the modification stamp; empty where there is none, so that every read of changes gives all records. */
  readonly stampField: string
  /** Resolution of the modification stamp in milliseconds: 1 in Business Central, 1,000 in Dataverse. */
  readonly stampResolution: number
  /** Field shown to people as the record's name. */
  readonly nameField: string
  /** Logical name in URLs that open the record (`account`), or the page number in Business Central (`21`); empty where not known. */
  readonly page: string
  /**
   * Where the system assigns ids (Business Central): the field that Accord assigns on creation so that a creation of
   * unknown outcome can be found again (engine rule 9), and the series it is taken from.
   */
  readonly assignedKey?: { readonly field: string; readonly prefix: string; readonly digits: number }
  readonly fields: readonly FieldDefinition[]
  /** False: the system keeps no change tracking for this table, so that changes are found by their stamp. */
  readonly tracksChanges?: boolean
  /**
   * The records are the options of a column, read from the system's metadata: `value` is the id, `label` the text, `code` what
   * Business Central makes of it. They have no stamp and cannot be written (ADR 0010).
   */
  readonly optionColumn?: { readonly entity: string; readonly column: string }
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
