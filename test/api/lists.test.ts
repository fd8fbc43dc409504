import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_lists')
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

/** Reads a list to its end, page by page. */
async function readAll(list: string, first: number, rest = ''): Promise<string[]> {
  const ids: string[] = []
  let after = ''
  for (;;) {
    const page = await readPage(list, `first: ${first} ${rest} ${after}`)
    ids.push(...page.nodes.map((node) => node.id))
    if (!page.pageInfo.hasNextPage) return ids
    after = `after: "${page.pageInfo.endCursor}"`
  }
}

describe('paging', () => {
  test('walks through every row once, in order, equal keys too', async () => {
    const mapping = await rows.mapping()
    const created: { id: string; at: number }[] = []
    for (let index = 0; index < 11; index += 1) {
      const lastSeen = minute(Math.floor(index / 4))
      created.push({ id: await rows.error(mapping, { lastSeen }), at: lastSeen.getTime() })
    }
    const latestFirst = created
      .toSorted((left, right) => right.at - left.at || (left.id < right.id ? -1 : 1))
      .map((row) => row.id)
    const earliestFirst = created
      .toSorted((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1))
      .map((row) => row.id)
    for (const first of [1, 2, 3, 5, 11, 50]) {
      expect(await readAll('integrationSynchErrors', first)).toEqual(latestFirst)
      expect(await readAll('integrationSynchErrors', first, 'orderBy: TIME_ASC')).toEqual(earliestFirst)
    }
  })

  test('rows that come and go meanwhile neither repeat a row nor hide one', async () => {
    const mapping = await rows.mapping()
    const ids: string[] = []
    for (let index = 0; index < 6; index += 1) {
      ids.unshift(await rows.error(mapping, { lastSeen: minute(index) }))
    }
    const page = await readPage('integrationSynchErrors', 'first: 2')
    expect(page.nodes.map((node) => node.id)).toEqual(ids.slice(0, 2))
    await rows.error(mapping, { lastSeen: minute(59) })
    await rows.error(mapping, { lastSeen: minute(58) })
    await api.database.em
      .fork()
      .execute('delete from integration_synch_error where id in (?, ?)', [ids[0], ids[1]])
    const rest = await readPage('integrationSynchErrors', `first: 10 after: "${page.pageInfo.endCursor}"`)
    expect(rest.nodes.map((node) => node.id)).toEqual(ids.slice(2))
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })

  test('every order of every list walks through all of its rows', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping)
    await rows.job(mapping, run, { start: minute(3) })
    await rows.job(mapping, run, { start: minute(1), direction: 'FROM_INTEGRATION_TABLE' })
    for (const name of ['Ärzte', 'beta', 'Alpha', 'ALPHA', '']) {
      const couplingId = await rows.coupling(mapping, {
        localName: name === '' ? null : name,
        lastSynchronizedAt: name === 'beta' ? null : minute(name.length),
      })
      const errorId = await rows.error(mapping, { couplingId, lastSeen: minute(name.length) })
      await rows.skipped(mapping, { couplingId, errorId, changedAt: minute(name.length) })
    }
    const orders = {
      integrationSynchJobs: ['START_DESC', 'START_ASC'],
      integrationSynchErrors: [
        'TIME_DESC',
        'TIME_ASC',
        'FIRST_SEEN_DESC',
        'FIRST_SEEN_ASC',
        'OCCURRENCES_DESC',
      ],
      skippedSynchRecords: ['TIME_DESC', 'TIME_ASC'],
      couplings: [
        'ID',
        'LOCAL_NAME_ASC',
        'LOCAL_NAME_DESC',
        'LAST_SYNCHRONIZED_DESC',
        'LAST_SYNCHRONIZED_ASC',
      ],
    }
    for (const [list, listOrders] of Object.entries(orders)) {
      const size = list === 'integrationSynchJobs' ? 2 : 5
      for (const order of listOrders) {
        const once = await readAll(list, 50, `orderBy: ${order}`)
        expect(new Set(once).size).toBe(size)
        expect({ list, order, ids: await readAll(list, 1, `orderBy: ${order}`) }).toEqual({
          list,
          order,
          ids: once,
        })
      }
    }
  })

  test('edges carry the cursor of each row; totalCount counts the filtered list', async () => {
    const mapping = await rows.mapping()
    for (let index = 0; index < 3; index += 1) await rows.error(mapping, { lastSeen: minute(index) })
    await rows.error(mapping, { resolvedAt: new Date() })
    const { data } = await api.ask(
      `{ integrationSynchErrors(first: 2, filter: { status: OPEN }) {
          totalCount edges { cursor node { id } } pageInfo { startCursor endCursor } } }`,
    )
    const page = data['integrationSynchErrors']
    expect(page.totalCount).toBe(3)
    expect(page.edges).toHaveLength(2)
    expect(page.pageInfo).toEqual({ startCursor: page.edges[0].cursor, endCursor: page.edges[1].cursor })
    const second = await readPage(
      'integrationSynchErrors',
      `filter: { status: OPEN } after: "${page.edges[0].cursor}"`,
    )
    expect(second.nodes[0]?.id).toBe(page.edges[1].node.id)
  })

  test('first: 0 counts without rows; the default is 50 and the most 500', async () => {
    const mapping = await rows.mapping()
    for (let index = 0; index < 52; index += 1) await rows.coupling(mapping)
    const { data } = await api.ask(
      '{ none: couplings(first: 0) { totalCount nodes { id } } some: couplings { nodes { id } } }',
    )
    expect(data['none']).toEqual({ totalCount: 52, nodes: [] })
    expect(data['some'].nodes).toHaveLength(50)
    for (const first of [-1, 501]) {
      const { errors } = await api.ask(`{ couplings(first: ${first}) { nodes { id } } }`)
      expect(errors).toMatchObject([
        {
          message: `first: Expected a number from 0 to 500, got ${first}.`,
          extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'first' }] },
        },
      ])
    }
  })

  test.each([
    ['nonsense', 'nonsense'],
    ['an empty text', ''],
    ['JSON of another kind', Buffer.from('{"a":1}').toString('base64url')],
    [
      'a key that is no time',
      Buffer.from(JSON.stringify(['TIME_DESC', "x'; drop", randomUUID()])).toString('base64url'),
    ],
    ['an id that is none', Buffer.from(JSON.stringify(['TIME_DESC', '1', 'x'])).toString('base64url')],
    [
      'a cursor of another order',
      Buffer.from(JSON.stringify(['TIME_ASC', '1', randomUUID()])).toString('base64url'),
    ],
  ])('a cursor that is %s is refused', async (_case, after) => {
    const { errors } = await api.ask(
      'query ($after: String) { integrationSynchErrors(after: $after) { nodes { id } } }',
      { after },
    )
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'after' }] } },
    ])
  })
})

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
      ['text: "50%_off \\\\ g"', [conflict]],
      ['text: "5_%"', []],
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
      const { data } = await api.ask(`{ synchRuns(filter: { ${filter} }) { id } }`)
      const ids = data['synchRuns'].map((run: { id: string }) => run.id)
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
})
