import { describe, expect, it } from 'vitest'
import { Pair } from './pair.js'
import { AGREED_AT, EVEN_LATER, FROM, LATER, TO } from './support.js'

describe('what a conflict tells', () => {
  it('both stamps, those of the last synchronisation, who edited last, and each field with its base', () => {
    const pair = new Pair().editLocal({ phoneNumber: '2' }).editIntegration({ telephone1: '3' }, EVEN_LATER)
    expect(pair.ask(TO)).toMatchObject({
      failure: {
        errorClass: 'CONFLICT',
        message:
          'Cannot update the Account record because it has a later modified date than the Customer record.',
      },
      detail: {
        firstContact: false,
        localStamp: LATER,
        integrationStamp: EVEN_LATER,
        coupledLocalStamp: AGREED_AT,
        coupledIntegrationStamp: AGREED_AT,
        editedLast: 'INTEGRATION',
      },
    })
    const decision = pair.ask(TO)
    if (decision.outcome !== 'conflict') throw new Error('A conflict was expected.')
    expect(decision.detail.fields[0]).toEqual({
      name: 'phoneNumber:telephone1',
      localField: 'phoneNumber',
      integrationField: 'telephone1',
      localCaption: 'Phone No.',
      integrationCaption: 'Main Phone',
      direction: 'BIDIRECTIONAL',
      base: { local: '1', integration: '1' },
      local: '2',
      integration: '3',
      localChanged: true,
      integrationChanged: true,
      equal: false,
    })
  })

  it('knows no order of edits with the same stamp, and no past at first contact', () => {
    const pair = new Pair({ integration: { telephone1: '2' } })
    pair.coupling = pair.coupling && { ...pair.coupling, base: null }
    expect(pair.ask(FROM)).toMatchObject({
      failure: {
        message:
          'Cannot update the Customer record because it and the Account record hold different values and were never synchronized.',
      },
      detail: {
        firstContact: true,
        editedLast: null,
        coupledLocalStamp: null,
        coupledIntegrationStamp: null,
      },
    })
  })

  it('of a deletion, the record that is left', () => {
    const pair = new Pair().editLocal({ phoneNumber: '2' })
    expect(pair.ask(TO, { destination: { kind: 'gone' } })).toMatchObject({
      failure: {
        errorClass: 'DELETED_RECORD',
        message: 'The Account record cannot be updated because it is coupled to a deleted record.',
        remedy: 'Restore the Account, then retry; or remove the coupling.',
      },
      detail: { localStamp: LATER, localVersion: 'l1+', integrationStamp: null, integrationVersion: null },
    })
    const orphan = new Pair().ask(TO, { source: { kind: 'gone' } })
    expect(orphan).toMatchObject({
      failure: { remedy: 'Restore the Customer, then retry; or remove the coupling.' },
      detail: { localStamp: null, integrationStamp: AGREED_AT, integrationVersion: 'i1' },
    })
  })
})
