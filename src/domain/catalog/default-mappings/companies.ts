import { MAPPING_DEFAULTS, type FieldMapping, type MappingDefinition } from '../../mapping.js'
import { all, blank, both, constantFrom, equal, filled, map, match, template, to } from './parts.js'

const CUSTOMER_TYPE = '3'
const VENDOR_TYPE = '11'

const ADDRESS: readonly FieldMapping[] = [
  both('addressLine1', 'address1_line1'),
  both('addressLine2', 'address1_line2'),
  both('postalCode', 'address1_postalcode'),
  both('city', 'address1_city'),
  both('country', 'address1_country'),
  both('state', 'address1_stateorprovince'),
]

/** Who attends to the record owns it in Sales; where nobody does the owner stays. */
const ownedBy = (localField: string): FieldMapping =>
  to(localField, 'ownerid', { lookupMappings: ['SALESPEOPLE'], notNull: true })

/** What customers and vendors have in common. The primary contact is blank until the contact is coupled, so it is no dependency. */
const COMPANY: readonly FieldMapping[] = [
  both('displayName', 'name'),
  both('contactName', 'address1_primarycontactname'),
  ...ADDRESS,
  both('currencyId', 'transactioncurrencyid', { lookupMappings: ['CURRENCY'] }),
  both('email', 'emailaddress1'),
  both('fax', 'fax'),
  both('website', 'websiteurl'),
  both('phoneNumber', 'telephone1'),
  both('shipmentMethodId', 'address1_freighttermscode', { lookupMappings: ['SHIPMENT METHOD'] }),
  both('paymentTermsId', 'paymenttermscode', { lookupMappings: ['PAYMENT TERMS'] }),
  both('primaryContactId', 'primarycontactid', {
    lookupMappings: ['CONTACT'],
    clearValueOnFailedSync: true,
  }),
]

const DEPENDS_ON = ['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD'] as const

const accountsOfType = (type: string) => all(equal('statecode', '0'), equal('customertypecode', type))

const MATCH_RULES = [match(1, 'number', 'accountnumber'), match(2, 'displayName', 'name')] as const

/**
 * Business Central's default CUSTOMER mapping. Contact, Fax and Primary Contact need a custom API page; shipping agents have no
 * API at all. The owner is always a user, so that nothing has to say which of the two it is.
 */
export const CUSTOMER_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'CUSTOMER',
  localTable: 'customers',
  integrationTable: 'accounts',
  direction: 'BIDIRECTIONAL',
  localFilter: blank('blocked'),
  integrationFilter: accountsOfType(CUSTOMER_TYPE),
  fields: [
    ...COMPANY,
    ownedBy('salespersonId'),
    map('creditLimit', 'creditlimit', 'TO_INTEGRATION_TABLE', {
      localCurrencyAmount: { currencyField: 'currencyId' },
    }),
  ],
  matchRules: MATCH_RULES,
  templates: {
    local: [template({ type: 'Company' })],
    integration: [template({ customertypecode: CUSTOMER_TYPE })],
  },
  dependsOn: DEPENDS_ON,
}

/**
 * Vendors pair with the accounts of type Vendor: the filters part the table between this mapping and CUSTOMER. Contact, Fax,
 * Purchaser, Shipment Method and Primary Contact need a custom API page.
 */
export const VENDOR_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'VENDOR',
  localTable: 'vendors',
  integrationTable: 'accounts',
  direction: 'BIDIRECTIONAL',
  localFilter: blank('blocked'),
  integrationFilter: accountsOfType(VENDOR_TYPE),
  fields: [...COMPANY, ownedBy('purchaserId')],
  matchRules: MATCH_RULES,
  templates: { local: [], integration: [template({ customertypecode: VENDOR_TYPE })] },
  dependsOn: DEPENDS_ON,
}

/**
 * Persons of companies, under the account that the company is coupled with: as a customer or as a vendor. Names in parts,
 * currency, fax, pager, salesperson and the company itself need a custom API page.
 */
export const CONTACT_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'CONTACT',
  localTable: 'contacts',
  integrationTable: 'contacts',
  direction: 'BIDIRECTIONAL',
  localFilter: all(equal('type', 'Person'), filled('companyNumber')),
  integrationFilter: all(
    filled('parentcustomerid'),
    equal('statecode', '0'),
    equal('parentcustomeridtype', 'account'),
  ),
  fields: [
    both('parentId', 'parentcustomerid', { lookupMappings: ['CUSTOMER', 'VENDOR'] }),
    both('currencyId', 'transactioncurrencyid', { lookupMappings: ['CURRENCY'] }),
    ...ADDRESS,
    both('email', 'emailaddress1'),
    both('fax', 'fax'),
    both('firstName', 'firstname'),
    both('middleName', 'middlename'),
    both('surname', 'lastname'),
    both('website', 'websiteurl'),
    both('mobilePhoneNumber', 'mobilephone'),
    both('pager', 'pager'),
    both('phoneNumber', 'telephone1'),
    ownedBy('salespersonId'),
    constantFrom('type', 'Person'),
  ],
  matchRules: [
    {
      priority: 1,
      pairs: [
        { localField: 'email', integrationField: 'emailaddress1' },
        { localField: 'firstName', integrationField: 'firstname' },
        { localField: 'surname', integrationField: 'lastname' },
      ],
      caseSensitive: false,
    },
  ],
  dependsOn: ['CUSTOMER', 'VENDOR'],
}
