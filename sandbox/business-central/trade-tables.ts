import type { CodeRelation, Relation } from './table.js'
import { ADDRESS, BLANK_OPTION, boolean, code, decimal, guid, option, tableWithPage, text } from './table.js'

export const CURRENCY_RELATION: Relation = {
  id: 'currencyId',
  code: 'currencyCode',
  target: 'currencies',
  caption: 'Currency',
}
const PAYMENT_TERMS: Relation = {
  id: 'paymentTermsId',
  code: null,
  target: 'paymentTerms',
  caption: 'Payment Terms',
}
const SHIPMENT_METHOD: Relation = {
  id: 'shipmentMethodId',
  code: null,
  target: 'shipmentMethods',
  caption: 'Shipment Method',
}
const PAYMENT_METHOD: Relation = {
  id: 'paymentMethodId',
  code: null,
  target: null,
  caption: 'Payment Method',
}
const PRIMARY_CONTACT: Relation = {
  id: 'primaryContactId',
  code: 'primaryContactNumber',
  target: 'contacts',
  caption: 'Contact',
}

/** A member with the code of a salesperson or purchaser. */
export const salesperson = (member: string, fieldCaption: string): CodeRelation => ({
  code: member,
  target: 'salespeoplePurchasers',
  targetCaption: 'Salesperson/Purchaser',
  fieldCaption,
})

export const { stored: CUSTOMERS, page: CUSTOMERS_PAGE } = tableWithPage(
  {
    name: 'customers',
    entity: 'customer',
    caption: 'Customer',
    primary: 'number',
    series: { prefix: 'C', digits: 5, step: 10 },
    nameRequired: true,
    relations: [
      CURRENCY_RELATION,
      PAYMENT_TERMS,
      SHIPMENT_METHOD,
      PAYMENT_METHOD,
      { id: 'taxAreaId', code: null, target: null, caption: 'Tax Area' },
      PRIMARY_CONTACT,
    ],
    codeRelations: [salesperson('salespersonCode', 'Salesperson Code')],
    columns: [
      code('number', 20, { unique: true }),
      text('displayName', 100, { required: true, indexed: true }),
      option('type', ['Company', 'Person']),
      ...ADDRESS,
      text('phoneNumber', 30),
      text('email', 80, { indexed: true }),
      text('website', 255),
      code('salespersonCode', 20),
      decimal('balanceDue', { readOnly: true }),
      decimal('creditLimit'),
      boolean('taxLiable'),
      guid('taxAreaId'),
      text('taxAreaDisplayName', 100, { readOnly: true }),
      text('taxRegistrationNumber', 50),
      guid('currencyId', { indexed: true }),
      code('currencyCode', 10),
      guid('paymentTermsId'),
      guid('shipmentMethodId'),
      guid('paymentMethodId'),
      option('blocked', [BLANK_OPTION, 'Ship', 'Invoice', 'All']),
    ],
  },
  [
    text('contactName', 100),
    text('fax', 30),
    code('shippingAgentCode', 10),
    code('primaryContactNumber', 20),
    guid('primaryContactId'),
  ],
)

export const { stored: VENDORS, page: VENDORS_PAGE } = tableWithPage(
  {
    name: 'vendors',
    entity: 'vendor',
    caption: 'Vendor',
    primary: 'number',
    series: { prefix: 'V', digits: 5, step: 10 },
    relations: [CURRENCY_RELATION, PAYMENT_TERMS, PAYMENT_METHOD, SHIPMENT_METHOD, PRIMARY_CONTACT],
    codeRelations: [salesperson('purchaserCode', 'Purchaser Code')],
    columns: [
      code('number', 20, { unique: true }),
      text('displayName', 100, { indexed: true }),
      ...ADDRESS,
      text('phoneNumber', 30),
      text('email', 80, { indexed: true }),
      text('website', 255),
      text('taxRegistrationNumber', 50),
      guid('currencyId'),
      code('currencyCode', 10),
      code('irs1099Code', 10),
      guid('paymentTermsId'),
      guid('paymentMethodId'),
      boolean('taxLiable'),
      option('blocked', [BLANK_OPTION, 'Payment', 'All']),
      decimal('balance', { readOnly: true }),
    ],
  },
  [
    text('contactName', 100),
    text('fax', 30),
    code('purchaserCode', 20),
    guid('shipmentMethodId'),
    code('shippingAgentCode', 10),
    code('primaryContactNumber', 20),
    guid('primaryContactId'),
  ],
)
