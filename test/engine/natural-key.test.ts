import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adoptBySentValues } from '../../src/activities/adopt-intents.js'
import { findLanded } from '../../src/activities/find-landed.js'
import { loadMapping, type MappingContext } from '../../src/activities/mapping-context.js'
import type { IntentOutcome } from '../../src/activities/send-intents.js'
import { SharedConnectors } from '../../src/connector-source.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { Lane } from '../../src/domain/lane.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import type { Intent } from '../../src/persistence/queries/intents.js'
import { PostgresPair } from '../support/postgres-pair.js'

/** Creations in a table whose key comes with the values, so that another record may have it. */
let pair: PostgresPair
let context: MappingContext
const logger = pino({ level: 'silent' })
const connectors = new SharedConnectors(
  () => process.env['PAIR_TEST_PASSWORD'] ?? '',
  logger,
  new SharedGovernor(new MemoryGovernorStore()),
)

beforeAll(async () => {
  pair = await PostgresPair.start(
    'create table country (code text primary key, name text, note text, modified timestamptz default clock_timestamp())',
  )
  await pair.local.query(`insert into country (code, name) values ('CH', 'Switzerland'), ('OLD', 'Austria')`)
  await pair.integration
    .query(`insert into country (code, name, note) values ('DE', 'Germany', null), ('FR', 'La France', null),
      ('IT', 'Italy', 'by us'), ('CHE', 'Switzerland', null), ('AT', 'Austria', null)`)
  const field = (name: string) => ({ localField: name, integrationField: name })
  await pair.map({
    name: 'COUNTRY',
    localTable: 'country',
    integrationTable: 'country',
    fields: [field('code'), field('name')],
  })
  const { id } = await pair.database.em.fork().findOneOrFail(Mapping, { name: 'COUNTRY' })
  const settings = {
    pageSize: 10,
    commitDelay: 0,
    maximumAttempts: 5,
    liftsSkips: true,
    requestDeadline: 10_000,
    patience: 10_000,
    workerTimeout: 15_000,
    schedules: false,
  }
  const { database } = pair
  context = await loadMapping({ database, connectors, logger, settings, now: Date.now }, id, Lane.live)
  await couple('CH', 'CHE')
})
afterAll(async () => {
  await connectors.close()
  await pair.stop()
})

async function couple(localId: string, integrationId: string): Promise<string> {
  const { coupleRecords } = await pair.ask<{ coupleRecords: { couplingId: string } }>(
    `mutation ($localId: ID!, $integrationId: ID!) { coupleRecords(mapping: "COUNTRY", localId: $localId,
      integrationId: $integrationId, synchronize: NONE) { ... on RecordsCoupled { couplingId } } }`,
    { localId, integrationId },
  )
  return coupleRecords.couplingId
}

/** A creation that was sent, and of which nobody knows what became of it. */
function creation(code: string, name: string, couplingId: string | null = null): Intent {
  return {
    id: randomUUID(),
    jobId: randomUUID(),
    runId: randomUUID(),
    pageId: null,
    couplingId,
    kind: couplingId === null ? 'CREATE' : 'RESTORE',
    side: 'INTEGRATION',
    recordId: code,
    assignedKey: null,
    sourceSide: 'LOCAL',
    sourceId: code,
    values: { code, name },
    version: null,
    source: { id: code, version: '', stamp: 0, values: { code, name } },
    lost: [],
    decisionRow: null,
    before: null,
    deadline: 0,
    sentAt: 1,
    unconditional: false,
    answer: null,
  }
}

test('a creation that was not answered is found by its own key only where the record is as it was sent', async () => {
  const [germany, france, italy, spain] = [
    creation('DE', 'Germany'),
    creation('FR', 'France'),
    creation('IT', 'Italy'),
    creation('ES', 'Spain'),
  ]
  const { landed, taken } = await findLanded(context, 'INTEGRATION', [germany, france, italy, spain])

  expect([...landed.keys()]).toEqual([germany.id, italy.id])
  // It may be ours, changed by the system as it was created: nothing tells, so a person is told of both.
  expect([...taken]).toEqual([
    [
      france.id,
      expect.objectContaining({
        errorClass: 'DUPLICATE',
        message: expect.stringContaining('FR'),
        cause: expect.stringContaining('no answer'),
      }),
    ],
  ])
})

test('a record of another pair is never taken for what was created, even where it is as it was sent', async () => {
  const switzerland = creation('CHE', 'Switzerland')
  const { landed, taken } = await findLanded(context, 'INTEGRATION', [switzerland])
  expect([...landed.keys()]).toEqual([])
  expect([...taken.keys()]).toEqual([switzerland.id])

  // The same where the service itself says that the key is there already.
  const france = creation('FR', 'France')
  const germany = creation('DE', 'Germany')
  const intents = [switzerland, france, germany]
  const outcomes = new Map<string, IntentOutcome>(intents.map(({ id }) => [id, { kind: 'stale' }]))
  await adoptBySentValues(context, 'INTEGRATION', intents, outcomes)
  expect(outcomes.get(switzerland.id)).toMatchObject({
    kind: 'refused',
    failure: { errorClass: 'DUPLICATE' },
  })
  expect(outcomes.get(france.id)).toMatchObject({ kind: 'refused', failure: { errorClass: 'DUPLICATE' } })
  expect(outcomes.get(germany.id)).toMatchObject({ kind: 'written', adopted: true, record: { id: 'DE' } })
})

test('a record that was created once more under its key is found, though its own pair still names the key', async () => {
  const restored = creation('AT', 'Austria', await couple('OLD', 'AT'))
  const { landed, taken } = await findLanded(context, 'INTEGRATION', [restored])
  expect([...landed.keys()]).toEqual([restored.id])
  expect(taken.size).toBe(0)
})
