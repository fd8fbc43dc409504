import type { TableDefinition } from '../../schema.js'
import { optionTable } from '../option-column.js'
import { field, lookup, option, text } from '../fields.js'
import { ADDRESS, CURRENCY_LOOKUP, DATE, ENTITY, lookupField, money, OWNER, STATE } from './common.js'

const CUSTOMER_TYPES = option('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12')

/** Web API v9.2 `accounts`, with the columns that Business Central's default mappings name. */
export const ACCOUNT: TableDefinition = {
  ...ENTITY,
  name: 'accounts',
  caption: 'Account',
  keyField: 'accountid',
  nameField: 'name',
  page: 'account',
  fields: [
    field('name', 'Account Name', text(160)),
    field('accountnumber', 'Account Number', text(20)),
    ...ADDRESS,
    field('address1_primarycontactname', 'Address 1: Primary Contact Name', text(100)),
    field('address1_freighttermscode', 'Address 1: Freight Terms', option('1', '2')),
    field(
      'address1_shippingmethodcode',
      'Address 1: Shipping Method',
      option('1', '2', '3', '4', '5', '6', '7'),
    ),
    field('paymenttermscode', 'Payment Terms', option('1', '2', '3', '4')),
    field('telephone1', 'Main Phone', text(50)),
    field('fax', 'Fax', text(50)),
    field('emailaddress1', 'Email', text(100)),
    field('websiteurl', 'Website', text(200)),
    money('creditlimit', 'Credit Limit'),
    CURRENCY_LOOKUP,
    lookupField('primarycontactid', 'Primary Contact', 'contacts'),
    lookupField('parentaccountid', 'Parent Account', 'accounts'),
    ...OWNER,
    field('customertypecode', 'Relationship Type', CUSTOMER_TYPES),
    STATE,
  ],
}

/** The payment terms that an account can have (ADR 0010). */
export const ACCOUNT_PAYMENT_TERMS = optionTable('account', 'paymenttermscode', 'Payment Terms of Accounts')

/** The freight terms that an account can have: to Business Central its shipment methods. */
export const ACCOUNT_FREIGHT_TERMS = optionTable(
  'account',
  'address1_freighttermscode',
  'Freight Terms of Accounts',
)

/** Web API v9.2 `contacts`. A contact belongs to an account or to another contact; only an account is a parent to us. */
export const CONTACT: TableDefinition = {
  ...ENTITY,
  name: 'contacts',
  caption: 'Contact',
  keyField: 'contactid',
  nameField: 'fullname',
  page: 'contact',
  fields: [
    field('firstname', 'First Name', text(50)),
    field('middlename', 'Middle Name', text(50)),
    field('lastname', 'Last Name', text(50)),
    field('fullname', 'Full Name', text(160), { readOnly: true }),
    field('jobtitle', 'Job Title', text(100)),
    ...ADDRESS,
    field('telephone1', 'Business Phone', text(50)),
    field('mobilephone', 'Mobile Phone', text(50)),
    field('pager', 'Pager', text(50)),
    field('fax', 'Fax', text(50)),
    field('emailaddress1', 'Email', text(100)),
    field('websiteurl', 'Website', text(200)),
    field('birthdate', 'Birthday', DATE),
    CURRENCY_LOOKUP,
    field('parentcustomerid', 'Company Name', lookup('accounts'), {
      bind: { navigation: 'parentcustomerid_account', entitySet: 'accounts' },
      target: 'account',
    }),
    field('parentcustomeridtype', 'Company Name: Type', option('account', 'contact'), {
      readOnly: true,
      targetOf: 'parentcustomerid',
    }),
    ...OWNER,
    STATE,
  ],
}
