import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { COMPANY, nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_records')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const STAMPS = 'stamps { local integration lastSynchModifiedOn lastSynchCrmModifiedOn editedLast }'

test('an error of a conflict shows both records, all stamps and per field base, source and destination', async () => {
  const mapping = await rows.mapping()
  const run = await rows.run(mapping)
  const job = await rows.job(mapping, run)
  const couplingId = await rows.coupling(mapping)
  const [sourceId, destinationId] = [randomUUID(), randomUUID()]
  const id = await rows.error(mapping, {
    runId: run,
    jobId: job,
    couplingId,
    errorClass: 'CONFLICT',
    sourceId,
    destinationId,
    sourceName: 'Adatum Corporation',
    destinationName: 'Adatum Ltd.',
    detail: nameConflict(),
    occurrences: 4,
  })
  const { data, errors } = await api.ask(`{ integrationSynchError(id: "${id}") {
    id time firstSeen resolvedAt errorClass resolvableBy message cause remedy occurrences direction
    source { side system table tableCaption id name url } destination { side system table tableCaption id name url }
    mapping { name } job { id } run { id } coupling { id } ${STAMPS}
    fields { name sourceField destinationField sourceCaption destinationCaption base destinationBase hasBase source destination
             sourceChanged destinationChanged equal } } }`)
  expect(errors).toEqual([])
  expect(data['integrationSynchError']).toMatchObject({
    id,
    time: '2026-03-01T10:00:30.000Z',
    resolvedAt: null,
    errorClass: 'CONFLICT',
    resolvableBy: 'USER',
    occurrences: 4,
    source: {
      side: 'LOCAL',
      system: 'BUSINESS_CENTRAL',
      table: 'customers',
      tableCaption: 'Customer',
      id: sourceId,
      name: 'Adatum Corporation',
      url: `http://127.0.0.1:7001/api/v2.0/companies(${COMPANY})/customers(${sourceId})`,
    },
    destination: {
      side: 'INTEGRATION',
      system: 'DATAVERSE',
      table: 'accounts',
      tableCaption: 'Account',
      id: destinationId,
      name: 'Adatum Ltd.',
      url: `http://127.0.0.1:7002/api/data/v9.2/accounts(${destinationId})`,
    },
    mapping: { name: 'CUSTOMER' },
    job: { id: job },
    run: { id: run },
    coupling: { id: couplingId },
    stamps: {
      local: '2026-03-02T09:00:00.456Z',
      integration: '2026-03-02T09:05:00.000Z',
      lastSynchModifiedOn: '2026-03-01T10:00:00.123Z',
      lastSynchCrmModifiedOn: '2026-03-01T10:00:05.000Z',
      editedLast: 'INTEGRATION',
    },
    fields: [
      {
        name: 'displayName:name',
        sourceField: 'displayName',
        destinationField: 'name',
        sourceCaption: 'Name',
        destinationCaption: 'Account Name',
        base: 'Adatum',
        destinationBase: 'Adatum',
        hasBase: true,
        source: 'Adatum Corporation',
        destination: 'Adatum Ltd.',
        sourceChanged: true,
        destinationChanged: true,
        equal: false,
      },
      { base: null, hasBase: false, source: '12345678901234.5678', destination: null },
    ],
  })
})

test('seen from the other pass, source and destination change places', async () => {
  const mapping = await rows.mapping()
  const id = await rows.error(mapping, {
    direction: 'FROM_INTEGRATION_TABLE',
    sourceSide: 'INTEGRATION',
    detail: nameConflict(),
  })
  const { data } = await api.ask(`{ integrationSynchError(id: "${id}") {
    source { side table } destination { side table id url } fields { sourceField source destination } } }`)
  expect(data['integrationSynchError']).toMatchObject({
    source: { side: 'INTEGRATION', table: 'accounts' },
    destination: { side: 'LOCAL', table: 'customers', id: null, url: null },
    fields: [{ sourceField: 'name', source: 'Adatum Ltd.', destination: 'Adatum Corporation' }, {}],
  })
})

test('an error of a whole pass names no record', async () => {
  const mapping = await rows.mapping()
  const id = await rows.error(mapping, {
    recordKey: 'run',
    sourceSide: null,
    sourceId: null,
    errorClass: 'UNAVAILABLE',
  })
  const { data, errors } = await api.ask(
    `{ integrationSynchError(id: "${id}") { source { id } destination { id } coupling { id } stamps { local } fields { name } job { id } } }`,
  )
  expect(errors).toEqual([])
  expect(data['integrationSynchError']).toEqual({
    source: null,
    destination: null,
    coupling: null,
    stamps: null,
    fields: [],
    job: null,
  })
})

test('a coupling shows both records, both stamps, and who synchronized it last', async () => {
  const mapping = await rows.mapping()
  const run = await rows.run(mapping)
  const lastJobId = await rows.job(mapping, run)
  const [localId, integrationId] = [randomUUID(), randomUUID()]
  const id = await rows.coupling(mapping, {
    localId,
    integrationId,
    localName: 'Ärzte 😀',
    lastBy: 'MANUAL',
    lastJobId,
  })
  const { data, errors } = await api.ask(`{ coupling(id: "${id}") {
    id localRecord { system table id name url version stamp } integrationRecord { system table id name url version stamp }
    lastSynchModifiedOn lastSynchCrmModifiedOn lastSynchronizedAt lastSynchronizedBy lastSynchronizedFrom
    skipped status pendingReason skippedSynchRecord { id } lastJob { id } openErrors { id } mapping { name } } }`)
  expect(errors).toEqual([])
  expect(data['coupling']).toMatchObject({
    id,
    localRecord: {
      system: 'BUSINESS_CENTRAL',
      table: 'customers',
      id: localId,
      name: 'Ärzte 😀',
      url: `http://127.0.0.1:7001/api/v2.0/companies(${COMPANY})/customers(${localId})`,
      version: 'W/"local-1"',
      stamp: '2026-03-01T10:00:00.123Z',
    },
    integrationRecord: {
      system: 'DATAVERSE',
      table: 'accounts',
      id: integrationId,
      url: `http://127.0.0.1:7002/api/data/v9.2/accounts(${integrationId})`,
      version: 'W/"integration-1"',
      stamp: '2026-03-01T10:00:05.000Z',
    },
    lastSynchModifiedOn: '2026-03-01T10:00:00.123Z',
    lastSynchCrmModifiedOn: '2026-03-01T10:00:05.000Z',
    lastSynchronizedAt: '2026-03-01T10:01:00.000Z',
    lastSynchronizedBy: 'MANUAL',
    lastSynchronizedFrom: 'LOCAL',
    skipped: false,
    status: 'SETTLED',
    pendingReason: null,
    skippedSynchRecord: null,
    lastJob: { id: lastJobId },
    openErrors: [],
    mapping: { name: 'CUSTOMER' },
  })
})

test('a skipped and a pending coupling say so', async () => {
  const mapping = await rows.mapping()
  const skipped = await rows.coupling(mapping)
  const error = await rows.error(mapping, { couplingId: skipped, errorClass: 'CONFLICT' })
  const state = await rows.skipped(mapping, { couplingId: skipped, errorId: error })
  const pending = await rows.coupling(mapping)
  await rows.skipped(mapping, { couplingId: pending, state: 'PENDING', reason: 'OTHER_PASS' })
  const fields = 'skipped status pendingReason skippedSynchRecord { id } openErrors { id }'
  const { data } = await api.ask(
    `{ a: coupling(id: "${skipped}") { ${fields} } b: coupling(id: "${pending}") { ${fields} } }`,
  )
  expect(data).toEqual({
    a: {
      skipped: true,
      status: 'SKIPPED',
      pendingReason: null,
      skippedSynchRecord: { id: state },
      openErrors: [{ id: error }],
    },
    b: {
      skipped: false,
      status: 'PENDING',
      pendingReason: 'OTHER_PASS',
      skippedSynchRecord: null,
      openErrors: [],
    },
  })
})

describe('a skipped synch. record', () => {
  test('shows its coupling, error and conflict', async () => {
    const mapping = await rows.mapping()
    const couplingId = await rows.coupling(mapping)
    const errorId = await rows.error(mapping, { couplingId, message: 'Cannot update the Account record.' })
    const id = await rows.skipped(mapping, { couplingId, errorId, detail: nameConflict() })
    const { data, errors } = await api.ask(`{ skippedSynchRecord(id: "${id}") {
      id errorClass message skippedAt attempts mapping { name } coupling { id localRecord { name } } error { id } record { side id }
      conflict { firstContact versions { local integration } ${STAMPS}
        fields { name base local integration localChanged integrationChanged equal direction integrationBase hasBase } } } }`)
    expect(errors).toEqual([])
    expect(data['skippedSynchRecord']).toMatchObject({
      id,
      errorClass: 'CONFLICT',
      message: 'Cannot update the Account record.',
      skippedAt: '2026-03-01T10:00:40.000Z',
      mapping: { name: 'CUSTOMER' },
      coupling: { id: couplingId },
      error: { id: errorId },
      record: { side: 'LOCAL' },
      conflict: {
        firstContact: false,
        versions: { local: 'W/"local-2"', integration: 'W/"integration-2"' },
        stamps: { editedLast: 'INTEGRATION' },
        fields: [
          {
            name: 'displayName:name',
            base: 'Adatum',
            local: 'Adatum Corporation',
            integration: 'Adatum Ltd.',
            localChanged: true,
            integrationChanged: true,
            equal: false,
            direction: 'BIDIRECTIONAL',
          },
          { local: '12345678901234.5678', integration: null, hasBase: false },
        ],
      },
    })
  })

  test.each([
    [
      'LOCAL',
      'CONFLICT',
      'Cannot update the Account record because it has a later modified date than the Customer record.',
    ],
    [
      'INTEGRATION',
      'CONFLICT',
      'Cannot update the Customer record because it has a later modified date than the Account record.',
    ],
    [
      'LOCAL',
      'DELETED_RECORD',
      'The Account record cannot be updated because it is coupled to a deleted record.',
    ],
    ['LOCAL', 'VALIDATION', 'The Customer record was skipped after 5 attempts (VALIDATION)'],
  ] as const)('of %s that lost its log entry still says why: %s', async (side, reason, message) => {
    const mapping = await rows.mapping()
    const id = await rows.skipped(mapping, { side, reason, attempts: 5 })
    const { data } = await api.ask(
      `{ skippedSynchRecord(id: "${id}") { message errorClass error { id } coupling { id } conflict { firstContact } } }`,
    )
    expect(data['skippedSynchRecord']).toEqual({
      message: expect.stringContaining(message),
      errorClass: reason,
      error: null,
      coupling: null,
      conflict: null,
    })
  })
})
