import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_mappings')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

test('a mapping shows its settings, fields, last jobs and counts', async () => {
  const mapping = await rows.mapping({ toWatermark: new Date('2026-03-01T09:59:00.007Z') })
  const early = await rows.run(mapping, { requestedAt: new Date('2026-03-01T08:00:00Z') })
  await rows.job(mapping, early, { start: new Date('2026-03-01T08:00:00Z') })
  const late = await rows.run(mapping)
  await rows.job(mapping, late, { modified: 3, ignored: { OUT_OF_FILTER: 2, NOT_COUPLED: 5 } })
  await rows.job(mapping, late, { direction: 'FROM_INTEGRATION_TABLE' })
  const coupling = await rows.coupling(mapping)
  await rows.coupling(mapping)
  await rows.error(mapping, { couplingId: coupling })
  await rows.error(mapping, { resolvedAt: new Date() })
  await rows.skipped(mapping, { couplingId: coupling })
  await rows.skipped(mapping, { state: 'PENDING', reason: 'OTHER_PASS' })

  const { data, errors } = await api.ask<{ integrationTableMapping: { fields: object[] } }>(`{
    integrationTableMapping(name: "CUSTOMER") {
      name localTable integrationTable direction conflictDetection updateConflictPolicy toWatermark fromWatermark
      synchOnlyCoupledRecords dependsOn connection { name localSystem { kind } integrationSystem { kind } }
      fields { name localField localCaption integrationField integrationCaption direction lookupMappings }
      lastRun { id } lastJobs { direction modified ignored ignoredByReason { reason count } run { id } }
      openErrors skippedRecords pendingRecords couplings
    }
  }`)

  expect(errors).toEqual([])
  expect(data.integrationTableMapping).toMatchObject({
    name: 'CUSTOMER',
    localTable: 'customers',
    integrationTable: 'accounts',
    direction: 'BIDIRECTIONAL',
    conflictDetection: 'TIMESTAMPS',
    updateConflictPolicy: 'NONE',
    toWatermark: '2026-03-01T09:59:00.007Z',
    fromWatermark: null,
    synchOnlyCoupledRecords: true,
    dependsOn: ['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD'],
    connection: {
      name: 'Contoso',
      localSystem: { kind: 'BUSINESS_CENTRAL' },
      integrationSystem: { kind: 'DATAVERSE' },
    },
    lastRun: { id: late },
    lastJobs: [
      {
        direction: 'TO_INTEGRATION_TABLE',
        modified: 3,
        ignored: 7,
        ignoredByReason: expect.arrayContaining([{ reason: 'OUT_OF_FILTER', count: 2 }]),
        run: { id: late },
      },
      { direction: 'FROM_INTEGRATION_TABLE', ignored: 0 },
    ],
    openErrors: 1,
    skippedRecords: 1,
    pendingRecords: 1,
    couplings: 2,
  })
  expect(data.integrationTableMapping.fields).toContainEqual({
    name: 'currencyId:transactioncurrencyid',
    localField: 'currencyId',
    localCaption: 'Currency Code',
    integrationField: 'transactioncurrencyid',
    integrationCaption: 'Currency',
    direction: 'BIDIRECTIONAL',
    lookupMappings: ['CURRENCY'],
  })
})
