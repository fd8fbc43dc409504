import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/domain/finding.js'
import { ConnectionCheck } from '../../src/persistence/entities/connection-check.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { createSecretOpener } from '../../src/secrets/stored-secret.js'
import { SECRET_KEY, startTestApi, type TestApi } from './support/api.js'
import { COMPANY, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_connections')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const CONNECTION = `name version disabledAt changedBy forcedReason
  localSystem { kind caption settings secrets { member kind reference set rotatedAt } }
  integrationSystem { kind caption settings secrets { member kind reference set rotatedAt } }
  mappings { name synchOnlyCoupledRecords }`
const CREATE = `mutation ($input: ConnectionInput!, $author: String) {
  createConnection(input: $input, author: $author) { ${CONNECTION} } }`
const UPDATE = `mutation ($name: String!, $input: UpdateConnectionInput!, $version: Int, $other: Boolean) {
  updateConnection(name: $name, input: $input, version: $version, allowOtherSystem: $other) { ${CONNECTION} } }`

const signIn = (secret: string) => ({
  kind: 'clientSecret',
  tokenUrl: 'https://login.example.com/token',
  clientId: 'accord',
  clientSecret: secret,
  scope: 'https://api.example.com/.default',
})
const businessCentral = (secret = 'MARK-local', company = COMPANY) => ({
  url: 'https://api.example.com/v2.0/contoso/api/v2.0',
  companyId: company,
  signIn: signIn(secret),
})
const dataverse = (secret = 'env:SALES_SECRET') => ({
  url: 'https://sales.example.com/api/data/v9.2',
  signIn: signIn(secret),
})
const input = (changes: object = {}) => ({
  name: 'contoso',
  localSystem: { kind: 'BUSINESS_CENTRAL', settings: businessCentral() },
  integrationSystem: { kind: 'DATAVERSE', settings: dataverse() },
  ...changes,
})

const stored = async (name = 'contoso') => api.database.em.fork().findOneOrFail(Connection, { name })
const secretOf = (connection: Connection) =>
  String((connection.localSystem.settings['signIn'] as { clientSecret: string }).clientSecret)
const open = createSecretOpener({
  dataDirectory: '/nowhere',
  secrets: { key: SECRET_KEY, previousKeys: null },
})

async function create(changes: object = {}): Promise<void> {
  expect((await api.ask(CREATE, { input: input(changes) })).errors).toEqual([])
}

/** A check finds this, or nothing. */
function find(cause: string | null = null): void {
  api.connectionChecker.behave(async ({ connectionId, requestedBy }) => {
    const checkId = randomUUID()
    const finding: Finding = {
      code: 'CLIENT_SECRET_EXPIRED',
      severity: 'ERROR',
      side: 'LOCAL',
      what: 'The sign-in was refused.',
      cause: cause ?? '',
      remedy: 'Make a new one.',
      evidence: null,
      correlationIds: [],
      link: null,
    }
    await api.database.em.fork().insertMany(ConnectionCheck, [
      {
        id: checkId,
        connectionId,
        requestedBy,
        checkedAt: new Date(),
        findings: cause === null ? [{ ...finding, severity: 'WARNING' }] : [finding],
      },
    ])
    return { checkId, failure: null }
  })
}

describe('a connection that is made', () => {
  test('starts disabled, shows its settings, and of its secrets only that they are there', async () => {
    const { data, errors } = await api.ask<{ createConnection: object }>(CREATE, {
      input: input({ withDefaultMappings: true }),
      author: 'Ada',
    })
    expect(errors).toEqual([])
    expect(data.createConnection).toMatchObject({
      name: 'contoso',
      version: 1,
      disabledAt: expect.any(String),
      changedBy: 'Ada',
      localSystem: {
        kind: 'BUSINESS_CENTRAL',
        caption: 'Business Central',
        settings: { companyId: COMPANY, signIn: { clientId: 'accord' } },
        secrets: [
          {
            member: 'signIn.clientSecret',
            kind: 'STORED',
            reference: null,
            set: true,
            rotatedAt: expect.any(String),
          },
        ],
      },
      integrationSystem: { secrets: [{ kind: 'ENVIRONMENT', reference: 'env:SALES_SECRET' }] },
    })
    const text = JSON.stringify(data)
    expect(text).not.toMatch(/MARK|encrypted|"clientSecret":/)
    const { mappings } = data.createConnection as { mappings: { synchOnlyCoupledRecords: boolean }[] }
    expect(mappings.length).toBeGreaterThan(5)
    expect(mappings.every((mapping) => mapping.synchOnlyCoupledRecords)).toBe(true)
  })

  test('holds its secret encrypted, and for this place only', async () => {
    await create()
    const connection = await stored()
    expect(JSON.stringify(connection.localSystem)).not.toContain('MARK')
    const place = { connectionId: connection.id, side: 'LOCAL', member: 'signIn.clientSecret' } as const
    expect(open(secretOf(connection), place)).toBe('MARK-local')
    expect(() => open(secretOf(connection), { ...place, connectionId: 'another' })).toThrow(
      'belongs to another connection',
    )
  })

  test('is refused with all its problems at once, and nothing is left of it', async () => {
    await create()
    const { errors } = await api.ask(CREATE, {
      input: {
        name: 'contoso',
        localSystem: {
          kind: 'BUSINESS_CENTRAL',
          settings: { ...businessCentral(), url: 'https://user:MARK@api.example.com', surplus: 1 },
        },
        integrationSystem: {
          kind: 'BUSINESS_CENTRAL',
          settings: { ...businessCentral('encrypted:v1:00:AA:AA:AA') },
        },
        withDefaultMappings: true,
      },
    })
    const [error] = errors
    expect(error?.extensions.code).toBe('BAD_USER_INPUT')
    const problems = error?.extensions['problems'] as { argument: string; message: string }[]
    expect(problems.map(({ argument }) => argument).sort()).toEqual([
      'input.integrationSystem.settings.signIn.clientSecret',
      'input.localSystem.settings.surplus',
      'input.localSystem.settings.url',
      'input.localSystem.settings.url',
      'input.name',
      'input.withDefaultMappings',
    ])
    expect(JSON.stringify(errors)).not.toContain('MARK')
    expect(await api.database.em.fork().count(Connection)).toBe(1)
    expect(await api.database.em.fork().count(Mapping)).toBe(0)
  })

  test('is refused where a setting is text that no database can hold', async () => {
    const { errors } = await api.ask(CREATE, {
      input: input({
        localSystem: { kind: 'BUSINESS_CENTRAL', settings: { ...businessCentral(), tenant: 'a\0b' } },
      }),
    })
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [{ argument: 'input.localSystem.settings.tenant' }],
    })
  })
})

test('secrets in a list are kept like any other: encrypted, never shown, and for the same application only', async () => {
  const further = [{ ...signIn('MARK-second'), clientId: 'second' }]
  await create({
    localSystem: { kind: 'BUSINESS_CENTRAL', settings: { ...businessCentral(), furtherSignIns: further } },
  })
  expect(JSON.stringify((await stored()).localSystem)).not.toContain('MARK')
  const { data } = await api.ask<{ connection: { localSystem: { settings: object; secrets: object[] } } }>(
    `{ connection(name: "contoso") { document ${CONNECTION} } }`,
  )
  expect(JSON.stringify(data)).not.toMatch(/MARK|encrypted/)
  const { secrets, settings } = data.connection.localSystem
  expect(secrets).toMatchObject([
    { member: 'signIn.clientSecret' },
    { member: 'furtherSignIns.0.clientSecret' },
  ])
  const same = await api.ask(UPDATE, { name: 'contoso', input: { localSettings: settings } })
  expect(same.errors).toEqual([])
  const text = JSON.stringify(settings).replace('"second"', '"third"')
  const { errors } = await api.ask(UPDATE, { name: 'contoso', input: { localSettings: JSON.parse(text) } })
  expect(errors[0]?.extensions['problems']).toMatchObject([
    { argument: 'input.localSettings.furtherSignIns.0.clientSecret' },
  ])
})

describe('a change', () => {
  test('keeps the secret that is left out, notes who made it, and raises the version', async () => {
    await create()
    const before = secretOf(await stored())
    const { clientSecret: _left, ...rest } = signIn('')
    const { data, errors } = await api.ask<{ updateConnection: object }>(UPDATE, {
      name: 'contoso',
      input: { name: 'fabrikam', localSettings: { ...businessCentral(), signIn: rest, concurrency: 2 } },
      version: 1,
    })
    expect(errors).toEqual([])
    expect(data.updateConnection).toMatchObject({
      name: 'fabrikam',
      version: 2,
      localSystem: { settings: { concurrency: 2 } },
    })
    expect(secretOf(await stored('fabrikam'))).toBe(before)
  })

  test('on a version that is no longer there changes nothing and says who was faster', async () => {
    await create()
    const change = { name: 'contoso', input: { localSettings: businessCentral('another') }, version: 1 }
    expect((await api.ask(UPDATE, change)).errors).toEqual([])
    const { errors } = await api.ask(UPDATE, change)
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICTING_STATE', version: 2 } }])
    expect(errors[0]?.message).toContain('local has made it version 2')
  })

  test('that sends the secret elsewhere needs the secret again', async () => {
    await create()
    const { clientSecret: _left, ...rest } = signIn('')
    const elsewhere = { ...rest, tokenUrl: 'https://elsewhere.example.com/token' }
    const { errors } = await api.ask(UPDATE, {
      name: 'contoso',
      input: { localSettings: { ...businessCentral(), signIn: elsewhere } },
    })
    expect(errors[0]?.extensions['problems']).toMatchObject([
      {
        argument: 'input.localSettings.signIn.clientSecret',
        message: expect.stringContaining('entered again'),
      },
    ])
  })

  test('to another company is refused while there are couplings, unless asked for; then all is read anew', async () => {
    await create()
    const mapping = await rows.mapping({
      connectionId: (await stored()).id,
      toWatermark: new Date('2026-01-01T00:00:00Z'),
      fromToken: 'a-token',
    })
    await rows.coupling(mapping)
    const change = {
      name: 'contoso',
      input: { localSettings: businessCentral('MARK-local', '99999999-2222-3333-4444-555555555555') },
    }
    const { errors } = await api.ask(UPDATE, change)
    expect(errors).toMatchObject([
      { extensions: { code: 'CONFLICTING_STATE', couplings: 1, changes: ['localSystem.companyId'] } },
    ])
    expect((await stored()).version).toBe(1)
    expect((await api.ask(UPDATE, { ...change, other: true })).errors).toEqual([])
    const after = await api.database.em.fork().findOneOrFail(Mapping, { id: mapping })
    expect([after.toWatermark ?? null, after.fromToken ?? null]).toEqual([null, null])
  })
})

describe('enabling', () => {
  const ENABLE = `mutation ($force: String) { enableConnection(name: "contoso", force: $force) { disabledAt forcedReason } }`

  test('checks the connection first, and a warning is no obstacle', async () => {
    await create()
    find()
    const { data, errors } = await api.ask(ENABLE)
    expect(errors).toEqual([])
    expect(data).toEqual({ enableConnection: { disabledAt: null, forcedReason: null } })
    expect(api.connectionChecker.asked).toMatchObject([{ connectionId: (await stored()).id }])
  })

  test('is refused with cause and remedy where something is found, unless forced with a reason', async () => {
    await create()
    find('The secret has expired.')
    const { errors } = await api.ask(ENABLE)
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'CONFLICTING_STATE',
          findings: [{ side: 'LOCAL', cause: 'The secret has expired.', remedy: 'Make a new one.' }],
        },
      },
    ])
    expect((await stored()).disabledAt).toBeInstanceOf(Date)
    expect((await api.ask(ENABLE, { force: ' ' })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ])
    const forced = await api.ask(ENABLE, { force: 'The tenant moves tonight.' })
    expect(forced.data).toEqual({
      enableConnection: { disabledAt: null, forcedReason: 'The tenant moves tonight.' },
    })
  })
})

describe('while a connection is disabled', () => {
  test('no run starts, and what is under way waits until it is enabled again', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping, { status: 'RUNNING', finishedAt: null })
    const records = await rows.run(mapping, { status: 'RUNNING', finishedAt: null, kind: 'RECORDS' })
    const plan = await rows.run(mapping, { status: 'RUNNING', finishedAt: null, kind: 'PLAN' })
    expect((await api.ask('mutation { disableConnection(name: "Contoso") { disabledBy } }')).errors).toEqual(
      [],
    )
    expect([...api.runControl.asked].sort()).toEqual([`pause:${run}`, `pause:${records}`].sort())
    const paused = async (id: string) =>
      Boolean((await api.database.em.fork().findOneOrFail(SynchRun, { id })).pausedAt)
    expect([await paused(run), await paused(records), await paused(plan)]).toEqual([true, true, false])
    const synchronize = 'mutation { synchronizeMapping(name: "CUSTOMER") { id } }'
    for (const refused of [
      synchronize,
      `mutation { createRecords(mapping: "CUSTOMER", side: LOCAL, ids: ["${COMPANY}"]) { __typename } }`,
      `mutation { findDeletedRecords(name: "CUSTOMER") { id } }`,
    ]) {
      const { errors } = await api.ask(refused)
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICTING_STATE' } }])
      expect(errors[0]?.message).toContain('disabled')
    }
    await api.ask('mutation { enableConnection(name: "Contoso", force: "A test.") { id } }')
    expect([await paused(run), await paused(records)]).toEqual([false, false])
  })
})

test('a connection is deleted once it is disabled, and with everything that belongs to it once that is confirmed', async () => {
  await rows.coupling(await rows.mapping())
  const DELETE = `mutation ($confirm: Boolean!) {
    deleteConnection(name: "Contoso", confirm: $confirm) { name mappings couplings } }`
  expect((await api.ask(DELETE, { confirm: true })).errors).toMatchObject([
    { extensions: { code: 'CONFLICTING_STATE' } },
  ])
  await api.ask('mutation { disableConnection(name: "Contoso") { id } }')
  expect((await api.ask(DELETE, { confirm: false })).errors).toMatchObject([
    { extensions: { code: 'CONFIRMATION_REQUIRED', mappings: 1, couplings: 1 } },
  ])
  const { data } = await api.ask(DELETE, { confirm: true })
  expect(data).toEqual({ deleteConnection: { name: 'Contoso', mappings: 1, couplings: 1 } })
  expect((await api.ask('{ connections { name } }')).data).toEqual({ connections: [] })
})

describe('documents', () => {
  const APPLY = `mutation ($connections: [JSONObject!]!, $dryRun: Boolean) {
    applyConnections(connections: $connections, dryRun: $dryRun) { name action version changes } }`

  test('of a connection change nothing when they are applied again', async () => {
    await create()
    const { data } = await api.ask<{ connections: { document: object }[] }>('{ connections { document } }')
    const documents = data.connections.map(({ document }) => document)
    expect(JSON.stringify(documents)).toContain('env:SALES_SECRET')
    expect(JSON.stringify(documents)).not.toMatch(/MARK|encrypted/)
    const applied = await api.ask(APPLY, { connections: documents })
    expect(applied.errors).toEqual([])
    expect(applied.data).toEqual({
      applyConnections: [{ name: 'contoso', action: 'UNCHANGED', version: 1, changes: [] }],
    })
  })

  test('are all applied or none, and tell what changes without secrets', async () => {
    await create()
    const { withDefaultMappings: _none, ...changed } = input({
      localSystem: {
        kind: 'BUSINESS_CENTRAL',
        settings: { ...businessCentral('MARK-new'), concurrency: 3 },
      },
    }) as Record<string, unknown>
    const wrong = { ...changed, name: 'second', integrationSystem: { kind: 'DATAVERSE', settings: {} } }
    const refused = await api.ask(APPLY, { connections: [changed, wrong] })
    expect(JSON.stringify(refused.errors)).toContain('connections[1].integrationSystem.settings.url')
    expect((await stored()).version).toBe(1)
    const dry = await api.ask(APPLY, { connections: [changed], dryRun: true })
    const expected = {
      applyConnections: [
        {
          name: 'contoso',
          action: 'CHANGED',
          version: 2,
          changes: [
            'localSystem.settings.concurrency: not set -> 3',
            'LOCAL: signIn.clientSecret is entered anew',
          ],
        },
      ],
    }
    expect(dry.data).toEqual(expected)
    expect((await stored()).version).toBe(1)
    expect((await api.ask(APPLY, { connections: [changed] })).data).toEqual(expected)
    expect((await stored()).version).toBe(2)
  })
})
