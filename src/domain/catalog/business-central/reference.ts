import type { TableDefinition } from '../../schema.js'
import { code, field, text } from '../fields.js'
import { assignedKey, BOOLEAN, decimal, ENTITY_SET } from './common.js'

/** API v2.0 `currencies`. The local currency is usually not in this set (engine timeline 25). */
export const CURRENCY: TableDefinition = {
  ...ENTITY_SET,
  name: 'currencies',
  caption: 'Currency',
  nameField: 'code',
  page: '5',
  assignedKey: assignedKey('code'),
  fields: [
    field('code', 'Code', code(10), { required: true }),
    field('displayName', 'Description', text(30)),
    field('symbol', 'Symbol', text(10)),
    field('amountDecimalPlaces', 'Amount Decimal Places', text(5)),
  ],
}

/** API v2.0 `salespeoplePurchasers`. */
export const SALESPERSON: TableDefinition = {
  ...ENTITY_SET,
  name: 'salespeoplePurchasers',
  caption: 'Salesperson/Purchaser',
  nameField: 'displayName',
  page: '5116',
  assignedKey: assignedKey('code'),
  fields: [
    field('code', 'Code', code(20), { required: true }),
    field('displayName', 'Name', text(50)),
    field('email', 'E-Mail', text(80)),
    field('email2', 'E-Mail 2', text(80)),
    field('phoneNo', 'Phone No.', text(30)),
    field('jobTitle', 'Job Title', text(30)),
    // Spelled as Business Central spells it.
    field('commisionPercent', 'Commission %', decimal(2)),
    field('privacyBlocked', 'Privacy Blocked', BOOLEAN),
    field('blocked', 'Blocked', BOOLEAN),
  ],
}

/** API v2.0 `paymentTerms`. */
export const PAYMENT_TERMS: TableDefinition = {
  ...ENTITY_SET,
  name: 'paymentTerms',
  caption: 'Payment Terms',
  nameField: 'code',
  page: '4',
  assignedKey: assignedKey('code'),
  fields: [
    field('code', 'Code', code(10), { required: true }),
    field('displayName', 'Description', text(100)),
    field('dueDateCalculation', 'Due Date Calculation', text(32)),
    field('discountDateCalculation', 'Discount Date Calculation', text(32)),
    field('discountPercent', 'Discount %', decimal(5)),
    field('calculateDiscountOnCreditMemos', 'Calc. Pmt. Disc. on Cr. Memos', BOOLEAN),
  ],
}

/** API v2.0 `shipmentMethods`. */
export const SHIPMENT_METHOD: TableDefinition = {
  ...ENTITY_SET,
  name: 'shipmentMethods',
  caption: 'Shipment Method',
  nameField: 'code',
  page: '11',
  assignedKey: assignedKey('code'),
  fields: [
    field('code', 'Code', code(10), { required: true }),
    field('displayName', 'Description', text(100)),
  ],
}
