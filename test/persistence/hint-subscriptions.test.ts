import { expect, test } from 'vitest'
import { migrate, openDatabase } from '../../src/persistence/database.js'
import {
  saveClientState,
  saveSubscription,
  takeDueSubscriptions,
  wantSubscriptions,
} from '../../src/persistence/queries/hint-subscriptions.js'
import { createTestDatabase } from '../support/environment.js'

const CONNECTION = '33333333-0000-0000-0000-000000000001'
const HOUR = 3_600_000

test('when the address of the API has changed, one worker renews a subscription, and no other beside it', async () => {
  const { url, drop } = await createTestDatabase('subscriptions')
  const database = await openDatabase(url)
  try {
    await migrate(database, url)
    const em = database.em.fork()
    await em.execute(`insert into connection (id, name, local_system, integration_system, created_at)
      values ('${CONNECTION}', 'c', '{"kind": "BUSINESS_CENTRAL", "settings": {}}', '{"kind": "DATAVERSE", "settings": {}}', now())`)
    const now = Date.now() + HOUR
    const take = (notificationUrl: string) =>
      takeDueSubscriptions(
        database.em.fork(),
        { connectionId: CONNECTION, side: 'LOCAL', notificationUrl },
        now,
        300,
      )
    await wantSubscriptions(em, CONNECTION, 'LOCAL', ['customers'])
    const [made] = await take('https://old.example')
    const known = { id: 's', version: 'v', expiresAt: now + 72 * HOUR }
    await saveClientState(em, made?.id ?? '', 'secret')
    await saveSubscription(em, made?.id ?? '', 'https://old.example', known, now + 6 * HOUR)
    expect(await take('https://old.example')).toEqual([])

    const taken = await Promise.all([take('https://new.example'), take('https://new.example')])
    expect(taken.flat()).toMatchObject([{ table: 'customers', subscription: known }])

    await saveSubscription(em, made?.id ?? '', 'https://new.example', known, now + 6 * HOUR)
    expect(await take('https://new.example')).toEqual([])
  } finally {
    await database.close(true)
    await drop()
  }
})
