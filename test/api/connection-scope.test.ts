import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildApiSchema } from '../../src/api/schema.js'
import { SCOPED_FIELDS } from '../../src/api/sign-in/scoped-fields.js'
import { isInputObjectType } from 'graphql/index.js'
import { getNamedType } from '../../src/api/graphql.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows
let token: string
/** The run of the connection that the token is for, and one of another. */
let own: string
let other: string

beforeAll(async () => {
  api = await startTestApi('api_connection_scope')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  const contoso = await rows.connection()
  own = await rows.run(await rows.mapping({ connectionId: contoso }))
  const fabrikam = await rows.connection({ name: 'Fabrikam' })
  other = await rows.run(await rows.mapping({ connectionId: fabrikam }))
  const { data } = await api.ask<{ createAccessToken: { token: string } }>(
    `mutation ($input: AccessTokenInput!) { createAccessToken(input: $input) { token } }`,
    { input: { name: 'contoso robot', role: 'ADMINISTRATOR', connection: 'Contoso' } },
  )
  token = data.createAccessToken.token
})
afterAll(() => api.close())

const ask = (query: string): Promise<Answer> => api.ask(query, {}, token)
const codesOf = ({ errors }: Answer): readonly string[] => errors.map(({ extensions }) => extensions.code)

describe('a token for one connection', () => {
  test('reads and acts where that connection is named', async () => {
    expect(
      codesOf(await ask('{ connection(name: "Contoso") { name mappings { name } } me { name } }')),
    ).toEqual([])
    expect(codesOf(await ask('{ couplings(filter: { connection: "Contoso" }) { nodes { id } } }'))).toEqual(
      [],
    )
    expect(
      codesOf(
        await ask(
          'mutation { pauseIntegrationTableMapping(name: "CUSTOMER", connection: "Contoso") { name } }',
        ),
      ),
    ).toEqual([])
    expect(codesOf(await ask(`{ synchRun(id: "${own}") { id } }`))).toEqual([])
  })

  test.each([
    ['another connection', '{ connection(name: "Fabrikam") { name } }'],
    ['all connections', '{ connections { name } }'],
    ['all mappings', '{ integrationTableMappings { name } }'],
    ['a list that it does not limit', '{ couplings { nodes { id } } }'],
    ['a list of another connection', '{ couplings(filter: { connection: "Fabrikam" }) { nodes { id } } }'],
    ['a mapping of no connection', '{ integrationTableMapping(name: "CUSTOMER") { name } }'],
    ['everything to be paused', 'mutation { pauseConnection { name } }'],
    ['the audit log', '{ auditEntries { nodes { id } } }'],
    [
      'another token, for everything',
      'mutation { createAccessToken(input: { name: "more", role: ADMINISTRATOR }) { token } }',
    ],
  ])('is refused %s', async (_, query) => {
    const answer = await ask(query)
    expect(codesOf(answer)).toEqual(['FORBIDDEN'])
    expect(answer.errors[0]?.message).toContain('for the connection Contoso alone')
  })

  test('is refused what belongs to another, also beside what is its own', async () => {
    expect(codesOf(await ask(`{ synchRun(id: "${other}") { id } }`))).toEqual(['FORBIDDEN'])
    expect(codesOf(await ask(`mutation { cancelSynchRun(id: "${other}") { id } }`))).toEqual(['FORBIDDEN'])
    const coupling = await rows.coupling((await mappingIds())['Fabrikam'] ?? '')
    expect(
      codesOf(
        await ask(`mutation { deleteCouplings(connection: "Contoso", ids: ["${coupling}"]) { __typename } }`),
      ),
    ).toEqual(['FORBIDDEN'])
    const groups = `[{ id: "${other}", version: 1 }]`
    expect(codesOf(await ask(`mutation { resolveErrorGroups(groups: ${groups}) { __typename } }`))).toEqual([
      'FORBIDDEN',
    ])
    expect(codesOf(await ask('mutation { retrySkippedSynchRecords(ids: []) { id } }'))).toEqual(['FORBIDDEN'])
  })

  test("brings no reference to a secret, which may be another one's, but secrets of its own", async () => {
    const { data } = await api.ask<{ connection: { localSystem: { settings: Record<string, unknown> } } }>(
      '{ connection(name: "Contoso") { localSystem { settings } } }',
    )
    const settings = {
      ...data.connection.localSystem.settings,
      url: 'https://api.example.com/v2.0/contoso/api/v2.0',
    }
    const signIn = {
      kind: 'clientSecret',
      tokenUrl: 'https://login.example.com/token',
      clientId: 'accord',
      scope: 'https://api.example.com/.default',
    }
    const change = async (
      clientSecret: string | undefined,
      by?: string,
      url = settings.url,
    ): Promise<Answer> =>
      api.ask(
        'mutation ($input: UpdateConnectionInput!) { updateConnection(name: "Contoso", input: $input) { name } }',
        { input: { localSettings: { ...settings, url, signIn: { ...signIn, clientSecret } } } },
        by,
      )
    for (const reference of ['env:SECRET_OF_FABRIKAM', 'file:/run/secrets/fabrikam'])
      expect((await change(reference, token)).errors).toMatchObject([
        {
          extensions: {
            code: 'FORBIDDEN',
            members: ['LOCAL.signIn.clientSecret'],
            remedy: expect.stringContaining('Enter the secret itself'),
          },
        },
      ])
    expect((await change('a secret of its own', token)).errors).toEqual([])
    expect((await change('env:SECRET_OF_CONTOSO')).errors).toEqual([])
    // One that is there already may stay.
    for (const same of ['env:SECRET_OF_CONTOSO', undefined]) {
      expect((await change(same, token)).errors).toEqual([])
      const elsewhere = 'https://elsewhere.example.com/v2.0/contoso/api/v2.0'
      expect((await change(same, token, elsewhere)).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', members: ['LOCAL.signIn.clientSecret'] } },
      ])
    }
  })

  test('is told nothing of a record or a coupling of another, under the name of its own', async () => {
    const { Contoso: mine = '', Fabrikam: theirs = '' } = await mappingIds()
    const localId = '11111111-1111-4111-8111-111111111111'
    const foreign = await rows.coupling(theirs, { localId })
    await rows.error(theirs, { recordKey: `LOCAL:${localId}` })
    const timeline = (by: string): string =>
      `{ recordTimeline(mapping: "CUSTOMER", connection: "Contoso", ${by}) { nodes { kind } } }`
    expect((await ask(timeline(`side: LOCAL, id: "${localId}"`))).data['recordTimeline']).toEqual({
      nodes: [],
    })
    expect(codesOf(await ask(timeline(`couplingId: "${foreign}"`)))).toEqual(['FORBIDDEN'])
    expect(codesOf(await api.ask(timeline(`couplingId: "${foreign}"`)))).toEqual(['NOT_FOUND'])
    const ours = await rows.coupling(mine, { localId })
    for (const by of [`side: LOCAL, id: "${localId}"`, `couplingId: "${ours}"`])
      expect((await ask(timeline(by))).data['recordTimeline']).toEqual({ nodes: [{ kind: 'COUPLED' }] })
  })

  test('has its role beside: a viewer of one connection changes nothing there', async () => {
    const { data } = await api.ask<{ createAccessToken: { token: string } }>(
      `mutation { createAccessToken(input: { name: "reports", connection: "Contoso" }) { token } }`,
    )
    const answer = await api.ask(
      'mutation { pauseIntegrationTableMapping(name: "CUSTOMER", connection: "Contoso") { name } }',
      {},
      data.createAccessToken.token,
    )
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', needs: 'OPERATOR' } }])
  })
})

test('every place where a connection is named is an argument of the field', () => {
  const schema = buildApiSchema()
  const fields = new Map(
    ['query', 'mutation'].flatMap((operation) =>
      Object.entries(schema.getRootType(operation as never)?.getFields() ?? {}),
    ),
  )
  const missing = Object.entries(SCOPED_FIELDS).flatMap(([name, { connection, ids = [] }]) =>
    [...(connection === undefined ? [] : [connection]), ...ids].filter((path) => {
      const [argument, member] = path.split('.')
      const found = fields.get(name)?.args.find((one) => one.name === argument)
      if (found === undefined || member === undefined) return found === undefined
      const type = getNamedType(found.type)
      return !isInputObjectType(type) || type.getFields()[member] === undefined
    }),
  )
  expect(missing).toEqual([])
  expect(Object.keys(SCOPED_FIELDS).filter((name) => !fields.has(name))).toEqual([])
})

async function mappingIds(): Promise<Readonly<Record<string, string>>> {
  const found = await api.database.em
    .fork()
    .execute<{ name: string; id: string }[]>(
      'select c.name, m.id from integration_table_mapping m join connection c on c.id = m.connection_id',
    )
  return Object.fromEntries(found.map(({ name, id }) => [name, id]))
}
