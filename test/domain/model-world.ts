import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import type { TransferContext } from '../../src/domain/field-transfer.js'
import type { MappingDefinition, PassDirection } from '../../src/domain/mapping.js'
import type { TableDefinition } from '../../src/domain/schema.js'
import { Side, type FieldType, type Value, type Values } from '../../src/domain/value.js'
import { field, FROM, MAPPING, TO } from './support.js'

/** An edit of a mapped or unmapped field by a user. */
export interface Edit {
  readonly side: Side
  readonly field: string
  readonly value: Value
}

/**
 * Where a pass dies: before its intents are stored, before anything is sent, after its first write, after all of them and
 * before they are recorded.
 */
export type CrashPoint = 0 | 1 | 2 | 3

/** Everything a user may do, and the passes of a run, in any order. */
export type Step =
  | ({ readonly kind: 'edit' } & Edit)
  /** Saved without a change to a value. */
  | { readonly kind: 'save'; readonly side: Side }
  | { readonly kind: 'delete'; readonly side: Side }
  /** Taken back out of the recycle bin, with its old id. */
  | { readonly kind: 'undelete'; readonly side: Side }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'clockFalls'; readonly side: Side; readonly milliseconds: number }
  /** `race`: what a user saves between our reading and our writing. */
  | {
      readonly kind: 'pass'
      readonly pass: PassDirection
      readonly crash: CrashPoint | null
      readonly race: Edit | null
    }
  | { readonly kind: 'synchronize'; readonly pass: PassDirection; readonly overwrite: boolean }
  | { readonly kind: 'merge'; readonly pass: PassDirection }
  | { readonly kind: 'keep'; readonly side: Side }
  /** A choice field by field: this side for the first field, the other for the second, and so on; `own`: of the phone. */
  | { readonly kind: 'choose'; readonly first: Side; readonly own: Value }

/** How a history begins. `agreed`: equal and blank. `fresh`: just coupled by a match. `alone`: one record, no partner. */
export type Beginning = 'agreed' | 'fresh' | { readonly alone: Side }

export interface World {
  readonly mapping: MappingDefinition
  /** Milliseconds of one step of each server's stamps. */
  readonly resolution: Readonly<Record<Side, number>>
  /** Each server's clock less the true time. */
  readonly offset: Readonly<Record<Side, number>>
  readonly beginning: Beginning
  readonly values: Readonly<Record<Side, Values>>
}

const USD = 'i-usd'
const extended = (table: TableDefinition, types: Readonly<Record<string, FieldType>>): TableDefinition => ({
  ...table,
  fields: [...table.fields, ...Object.entries(types).map(([name, type]) => ({ name, caption: name, type }))],
})

export const MODEL_CONTEXT: TransferContext = {
  localTable: extended(CUSTOMER, {
    note: { kind: 'text', maxLength: 3 },
    terms: { kind: 'code', maxLength: 10 },
    due: { kind: 'date' },
    seller: { kind: 'lookup', table: 'salespeoplePurchasers' },
    contact: { kind: 'lookup', table: 'contacts' },
  }),
  integrationTable: extended(ACCOUNT, {
    x_note: { kind: 'text', maxLength: 5 },
    x_terms: { kind: 'option', members: ['1', '2', '3'] },
    x_due: { kind: 'dateTime' },
    x_seller: { kind: 'lookup', table: 'systemusers' },
    x_contact: { kind: 'lookup', table: 'contacts' },
    x_kind: { kind: 'text', maxLength: 9 },
  }),
  lookups: {
    CURRENCY: { toIntegration: { 'l-eur': 'i-eur' }, toLocal: { 'i-eur': 'l-eur' } },
    PEOPLE: { toIntegration: { 'l-ann': 'i-ann' }, toLocal: { 'i-ann': 'l-ann' } },
  },
  baseCurrency: USD,
}

/**
 * Bidirectional: text of different lengths, cut or refused, a code, an option map, a day beside an instant, lookups that wait,
 * are cleared or kept. One-way: website, amount, a constant; e-mail the other way.
 */
export const MODEL_MAPPING: MappingDefinition = {
  ...MAPPING,
  fields: [
    field('phoneNumber', 'telephone1', 'BIDIRECTIONAL'),
    field('note', 'x_note', 'BIDIRECTIONAL', { truncate: true }),
    field('country', 'address1_country', 'BIDIRECTIONAL'),
    field('terms', 'x_terms', 'BIDIRECTIONAL', {
      optionMap: [
        { local: 'COD', integration: '1' },
        { local: 'CM', integration: '2' },
      ],
    }),
    field('due', 'x_due', 'BIDIRECTIONAL', { timeZone: 'Europe/Berlin' }),
    field('seller', 'x_seller', 'BIDIRECTIONAL', { lookupMappings: ['PEOPLE'], notNull: true }),
    field('contact', 'x_contact', 'BIDIRECTIONAL', {
      lookupMappings: ['PEOPLE'],
      clearValueOnFailedSync: true,
    }),
    field('currencyId', 'transactioncurrencyid', 'BIDIRECTIONAL', { lookupMappings: ['CURRENCY'] }),
    field('website', 'websiteurl', TO),
    field('email', 'emailaddress1', FROM),
    field('creditLimit', 'creditlimit', TO, { localCurrencyAmount: { currencyField: 'currencyId' } }),
    { name: ':x_kind', localField: null, integrationField: 'x_kind', constant: 'Person', direction: TO },
  ],
}

/** What users write into each field; `i-gbp` and `i-bob` have no partner, 40 digits do not fit a customer's phone. */
export const POOLS: Readonly<Record<Side, Readonly<Record<string, readonly Value[]>>>> = {
  LOCAL: {
    phoneNumber: [null, '1', '2'],
    note: [null, 'abc', 'x'],
    country: [null, 'DE', 'FR'],
    terms: [null, 'COD', 'CM'],
    due: [null, '2026-01-05', '2026-01-06'],
    seller: [null, 'l-ann'],
    contact: [null, 'l-ann', 'l-bob'],
    currencyId: [null, 'l-eur'],
    website: [null, 'w1', 'w2'],
    email: [null, 'e1', 'e2'],
    creditLimit: ['0', '5', '7.25'],
    salespersonCode: [null, 'JR', 'LT'],
  },
  INTEGRATION: {
    telephone1: [null, '1', '2', '4'.repeat(40)],
    x_note: [null, 'abc', 'abcde', 'y'],
    address1_country: [null, 'DE', 'de', 'FR'],
    x_terms: [null, '1', '2', '3'],
    x_due: [null, '2026-01-04T23:00:00Z', '2026-01-05T12:00:00Z', '2026-01-05T23:00:00Z'],
    x_seller: [null, 'i-ann'],
    x_contact: [null, 'i-ann'],
    transactioncurrencyid: [null, USD, 'i-eur', 'i-gbp'],
    websiteurl: [null, 'w1', 'w3'],
    emailaddress1: [null, 'e1', 'e3'],
    creditlimit: [null, '5', '7.2512'],
    x_kind: [null, 'Person', 'Firm'],
    fax: [null, '8', '9'],
  },
}
/** Fields of each side that no mapping names. */
export const UNMAPPED: Readonly<Record<Side, string>> = { LOCAL: 'salespersonCode', INTEGRATION: 'fax' }
/** Blank records; the blank currency of a customer is the local one, which pairs with the base currency. */
export const BLANK: Readonly<Record<Side, Values>> = {
  LOCAL: { ...blankValues(Side.local), creditLimit: '0' },
  INTEGRATION: { ...blankValues(Side.integration), transactioncurrencyid: USD, x_kind: 'Person' },
}

function blankValues(side: Side): Values {
  return Object.fromEntries(Object.keys(POOLS[side]).map((name) => [name, null]))
}
