import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { couplingTarget } from '../../src/activities/coupling-update.js'
import type { ActivityDependencies } from '../../src/activities/dependencies.js'
import { loadMapping } from '../../src/activities/mapping-context.js'
import { recordSettled } from '../../src/activities/record-settled.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { SynchJob } from '../../src/persistence/entities/synch-job.js'
import { insertIntents, type Intent } from '../../src/persistence/queries/intents.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { Lane } from '../../src/domain/lane.js'
import { SharedConnectors } from '../../src/connector-source.js'
import { TestEngine } from '../support/engine.js'

/** A step that lost its worker's heartbeat may still be at work when its successor begins. */
describe('two attempts that settle the same write', () => {
  let engine: TestEngine
  const governor = new SharedGovernor(new MemoryGovernorStore())
  const connectors = new SharedConnectors(() => 'engine-test', pino({ level: 'silent' }), governor)
  beforeAll(async () => {
    engine = await TestEngine.start()
  })
  afterAll(async () => {
    await connectors.close()
    await engine.stop()
  })

  test('record it once', async () => {
    const { run, to } = await engine.synchronize('CURRENCY')
    const em = engine.database.em.fork()
    const dependencies: ActivityDependencies = {
      database: engine.database,
      connectors,
      logger: pino({ level: 'silent' }),
      now: Date.now,
      settings: {
        pageSize: 10,
        commitDelay: 0,
        maximumAttempts: 5,
        liftsSkips: true,
        requestDeadline: 10_000,
        patience: 10_000,
        workerTimeout: 15_000,
        schedules: false,
      },
    }
    const context = await loadMapping(dependencies, run.mappingId, Lane.live)
    const blank = (side: 'LOCAL' | 'INTEGRATION'): RecordSnapshot => ({
      id: randomUUID(),
      version: 'made',
      stamp: Date.now(),
      values: Object.fromEntries(context.fields[side].map((field) => [field, null])),
    })
    const [source, created] = [blank('LOCAL'), blank('INTEGRATION')]
    const intent: Intent = {
      id: randomUUID(),
      jobId: to?.id ?? '',
      runId: run.id,
      pageId: null,
      couplingId: null,
      kind: 'CREATE',
      side: 'INTEGRATION',
      recordId: created.id,
      assignedKey: null,
      sourceSide: 'LOCAL',
      sourceId: source.id,
      values: {},
      version: null,
      source,
      lost: [],
      decisionRow: null,
      before: null,
      deadline: Date.now(),
      sentAt: Date.now(),
      unconditional: false,
      answer: null,
    }
    await insertIntents(em, couplingTarget(context), [intent])
    const landed = new Map([[intent.id, { kind: 'written' as const, record: created, adopted: false }]])
    const settle = () =>
      engine.database.em
        .fork()
        .transactional((transaction) =>
          recordSettled(transaction, dependencies, context, run, [intent], landed),
        )

    await Promise.all([settle(), settle()])

    const job = await engine.database.em.fork().findOneOrFail(SynchJob, { id: intent.jobId })
    expect(job.inserted - (to?.inserted ?? 0)).toBe(1)
    const count = (table: string, column: string) =>
      execute(
        em,
        sql`select count(*)::int as n from ${sql.raw(table)} where ${sql.raw(column)} = ${created.id}`,
      )
    expect(await count('coupling', 'integration_id')).toEqual([{ n: 1 }])
    expect(await count('record_write', 'integration_id')).toEqual([{ n: 1 }])
    // The later one finds nothing left to record, rather than a record that somebody else has coupled.
    expect(await execute(em, sql`select record_id, reason from record_state`)).toEqual([])
    expect(await execute(em, sql`select message from integration_synch_error`)).toEqual([])
  })
})
