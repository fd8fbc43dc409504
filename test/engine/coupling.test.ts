import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'
import { Couplings } from './support/couplings.js'
import { Gate, landedOn } from './support/gate.js'

const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('two records that a person couples', () => {
  let demo: Scenario
  let couplings: Couplings
  beforeAll(async () => {
    // A record that fails is skipped at once.
    demo = await Scenario.start({ engine: { maximumAttempts: 1 } })
    couplings = new Couplings(demo)
    await demo.update({ synchOnlyCoupledRecords: true })
  })
  afterAll(() => demo.stop())

  test('coupled without synchronizing: nothing is written until the next run makes first contact', async () => {
    const pair = await couplings.strangers(
      { displayName: 'Café Ångström', city: 'Uppsala' },
      { name: 'Cafe Angstrom AB', telephone1: '018-1' },
    )
    await demo.update({ updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE' })

    const answer = await couplings.couple(pair)

    expect(answer).toMatchObject({ __typename: 'RecordsCoupled', written: false, synchronized: false })
    expect(await demo.person.accountById(pair.integrationId)).toMatchObject({ name: 'Cafe Angstrom AB' })
    expect(await couplings.of(pair)).toMatchObject({ status: 'PENDING', pendingReason: 'FIRST_CONTACT' })
    expect(await couplings.log(String(answer['runId']))).toMatchObject({
      jobs: [{ coupled: 1, unchanged: 1 }],
    })

    await demo.synchronize()
    expect(await demo.person.accountById(pair.integrationId)).toMatchObject({
      name: 'Café Ångström',
      address1_city: 'Uppsala',
    })
    expect(await demo.person.customerById(pair.localId)).toMatchObject({ phoneNumber: '018-1' })
    expect(await couplings.of(pair)).toMatchObject({ status: 'SETTLED' })
    await demo.update({ updateConflictPolicy: 'NONE' })
  })

  test('coupled and synchronized in the direction given: that side wins, blanks are filled from the other', async () => {
    const pair = await couplings.strangers(
      { displayName: 'Bodega Sur', city: 'Sevilla', phoneNumber: '1' },
      { name: 'Bodega del Sur', telephone1: '2', address1_line1: 'Calle 1' },
    )
    expect(await couplings.couple(pair, { synchronize: 'FROM_INTEGRATION_TABLE' })).toMatchObject({
      __typename: 'RecordsCoupled',
      written: true,
      synchronized: true,
    })
    expect(await demo.person.customerById(pair.localId)).toMatchObject({
      displayName: 'Bodega del Sur',
      phoneNumber: '2',
      addressLine1: 'Calle 1',
      city: 'Sevilla',
    })
    expect(await demo.person.accountById(pair.integrationId)).toMatchObject({ address1_city: 'Sevilla' })
    expect(await couplings.of(pair)).toMatchObject({ status: 'SETTLED' })
    expect(counted(await demo.synchronize(), 'TO')).not.toHaveProperty('modified')
  })

  test('merged where nothing clashes; where something does, the fields are told and nothing is done', async () => {
    const merging = await couplings.strangers(
      { displayName: 'Lago', city: 'Como' },
      { name: 'Lago', telephone1: '031-1' },
    )
    expect(await couplings.couple(merging, { synchronize: 'MERGE' })).toMatchObject({ written: true })
    expect(await demo.person.accountById(merging.integrationId)).toMatchObject({ address1_city: 'Como' })
    expect(await demo.person.customerById(merging.localId)).toMatchObject({ phoneNumber: '031-1' })

    const clashing = await couplings.strangers({ displayName: 'Monte' }, { name: 'Monte Alto' })
    const answer = await couplings.couple(clashing, { synchronize: 'MERGE' })
    expect(answer).toMatchObject({ __typename: 'RecordsNotCoupled' })
    expect(answer['fields']).toContainEqual({
      name: 'displayName:name',
      local: 'Monte',
      integration: 'Monte Alto',
      equal: false,
    })
    expect(await couplings.of(clashing)).toBeNull()
  })

  test('a record has one partner: who is coupled already is told in the words of Business Central', async () => {
    const pair = await couplings.strangers({ displayName: 'Uno' }, { name: 'Uno' })
    const other = await couplings.strangers({ displayName: 'Due' }, { name: 'Due' })
    await couplings.couple(pair)
    await couplings.couple(other)

    expect(await couplings.couple({ ...pair, integrationId: other.integrationId })).toMatchObject({
      __typename: 'RecordsNotCoupled',
      message:
        'Cannot couple the Account record to Customer: Uno, because Customer: Uno is already coupled to another Account record.',
    })
    const third = await couplings.customer({ displayName: 'Tre' })
    expect(await couplings.couple({ localId: third, integrationId: other.integrationId })).toMatchObject({
      message:
        'Cannot couple Customer: Tre to this Account record, because the Account record is already coupled to Customer: Due.',
    })
    expect(await couplings.of({ localId: third })).toBeNull()
    expect(await couplings.of(other)).not.toBeNull()
  })

  test('coupled anew where he says so: both old couplings give way in the same step', async () => {
    const one = await couplings.strangers({ displayName: 'Eins' }, { name: 'Eins' })
    const two = await couplings.strangers({ displayName: 'Zwei' }, { name: 'Zwei' })
    await couplings.couple(one, { synchronize: 'TO_INTEGRATION_TABLE' })
    await couplings.couple(two, { synchronize: 'TO_INTEGRATION_TABLE' })

    const crossed = { localId: one.localId, integrationId: two.integrationId }
    const answer = await couplings.couple(crossed, { recouple: true, synchronize: 'TO_INTEGRATION_TABLE' })

    expect(answer).toMatchObject({ __typename: 'RecordsCoupled', written: true })
    expect(await couplings.log(String(answer['runId']))).toMatchObject({
      jobs: [{ coupled: 1, uncoupled: 2 }],
    })
    expect(await couplings.of({ localId: two.localId })).toBeNull()
    expect(await couplings.of({ integrationId: one.integrationId })).toBeNull()
    expect(await demo.person.accountById(two.integrationId)).toMatchObject({ name: 'Eins' })
  })

  test('a coupling whose other record is gone gives way by itself', async () => {
    const pair = await couplings.strangers({ displayName: 'Rest' }, { name: 'Rest' })
    await couplings.couple(pair, { synchronize: 'TO_INTEGRATION_TABLE' })
    await demo.person.deleteAccount(pair.integrationId)
    const successor = await couplings.account({ name: 'Rest 2' })
    expect(
      await couplings.couple(
        { localId: pair.localId, integrationId: successor },
        { synchronize: 'TO_INTEGRATION_TABLE' },
      ),
    ).toMatchObject({ __typename: 'RecordsCoupled' })
    expect(await demo.person.accountById(successor)).toMatchObject({ name: 'Rest' })
  })

  test('records that are gone, outside the filter or coupled with each other are told', async () => {
    const pair = await couplings.strangers({ displayName: 'Da' }, { name: 'Da' })
    expect(await couplings.couple({ ...pair, localId: NOBODY })).toMatchObject({
      message: `There is no Customer record ${NOBODY}.`,
    })
    expect(await couplings.couple({ ...pair, integrationId: NOBODY })).toMatchObject({
      message: `There is no Account record ${NOBODY}.`,
    })
    const vendor = await couplings.account({ name: 'Ein Lieferant', customertypecode: 10 })
    expect(await couplings.couple({ ...pair, integrationId: vendor })).toMatchObject({
      message:
        'The Account record Ein Lieferant lies outside the filter of the mapping CUSTOMER, so it cannot be coupled.',
    })
    await couplings.couple(pair, { synchronize: 'MERGE' })
    expect(await couplings.couple(pair)).toMatchObject({
      __typename: 'RecordsCoupled',
      message: 'These two records are coupled with each other already.',
    })
  })

  test('what makes no sense is refused before anything runs', async () => {
    await expect(couplings.couple({ localId: 'ten', integrationId: NOBODY })).rejects.toThrow(
      'Expected a UUID',
    )
    await expect(
      couplings.couple(
        { localId: NOBODY, integrationId: NOBODY },
        { mapping: 'CURRENCY', synchronize: 'FROM_INTEGRATION_TABLE' },
      ),
    ).rejects.toThrow('TO_INTEGRATION_TABLE only')
  })

  test('a skipped record that nobody could match is settled by coupling it, from whichever side', async () => {
    await demo.update({ synchOnlyCoupledRecords: false })
    const ambiguous = await couplings.customer({ displayName: 'Mehrdeutig' })
    const partner = await couplings.account({ name: 'Mehrdeutig' })
    await couplings.account({ name: 'mehrdeutig' })
    const run = await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await demo.update({ synchOnlyCoupledRecords: true })
    const failed = await demo.allSkipped({ run: run.id })
    expect(failed).toMatchObject([{ errorClass: 'AMBIGUOUS_MATCH' }])

    await couplings.couple(
      { localId: ambiguous, integrationId: partner },
      { synchronize: 'FROM_INTEGRATION_TABLE' },
    )

    expect(await demo.allSkipped({ run: run.id })).toEqual([])
    expect(await demo.errors({ run: run.id, status: 'OPEN' })).toEqual([])
  })

  test('a skipped record that nobody could match gets a partner of its own', async () => {
    await demo.update({ synchOnlyCoupledRecords: false })
    const ambiguous = await couplings.customer({ displayName: 'Vieldeutig' })
    for (const name of ['Vieldeutig', 'VIELDEUTIG']) await couplings.account({ name })
    const run = await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await demo.update({ synchOnlyCoupledRecords: true })
    expect(await demo.allSkipped({ run: run.id })).toHaveLength(1)
    expect(await couplings.create('LOCAL', [ambiguous])).toMatchObject([{ __typename: 'RecordNotCreated' }])
    expect(await couplings.create('LOCAL', [ambiguous], true)).toMatchObject([
      { __typename: 'RecordCreated' },
    ])
    expect(await demo.allSkipped({ run: run.id })).toEqual([])
  })

  test('a coupling whose write is under way does not give way', async () => {
    const pair = await couplings.strangers({ displayName: 'In Arbeit' }, { name: 'In Arbeit' })
    await couplings.couple(pair, { synchronize: 'MERGE' })
    await demo.person.editCustomer(pair.localId, { city: 'Ulm' })
    const other = await couplings.account({ name: 'Später' })
    await using gate = await Gate.shut(demo.engine, landedOn('INTEGRATION'))
    const run = await demo.request()
    await gate.reached()
    expect(
      await couplings.couple({ localId: pair.localId, integrationId: other }, { recouple: true }),
    ).toMatchObject({
      __typename: 'RecordsNotCoupled',
      message: expect.stringContaining('Try again shortly'),
    })
    await gate.open()
    await demo.ended(run.id)
    expect(await couplings.of({ localId: pair.localId })).toMatchObject({
      integrationRecord: { id: pair.integrationId },
    })
    expect(
      await couplings.couple({ localId: pair.localId, integrationId: other }, { recouple: true }),
    ).toMatchObject({ __typename: 'RecordsCoupled' })
  })

  test('a partner is created for an uncoupled record, whatever only-coupled says, on either side', async () => {
    const customer = await couplings.customer({ displayName: 'Neu hier', city: 'Bern' })
    const account = await couplings.account({ name: 'Auch neu', address1_city: 'Genf' })
    const [there] = await couplings.create('LOCAL', [customer])
    const [here] = await couplings.create('INTEGRATION', [account])
    expect(there).toMatchObject({ __typename: 'RecordCreated', id: customer })
    expect(await demo.person.accountById(String(there?.['createdId']))).toMatchObject({
      name: 'Neu hier',
      address1_city: 'Bern',
    })
    expect(await demo.person.customerById(String(here?.['createdId']))).toMatchObject({
      displayName: 'Auch neu',
      city: 'Genf',
    })
    expect(await couplings.of({ localId: customer })).toMatchObject({ status: 'SETTLED' })
    expect(await couplings.create('LOCAL', [customer, NOBODY])).toMatchObject([
      { __typename: 'RecordNotCreated', message: 'The Customer record Neu hier is coupled already.' },
      { __typename: 'RecordNotCreated', message: `There is no Customer record ${NOBODY}.` },
    ])
  })

  test('never beside a record that matches, unless he says so', async () => {
    const pair = await couplings.strangers({ displayName: 'Zwilling' }, { name: 'Zwilling' })
    const accounts = await demo.person.countAccounts()
    expect(await couplings.create('LOCAL', [pair.localId])).toMatchObject([
      {
        message:
          'The Account record Zwilling matches Zwilling. Couple the two, or create a new record even so.',
      },
    ])
    expect(await demo.person.countAccounts()).toBe(accounts)
    expect(await couplings.create('LOCAL', [pair.localId], true)).toMatchObject([
      { __typename: 'RecordCreated' },
    ])
    expect(await demo.person.countAccounts()).toBe(accounts + 1)
  })
})
