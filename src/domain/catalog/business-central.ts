import type { FieldDefinition, TableDefinition } from '../schema.js'
import type { FieldType } from '../value.js'

const text = (maxLength: number): FieldType => ({ kind: 'text', maxLength })
const code = (maxLength: number): FieldType => ({ kind: 'code', maxLength })
const field = (
  name: string,
  caption: string,
  type: FieldType,
  rest: Partial<FieldDefinition> = {},
): FieldDefinition => ({ name, caption, type, ...rest })

/**
 * API v2.0 `customers`. Member names and lengths are those of Microsoft's API page and base table. Business Central has no
 * null: its blanks (`""`, `_x0020_`, the zero GUID) are canonical `null`; decimals and booleans are never blank.
 */
export const CUSTOMER: TableDefinition = {
  system: 'BUSINESS_CENTRAL',
  name: 'customers',
  caption: 'Customer',
  keyField: 'id',
  stampField: 'lastModifiedDateTime',
  stampResolution: 1,
  nameField: 'displayName',
  page: '21',
  assignedKey: { field: 'number', prefix: 'S', digits: 6 },
  fields: [
    field('number', 'No.', code(20)),
    field('displayName', 'Name', text(100), { required: true }),
    field('type', 'Type', { kind: 'option', members: ['Company', 'Person'] }),
    field('addressLine1', 'Address', text(100)),
    field('addressLine2', 'Address 2', text(50)),
    field('city', 'City', text(30)),
    field('state', 'County', text(30)),
    field('country', 'Country/Region Code', code(10)),
    field('postalCode', 'Post Code', code(20)),
    field('phoneNumber', 'Phone No.', text(30)),
    field('email', 'E-Mail', text(80)),
    field('website', 'Home Page', text(255)),
    field('salespersonCode', 'Salesperson Code', code(20)),
    field('creditLimit', 'Credit Limit (LCY)', { kind: 'decimal', scale: 2, nullable: false }),
    field('currencyId', 'Currency Code', { kind: 'lookup', table: 'currencies' }),
    field('paymentTermsId', 'Payment Terms Code', { kind: 'lookup', table: 'paymentTerms' }),
    field('shipmentMethodId', 'Shipment Method Code', { kind: 'lookup', table: 'shipmentMethods' }),
    field('blocked', 'Blocked', { kind: 'option', members: ['Ship', 'Invoice', 'All'] }),
  ],
}

/** API v2.0 `currencies`. The local currency is usually not in this set (engine timeline 25). */
export const CURRENCY: TableDefinition = {
  system: 'BUSINESS_CENTRAL',
  name: 'currencies',
  caption: 'Currency',
  keyField: 'id',
  stampField: 'lastModifiedDateTime',
  stampResolution: 1,
  nameField: 'code',
  page: '5',
  assignedKey: { field: 'code', prefix: 'S', digits: 6 },
  fields: [
    field('code', 'Code', code(10), { required: true }),
    field('displayName', 'Description', text(30)),
    field('symbol', 'Symbol', text(10)),
    field('amountDecimalPlaces', 'Amount Decimal Places', text(5)),
  ],
}

export const BUSINESS_CENTRAL_TABLES: readonly TableDefinition[] = [CUSTOMER, CURRENCY]
