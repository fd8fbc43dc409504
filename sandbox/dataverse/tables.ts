import type { Column, Table } from '../common/table.js'
import {
  boolean,
  choice,
  column,
  exchangeRate,
  guid,
  integer,
  lookup,
  memo,
  moment,
  money,
  text,
} from './columns.js'

export interface DataverseTable extends Table {
  /** May records be created and deleted; a table without may still allow changes. */
  readonly creatable: boolean
  readonly changeable: boolean
  readonly tracksChanges: boolean
  /** Members without which a record cannot be created. */
  readonly required: readonly string[]
  /** Money columns, each with its value in the base currency beside it. */
  readonly money: readonly string[]
}

const NAVIGATION_READ_ONLY = { readOnly: true, indexed: false } as const
const STAMPS: readonly Column[] = [
  moment('createdon', { readOnly: true, initial: 'epoch' }),
  moment('modifiedon', { readOnly: true, initial: 'epoch' }),
  lookup('createdby', 'systemusers', 'clear', NAVIGATION_READ_ONLY),
  lookup('modifiedby', 'systemusers', 'clear', NAVIGATION_READ_ONLY),
  column('versionnumber', { kind: 'bigint' }, { readOnly: true, initial: '0' }),
]
const STATE: readonly Column[] = [
  column('statecode', { kind: 'choice', values: [0, 1] }, { initial: '0' }),
  column('statuscode', { kind: 'choice', values: [1, 2] }, { initial: '1' }),
]
const CREATE_ONLY: readonly Column[] = [
  moment('overriddencreatedon', { createOnly: true }),
  integer('importsequencenumber', -2147483648, 2147483647, { createOnly: true }),
]
const ADDRESS: readonly Column[] = [
  text('address1_name', 200),
  text('address1_line1', 250),
  text('address1_line2', 250),
  text('address1_line3', 250),
  text('address1_city', 80),
  text('address1_stateorprovince', 50),
  text('address1_postalcode', 20),
  text('address1_country', 80),
  memo('address1_composite', { readOnly: true }),
  choice('address1_freighttermscode', 2),
  choice('address1_shippingmethodcode', 7),
]

const BASE = {
  version: 'versionnumber',
  stamp: 'modifiedon',
  creatable: true,
  changeable: true,
  tracksChanges: true,
  required: [],
  money: [],
} as const

export const ACCOUNTS: DataverseTable = {
  ...BASE,
  name: 'accounts',
  entity: 'account',
  caption: 'Account',
  key: 'accountid',
  money: ['creditlimit', 'revenue', 'marketcap'],
  columns: [
    guid('accountid'),
    text('name', 160, { indexed: true }),
    text('accountnumber', 20, { indexed: true }),
    text('telephone1', 50),
    text('telephone2', 50),
    text('telephone3', 50),
    text('fax', 50),
    text('emailaddress1', 100, { indexed: true }),
    text('websiteurl', 200),
    ...ADDRESS,
    text('address1_primarycontactname', 100),
    memo('description'),
    ...money('creditlimit'),
    ...money('revenue'),
    ...money('marketcap'),
    exchangeRate({ readOnly: true }),
    boolean('creditonhold', { initial: 'f' }),
    integer('numberofemployees', 0, 1_000_000_000),
    choice('customertypecode', 12),
    choice('accountcategorycode', 2),
    choice('industrycode', 33),
    choice('paymenttermscode', 4),
    ...STATE,
    lookup('primarycontactid', 'contacts'),
    lookup('parentaccountid', 'accounts'),
    lookup('transactioncurrencyid', 'transactioncurrencies', 'restrict'),
    lookup('ownerid', 'systemusers'),
    lookup('preferredsystemuserid', 'systemusers'),
    guid('_masterid_value', { readOnly: true }),
    boolean('merged', { readOnly: true, initial: 'f' }),
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}

export const CONTACTS: DataverseTable = {
  ...BASE,
  name: 'contacts',
  entity: 'contact',
  caption: 'Contact',
  key: 'contactid',
  money: ['creditlimit'],
  columns: [
    guid('contactid'),
    text('firstname', 50),
    text('middlename', 50),
    text('lastname', 50, { indexed: true }),
    text('fullname', 160, { readOnly: true, indexed: true }),
    text('jobtitle', 100),
    text('emailaddress1', 100, { indexed: true }),
    text('telephone1', 50),
    text('mobilephone', 50),
    text('fax', 50),
    text('websiteurl', 200),
    ...ADDRESS,
    column('birthdate', { kind: 'date' }),
    memo('description'),
    ...money('creditlimit'),
    exchangeRate({ readOnly: true }),
    choice('customertypecode', 12),
    choice('paymenttermscode', 4),
    ...STATE,
    column('_parentcustomerid_value', { kind: 'guid' }, { indexed: true, readOnly: true }),
    text('_parentcustomerid_type', 10, { hidden: true, readOnly: true }),
    guid('_accountid_value', { readOnly: true }),
    guid('_parentcontactid_value', { readOnly: true }),
    lookup('transactioncurrencyid', 'transactioncurrencies', 'restrict'),
    lookup('ownerid', 'systemusers'),
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}

export const TRANSACTION_CURRENCIES: DataverseTable = {
  ...BASE,
  name: 'transactioncurrencies',
  entity: 'transactioncurrency',
  caption: 'Currency',
  key: 'transactioncurrencyid',
  required: ['isocurrencycode', 'currencyname', 'exchangerate'],
  columns: [
    guid('transactioncurrencyid'),
    text('isocurrencycode', 5, { createOnly: true, indexed: true }),
    text('currencyname', 100),
    text('currencysymbol', 10),
    integer('currencyprecision', 0, 4, { initial: '2' }),
    exchangeRate({}),
    ...STATE,
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}

export const SYSTEM_USERS: DataverseTable = {
  ...BASE,
  name: 'systemusers',
  entity: 'systemuser',
  caption: 'User',
  key: 'systemuserid',
  creatable: false,
  columns: [
    guid('systemuserid'),
    text('fullname', 200, { readOnly: true, indexed: true }),
    text('firstname', 64),
    text('lastname', 64),
    text('internalemailaddress', 100, { indexed: true }),
    text('domainname', 1024),
    text('mobilephone', 64),
    text('address1_telephone1', 64),
    text('title', 128),
    text('jobtitle', 100),
    guid('_businessunitid_value', { readOnly: true }),
    boolean('isdisabled', { readOnly: true, initial: 'f' }),
    boolean('islicensed', { readOnly: true, initial: 't' }),
    column('accessmode', { kind: 'choice', values: [0, 1, 2, 3, 4, 5] }, { initial: '0' }),
    guid('azureactivedirectoryobjectid', { readOnly: true }),
    guid('applicationid', { readOnly: true, indexed: true }),
    ...STAMPS,
  ],
}

export const ORGANIZATIONS: DataverseTable = {
  ...BASE,
  name: 'organizations',
  entity: 'organization',
  caption: 'Organization',
  key: 'organizationid',
  creatable: false,
  changeable: false,
  tracksChanges: false,
  columns: [
    guid('organizationid'),
    text('name', 160),
    lookup('basecurrencyid', 'transactioncurrencies', 'restrict'),
    text('basecurrencysymbol', 5),
    integer('expirechangetrackingindays', 0, 365, { initial: '7' }),
    ...STAMPS,
  ],
}

export const DATAVERSE_TABLES: readonly DataverseTable[] = [
  ACCOUNTS,
  CONTACTS,
  TRANSACTION_CURRENCIES,
  SYSTEM_USERS,
  ORGANIZATIONS,
]

/** Entity sets that exist in Dataverse and not here. */
export const UNSERVED_SETS: ReadonlySet<string> = new Set(
  (
    'activitypointers annotations appointments businessunits campaigns connections emails EntityDefinitions incidents invoices leads opportunities ' +
    'GlobalOptionSetDefinitions phonecalls pricelevels productpricelevels products quotes RelationshipDefinitions roles salesorders sdkmessagefilters sdkmessages solutions tasks teams ' +
    'territories uoms uomschedules'
  ).split(' '),
)
