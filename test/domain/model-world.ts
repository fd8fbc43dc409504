import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import type { TransferContext } from '../../src/domain/field-transfer.js'
import type { MappingDefinition, PassDirection } from '../../src/domain/mapping.js'
import { Side, type Value, type Values } from '../../src/domain/value.js'
import { field, FROM, MAPPING, TO } from './support.js'

/** Everything a user may do, and the passes of a run, in any order. */
export type Step =
  | { readonly kind: 'edit'; readonly side: Side; readonly field: string; readonly value: Value }
  /** Saved without a change to a value. */
  | { readonly kind: 'save'; readonly side: Side }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'clockFalls'; readonly side: Side; readonly milliseconds: number }
  | { readonly kind: 'pass'; readonly pass: PassDirection }
  | { readonly kind: 'synchronize'; readonly pass: PassDirection; readonly overwrite: boolean }
  | { readonly kind: 'keep'; readonly side: Side }

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
export const MODEL_CONTEXT: TransferContext = {
  localTable: CUSTOMER,
  integrationTable: ACCOUNT,
  lookups: { CURRENCY: { toIntegration: { 'l-eur': 'i-eur' }, toLocal: { 'i-eur': 'l-eur' } } },
  baseCurrency: USD,
}

/** Bidirectional: text of different lengths, a code, the currency. One-way: website, amount; e-mail the other way. */
export const MODEL_MAPPING: MappingDefinition = {
  ...MAPPING,
  fields: [
    field('phoneNumber', 'telephone1', 'BIDIRECTIONAL'),
    field('country', 'address1_country', 'BIDIRECTIONAL'),
    field('currencyId', 'transactioncurrencyid', 'BIDIRECTIONAL', { lookupMappings: ['CURRENCY'] }),
    field('website', 'websiteurl', TO),
    field('email', 'emailaddress1', FROM),
    field('creditLimit', 'creditlimit', TO, { localCurrencyAmount: { currencyField: 'currencyId' } }),
  ],
}

/** What users write into each field; `i-gbp` has no coupled currency, 40 digits do not fit a customer's phone. */
export const POOLS: Readonly<Record<Side, Readonly<Record<string, readonly Value[]>>>> = {
  LOCAL: {
    phoneNumber: [null, '1', '2'],
    country: [null, 'DE', 'FR'],
    currencyId: [null, 'l-eur'],
    website: [null, 'w1', 'w2'],
    email: [null, 'e1', 'e2'],
    creditLimit: ['0', '5', '7.25'],
    salespersonCode: [null, 'JR', 'LT'],
  },
  INTEGRATION: {
    telephone1: [null, '1', '2', '4'.repeat(40)],
    address1_country: [null, 'DE', 'de', 'FR'],
    transactioncurrencyid: [null, USD, 'i-eur', 'i-gbp'],
    websiteurl: [null, 'w1', 'w3'],
    emailaddress1: [null, 'e1', 'e3'],
    creditlimit: [null, '5', '7.2512'],
    fax: [null, '8', '9'],
  },
}
/** Fields of each side that no mapping names. */
export const UNMAPPED: Readonly<Record<Side, string>> = { LOCAL: 'salespersonCode', INTEGRATION: 'fax' }
/** Blank records; the blank currency of a customer is the local one, which pairs with the base currency. */
export const BLANK: Readonly<Record<Side, Values>> = {
  LOCAL: { ...blankValues(Side.local), creditLimit: '0' },
  INTEGRATION: { ...blankValues(Side.integration), transactioncurrencyid: USD },
}

function blankValues(side: Side): Values {
  return Object.fromEntries(Object.keys(POOLS[side]).map((name) => [name, null]))
}
