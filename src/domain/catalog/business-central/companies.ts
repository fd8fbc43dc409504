import type { TableDefinition } from '../../schema.js'
import { code, field, lookup, option, text } from '../fields.js'
import { ADDRESS, assignedKey, BOOLEAN, CUSTOM, decimal, ENTITY_SET, responsible } from './common.js'

/**
 * API v2.0 `customers`. Member names and lengths are those of Microsoft's API page and base table. Business Central has no
 * null: its blanks (`""`, `_x0020_`, the zero GUID) are canonical `null`; decimals and booleans are never blank.
 */
export const CUSTOMER: TableDefinition = {
  ...ENTITY_SET,
  name: 'customers',
  caption: 'Customer',
  nameField: 'displayName',
  page: '21',
  assignedKey: assignedKey('number'),
  fields: [
    field('number', 'No.', code(20)),
    field('displayName', 'Name', text(100), { required: true }),
    field('type', 'Type', option('Company', 'Person')),
    ...ADDRESS,
    field('phoneNumber', 'Phone No.', text(30)),
    field('email', 'E-Mail', text(80)),
    field('website', 'Home Page', text(255)),
    field('salespersonCode', 'Salesperson Code', code(20)),
    responsible('salespersonId', 'salespersonCode', 'Salesperson'),
    field('balanceDue', 'Balance Due', decimal(2), { readOnly: true }),
    field('creditLimit', 'Credit Limit (LCY)', decimal(2)),
    field('taxLiable', 'Tax Liable', BOOLEAN),
    field('taxRegistrationNumber', 'VAT Registration No.', text(50)),
    field('currencyId', 'Currency Code', lookup('currencies')),
    field('paymentTermsId', 'Payment Terms Code', lookup('paymentTerms')),
    field('shipmentMethodId', 'Shipment Method Code', lookup('shipmentMethods')),
    field('blocked', 'Blocked', option('Ship', 'Invoice', 'All')),
    field('contactName', 'Contact', text(100), CUSTOM),
    field('fax', 'Fax No.', text(30), CUSTOM),
    field('shippingAgentCode', 'Shipping Agent Code', code(10), CUSTOM),
    field('primaryContactNumber', 'Primary Contact No.', code(20), CUSTOM),
    field('primaryContactId', 'Primary Contact', lookup('contacts'), CUSTOM),
  ],
}

/** API v2.0 `vendors`; unlike customers they may have no name. */
export const VENDOR: TableDefinition = {
  ...ENTITY_SET,
  name: 'vendors',
  caption: 'Vendor',
  nameField: 'displayName',
  page: '26',
  assignedKey: assignedKey('number'),
  fields: [
    field('number', 'No.', code(20)),
    field('displayName', 'Name', text(100)),
    ...ADDRESS,
    field('phoneNumber', 'Phone No.', text(30)),
    field('email', 'E-Mail', text(80)),
    field('website', 'Home Page', text(255)),
    field('balance', 'Balance (LCY)', decimal(2), { readOnly: true }),
    field('taxLiable', 'Tax Liable', BOOLEAN),
    field('taxRegistrationNumber', 'VAT Registration No.', text(50)),
    field('currencyId', 'Currency Code', lookup('currencies')),
    field('paymentTermsId', 'Payment Terms Code', lookup('paymentTerms')),
    field('blocked', 'Blocked', option('Payment', 'All')),
    field('contactName', 'Contact', text(100), CUSTOM),
    field('fax', 'Fax No.', text(30), CUSTOM),
    field('purchaserCode', 'Purchaser Code', code(20), CUSTOM),
    responsible('purchaserId', 'purchaserCode', 'Purchaser', CUSTOM),
    field('shipmentMethodId', 'Shipment Method Code', lookup('shipmentMethods'), CUSTOM),
    field('shippingAgentCode', 'Shipping Agent Code', code(10), CUSTOM),
    field('primaryContactNumber', 'Primary Contact No.', code(20), CUSTOM),
    field('primaryContactId', 'Primary Contact', lookup('contacts'), CUSTOM),
  ],
}

/**
 * API v2.0 `contacts`, which knows a person by one name only. `parentId` is the customer or vendor that the contact's company
 * is. A person's name follows its parts where a custom API page has them.
 */
export const CONTACT: TableDefinition = {
  ...ENTITY_SET,
  name: 'contacts',
  caption: 'Contact',
  nameField: 'displayName',
  page: '5050',
  assignedKey: assignedKey('number'),
  fields: [
    field('number', 'No.', code(20)),
    field('type', 'Type', option('Company', 'Person')),
    field('displayName', 'Name', text(100)),
    field('jobTitle', 'Job Title', text(30)),
    field('companyNumber', 'Company No.', code(20)),
    field('companyName', 'Company Name', text(100)),
    field(
      'contactBusinessRelation',
      'Contact Business Relation',
      option('Customer', 'Vendor', 'Bank Account', 'Employee', 'None', 'Other', 'Multiple'),
      { readOnly: true },
    ),
    ...ADDRESS,
    field('phoneNumber', 'Phone No.', text(30)),
    field('mobilePhoneNumber', 'Mobile Phone No.', text(30)),
    field('email', 'E-Mail', text(80)),
    field('website', 'Home Page', text(255)),
    field('searchName', 'Search Name', text(100)),
    field('privacyBlocked', 'Privacy Blocked', BOOLEAN),
    field('taxRegistrationNumber', 'VAT Registration No.', text(50)),
    field('lastInteractionDate', 'Last Date Attempted', { kind: 'date' }, { readOnly: true }),
    field('firstName', 'First Name', text(30), CUSTOM),
    field('middleName', 'Middle Name', text(30), CUSTOM),
    field('surname', 'Surname', text(30), CUSTOM),
    field('fax', 'Fax No.', text(30), CUSTOM),
    field('pager', 'Pager', text(30), CUSTOM),
    field('salespersonCode', 'Salesperson Code', code(20), CUSTOM),
    responsible('salespersonId', 'salespersonCode', 'Salesperson', CUSTOM),
    field('currencyId', 'Currency Code', lookup('currencies'), CUSTOM),
    field('parentId', 'Customer or Vendor', lookup('customers'), { ...CUSTOM, otherTables: ['vendors'] }),
    field('parentType', 'Customer or Vendor: Type', option('Customer', 'Vendor'), {
      ...CUSTOM,
      readOnly: true,
    }),
  ],
}
