import { boolean, choice, guid, lookup, memo, numbered, text } from '../columns.js'
import type { DataverseTable } from './table.js'
import { BASE, STAMPS } from './table.js'

const ACCESS_MODES = numbered(
  ['Read-Write', 'Administrative', 'Read', 'Support User', 'Non-interactive', 'Delegated Admin'],
  0,
)
/** Non-interactive. */
export const APPLICATION_ACCESS_MODE = '4'

export const SYSTEM_USERS: DataverseTable = {
  ...BASE,
  name: 'systemusers',
  entity: 'systemuser',
  schemaName: 'SystemUser',
  caption: 'User',
  pluralCaption: 'Users',
  objectTypeCode: 8,
  ownership: 'BusinessOwned',
  nameColumn: 'fullname',
  key: 'systemuserid',
  required: ['businessunitid'],
  columns: [
    guid('systemuserid'),
    text('fullname', 200, { readOnly: true, indexed: true }),
    text('firstname', 64),
    text('middlename', 50),
    text('lastname', 64),
    text('internalemailaddress', 100, { indexed: true }),
    text('domainname', 1024),
    text('mobilephone', 64),
    text('homephone', 50),
    text('address1_telephone1', 64),
    text('title', 128),
    text('jobtitle', 100),
    text('employeeid', 100),
    lookup('businessunitid', 'businessunits', 'restrict'),
    boolean('isdisabled', { initial: 'f' }),
    boolean('islicensed', { initial: 't' }),
    boolean('isintegrationuser', { initial: 'f' }),
    choice('accessmode', ACCESS_MODES, { initial: '0' }),
    guid('azureactivedirectoryobjectid', { readOnly: true }),
    // The service itself has been seen with two users of one application.
    guid('applicationid', { createOnly: true, unique: true, indexed: true, twiceByAccident: true }),
    ...STAMPS,
  ],
}

export const TEAMS: DataverseTable = {
  ...BASE,
  name: 'teams',
  entity: 'team',
  schemaName: 'Team',
  caption: 'Team',
  pluralCaption: 'Teams',
  objectTypeCode: 9,
  ownership: 'BusinessOwned',
  key: 'teamid',
  required: ['name', 'businessunitid'],
  columns: [
    guid('teamid'),
    text('name', 160, { indexed: true }),
    memo('description'),
    choice('teamtype', numbered(['Owner', 'Access', 'Security Group', 'Office Group'], 0), {
      createOnly: true,
      initial: '0',
    }),
    boolean('isdefault', { readOnly: true, initial: 'f' }),
    lookup('administratorid', 'systemusers', 'restrict'),
    lookup('businessunitid', 'businessunits', 'restrict'),
    ...STAMPS,
  ],
}

export const BUSINESS_UNITS: DataverseTable = {
  ...BASE,
  name: 'businessunits',
  entity: 'businessunit',
  schemaName: 'BusinessUnit',
  caption: 'Business Unit',
  pluralCaption: 'Business Units',
  objectTypeCode: 10,
  ownership: 'BusinessOwned',
  key: 'businessunitid',
  creatable: false,
  changeable: false,
  columns: [
    guid('businessunitid'),
    text('name', 160),
    memo('description'),
    lookup('parentbusinessunitid', 'businessunits', 'restrict'),
    boolean('isdisabled', { initial: 'f' }),
    ...STAMPS,
  ],
}
