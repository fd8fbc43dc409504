import type { FieldDefinition, TableDefinition } from '../schema.js'
import type { FieldType } from '../value.js'

const text = (maxLength: number): FieldType => ({ kind: 'text', maxLength })
const option = (...members: string[]): FieldType => ({ kind: 'option', members })
const field = (
  name: string,
  caption: string,
  type: FieldType,
  rest: Partial<FieldDefinition> = {},
): FieldDefinition => ({ name, caption, type, ...rest })

const CURRENCY_LOOKUP = field(
  'transactioncurrencyid',
  'Currency',
  { kind: 'lookup', table: 'transactioncurrencies' },
  {
    bind: { navigation: 'transactioncurrencyid', entitySet: 'transactioncurrencies' },
  },
)

/** Web API v9.2 `accounts`, with the columns that Business Central's default CUSTOMER mapping names. */
export const ACCOUNT: TableDefinition = {
  system: 'DATAVERSE',
  name: 'accounts',
  caption: 'Account',
  keyField: 'accountid',
  stampField: 'modifiedon',
  stampResolution: 1000,
  nameField: 'name',
  page: 'account',
  fields: [
    field('name', 'Account Name', text(160)),
    field('accountnumber', 'Account Number', text(20)),
    field('address1_line1', 'Address 1: Street 1', text(250)),
    field('address1_line2', 'Address 1: Street 2', text(250)),
    field('address1_city', 'Address 1: City', text(80)),
    field('address1_stateorprovince', 'Address 1: State/Province', text(50)),
    field('address1_country', 'Address 1: Country/Region', text(80)),
    field('address1_postalcode', 'Address 1: ZIP/Postal Code', text(20)),
    field('address1_primarycontactname', 'Address 1: Primary Contact Name', text(100)),
    field('telephone1', 'Main Phone', text(50)),
    field('fax', 'Fax', text(50)),
    field('emailaddress1', 'Email', text(100)),
    field('websiteurl', 'Website', text(200)),
    field(
      'creditlimit',
      'Credit Limit',
      { kind: 'decimal', scale: 4, nullable: true },
      {
        money: { currencyField: 'transactioncurrencyid' },
      },
    ),
    CURRENCY_LOOKUP,
    field(
      'customertypecode',
      'Relationship Type',
      option('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'),
    ),
    field('statecode', 'Status', option('0', '1')),
  ],
}

/** Web API v9.2 `transactioncurrencies`. The ISO code can be given only on creation. */
export const TRANSACTION_CURRENCY: TableDefinition = {
  system: 'DATAVERSE',
  name: 'transactioncurrencies',
  caption: 'Transaction Currency',
  keyField: 'transactioncurrencyid',
  stampField: 'modifiedon',
  stampResolution: 1000,
  nameField: 'isocurrencycode',
  page: 'transactioncurrency',
  fields: [
    field('isocurrencycode', 'Currency Code', text(5), { required: true, createOnly: true }),
    field('currencyname', 'Currency Name', text(100), { required: true }),
    field('currencysymbol', 'Currency Symbol', text(10)),
    field('currencyprecision', 'Currency Precision', { kind: 'integer', nullable: true }),
    field('exchangerate', 'Exchange Rate', { kind: 'decimal', scale: 10, nullable: true }),
    field('statecode', 'Status', option('0', '1')),
  ],
}

export const DATAVERSE_TABLES: readonly TableDefinition[] = [ACCOUNT, TRANSACTION_CURRENCY]
