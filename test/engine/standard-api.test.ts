import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_CONNECTION } from '../../src/persistence/demo.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { counts, TestEngine } from '../support/engine.js'

let engine: TestEngine

beforeAll(async () => {
  engine = await TestEngine.start({ mappings: 'all' })
  const em = engine.database.em.fork()
  const connection = await em.findOneOrFail(Connection, { name: DEMO_CONNECTION })
  const { customApi: _page, ...settings } = connection.localSystem.settings
  connection.localSystem = { ...connection.localSystem, settings }
  await em.flush()
}, 60_000)
afterAll(() => engine.stop())

test('without a custom API page a mapping carries what API v2.0 has, and says what it leaves out', async () => {
  for (const name of ['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD'])
    await engine.synchronize(name)
  const { run, to } = await engine.synchronize('VENDOR')
  expect(run.status).toBe('COMPLETED')
  expect(counts(to)).toMatchObject({ inserted: 29 })
  const vendor = await engine.person.account("customertypecode eq 11 and name eq 'Exotic Liquids'")
  expect(vendor).toMatchObject({ address1_city: 'London', fax: null, address1_primarycontactname: null })
  expect(vendor?.['paymenttermscode']).not.toBeNull()
  expect(to?.message).toBe(
    'Not carried, as a table lacks the field: contactName:address1_primarycontactname, fax:fax, shipmentMethodId:address1_freighttermscode, primaryContactId:primarycontactid, purchaserId:ownerid. ' +
      "API v2.0 of Business Central has no contactName of vendors; a custom API page that has it, named in the connection's settings as customApi, makes it available.",
  )
  const errors = await engine.database.em.fork().find(SynchError, {})
  expect(errors.map((error) => error.message)).toEqual([])
})
