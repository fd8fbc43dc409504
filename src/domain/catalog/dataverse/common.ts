import type { FieldDefinition, TableDefinition } from '../../schema.js'
import type { FieldType } from '../../value.js'
import { field, lookup, option, text } from '../fields.js'

/** What all tables have in common: ids we choose, and a stamp to the second. */
export const ENTITY = {
  system: 'DATAVERSE',
  stampField: 'modifiedon',
  stampResolution: 1000,
} as const satisfies Partial<TableDefinition>

export const BOOLEAN: FieldType = { kind: 'boolean', nullable: true }
export const DATE: FieldType = { kind: 'date' }
export const INTEGER: FieldType = { kind: 'integer', nullable: true }
export const decimal = (scale: number): FieldType => ({ kind: 'decimal', scale, nullable: true })

/** An amount in the record's own currency; four decimals come over the wire. */
export const money = (name: string, caption: string): FieldDefinition =>
  field(name, caption, decimal(4), { money: { currencyField: 'transactioncurrencyid' } })

/** A lookup whose navigation property bears its name. */
export const lookupField = (
  name: string,
  caption: string,
  table: string,
  rest: Partial<FieldDefinition> = {},
): FieldDefinition =>
  field(name, caption, lookup(table), { bind: { navigation: name, entitySet: table }, ...rest })

export const CURRENCY_LOOKUP = lookupField('transactioncurrencyid', 'Currency', 'transactioncurrencies')

/** The owner is a user or a team; teams are nobody's salesperson. */
export const OWNER: readonly FieldDefinition[] = [
  lookupField('ownerid', 'Owner', 'systemusers', { target: 'systemuser' }),
  field('owneridtype', 'Owner: Type', option('systemuser', 'team'), { readOnly: true, targetOf: 'ownerid' }),
]

export const ADDRESS: readonly FieldDefinition[] = [
  field('address1_line1', 'Address 1: Street 1', text(250)),
  field('address1_line2', 'Address 1: Street 2', text(250)),
  field('address1_city', 'Address 1: City', text(80)),
  field('address1_stateorprovince', 'Address 1: State/Province', text(50)),
  field('address1_country', 'Address 1: Country/Region', text(80)),
  field('address1_postalcode', 'Address 1: ZIP/Postal Code', text(20)),
]

export const STATE = field('statecode', 'Status', option('0', '1'))
