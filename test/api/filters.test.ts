import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_filters')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const minute = (number: number): Date => new Date(Date.UTC(2026, 2, 1, 12, number))

interface PageOfIds {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly endCursor: string | null
  }
}

async function readPage(list: string, args: string): Promise<PageOfIds> {
  const { data, errors } = await api.ask(
    `{ ${list}(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
  )
  expect(errors).toEqual([])
  return data[list] as PageOfIds
}

describe('filters', () => {
  test('errors by mapping, run, job, coupling, class, status, direction, time and text', async () => {
    const customer = await rows.mapping()
    const { connectionId } = (
      await api.database.em
        .fork()
        .execute<{ connectionId: string }[]>(
          'select connection_id as "connectionId" from integration_table_mapping',
        )
    )[0] ?? { connectionId: '' }
    const currency = await rows.mapping({ name: 'CURRENCY', connectionId })
    const run = await rows.run(customer)
    const job = await rows.job(customer, run)
    const couplingId = await rows.coupling(customer)
    const conflict = await rows.error(customer, {
      couplingId,
      runId: run,
      jobId: job,
      errorClass: 'CONFLICT',
      lastSeen: minute(10),
      message: 'Cannot update the Account record.',
      sourceName: '50%_off \\ GmbH',
    })
    const permission = await rows.error(customer, {
      errorClass: 'PERMISSION',
      resolvableBy: 'ADMINISTRATOR',
      direction: 'FROM_INTEGRATION_TABLE',
      lastSeen: minute(20),
      resolvedAt: minute(30),
    })
    const other = await rows.error(currency, { lastSeen: minute(40), destinationName: '☃️ Ünïcode 😀' })

    const cases: readonly [string, string[]][] = [
      ['', [other, permission, conflict]],
      ['mapping: "CUSTOMER"', [permission, conflict]],
      ['mapping: "CURRENCY", connection: "Contoso"', [other]],
      ['connection: "Contoso"', [other, permission, conflict]],
      [`run: "${run}"`, [conflict]],
      [`job: "${job}"`, [conflict]],
      [`coupling: "${couplingId.toUpperCase()}"`, [conflict]],
      ['errorClass: CONFLICT', [conflict]],
      ['errorClass: [CONFLICT, PERMISSION]', [permission, conflict]],
      ['errorClass: []', []],
      ['resolvableBy: ADMINISTRATOR', [permission]],
      ['status: OPEN', [other, conflict]],
      ['status: RESOLVED', [permission]],
      ['direction: FROM_INTEGRATION_TABLE', [permission]],
      ['time: { from: "2026-03-01T12:20:00Z" }', [other, permission]],
      ['time: { from: "2026-03-01T12:10:00Z", to: "2026-03-01T12:20:00Z" }', [conflict]],
      ['text: "cannot UPDATE"', [conflict]],
      ['text: "50%_off \\\\ gm"', [conflict]],
      ['text: "account cann"', [conflict]],
      ['text: "nnot"', []],
      ['text: "ünïcode"', [other]],
      ['text: "5%off"', []],
      ['text: "😀"', [other]],
      ['text: "\\u0000"', []],
      ['text: ""', [other, permission, conflict]],
      ['mapping: null, text: null, time: null, run: null, status: null', [other, permission, conflict]],
    ]
    for (const [filter, expected] of cases) {
      const page = await readPage('integrationSynchErrors', `filter: { ${filter} }`)
      expect({ filter, ids: page.nodes.map((node) => node.id) }).toEqual({ filter, ids: expected })
    }
  })

  test('jobs by mapping, run, direction, status, time and text', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping)
    const to = await rows.job(mapping, run, { start: minute(10) })
    const from = await rows.job(mapping, run, {
      start: minute(20),
      direction: 'FROM_INTEGRATION_TABLE',
      status: 'FAILED',
      message: 'Sales is unavailable.',
    })
    const cases: readonly [string, string[]][] = [
      ['', [from, to]],
      ['mapping: "CUSTOMER"', [from, to]],
      [`run: "${run}"`, [from, to]],
      [`run: "${randomUUID()}"`, []],
      ['direction: TO_INTEGRATION_TABLE', [to]],
      ['status: FAILED', [from]],
      ['status: [FAILED, COMPLETED]', [from, to]],
      ['time: { to: "2026-03-01T12:20:00Z" }', [to]],
      ['text: "unavailable"', [from]],
    ]
    for (const [filter, expected] of cases) {
      const page = await readPage('integrationSynchJobs', `filter: { ${filter} }`)
      expect({ filter, ids: page.nodes.map((node) => node.id) }).toEqual({ filter, ids: expected })
    }
  })

  test('couplings by mapping, run, status, class, ids, time and text', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping)
    const lastJobId = await rows.job(mapping, run)
    const settled = await rows.coupling(mapping, {
      lastJobId,
      localName: 'Adatum',
      lastSynchronizedAt: minute(1),
    })
    const skipped = await rows.coupling(mapping, { localName: 'Trey', lastSynchronizedAt: minute(2) })
    await rows.skipped(mapping, { couplingId: skipped })
    const pending = await rows.coupling(mapping, {
      integrationName: 'Relecloud',
      lastSynchronizedAt: minute(3),
    })
    await rows.skipped(mapping, { couplingId: pending, state: 'PENDING', reason: 'OTHER_PASS' })
    const { integrationId } = (
      await api.database.em
        .fork()
        .execute<{ integrationId: string }[]>(
          'select integration_id as "integrationId" from coupling where id = ?',
          [settled],
        )
    )[0] ?? { integrationId: '' }

    const cases: readonly [string, string[]][] = [
      ['', [settled, skipped, pending]],
      ['mapping: "CUSTOMER"', [settled, skipped, pending]],
      [`run: "${run}"`, [settled]],
      ['status: SETTLED', [settled]],
      ['status: [PENDING, SKIPPED]', [skipped, pending]],
      ['skipped: true', [skipped]],
      ['skipped: false', [settled, pending]],
      ['errorClass: CONFLICT', [skipped]],
      [`integrationId: "${integrationId.toUpperCase()}"`, [settled]],
      ['localId: "nobody"', []],
      ['time: { from: "2026-03-01T12:02:00Z" }', [skipped, pending]],
      ['text: "aDATUM"', [settled]],
      ['text: "relecloud"', [pending]],
    ]
    for (const [filter, expected] of cases) {
      const page = await readPage('couplings', `filter: { ${filter} } orderBy: LAST_SYNCHRONIZED_ASC`)
      expect({ filter, ids: page.nodes.map((node) => node.id) }).toEqual({ filter, ids: expected })
    }
  })

  test('skipped synch. records by mapping, run, coupling, class, time and text; pending ones are not among them', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping)
    const couplingId = await rows.coupling(mapping, { localName: 'Adatum' })
    const errorId = await rows.error(mapping, {
      couplingId,
      runId: run,
      message: 'Cannot update the Account record.',
    })
    const conflict = await rows.skipped(mapping, {
      couplingId,
      errorId,
      detail: nameConflict(),
      changedAt: minute(1),
    })
    const failure = await rows.skipped(mapping, {
      reason: 'VALIDATION',
      recordId: 'a-record',
      changedAt: minute(2),
    })
    await rows.skipped(mapping, { state: 'PENDING', reason: 'RETRY' })
    const cases: readonly [string, string[]][] = [
      ['', [failure, conflict]],
      ['mapping: "CUSTOMER"', [failure, conflict]],
      [`run: "${run}"`, [conflict]],
      [`coupling: "${couplingId}"`, [conflict]],
      ['errorClass: VALIDATION', [failure]],
      ['time: { to: "2026-03-01T12:02:00Z" }', [conflict]],
      ['text: "adatum"', [conflict]],
      ['text: "account record"', [conflict]],
      ['text: "a-rec"', [failure]],
    ]
    for (const [filter, expected] of cases) {
      const page = await readPage('skippedSynchRecords', `filter: { ${filter} }`)
      expect({ filter, ids: page.nodes.map((node) => node.id) }).toEqual({ filter, ids: expected })
    }
  })

  test('runs, those asked for last first, by mapping, status, kind and time', async () => {
    const mapping = await rows.mapping()
    const first = await rows.run(mapping, { requestedAt: minute(1) })
    const second = await rows.run(mapping, { requestedAt: minute(2), kind: 'RECORDS', status: 'FAILED' })
    const cases: readonly [string, string[]][] = [
      ['', [second, first]],
      ['mapping: "CUSTOMER"', [second, first]],
      ['status: FAILED', [second]],
      ['kind: [SCHEDULED]', [first]],
      ['time: { from: "2026-03-01T12:02:00Z" }', [second]],
    ]
    for (const [filter, expected] of cases) {
      const { data } = await api.ask<{ synchRuns: { id: string }[] }>(
        `{ synchRuns(filter: { ${filter} }) { id } }`,
      )
      const ids = data.synchRuns.map((run) => run.id)
      expect({ filter, ids }).toEqual({ filter, ids: expected })
    }
    expect((await api.ask('{ synchRuns(first: 1) { id } }')).data['synchRuns']).toEqual([{ id: second }])
  })

  test('an unknown mapping is named, with those that exist', async () => {
    await rows.mapping()
    const { errors } = await api.ask('{ couplings(filter: { mapping: "CUSTOMERS" }) { nodes { id } } }')
    expect(errors).toMatchObject([
      {
        message: 'There is no mapping "CUSTOMERS". Mappings: CUSTOMER.',
        extensions: { code: 'NOT_FOUND', mappings: [{ name: 'CUSTOMER', connection: 'Contoso' }] },
      },
    ])
  })

  test('a malformed id is named by its path', async () => {
    for (const [list, filter] of [
      ['integrationSynchErrors', 'run'],
      ['integrationSynchErrors', 'job'],
      ['integrationSynchErrors', 'coupling'],
      ['integrationSynchJobs', 'run'],
      ['skippedSynchRecords', 'run'],
      ['skippedSynchRecords', 'coupling'],
      ['couplings', 'run'],
    ] as const) {
      const { errors } = await api.ask(`{ ${list}(filter: { ${filter}: "42" }) { nodes { id } } }`)
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining(`filter.${filter}: Expected a UUID`),
          extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: `filter.${filter}` }] },
        },
      ])
    }
  })

  test('words are found alike whether few or many have them, and records by their whole id', async () => {
    const mapping = await rows.mapping()
    await api.database.em.fork().execute(`
      insert into integration_synch_error (id, mapping_id, record_key, direction, error_class, resolvable_by, message, cause, remedy, fingerprint,
          source_side, source_id, source_name, last_seen)
        select gen_random_uuid(), '${mapping}', 'LOCAL:' || n, 'TO_INTEGRATION_TABLE', 'VALIDATION', 'USER',
          case when n % 2 = 0 then 'Plenty of privileges are missing.' else 'Something else.' end, 'c', 'r', 'x', 'LOCAL', 'record-' || n,
          'Customer ' || n, timestamptz '2026-03-01' + make_interval(secs => n)
        from generate_series(1, 10010) n`)
    const names = async (filter: string): Promise<readonly (string | null)[]> => {
      const { data } = await api.ask<{ list: { nodes: { source: { name: string | null } }[] } }>(
        `{ list: integrationSynchErrors(first: 3, filter: { ${filter} }) { nodes { source { name } } } }`,
      )
      return data.list.nodes.map((node) => node.source.name)
    }
    expect(await names('text: "privilege plenty"')).toEqual([
      'Customer 10010',
      'Customer 10008',
      'Customer 10006',
    ])
    expect(await names('text: "rivilege"')).toEqual([])
    expect(await names('text: "cust 9998"')).toEqual(['Customer 9998'])
    expect(await names('text: "priv 500"')).toEqual(['Customer 5008', 'Customer 5006', 'Customer 5004'])
    expect(await names('text: "record-77"')).toEqual(['Customer 77'])
  })
})
