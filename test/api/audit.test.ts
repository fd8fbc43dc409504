import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_audit')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

interface Entry {
  readonly id: string
  readonly actor: { readonly name: string; readonly kind: string; readonly role: string }
  readonly action: string
  readonly arguments: object
  readonly outcome: string
  readonly changes: readonly {
    readonly kind: string
    readonly name: string
    readonly before: unknown
    readonly after: unknown
  }[]
  readonly address: string
}
interface Log {
  readonly auditEntries: {
    readonly nodes: readonly Entry[]
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
    readonly totalCount: number
  }
}

const LOG = `query ($first: Int, $after: String, $filter: AuditEntryFilter, $orderBy: AuditEntryOrder) {
  auditEntries(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes { id actor { name kind role } action arguments outcome changes { kind name before after } address }
    pageInfo { endCursor hasNextPage } totalCount } }`

async function log(variables: Readonly<Record<string, unknown>> = {}): Promise<Log['auditEntries']> {
  const { data, errors } = await api.ask<Log>(LOG, variables)
  expect(errors).toEqual([])
  return data.auditEntries
}

async function tokenOf(role: string): Promise<string> {
  const { data } = await api.ask<{ createAccessToken: { token: string } }>(
    `mutation ($input: AccessTokenInput!) { createAccessToken(input: $input) { token } }`,
    { input: { name: 'anna', role } },
  )
  await api.database.em.fork().execute('truncate audit_entry')
  return data.createAccessToken.token
}

test('what is done stands there with who, what, how it ended and where it came from; what is read does not', async () => {
  await rows.mapping()
  await api.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { name } }')
  await api.ask('mutation { pauseIntegrationTableMapping(name: "NOBODY") { name } }')
  await api.ask('{ integrationTableMappings { name } }')
  const { nodes } = await log({ orderBy: 'TIME_ASC' })
  expect(nodes).toEqual([
    {
      id: expect.any(String),
      actor: { name: 'local', kind: 'LOCAL', role: 'ADMINISTRATOR' },
      action: 'pauseIntegrationTableMapping',
      arguments: { name: 'CUSTOMER' },
      outcome: 'OK',
      changes: [
        {
          kind: 'mapping',
          name: 'CUSTOMER',
          before: { pausedAt: null },
          after: { pausedAt: expect.any(String) },
        },
      ],
      address: '127.0.0.1',
    },
    expect.objectContaining({ arguments: { name: 'NOBODY' }, outcome: 'NOT_FOUND' }),
  ])
})

test('a change stands there with what was before and what is now, and nothing that is as it was', async () => {
  await rows.mapping()
  await api.ask(
    'mutation { updateIntegrationTableMapping(name: "CUSTOMER", input: { synchOnlyCoupledRecords: false }) { version } }',
  )
  const [change] = (await log()).nodes[0]?.changes ?? []
  expect(change).toEqual({
    kind: 'mapping',
    name: 'CUSTOMER',
    before: { synchOnlyCoupledRecords: true, version: 1 },
    after: { synchOnlyCoupledRecords: false, version: 2 },
  })
})

test('of a connection addresses stand there, and of a secret that it was entered', async () => {
  const dataverse = (url: string): object => ({
    url,
    signIn: {
      kind: 'clientSecret',
      tokenUrl: 'https://login.example.com/token',
      clientId: 'accord',
      clientSecret: 's3cr3t-of-client',
      scope: 'https://api.example.com/.default',
    },
  })
  const settings = dataverse('https://old.example.com/api/data/v9.2')
  const create = 'mutation ($input: ConnectionInput!) { createConnection(input: $input) { name } }'
  await api.ask(create, {
    input: {
      name: 'Contoso',
      localSystem: { kind: 'DATAVERSE', settings },
      integrationSystem: { kind: 'DATAVERSE', settings },
    },
  })
  await api.ask(
    'mutation ($input: UpdateConnectionInput!) { updateConnection(name: "Contoso", input: $input) { name } }',
    { input: { integrationSettings: dataverse('https://new.example.com/api/data/v9.2') } },
  )
  const [entry] = (await log()).nodes
  expect(entry?.outcome).toBe('OK')
  expect(entry?.changes).toMatchObject([
    {
      kind: 'connection',
      name: 'Contoso',
      before: { integrationSystem: { settings: { url: 'https://old.example.com/api/data/v9.2' } } },
      after: {
        integrationSystem: { settings: { url: 'https://new.example.com/api/data/v9.2' } },
        entered: [expect.stringContaining('LOCAL.signIn'), expect.stringContaining('INTEGRATION.signIn')],
      },
    },
  ])
  const kept = await api.database.em.fork().execute('select * from audit_entry')
  expect(JSON.stringify(kept)).not.toContain('s3cr3t')
})

test('what is refused stands there as well, under the name of who was refused', async () => {
  const token = await tokenOf('VIEWER')
  await api.ask('mutation { deleteConnection(name: "Contoso", confirm: true) { name } }', {}, token)
  expect((await log()).nodes).toMatchObject([
    {
      actor: { name: 'anna', kind: 'TOKEN', role: 'VIEWER' },
      action: 'deleteConnection',
      outcome: 'FORBIDDEN',
      changes: [],
    },
  ])
})

test('the mutations of one operation are entries of their own', async () => {
  await rows.mapping()
  await api.ask(`mutation { one: pauseIntegrationTableMapping(name: "CUSTOMER") { name }
    other: resumeIntegrationTableMapping(name: "CUSTOMER") { name } }`)
  expect((await log({ orderBy: 'TIME_ASC' })).nodes.map(({ action }) => action).toSorted()).toEqual([
    'pauseIntegrationTableMapping',
    'resumeIntegrationTableMapping',
  ])
})

test('secrets are in none of it', async () => {
  await api.ask(`mutation ($input: ConnectionInput!) { createConnection(input: $input) { name } }`, {
    input: {
      name: 'Fabrikam',
      localSystem: {
        kind: 'POSTGRESQL',
        settings: { url: 'postgresql://accord:s3cr3t-in-url@127.0.0.1:1/db' },
      },
      integrationSystem: {
        kind: 'DATAVERSE',
        settings: {
          url: 'https://fabrikam.crm.dynamics.com',
          signIn: { kind: 'clientSecret', clientSecret: 's3cr3t-of-client' },
        },
      },
    },
  })
  const [entry] = await api.database.em.fork().execute('select * from audit_entry')
  expect(JSON.stringify(entry)).toContain('Fabrikam')
  expect(JSON.stringify(entry)).toContain('[hidden]')
  expect(JSON.stringify(entry)).not.toContain('s3cr3t')
})

test('what is given where it does not belong may be a secret, and is not kept', async () => {
  const misplaced = { kind: 's3cr3t-as-kind', settings: 's3cr3t-as-settings', password: { text: 's3cr3t' } }
  await api.ask('mutation ($all: [JSONObject!]!) { applyConnections(connections: $all) { name } }', {
    all: [{ name: 'x', localSystem: misplaced, integrationSystem: misplaced }],
  })
  const [entry] = await api.database.em.fork().execute('select * from audit_entry')
  expect(entry).toMatchObject({ action: 'applyConnections', outcome: 'BAD_USER_INPUT' })
  expect(JSON.stringify(entry)).not.toContain('s3cr3t')
})

test('a long list is kept in short', async () => {
  await api.ask('mutation ($ids: [ID!]!) { retrySkippedSynchRecords(ids: $ids) { id } }', {
    ids: Array.from({ length: 900 }, (_, index) => `x${index}`),
  })
  const [entry] = (await log()).nodes
  expect(entry?.arguments).toEqual({ ids: expect.arrayContaining(['x0', 'x99', '... 800 more']) })
  expect(JSON.stringify(entry?.arguments).length).toBeLessThan(1000)
})

test('pages follow one another, filtered by actor, action, outcome and time', async () => {
  await rows.mapping()
  const token = await tokenOf('OPERATOR')
  for (let count = 0; count < 3; count += 1) {
    await api.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { name } }', {}, token)
    await api.ask('mutation { resumeIntegrationTableMapping(name: "CUSTOMER") { name } }')
  }
  const seen: string[] = []
  let after: string | null = null
  do {
    const { nodes, pageInfo } = await log({ first: 2, after })
    seen.push(...nodes.map(({ id }) => id))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  expect(new Set(seen).size).toBe(6)
  expect((await log({ filter: { actor: ['anna'] } })).nodes.map(({ action }) => action)).toEqual(
    Array.from({ length: 3 }, () => 'pauseIntegrationTableMapping'),
  )
  expect((await log({ filter: { action: ['resumeIntegrationTableMapping'] } })).totalCount).toBe(3)
  expect((await log({ filter: { outcome: ['FORBIDDEN'] } })).totalCount).toBe(0)
  expect((await log({ filter: { time: { to: '2020-01-01T00:00:00Z' } } })).totalCount).toBe(0)
})

test('it is for administrators alone, and a complete entry does not change', async () => {
  const token = await tokenOf('OPERATOR')
  expect((await api.ask('{ auditEntries { nodes { id } } }', {}, token)).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ])
  await api.ask('mutation { disableConnection(name: "Nobody") { name } }')
  await expect(
    api.database.em.fork().execute(`update audit_entry set actor_name = 'nobody'`),
  ).rejects.toThrow('does not change')
})

test('what cannot be noted is not done', async () => {
  await rows.mapping()
  await api.database.em.fork().execute('alter table audit_entry rename to hidden_audit')
  try {
    const { errors } = await api.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { name } }')
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
    const { data } = await api.ask('{ integrationTableMappings { pausedAt } }')
    expect(data['integrationTableMappings']).toEqual([{ pausedAt: null }])
  } finally {
    await api.database.em.fork().execute('alter table hidden_audit rename to audit_entry')
  }
})
