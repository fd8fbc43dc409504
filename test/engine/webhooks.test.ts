import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { SharedConnectors } from '../../src/connector-source.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { findTable } from '../../src/domain/catalog/tables.js'
import { createHintKeeper } from '../../src/hint-keeper.js'
import { keepSubscriptions } from '../../src/hint-subscriptions.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { Scenario } from '../support/scenario.js'

interface Subscription {
  readonly subscriptionId: string
  readonly notificationUrl: string
  readonly resource: string
  readonly expirationDateTime: string
}

const HOURS = 3_600_000

describe('Business Central tells of changes', () => {
  let demo: Scenario
  const logger = pino({ level: 'silent' })
  const governor = new SharedGovernor(new MemoryGovernorStore())
  const connectors = new SharedConnectors(() => 'engine-test', logger, governor)
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterEach(() => demo.clearFaults())
  afterAll(async () => {
    await connectors.close()
    await demo.stop()
  })

  const dependencies = () => ({
    database: demo.engine.database,
    connectors,
    logger,
    runControl: demo.engine.control,
  })
  const keep = (later = 0) =>
    keepSubscriptions({ ...dependencies(), publicUrl: demo.url, now: () => Date.now() + later })
  const subscriptionsUrl = () => `${demo.engine.sandbox.businessCentral.url}/subscriptions`
  const subscriptions = async (): Promise<readonly Subscription[]> => {
    const { value } = await demo.person.send('GET', subscriptionsUrl(), null)
    return value as readonly Subscription[]
  }
  const subscribed = async () =>
    (await subscriptions()).map(({ resource }) => resource.split('/').at(-1)).sort()
  const idOf = async (set: string) =>
    (await subscriptions()).find(({ resource }) => resource.endsWith(`/${set}`))?.subscriptionId
  const hintedAt = async () => (await demo.engine.mapping('CUSTOMER')).hintedAt ?? null
  const hintsUrl = async () => `${demo.url}/hints/${(await demo.engine.mapping('CUSTOMER')).connectionId}`
  const notify = async (notification: object) =>
    fetch(await hintsUrl(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value: [notification] }),
    })

  test('of no table while nobody can be reached from outside', async () => {
    const { engine } = demo
    const keeper = createHintKeeper(
      { ...engine.config, api: { ...engine.config.api, publicUrl: null } },
      dependencies(),
    )
    await keeper.keep()
    await keeper.close()
    expect(await subscriptions()).toEqual([])
  })

  test('of the tables of mappings that it has notifications of, once each', async () => {
    const { engine } = demo
    const keeper = createHintKeeper(
      { ...engine.config, api: { ...engine.config.api, publicUrl: demo.url } },
      dependencies(),
    )
    await Promise.all([keeper.keep(), keep()])
    await keep()
    await keeper.close()
    expect(await subscribed()).toEqual(['currencies', 'customers'])
    const stored = await execute(
      engine.database.em.fork(),
      sql`select table_name, state_hash from hint_subscription order by table_name`,
    )
    expect(stored).toEqual([
      { table_name: 'currencies', state_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { table_name: 'customers', state_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    const { connectionId } = await engine.mapping('CUSTOMER')
    const connection = await engine.database.em.fork().findOneOrFail(Connection, { id: connectionId })
    const { hints } = connectors.of(connection, 'LOCAL', null)
    const tables = ['contacts', 'salespeoplePurchasers', 'vendors'].flatMap(
      (name) => findTable('BUSINESS_CENTRAL', name) ?? [],
    )
    expect(hints?.kind === 'webhook' && (await hints.supported(tables)).map(({ name }) => name)).toEqual([
      'vendors',
    ])
  })

  test('an edit wakes the mappings of its table, and no others', async () => {
    expect(await hintedAt()).toBeNull()
    const { customerId } = await demo.pair()
    await demo.person.editCustomer(customerId, { city: 'Told Town' })
    await demo.until(hintedAt, (at) => at !== null, 'the hint')
    const { id } = await demo.engine.mapping('CUSTOMER')
    const { status } = await demo.engine.control.client.workflow.getHandle(`hinted-synch/${id}`).describe()
    expect(status.name).toBe('RUNNING')
    expect((await demo.engine.mapping('CURRENCY')).hintedAt ?? null).toBeNull()
  })

  test('somebody who does not know the secret wakes nothing', async () => {
    const before = await hintedAt()
    const subscriptionId = await idOf('currencies')
    const answers = [
      await notify({ subscriptionId, clientState: 'guessed', resource: 'any', changeType: 'updated' }),
      await notify({ subscriptionId }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
    expect((await demo.engine.mapping('CURRENCY')).hintedAt ?? null).toBeNull()
    expect(await hintedAt()).toEqual(before)
  })

  test('a subscription that nobody here knows is refused, so that it ends', async () => {
    expect((await notify({ subscriptionId: 'ofanother', clientState: 'state' })).status).toBe(404)
    const stranger = `${demo.url}/hints/00000000-0000-4000-8000-000000000000?validationToken=hello`
    expect((await fetch(stranger, { method: 'POST' })).status).toBe(404)
    const greeting = await fetch(`${await hintsUrl()}?validationToken=%3Cb%3Ehello`, { method: 'POST' })
    expect([greeting.status, greeting.headers.get('content-type'), await greeting.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      '<b>hello',
    ])
  })

  test('a subscription is renewed in time, and made anew when it is gone', async () => {
    const [customers, currencies] = [await idOf('customers'), await idOf('currencies')]
    await demo.person.send('DELETE', `${subscriptionsUrl()}('${String(customers)}')`, null, {
      'if-match': '*',
    })
    await demo.clock('businessCentral', 10 * HOURS)

    await keep(7 * HOURS)

    await demo.clock('businessCentral', 0)
    expect(await subscribed()).toEqual(['currencies', 'customers'])
    expect(await idOf('currencies')).toBe(currencies)
    expect(await idOf('customers')).not.toBe(customers)
    for (const { expirationDateTime } of await subscriptions())
      expect(Date.parse(expirationDateTime)).toBeGreaterThan(Date.now() + 81 * HOURS)
    // Its notifications are believed under the new secret.
    const before = await hintedAt()
    const { customerId } = await demo.pair()
    await demo.person.editCustomer(customerId, { city: 'Told Again' })
    await demo.until(hintedAt, (at) => at?.getTime() !== before?.getTime(), 'another hint')
  })

  test('one that is refused keeps no other from being made, and is tried again', async () => {
    for (const { subscriptionId } of await subscriptions())
      await demo.person.send('DELETE', `${subscriptionsUrl()}('${subscriptionId}')`, null, {
        'if-match': '*',
      })
    await demo.fault('businessCentral', {
      method: 'POST',
      path: '/subscriptions',
      action: {
        kind: 'status',
        status: 400,
        code: 'BadRequest',
        message: 'There can be at most 200 subscriptions.',
      },
    })
    await keep(14 * HOURS)
    expect(await subscribed()).toHaveLength(1)
    await keep(14 * HOURS + 600_000)
    expect(await subscribed()).toEqual(['currencies', 'customers'])
  })

  test('what no mapping needs any more is ended', async () => {
    await demo.update({ wakeOnChange: false }, 'CURRENCY')
    await keep(14 * HOURS + 1_200_000)
    expect(await subscribed()).toEqual(['customers'])
  })
})
