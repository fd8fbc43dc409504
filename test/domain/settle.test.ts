import { describe, expect, it } from 'vitest'
import { CURRENCY } from '../../src/domain/catalog/business-central.js'
import { TRANSACTION_CURRENCY } from '../../src/domain/catalog/dataverse.js'
import { CURRENCY_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { decide } from '../../src/domain/decide.js'
import { recorded } from './recorder.js'
import { AGREED_AT, CLOCKS, found, LATER, TO } from './support.js'

const local = {
  id: 'l1',
  version: 'l1',
  stamp: AGREED_AT,
  values: { code: 'EUR', displayName: 'Euro', symbol: '€' },
}
const integration = {
  id: 'i1',
  version: 'i1',
  stamp: AGREED_AT,
  values: { isocurrencycode: 'EUR', currencyname: 'Euro', currencysymbol: '€' },
}
const edited = (values: { code?: string; displayName?: string }) =>
  decide({
    mapping: CURRENCY_MAPPING,
    pass: TO,
    mode: { kind: 'scheduled' },
    source: found({ ...local, version: 'l2', stamp: LATER, values: { ...local.values, ...values } }),
    destination: found(integration),
    coupling: recorded(CURRENCY_MAPPING, local, integration, null),
    skipped: false,
    inFilter: true,
    unread: true,
    clocks: CLOCKS,
    match: { kind: 'none' },
    context: {
      localTable: CURRENCY,
      integrationTable: TRANSACTION_CURRENCY,
      lookups: {},
      baseCurrency: null,
    },
  })

describe('a field that can be given only when its record is created', () => {
  it('does not keep the other fields from being carried', () => {
    expect(edited({ displayName: 'The euro' })).toMatchObject({
      row: 12,
      outcome: 'modified',
      writes: { local: null, integration: { currencyname: 'The euro' } },
    })
  })

  it('fails by name when it was changed, and nothing is written', () => {
    expect(edited({ code: 'EUX', displayName: 'The euro' })).toMatchObject({
      row: 12,
      outcome: 'failed',
      failure: {
        errorClass: 'VALIDATION',
        message: 'Currency Code of an existing Transaction Currency record cannot be changed.',
        field: 'isocurrencycode',
      },
    })
  })
})
