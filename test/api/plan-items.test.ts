import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CURRENCY_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { Plan, PlanItemRecord } from '../../src/persistence/entities/plan.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi('api_plan_items')
})
afterAll(() => api.close())

test('a lookup is shown by the name of its record where that is coupled', async () => {
  const rows = new Rows(api.database)
  const connectionId = await rows.connection()
  const currencies = await rows.mapping({ connectionId, name: 'CURRENCY' }, CURRENCY_MAPPING)
  const [euro, unknown] = [randomUUID(), randomUUID()]
  await rows.coupling(currencies, { localId: euro, localName: 'Euro' })
  const customers = await rows.mapping({ connectionId })
  const planId = await rows.run(customers, { kind: 'PLAN' })
  const em = api.database.em.fork()
  await em.insert(Plan, { runId: planId, hash: 'aa', createdAt: new Date() })
  const changes = [
    { side: 'LOCAL', field: 'currencyId', before: unknown, after: euro },
    { side: 'LOCAL', field: 'city', before: null, after: euro },
  ] as const
  await em.insert(PlanItemRecord, {
    planId,
    number: 1,
    pageId: randomUUID(),
    direction: 'FROM_INTEGRATION_TABLE',
    action: 'UPDATE',
    sourceId: randomUUID(),
    keyHash: 'bb',
    refused: false,
    item: {
      action: 'UPDATE',
      row: '3',
      direction: 'FROM_INTEGRATION_TABLE',
      sourceId: randomUUID(),
      destinationId: randomUUID(),
      couplingId: null,
      couples: false,
      localVersion: null,
      integrationVersion: null,
      changes,
      failure: null,
      conflict: null,
    },
  })
  const { data, errors } = await api.ask(
    'query ($id: ID!) { plan(id: $id) { items { nodes { changes { field before beforeName after afterName } } } } }',
    { id: planId },
  )
  expect(errors).toEqual([])
  expect(data).toEqual({
    plan: {
      items: {
        nodes: [
          {
            changes: [
              { field: 'currencyId', before: unknown, beforeName: null, after: euro, afterName: 'Euro' },
              { field: 'city', before: null, beforeName: null, after: euro, afterName: null },
            ],
          },
        ],
      },
    },
  })
})
