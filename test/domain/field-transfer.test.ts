import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT, TRANSACTION_CURRENCY } from '../../src/domain/catalog/dataverse.js'
import { CURRENCY } from '../../src/domain/catalog/business-central.js'
import {
  fieldAgrees,
  fieldsRead,
  transferField,
  type TransferContext,
} from '../../src/domain/field-transfer.js'
import type { PassDirection } from '../../src/domain/mapping.js'
import type { FieldType, Value } from '../../src/domain/value.js'
import { CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { CONTEXT, field, FROM, TO } from './support.js'

const NAME = field('displayName', 'name', 'BIDIRECTIONAL')
const COUNTRY = field('country', 'address1_country', 'BIDIRECTIONAL')
const CREDIT = field('creditLimit', 'creditlimit', TO, {
  localCurrencyAmount: { currencyField: 'currencyId' },
})
const CURRENCY_ID = field('currencyId', 'transactioncurrencyid', 'BIDIRECTIONAL', {
  lookupMappings: ['CURRENCY'],
})

const USD = 'aaaaaaaa-0000-0000-0000-000000000001'
const EUR = 'aaaaaaaa-0000-0000-0000-000000000002'
const GBP = 'aaaaaaaa-0000-0000-0000-000000000003'
const LOCAL_EUR = 'bbbbbbbb-0000-0000-0000-000000000002'
const MONEY: TransferContext = {
  localTable: CUSTOMER,
  integrationTable: ACCOUNT,
  lookups: { CURRENCY: { toIntegration: { [LOCAL_EUR]: EUR }, toLocal: { [EUR]: LOCAL_EUR } } },
  baseCurrency: USD,
}

/** The catalog's tables with one field of the types given on either side. */
const typed = (local: FieldType, integration: FieldType): TransferContext => ({
  ...CONTEXT,
  localTable: { ...CUSTOMER, fields: [{ name: 'x', caption: 'Local X', type: local }] },
  integrationTable: { ...ACCOUNT, fields: [{ name: 'x', caption: 'Remote X', type: integration }] },
})
const X = field('x', 'x', 'BIDIRECTIONAL')
const decimal = (scale: number, nullable = true): FieldType => ({ kind: 'decimal', scale, nullable })
const text = (maxLength: number): FieldType => ({ kind: 'text', maxLength })

describe('transferField converts', () => {
  it.each<readonly [string, FieldType, Value, FieldType, Value]>([
    ['text as it is', text(5), ' Ab ', text(9), ' Ab '],
    ['text to a code', text(20), ' de ', { kind: 'code', maxLength: 10 }, 'DE'],
    ['text of blanks to a blank code', text(20), '   ', { kind: 'code', maxLength: 10 }, null],
    ['ß in a code one to one', text(20), 'straße', { kind: 'code', maxLength: 6 }, 'STRAßE'],
    ['blank', text(5), null, text(5), null],
    ['blank to a number that cannot be blank', decimal(2), null, decimal(2, false), '0'],
    ['blank to a number that can', decimal(2, false), null, decimal(2), null],
    ['blank to a Boolean that cannot be blank', text(5), null, { kind: 'boolean', nullable: false }, false],
    ['a Boolean', { kind: 'boolean', nullable: true }, true, { kind: 'boolean', nullable: false }, true],
    [
      'digits that a JSON number would lose',
      decimal(4),
      '12345678901234.5678',
      decimal(10),
      '12345678901234.5678',
    ],
    ['a number to a coarser scale', decimal(4), '1.2550', decimal(2), '1.26'],
    ['a number to an integer', decimal(4), '-2.5', { kind: 'integer', nullable: true }, '-3'],
    ['a number to text', decimal(4), '1.5', text(5), '1.5'],
    ['text that is a number', text(9), '1.50', decimal(2), '1.5'],
    ['an option', { kind: 'option', members: ['3'] }, '3', { kind: 'option', members: ['3'] }, '3'],
    ['a date', { kind: 'date' }, '2026-01-05', { kind: 'date' }, '2026-01-05'],
    ['NUL and half pairs', text(5), 'a\0\ud800', text(5), 'a\0\ud800'],
  ])('%s', (_name, sourceType, value, destinationType, carried) => {
    expect(transferField(X, TO, { x: value }, typed(sourceType, destinationType))).toEqual({
      kind: 'value',
      value: carried,
    })
    expect(transferField(X, FROM, { x: value }, typed(destinationType, sourceType))).toEqual({
      kind: 'value',
      value: carried,
    })
  })

  it('takes blank for blank where the base currency is not known', () => {
    const unknown = { ...MONEY, baseCurrency: null }
    expect(transferField(CURRENCY_ID, TO, { currencyId: null }, unknown)).toEqual({
      kind: 'value',
      value: null,
    })
  })
})

describe('transferField refuses', () => {
  it.each<readonly [PassDirection, string, object]>([
    [
      FROM,
      'n'.repeat(101),
      {
        errorClass: 'VALIDATION',
        message: 'The value of Account Name is 101 characters long; Name in Customer holds at most 100.',
        remedy: 'Shorten Account Name to 100 characters, then synchronize again.',
        field: 'displayName',
      },
    ],
    [
      TO,
      'n'.repeat(161),
      {
        errorClass: 'VALIDATION',
        message: 'The value of Name is 161 characters long; Account Name in Account holds at most 160.',
        remedy: 'Shorten Name to 160 characters, then synchronize again.',
        field: 'name',
      },
    ],
  ])('%s, text that is too long, by field, length and limit', (pass, value, failure) => {
    expect(transferField(NAME, pass, { displayName: value, name: value }, CONTEXT)).toMatchObject({
      kind: 'failed',
      failure,
    })
  })

  it('counts length in UTF-16 units, so that a pair is two', () => {
    const fits = `${'n'.repeat(98)}\ud83d\ude00`
    expect(transferField(NAME, FROM, { name: fits }, CONTEXT)).toEqual({ kind: 'value', value: fits })
    expect(transferField(NAME, FROM, { name: `${fits}n` }, CONTEXT)).toMatchObject({ kind: 'failed' })
  })

  it('measures a code after it was trimmed', () => {
    expect(transferField(COUNTRY, FROM, { address1_country: `  ${'d'.repeat(10)}  ` }, CONTEXT)).toEqual({
      kind: 'value',
      value: 'D'.repeat(10),
    })
    expect(transferField(COUNTRY, FROM, { address1_country: 'd'.repeat(11) }, CONTEXT)).toMatchObject({
      failure: {
        message:
          'The value of Address 1: Country/Region is 11 characters long; Country/Region Code in Customer holds at most 10.',
      },
    })
  })

  it('text that is no number, in a numeric field', () => {
    expect(transferField(X, TO, { x: 'many' }, typed(text(9), decimal(2)))).toMatchObject({
      failure: {
        errorClass: 'VALIDATION',
        message: 'The value of Local X is not a number, as Remote X in Account must be.',
        field: 'x',
      },
    })
  })

  it('a lookup whose record has no partner yet, in both directions', () => {
    const to = transferField(CURRENCY_ID, TO, { currencyId: GBP }, MONEY)
    expect(to).toMatchObject({
      failure: {
        errorClass: 'DEPENDENCY_MISSING',
        message: `Currency Code ${GBP} must be coupled to a record in CURRENCY.`,
        field: 'currencyId',
      },
    })
    const from = transferField(CURRENCY_ID, FROM, { transactioncurrencyid: GBP }, MONEY)
    expect(from).toMatchObject({
      failure: {
        errorClass: 'DEPENDENCY_MISSING',
        message: `Currency ${GBP} must be coupled to a record in CURRENCY.`,
      },
    })
  })

  it('a field that was not read: absent is never blank', () => {
    expect(() => transferField(NAME, TO, {}, CONTEXT)).toThrow(
      'Field displayName was not read; absent is never blank.',
    )
  })
})

describe('currencies', () => {
  it.each<readonly [PassDirection, Value, Value]>([
    [TO, null, USD],
    [TO, LOCAL_EUR, EUR],
    [FROM, USD, null],
    [FROM, null, null],
    [FROM, EUR, LOCAL_EUR],
  ])('%s: %s becomes %s', (pass, value, carried) => {
    const source = { currencyId: value, transactioncurrencyid: value }
    expect(transferField(CURRENCY_ID, pass, source, MONEY)).toEqual({ kind: 'value', value: carried })
  })

  it('the local currency never waits for a currency record, whatever is coupled', () => {
    fc.assert(
      fc.property(fc.option(fc.uuid()), fc.boolean(), (baseCurrency, hasCouplings) => {
        const context = { ...MONEY, baseCurrency, lookups: hasCouplings ? MONEY.lookups : {} }
        const to = transferField(CURRENCY_ID, TO, { currencyId: null }, context)
        expect(to).toEqual({ kind: 'value', value: baseCurrency })
        for (const transactioncurrencyid of [null, baseCurrency])
          expect(transferField(CURRENCY_ID, FROM, { transactioncurrencyid }, context)).toEqual({
            kind: 'value',
            value: null,
          })
      }),
    )
  })

  it.each<readonly [Value, Value, boolean]>([
    [null, USD, true],
    [null, null, true],
    [null, EUR, false],
    [LOCAL_EUR, EUR, true],
    [LOCAL_EUR, USD, false],
    [LOCAL_EUR, null, false],
    [GBP, GBP, false],
  ])('%s and %s agree: %s', (currencyId, transactioncurrencyid, agree) => {
    expect(fieldAgrees(CURRENCY_ID, { currencyId }, { transactioncurrencyid }, MONEY)).toBe(agree)
  })

  it('the blank of any other lookup is nothing, not the base currency', () => {
    const integrationTable = {
      ...ACCOUNT,
      fields: [{ name: 'x', caption: 'Remote X', type: { kind: 'lookup', table: 'contacts' } as const }],
    }
    const context = { ...MONEY, integrationTable, localTable: typed({ kind: 'guid' }, text(1)).localTable }
    const contact = { ...X, lookupMappings: ['CONTACT'] }
    expect(transferField(contact, TO, { x: null }, context)).toEqual({ kind: 'value', value: null })
    expect(transferField(contact, FROM, { x: USD }, context)).toMatchObject({ kind: 'failed' })
  })

  it('an amount in the local currency is carried for a local-currency customer only', () => {
    const amount = (currencyId: Value) => transferField(CREDIT, TO, { creditLimit: '5', currencyId }, MONEY)
    expect(amount(null)).toEqual({ kind: 'value', value: '5' })
    expect(amount(LOCAL_EUR)).toEqual({ kind: 'omitted' })
  })

  it('an amount that is left out is no difference', () => {
    const integration = { creditlimit: '7' }
    expect(fieldAgrees(CREDIT, { creditLimit: '5', currencyId: LOCAL_EUR }, integration, MONEY)).toBe(true)
    expect(fieldAgrees(CREDIT, { creditLimit: '5', currencyId: null }, integration, MONEY)).toBe(false)
  })

  it('a code that does not fit the other system is told, not cut', () => {
    const currencies = { ...MONEY, localTable: CURRENCY, integrationTable: TRANSACTION_CURRENCY }
    expect(
      transferField(field('code', 'isocurrencycode', TO), TO, { code: 'EUROPE' }, currencies),
    ).toMatchObject({
      failure: {
        message:
          'The value of Code is 6 characters long; Currency Code in Transaction Currency holds at most 5.',
      },
    })
  })
})

describe('fieldAgrees', () => {
  it('asks a one-way field in its direction only', () => {
    const local = { displayName: 'Alfreds' }
    const integration = { name: null }
    for (const direction of [TO, FROM])
      expect(fieldAgrees({ ...NAME, direction }, local, integration, CONTEXT)).toBe(false)
  })

  it('takes what one side can hold of the other for agreement', () => {
    const coarse = typed(decimal(2), decimal(4))
    expect(fieldAgrees(X, { x: '1.25' }, { x: '1.2512' }, coarse)).toBe(true)
    expect(fieldAgrees({ ...X, direction: FROM }, { x: '1.25' }, { x: '1.2512' }, coarse)).toBe(true)
    expect(fieldAgrees(X, { x: '1.25' }, { x: '1.2551' }, coarse)).toBe(false)
  })

  it('does not take a value that cannot be carried for agreement', () => {
    expect(fieldAgrees(NAME, { displayName: 'n'.repeat(100) }, { name: 'n'.repeat(150) }, CONTEXT)).toBe(
      false,
    )
  })

  it('refuses to judge by a field that was not read', () => {
    expect(() => fieldAgrees(NAME, { displayName: 'Alfreds' }, {}, CONTEXT)).toThrow(
      'Field name was not read; absent is never blank.',
    )
  })
})

describe('fieldsRead', () => {
  it('names mapped, filtered, matched and referred fields, once each', () => {
    const read = fieldsRead(CUSTOMER_MAPPING, { local: ['blocked'], integration: ['statecode', 'name'] })
    expect(read.local).toEqual([...new Set(read.local)].toSorted())
    expect(read.local).toEqual(expect.arrayContaining(['blocked', 'number', 'currencyId', 'creditLimit']))
    expect(read.integration).toEqual(expect.arrayContaining(['statecode', 'accountnumber', 'creditlimit']))
    expect(read.integration.filter((name) => name === 'name')).toHaveLength(1)
  })
})
