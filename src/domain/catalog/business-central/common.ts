import type { FieldDefinition, TableDefinition } from '../../schema.js'
import type { FieldType } from '../../value.js'
import { code, field, lookup, text } from '../fields.js'

/** What all entity sets have in common: assigned ids, and a stamp to the millisecond. */
export const ENTITY_SET = {
  system: 'BUSINESS_CENTRAL',
  keyField: 'id',
  stampField: 'lastModifiedDateTime',
  stampResolution: 1,
} as const satisfies Partial<TableDefinition>

/** A creation of unknown outcome is found again by this field; the numbers are Accord's own series. */
export const assignedKey = (name: string) => ({ field: name, prefix: 'S', digits: 6 })

/** Business Central has no null: numbers and Booleans are never blank. */
export const decimal = (scale: number): FieldType => ({ kind: 'decimal', scale, nullable: false })
export const BOOLEAN: FieldType = { kind: 'boolean', nullable: false }

/** Only on a custom API page. */
export const CUSTOM = { customApi: true } as const

export const ADDRESS: readonly FieldDefinition[] = [
  field('addressLine1', 'Address', text(100)),
  field('addressLine2', 'Address 2', text(50)),
  field('city', 'City', text(30)),
  field('state', 'County', text(30)),
  field('country', 'Country/Region Code', code(10)),
  field('postalCode', 'Post Code', code(20)),
]

/** The person responsible, whom Business Central's API names by code. */
export const responsible = (
  name: string,
  member: string,
  caption: string,
  rest: Partial<FieldDefinition> = {},
): FieldDefinition =>
  field(name, caption, lookup('salespeoplePurchasers'), { byCode: { member, field: 'code' }, ...rest })
