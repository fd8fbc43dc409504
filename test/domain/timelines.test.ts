import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { transferField } from '../../src/domain/field-transfer.js'
import type { PassDirection } from '../../src/domain/mapping.js'
import type { Value, Values } from '../../src/domain/value.js'
import { CREDIT, CURRENCY, LINE, MONEY_CONTEXT, Pair, USD } from './pair.js'
import { AGREED_AT, EVEN_LATER, field, FROM, gist, stage, TO } from './support.js'

/**
 * Histories that once broke a rule, by their number in src/domain/SPEC.md. L is the customer in Business Central, I the
 * account in Sales; each is told to the decision as both passes of a run would tell it.
 */
/** Exactly these writes, and no other. */
const modified = (local: Values | null, integration: Values | null) => ({
  outcome: 'modified',
  writes: expect.toSatisfy((writes) => isDeepStrictEqual(writes, { local, integration })),
})
const conflict = (told: object = {}) => ({ outcome: 'conflict', ...told })

describe('timelines', () => {
  it('1: an edit of a field carried the other way is not lost behind an edit of an unmapped field', () => {
    const pair = new Pair().editLocal({ fax: '9' }).editIntegration({ emailaddress1: 'e2' }, EVEN_LATER)
    expect(pair.ask(TO)).toMatchObject({ row: 16, ...modified({ email: 'e2' }, null) })
    expect(pair.ask(FROM)).toMatchObject({ row: 16, ...modified({ email: 'e2' }, null) })
  })

  it('2: a phone edit does not destroy the longer line that the other side holds', () => {
    const long = 'x'.repeat(200)
    const lossy = { local: { addressLine1: long.slice(0, 100) }, integration: { address1_line1: long } }
    const pair = new Pair(lossy).editLocal({ phoneNumber: '2' })
    expect(pair.ask(TO)).toMatchObject({ row: 14, ...modified(null, { telephone1: '2' }) })
  })

  it('3: the first contact of a matched pair overwrites nothing that differs', () => {
    const pair = new Pair({ integration: { telephone1: '2', address1_line1: null } })
    const uncoupled = { coupling: null, match: { kind: 'one', partner: pair.integration } } as const
    expect(pair.ask(TO, uncoupled)).toMatchObject({ row: 8, partner: 'i1', ...conflict() })
    pair.coupling = pair.coupling && { ...pair.coupling, base: null }
    expect(pair.ask(FROM)).toMatchObject({ row: 8, ...conflict() })
  })

  it('5: an edit in the second of our own write is a change', () => {
    const pair = new Pair().editIntegration({ telephone1: '2' }, AGREED_AT)
    expect(pair.ask(FROM)).toMatchObject({ row: 14, ...modified({ phoneNumber: '2' }, null) })
  })

  it('5: an edit that a clock behind stamps lower is a change', () => {
    const pair = new Pair().editIntegration({ telephone1: '2' }, AGREED_AT - 3_600_000)
    expect(pair.ask(FROM)).toMatchObject({ row: 14, ...modified({ phoneNumber: '2' }, null) })
    expect(pair.ask(TO)).toMatchObject({ row: 18, pendingFor: FROM })
  })

  it('6: what a person kept, edited once more by the side that he kept, is no conflict', () => {
    const pair = new Pair().editLocal({ phoneNumber: '2' }).editIntegration({ telephone1: '3' })
    const clash = pair.ask(TO)
    if (clash.outcome !== 'conflict') throw new Error(`A conflict was expected, not ${clash.outcome}.`)
    const { detail } = clash
    const values = Object.fromEntries(detail.fields.map((one) => [one.name, one]))
    const seen = { versions: { local: detail.localVersion, integration: detail.integrationVersion }, values }
    const kept = pair.ask(FROM, {
      skipped: true,
      mode: { kind: 'resolve', choice: { kind: 'side', keep: 'INTEGRATION' }, seen },
    })
    expect(kept).toMatchObject({ row: 'resolved', ...modified({ phoneNumber: '3' }, null) })
    pair.carryOut(kept, { by: 'MANUAL', source: 'INTEGRATION' })
    pair.editIntegration({ telephone1: '4' }, EVEN_LATER)
    expect(pair.ask(TO)).toMatchObject({ row: 18, pendingFor: FROM })
    expect(pair.ask(FROM)).toMatchObject({ row: 14, ...modified({ phoneNumber: '4' }, null) })
  })

  it('7: a policy for one side still carries what only the loser carries', () => {
    const policy = { updateConflictPolicy: 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE' } as const
    const pair = new Pair({ mapping: policy })
    pair.editLocal({ phoneNumber: '2', website: 'w2' }).editIntegration({ telephone1: '3' })
    for (const pass of [TO, FROM])
      expect(pair.ask(pass)).toMatchObject({
        row: 15,
        ...modified({ phoneNumber: '3' }, { websiteurl: 'w2' }),
      })
  })

  it('13: the first contact of a one-way mapping does not write its source', () => {
    for (const pass of [TO, FROM]) {
      const on = stage(pass)
      const coupling = on.freshCoupling
      const destination = on.destination.edited({ name: null, back: 'other@alfreds.example' })
      const source = on.source.edited({ phone: null })
      const decision = on.decide({ mapping: on.oneWay, coupling, source, destination })
      const writes = on.destination.values({ name: 'Alfreds Futterkiste', phone: null })
      expect(decision).toMatchObject({
        row: 8,
        ...(pass === TO ? modified(null, writes) : modified(writes, null)),
      })
    }
  })

  it('15: whoever wins, the value that loses is told with the decision, before anything is written', () => {
    const policy = { updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE' } as const
    const pair = new Pair({ mapping: policy })
    pair.editLocal({ phoneNumber: '2' }).editIntegration({ telephone1: '3' })
    expect(pair.ask(TO)).toMatchObject({
      lost: [{ side: 'INTEGRATION', field: 'telephone1', value: '3', replacedBy: '2' }],
    })
  })

  it('15: at first contact as well', () => {
    const pair = new Pair({ integration: { websiteurl: 'w9', creditlimit: '900' } })
    pair.coupling = pair.coupling && { ...pair.coupling, base: null }
    expect(pair.ask(TO)).toMatchObject({
      lost: [
        { side: 'INTEGRATION', field: 'websiteurl', value: 'w9', replacedBy: 'w1' },
        { side: 'INTEGRATION', field: 'creditlimit', value: '900', replacedBy: '5' },
      ],
    })
  })

  it('21: a record left to the other pass is pending for it, though that pass has handled its version', () => {
    const pair = new Pair().editIntegration({ telephone1: '2' })
    expect(pair.ask(TO, { unread: false })).toMatchObject({ row: 18, refresh: false, pendingFor: FROM })
    expect(pair.ask(FROM, { unread: false })).toMatchObject({
      row: 14,
      ...modified({ phoneNumber: '2' }, null),
    })
  })

  it('23: a mapped field that was not read is never taken for blank', () => {
    const pair = new Pair()
    const { telephone1: _absent, ...values } = pair.integration.values
    pair.integration = { ...pair.integration, values }
    expect(() => pair.ask(TO)).toThrow('Field telephone1 was not read; absent is never blank.')
  })

  it('25: a local-currency customer does not wait for a currency that the currencies table does not hold', () => {
    const pair = new Pair({ local: { currencyId: null } })
    const inserted = pair.ask(TO, { coupling: null, destination: { kind: 'notRead' } })
    expect(inserted).toMatchObject({ row: 9, values: { transactioncurrencyid: USD } })
    expect(new Pair().ask(TO)).toMatchObject({ row: 10 })
    const created = pair.ask(FROM, { coupling: null, destination: { kind: 'notRead' } })
    expect(created).toMatchObject({ row: 9, outcome: 'inserted' })
  })

  it('26: digits, dates and letters arrive as they were', () => {
    const arrives = (source: Values, pass: PassDirection, mapped = LINE): Value | undefined => {
      const transferred = transferField(mapped, pass, source, MONEY_CONTEXT)
      return transferred.kind === 'value' ? transferred.value : undefined
    }
    const digits = '12345678901234.5678'
    expect(arrives({ creditLimit: digits, currencyId: null }, TO, CREDIT)).toBe(digits)
    for (const text of ['straße', 'a\0b', '\ud800', '\ud83d\ude00', 'e\u0301'])
      expect(arrives({ addressLine1: text }, TO)).toBe(text)
    const country = field('country', 'address1_country', 'BIDIRECTIONAL')
    expect(arrives({ address1_country: 'straße' }, FROM, country)).toBe('STRAßE')
  })

  it('26: text that only another system composes differently is no change', () => {
    const pair = new Pair({ local: { addressLine1: '\u00e9' }, integration: { address1_line1: '\u00e9' } })
    pair.editIntegration({ address1_line1: 'e\u0301' })
    expect(pair.ask(FROM)).toMatchObject({ row: 11, refresh: true })
  })
})

describe('timelines of amounts in the local currency', () => {
  const BY_FIELDS = { conflictDetection: 'FIELDS' } as const

  it('27: an account becomes a foreign one while the customer gets a new credit limit: the amount is left out', () => {
    const pair = new Pair({ mapping: BY_FIELDS })
    pair.editIntegration({ transactioncurrencyid: 'i-eur' }).editLocal({ creditLimit: '900' })
    for (const pass of [TO, FROM])
      expect(pair.ask(pass)).toMatchObject({ row: 16, ...modified({ currencyId: 'l-eur' }, null) })
  })

  it('27: in whatever order the mapping names its fields', () => {
    const pair = new Pair({ mapping: { ...BY_FIELDS, fields: [CREDIT, CURRENCY] } })
    pair.editIntegration({ transactioncurrencyid: 'i-eur' }).editLocal({ creditLimit: '900' })
    expect(pair.ask(TO)).toMatchObject({ row: 16, ...modified({ currencyId: 'l-eur' }, null) })
  })

  it('28: an account comes back to the base currency: the amount that was left out is carried with it', () => {
    const foreign = { local: { currencyId: 'l-eur', creditLimit: '900' } }
    const pair = new Pair({ ...foreign, integration: { transactioncurrencyid: 'i-eur', creditlimit: '7' } })
    pair.editIntegration({ transactioncurrencyid: USD })
    expect(pair.ask(FROM)).toMatchObject({
      row: 14,
      ...modified({ currencyId: null }, { creditlimit: '900' }),
      lost: [{ side: 'INTEGRATION', field: 'creditlimit', value: '7', replacedBy: '900' }],
    })
  })

  it('28: the same when the customer comes back, and when both do', () => {
    const foreign = { local: { currencyId: 'l-eur', creditLimit: '900' } }
    const here = { ...foreign, integration: { transactioncurrencyid: 'i-eur', creditlimit: '7' } }
    expect(new Pair(here).editLocal({ currencyId: null }).ask(TO)).toMatchObject(
      modified(null, { transactioncurrencyid: USD, creditlimit: '900' }),
    )
    const both = new Pair(here)
      .editLocal({ currencyId: null })
      .editIntegration({ transactioncurrencyid: USD })
    expect(both.ask(TO)).toMatchObject({ row: 16, ...modified(null, { creditlimit: '900' }) })
  })

  it('29: at first contact a customer in the local currency is not given the foreign currency of its account', () => {
    const pair = new Pair({ integration: { transactioncurrencyid: 'i-eur' } })
    pair.coupling = pair.coupling && { ...pair.coupling, base: null }
    expect(pair.ask(TO)).toMatchObject({ row: 8, ...conflict() })
  })

  it('29: an account without a currency is filled from its customer, and blank pairs with the base currency', () => {
    const filled = new Pair({ local: { currencyId: 'l-eur' }, integration: { transactioncurrencyid: null } })
    filled.coupling = filled.coupling && { ...filled.coupling, base: null }
    expect(filled.ask(TO)).toMatchObject({ row: 8, ...modified(null, { transactioncurrencyid: 'i-eur' }) })
    const equal = new Pair({ integration: { transactioncurrencyid: null } })
    equal.coupling = equal.coupling && { ...equal.coupling, base: null }
    expect(gist(equal.ask(TO))).toMatchObject({ row: 8, outcome: 'unchanged' })
  })
})
