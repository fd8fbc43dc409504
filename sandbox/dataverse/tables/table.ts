import type { ChoiceOption, Column, Table } from '../../common/table.js'
import {
  choice,
  column,
  integer,
  lookup,
  memo,
  moment,
  numbered,
  polymorphicLookup,
  text,
} from '../columns.js'

/** A state with the status reasons that belong to it, the usual one first. */
export interface State extends ChoiceOption {
  readonly statuses: readonly ChoiceOption[]
}

/** An error of its own where Dataverse has one; `message` is given the value that was sent. */
export interface Refusal {
  readonly code: string
  readonly message: (value: string) => string
}

export interface DataverseTable extends Table {
  /** Entity name with the capitals of its schema: `TransactionCurrency`. */
  readonly schemaName: string
  /** Caption of the whole table: `Currencies`. */
  readonly pluralCaption: string
  readonly objectTypeCode: number
  readonly ownership: 'UserOwned' | 'OrganizationOwned' | 'BusinessOwned' | 'None'
  /** The column that names a record to people. */
  readonly nameColumn: string
  /** May records be created and deleted; a table without may still allow changes. */
  readonly creatable: boolean
  readonly changeable: boolean
  readonly tracksChanges: boolean
  /** Columns and lookups that may never be blank. */
  readonly required: readonly string[]
  /** Money columns, each with its value in the base currency beside it. */
  readonly money: readonly string[]
  /** Empty where records have no state. */
  readonly states: readonly State[]
  /** Errors that differ from the usual ones, by column or lookup. */
  readonly refusals: {
    readonly blank?: Readonly<Record<string, Refusal>>
    readonly outOfRange?: Readonly<Record<string, Refusal>>
    readonly duplicate?: Readonly<Record<string, Refusal>>
  }
}

const NAVIGATION_READ_ONLY = { readOnly: true, indexed: false } as const

/** Who made and who last changed a record, and when. */
export const STAMPS: readonly Column[] = [
  moment('createdon', { readOnly: true, initial: 'epoch' }),
  moment('modifiedon', { readOnly: true, initial: 'epoch' }),
  lookup('createdby', 'systemusers', 'clear', NAVIGATION_READ_ONLY),
  lookup('modifiedby', 'systemusers', 'clear', NAVIGATION_READ_ONLY),
  column('versionnumber', { kind: 'bigint' }, { readOnly: true, initial: '0' }),
]

export const ACTIVE_INACTIVE: readonly State[] = [
  { value: 0, label: 'Active', statuses: [{ value: 1, label: 'Active' }] },
  { value: 1, label: 'Inactive', statuses: [{ value: 2, label: 'Inactive' }] },
]

/** State and status reason of records that begin in the first of these states, or in `initial`. */
export function stateColumns(states: readonly State[], initial: State | undefined = states[0]): Column[] {
  const status = initial?.statuses[0]
  if (initial === undefined || status === undefined) throw new Error('A state needs a status.')
  return [
    choice('statecode', states, { initial: String(initial.value) }),
    choice(
      'statuscode',
      states.flatMap((state) => state.statuses),
      { initial: String(status.value) },
    ),
  ]
}

/** Given only when a record is created. */
export const CREATE_ONLY: readonly Column[] = [
  moment('overriddencreatedon', { createOnly: true }),
  integer('importsequencenumber', -2147483648, 2147483647, { createOnly: true }),
]

/** The owner: a user or a team. */
export const OWNER: readonly Column[] = [
  ...polymorphicLookup(
    'ownerid',
    [
      { navigation: 'ownerid', target: 'systemusers', mirror: '_owninguser_value' },
      { navigation: 'ownerid', target: 'teams', mirror: '_owningteam_value' },
    ],
    'restrict',
    'systemuser',
  ),
  lookup('owninguser', 'systemusers', 'clear', NAVIGATION_READ_ONLY),
  lookup('owningteam', 'teams', 'clear', NAVIGATION_READ_ONLY),
  lookup('owningbusinessunit', 'businessunits', 'clear', NAVIGATION_READ_ONLY),
]

export const ADDRESS: readonly Column[] = [
  text('address1_name', 200),
  text('address1_line1', 250),
  text('address1_line2', 250),
  text('address1_line3', 250),
  text('address1_city', 80),
  text('address1_stateorprovince', 50),
  text('address1_postalcode', 20),
  text('address1_country', 80),
  memo('address1_composite', { readOnly: true }),
  choice('address1_freighttermscode', numbered(['FOB', 'No Charge'])),
  choice(
    'address1_shippingmethodcode',
    numbered(['Airborne', 'DHL', 'FedEx', 'UPS', 'Postal Mail', 'Full Load', 'Will Call']),
  ),
  text('address1_primarycontactname', 100),
]

export const PAYMENT_TERMS = numbered(['Net 30', '2% 10, Net 30', 'Net 45', 'Net 60'])
export const CUSTOMER_TYPES = numbered([
  'Competitor',
  'Consultant',
  'Customer',
  'Investor',
  'Partner',
  'Influencer',
  'Press',
  'Prospect',
  'Reseller',
  'Supplier',
  'Vendor',
  'Other',
])

/** What most tables have in common. */
export const BASE = {
  version: 'versionnumber',
  stamp: 'modifiedon',
  nameColumn: 'name',
  creatable: true,
  changeable: true,
  tracksChanges: true,
  required: [],
  money: [],
  states: [],
  refusals: {},
} as const
