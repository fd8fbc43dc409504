import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { ensureDemo, type DemoSystems } from '../../src/persistence/demo.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'

const sandboxes = (port: number): DemoSystems => ({
  businessCentralUrl: `http://127.0.0.1:${port}/v2.0/production/api/v2.0`,
  companyId: '11111111-0000-4000-8000-000000000001',
  dataverseUrl: `http://127.0.0.1:${port + 1}/api/data/v9.2`,
  tokenUrl: `http://127.0.0.1:${port + 1}/token`,
  clientId: 'sandbox',
  clientSecret: 'file:/secret',
})

let state: TestDatabase
let database: Database
beforeAll(async () => {
  state = await createTestDatabase('demo')
  database = await openDatabase(state.url)
  await migrate(database, state.url)
})
afterAll(async () => {
  await database.close(true)
  await state.drop()
})

test('a start follows the sandboxes to their addresses, and leaves alone what people have set', async () => {
  await ensureDemo(database.em.fork(), sandboxes(4101))
  const em = database.em.fork()
  const demo = await em.findOneOrFail(Connection, { name: 'demo' })
  demo.localSystem = {
    kind: 'BUSINESS_CENTRAL',
    settings: { ...demo.localSystem.settings, limits: { requests: 100 } },
  }
  const own = {
    kind: 'DATAVERSE',
    settings: {
      url: 'https://contoso.crm4.dynamics.com/api/data/v9.2',
      signIn: { kind: 'clientSecret', clientId: 'contoso', clientSecret: 'encrypted:v1:...' },
    },
  } as const
  demo.integrationSystem = own
  await em.flush()

  await ensureDemo(database.em.fork(), sandboxes(4201))

  const after = await database.em.fork().findOneOrFail(Connection, { name: 'demo' })
  expect(after.localSystem.settings).toMatchObject({
    url: 'http://127.0.0.1:4201/v2.0/production/api/v2.0',
    signIn: { tokenUrl: 'http://127.0.0.1:4202/token' },
    limits: { requests: 100 },
  })
  expect(after.integrationSystem).toEqual(own)
})
