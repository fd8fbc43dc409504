import { randomUUID } from 'node:crypto'
import { parse, validate } from 'graphql/index.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACTION_DOCUMENTS } from '../../src/api/action/actions.js'
import { buildApiSchema } from '../../src/api/schema.js'
import type { ExaminedStanding } from '../../src/domain/examination.js'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { run, sql } from '../../src/persistence/sql.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'
import { countStatements, type StatementCounter } from './support/wire.js'

let api: TestApi
let rows: Rows
let counter: StatementCounter
let connectionId: string
let mapping: string
let couplingId: string
let localId: string

beforeAll(async () => {
  api = await startTestApi('api_record_status', async (databaseUrl) => {
    counter = await countStatements(databaseUrl)
    return counter.url
  })
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  localId = randomUUID()
  connectionId = await rows.connection()
  mapping = await rows.mapping({ connectionId })
  couplingId = await rows.coupling(mapping, {
    localId,
    localName: 'Adatum Corporation',
    localNumber: 'C00010',
  })
})
afterAll(async () => {
  await api.close()
  await counter.close()
})

interface Status {
  readonly reason: string
  readonly message: string
  readonly evidence: readonly string[]
  readonly clause: string | null
  readonly since: string | null
  readonly until: string | null
  readonly inSyncAsOf: string | null
  readonly fresh: boolean
  readonly record: { readonly id: string; readonly name: string | null }
  readonly partner: { readonly id: string } | null
  readonly waitsFor: { readonly id: string; readonly table: string } | null
  readonly nextStep: {
    readonly mutation: string
    readonly variables: object
    readonly document: string
  } | null
}
const STATUS = `reason message evidence clause since until inSyncAsOf fresh record { id name url } partner { id }
  waitsFor { id table } coupling { id } mapping { name } skippedSynchRecord { id } error { message } deletionReviewId
  nextStep { mutation variables document text }`

const ask = (
  id: string,
  more: { readonly fresh?: boolean; readonly table?: string; readonly system?: string } = {},
): Promise<Answer<{ recordStatus: Status }>> =>
  api.ask(
    `query ($system: SystemKind!, $table: String!, $id: ID!, $fresh: Boolean) {
      recordStatus(system: $system, table: $table, id: $id, fresh: $fresh) { ${STATUS} } }`,
    { system: 'BUSINESS_CENTRAL', table: 'customers', id, ...more },
  )
const statusOf = async (id: string, more: { readonly fresh?: boolean } = {}): Promise<Status> => {
  const { data, errors } = await ask(id, more)
  expect(errors).toEqual([])
  return data.recordStatus
}
const find = async (text: string, more: object = {}): Promise<readonly Status[]> => {
  const { data, errors } = await api.ask<{ recordStatuses: readonly Status[] }>(
    `query ($text: String!, $first: Int! = 10, $mapping: String) {
      recordStatuses(text: $text, first: $first, mapping: $mapping) { ${STATUS} } }`,
    { text, ...more },
  )
  expect(errors).toEqual([])
  return data.recordStatuses
}
const state = (values: Parameters<Rows['skipped']>[1]) =>
  rows.skipped(mapping, { couplingId, recordId: localId, ...values })
const set = (table: string, change: string) =>
  run(api.database.em.fork(), sql`update ${sql.raw(table)} set ${sql.raw(change)}`)
const standing = (values: Partial<ExaminedStanding>): ExaminedStanding => ({
  kind: 'record',
  presence: 'FOUND',
  message: null,
  name: 'Adatum Corporation',
  version: 'W/"local-9"',
  stamp: Date.now(),
  clause: null,
  partner: null,
  changed: null,
  ...values,
})
const shows = (values: Partial<ExaminedStanding>) =>
  api.recordExaminer.behave(async () => ({ examination: standing(values), failure: null }))

describe('by what is stored', () => {
  test('in sync as of the last synchronization', async () => {
    expect(await statusOf(localId.toUpperCase())).toMatchObject({
      reason: 'IN_SYNC',
      inSyncAsOf: '2026-03-01T10:01:00.000Z',
      fresh: false,
      record: { id: localId, name: 'Adatum Corporation' },
      nextStep: null,
    })
    expect(api.recordExaminer.asked).toEqual([])
  })

  test('a conflict, with the call that does what is recommended, bound to the versions seen', async () => {
    const id = await state({ detail: nameConflict() })
    const status = await statusOf(localId)
    expect(status).toMatchObject({
      reason: 'CONFLICT',
      since: '2026-03-01T10:00:40.000Z',
      skippedSynchRecord: { id },
      nextStep: {
        mutation: 'resolveSkippedSynchRecords',
        variables: {
          ids: [id],
          keep: 'INTEGRATION',
          seenVersions: [{ id, local: 'W/"local-2"', integration: 'W/"integration-2"' }],
        },
      },
    })
  })

  test('skipped after failures, and after a deletion', async () => {
    const errorId = await rows.error(mapping, { couplingId, message: 'The name is too long.' })
    const id = await state({ reason: 'VALIDATION', attempts: 5, errorId })
    expect(await statusOf(localId)).toMatchObject({
      reason: 'SKIPPED',
      error: { message: 'The name is too long.' },
      nextStep: { mutation: 'retrySkippedSynchRecords', variables: { ids: [id] } },
    })
    await set('record_state', `reason = 'DELETED_RECORD'`)
    expect(await statusOf(localId)).toMatchObject({
      reason: 'SKIPPED',
      nextStep: { mutation: 'restoreRecords', variables: { ids: [id] } },
    })
  })

  test('a deletion under review', async () => {
    await state({ state: 'PENDING', reason: 'DELETION_REVIEW' })
    const review = randomUUID()
    await run(
      api.database.em.fork(),
      sql`insert into deletion_review (id, mapping_id, status, couplings) values (${review}, ${mapping}, 'OPEN', 50)`,
    )
    expect(await statusOf(localId)).toMatchObject({
      reason: 'DELETION_REVIEW',
      deletionReviewId: review,
      nextStep: { mutation: 'allowDeletions', variables: { id: review } },
    })
  })

  test('a wait for another record', async () => {
    await rows.mapping({ connectionId, name: 'CURRENCY' }, { localTable: 'currencies' })
    const waitsForId = randomUUID()
    await state({
      state: 'PENDING',
      reason: 'DEPENDENCY_MISSING',
      waitsForMappings: ['CURRENCY'],
      waitsForSide: 'LOCAL',
      waitsForId,
    })
    expect(await statusOf(localId)).toMatchObject({
      reason: 'WAITS_FOR',
      waitsFor: { id: waitsForId, table: 'currencies' },
      nextStep: { mutation: 'createRecords', variables: { mapping: 'CURRENCY', ids: [waitsForId] } },
    })
  })

  test('a back-off, until when by the schedule, and what the next run looks at', async () => {
    await state({ state: 'PENDING', reason: 'VALIDATION', dueAtRun: 4 })
    const backOff = await statusOf(localId)
    expect(backOff.reason).toBe('BACK_OFF')
    await set('record_state', `reason = 'FIRST_CONTACT', due_at_run = 0`)
    const pending = await statusOf(localId)
    expect(pending).toMatchObject({
      reason: 'PENDING_NEXT_RUN',
      nextStep: { mutation: 'synchronizeMapping', variables: { name: 'CUSTOMER', connection: 'Contoso' } },
    })
    // Every half hour: the fourth start, and the first.
    expect(Date.parse(backOff.until ?? '') - Date.parse(pending.until ?? '')).toBe(3 * 30 * 60_000)
  })

  test('what is stopped: the connection before the mapping, a pause before a failure', async () => {
    const runId = await rows.run(mapping, { status: 'FAILED', requestedAt: new Date() })
    await rows.error(mapping, {
      recordKey: 'run',
      runId,
      errorClass: 'PERMISSION',
      message: 'prvReadAccount is missing.',
    })
    await state({ state: 'PENDING', reason: 'VALIDATION' })
    expect(await statusOf(localId)).toMatchObject({
      reason: 'MAPPING_STOPPED',
      error: { message: 'prvReadAccount is missing.' },
      nextStep: { mutation: 'checkConnection' },
    })
    await set('integration_table_mapping', `paused_at = now(), paused_by = 'Ada'`)
    expect(await statusOf(localId)).toMatchObject({
      reason: 'MAPPING_PAUSED',
      nextStep: { mutation: 'resumeIntegrationTableMapping' },
    })
    await set('connection', `paused_at = now(), paused_by = 'Ada'`)
    expect(await statusOf(localId)).toMatchObject({
      reason: 'CONNECTION_STOPPED',
      nextStep: { mutation: 'resumeConnection', variables: { name: 'Contoso' } },
    })
    await set('connection', `disabled_at = now()`)
    expect(await statusOf(localId)).toMatchObject({ nextStep: { mutation: 'enableConnection' } })
  })

  test('a filter that was narrowed since, judged by the values last agreed', async () => {
    const base = { 'city:address1_city': { local: 'Bonn', integration: 'Bonn' } }
    await set('coupling', `base = '${JSON.stringify(base)}'`)
    expect((await statusOf(localId)).reason).toBe('IN_SYNC')
    const filter = { kind: 'compare', field: 'city', comparison: '=', value: 'Ulm' }
    await set(
      'integration_table_mapping',
      `definition = jsonb_set(definition, '{localFilter}', '${JSON.stringify(filter)}')`,
    )
    expect(await statusOf(localId)).toMatchObject({
      reason: 'FILTERED',
      clause: "City = 'Ulm'",
      nextStep: { mutation: 'rehearseMapping', variables: { changes: { localFilter: null } } },
    })
  })
})

describe('by a look at the systems', () => {
  test('a record that nothing is known of is looked at unasked', async () => {
    const stranger = randomUUID()
    shows({})
    expect(await statusOf(stranger)).toMatchObject({
      reason: 'NOT_COUPLED',
      fresh: true,
      nextStep: { mutation: 'coupleByMatching', variables: { mapping: 'CUSTOMER', connection: 'Contoso' } },
    })
    expect(api.recordExaminer.asked).toEqual([
      { kind: 'record', mappingId: mapping, side: 'LOCAL', id: stranger },
    ])
    shows({ clause: { kind: 'compare', field: 'city', comparison: 'blank', value: null } })
    expect(await statusOf(stranger)).toMatchObject({ reason: 'FILTERED', clause: 'City is blank' })
    shows({ presence: 'GONE' })
    expect(await statusOf(stranger)).toMatchObject({ reason: 'UNKNOWN_RECORD', nextStep: null })
  })

  test('without a worker what is stored is told, and that nobody could look; asked to look it fails', async () => {
    const stranger = randomUUID()
    const status = await statusOf(stranger)
    expect(status).toMatchObject({ reason: 'UNKNOWN_RECORD', fresh: false })
    expect(status.evidence.join(' ')).toContain('No worker has looked at the records')
    expect((await ask(stranger, { fresh: true })).errors).toMatchObject([
      { extensions: { code: 'ENGINE_UNAVAILABLE' } },
    ])
    expect(await statusOf(stranger, { fresh: false })).toMatchObject({ reason: 'UNKNOWN_RECORD' })
  })

  test('an edit that no run has carried, and agreement that no pause can take away', async () => {
    await set('connection', 'paused_at = now()')
    const partner = { id: randomUUID(), found: true, version: 'W/"integration-1"', stamp: Date.now() }
    shows({ partner, changed: { LOCAL: [], INTEGRATION: [] } })
    expect(await statusOf(localId, { fresh: true })).toMatchObject({ reason: 'IN_SYNC', fresh: true })
    shows({ partner, changed: { LOCAL: ['city:address1_city'], INTEGRATION: [] } })
    expect(await statusOf(localId, { fresh: true })).toMatchObject({ reason: 'CONNECTION_STOPPED' })
    await set('connection', 'paused_at = null')
    expect(await statusOf(localId, { fresh: true })).toMatchObject({ reason: 'PENDING_NEXT_RUN' })
  })

  test('a coupled record of which a run has met a newer version is looked at unasked', async () => {
    await run(
      api.database.em.fork(),
      sql`insert into handled_version (mapping_id, side, record_id, version, stamp, job_id)
          values (${mapping}, 'LOCAL', ${localId}, 'W/"local-2"', now(), ${randomUUID()})`,
    )
    shows({ clause: { kind: 'compare', field: 'blocked', comparison: '=', value: ' ' } })
    expect(await statusOf(localId)).toMatchObject({ reason: 'FILTERED', fresh: true })
  })
})

test('which record is meant', async () => {
  expect((await ask(localId, { table: 'pets' })).errors).toMatchObject([
    { extensions: { code: 'NOT_FOUND', tables: ['customers'] } },
  ])
  expect((await ask('7')).errors).toMatchObject([{ extensions: { problems: [{ argument: 'id' }] } }])
  await rows.mapping({ connectionId: await rows.connection({ name: 'Other' }) })
  expect((await ask(localId)).errors).toMatchObject([
    { extensions: { problems: [{ argument: 'connection' }] } },
  ])
})

describe('by a text', () => {
  test('numbers first, then beginnings of names, then words; without case', async () => {
    await rows.coupling(mapping, { localName: 'Corporation Books', localNumber: 'C00020' })
    await rows.coupling(mapping, { localName: 'C00010 & Sons', localNumber: 'D-1000' })
    await rows.coupling(mapping, { localName: 'Müller-Lüdenscheidt', integrationName: 'Mueller' })
    const names = async (text: string) => (await find(text)).map((status) => status.record.name)
    expect(await names('c00010')).toEqual(['Adatum Corporation', 'C00010 & Sons'])
    expect(await names('corp')).toEqual(['Corporation Books', 'Adatum Corporation'])
    expect(await names('ada corp')).toEqual(['Adatum Corporation'])
    expect(await names('D-10')).toEqual(['C00010 & Sons'])
    expect(await names('muell')).toEqual(['Müller-Lüdenscheidt'])
    expect(await names(localId.toUpperCase())).toEqual(['Adatum Corporation'])
    expect(await names("o'%_\\ & | ! :*")).toEqual([])
    expect(await names('...')).toEqual([])
  })

  test('uncoupled records on which a run has failed, each once', async () => {
    const sourceId = randomUUID()
    const failure = { sourceId, sourceName: 'Fabrikam', recordKey: `LOCAL:${sourceId}` }
    const errorId = await rows.error(mapping, failure)
    await rows.error(mapping, { ...failure, fingerprint: 'another' })
    await rows.skipped(mapping, { recordId: sourceId, reason: 'VALIDATION', errorId })
    expect(await find('fabri')).toMatchObject([
      { reason: 'SKIPPED', record: { id: sourceId, name: 'Fabrikam' } },
    ])
    expect(await find('fabri', { mapping: 'CUSTOMER' })).toHaveLength(1)
    await rows.mapping({ connectionId, name: 'VENDOR' })
    expect(await find('fabri', { mapping: 'VENDOR' })).toEqual([])
  })

  test('reads as many statements for thirty records as for two', async () => {
    const statements = async (): Promise<number> => {
      counter.reset()
      await find('adatum', { first: 50 })
      return counter.count()
    }
    const add = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const id = await rows.coupling(mapping, { localName: `Adatum ${index}` })
        const errorId = await rows.error(mapping, { couplingId: id })
        await rows.skipped(mapping, { couplingId: id, errorId, detail: nameConflict() })
      }
    }
    await add(2)
    const few = await statements()
    await add(28)
    expect(await statements()).toBe(few)
    expect(few).toBeLessThan(20)
    counter.reset()
    await statusOf(localId)
    expect(counter.count()).toBeLessThan(20)
  })
})

test('every call that is proposed fits the schema', () => {
  const schema = buildApiSchema()
  for (const [name, document] of Object.entries(ACTION_DOCUMENTS)) {
    expect([name, validate(schema, parse(document)).map((error) => error.message)]).toEqual([name, []])
    expect(document).toContain(`${name}(`)
  }
})

test('a call that is proposed can be sent as it stands', async () => {
  await set('integration_table_mapping', 'paused_at = now()')
  await state({ state: 'PENDING', reason: 'VALIDATION' })
  const { nextStep } = await statusOf(localId)
  expect((await api.ask(nextStep?.document ?? '', { ...nextStep?.variables })).errors).toEqual([])
  expect((await statusOf(localId)).reason).toBe('BACK_OFF')
  expect(await api.database.em.fork().count(RecordState, { state: 'PENDING' })).toBe(1)
})
