import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_paging')
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
    const { data } = await api.ask<{ page: { edges: { cursor: string; node: { id: string } }[] } }>(
      `{ page: integrationSynchErrors(first: 2, filter: { status: OPEN }) {
          totalCount edges { cursor node { id } } pageInfo { startCursor endCursor } } }`,
    )
    const [one, two, ...more] = data.page.edges
    expect(more).toEqual([])
    expect(data.page).toMatchObject({
      totalCount: 3,
      pageInfo: { startCursor: one?.cursor, endCursor: two?.cursor },
    })
    const second = await readPage(
      'integrationSynchErrors',
      `filter: { status: OPEN } after: "${one?.cursor}"`,
    )
    expect(second.nodes[0]?.id).toBe(two?.node.id)
  })

  test('a list is counted exactly up to 10,000 rows; past them it says that there are more', async () => {
    const mapping = await rows.mapping()
    const addCouplings = (from: number, to: number): Promise<unknown> =>
      api.database.em.fork().execute(`
        insert into coupling (id, connection_id, mapping_id, local_table, integration_table, local_id, integration_id, local_stamp, integration_stamp)
        select gen_random_uuid(), m.connection_id, m.id, 'customers', 'account', n, n, now(), now()
        from integration_table_mapping m, generate_series(${from}, ${to}) n where m.id = '${mapping}'`)
    const count = async (): Promise<unknown> => {
      const { data } = await api.ask('{ couplings(first: 1) { totalCount totalCountIsExact } }')
      return data['couplings']
    }
    await addCouplings(1, 10_000)
    expect(await count()).toEqual({ totalCount: 10_000, totalCountIsExact: true })
    await addCouplings(10_001, 10_001)
    expect(await count()).toEqual({ totalCount: 10_000, totalCountIsExact: false })
  })

  test('first: 0 counts without rows; the default is 50 and the most 500', async () => {
    const mapping = await rows.mapping()
    for (let index = 0; index < 52; index += 1) await rows.coupling(mapping)
    const { data } = await api.ask<{ none: object; some: { nodes: object[] } }>(
      '{ none: couplings(first: 0) { totalCount nodes { id } } some: couplings { nodes { id } } }',
    )
    expect(data.none).toEqual({ totalCount: 52, nodes: [] })
    expect(data.some.nodes).toHaveLength(50)
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
