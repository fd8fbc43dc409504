import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { soughtSubjects } from '../../src/api/audit/sought-subjects.js'
import { ErrorClass } from '../../src/domain/failure.js'
import { SubjectSource, subjectsByIds } from '../../src/persistence/audit-subjects.js'
import { recordErrors } from '../../src/persistence/queries/errors.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_audit_subjects')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

interface Told {
  readonly subjects: readonly {
    readonly kind: string
    readonly id: string | null
    readonly name: string
    readonly connection: string | null
  }[]
  readonly subjectCount: number
}

/** What the log says that an action was about. */
async function about(
  mutation: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Told | undefined> {
  await api.ask(mutation, variables)
  const { data, errors } = await api.ask<{ auditEntries: { nodes: readonly Told[] } }>(
    '{ auditEntries(first: 1) { nodes { subjects { kind id name connection } subjectCount } } }',
  )
  expect(errors).toEqual([])
  return data.auditEntries.nodes[0]
}

/** A root cause, as a run leaves it. */
async function rootCause(mappingId: string, message: string): Promise<string> {
  const failure = { errorClass: ErrorClass.permission, message, cause: 'No role has it.', remedy: 'Add it.' }
  await api.database.em.fork().transactional((em) =>
    recordErrors(em, { mappingId, runId: randomUUID(), jobId: null, direction: 'TO_INTEGRATION_TABLE' }, [
      {
        recordKey: 'LOCAL:1',
        couplingId: null,
        failure,
        table: 'accounts',
        sourceSide: 'LOCAL',
        sourceId: '1',
        sourceName: '1',
        destinationId: null,
        destinationName: null,
        detail: null,
      },
    ]),
  )
  const { data } = await api.ask<{ errorGroups: { nodes: readonly { id: string }[] } }>(
    '{ errorGroups { nodes { id } } }',
  )
  return data.errorGroups.nodes[0]?.id ?? ''
}

test.each(Object.values(SubjectSource))(
  'what is sought as %s and is not there is left out',
  async (source) => {
    expect(await subjectsByIds(api.database.em.fork(), source, [randomUUID()])).toEqual([])
  },
)

test('things that go by id are called what they are called', async () => {
  const mapping = await rows.mapping()
  const run = await rows.run(mapping)
  const { data } = await api.ask<{ createAccessToken: { accessToken: { id: string } } }>(
    'mutation { createAccessToken(input: { name: "night watch" }) { accessToken { id } } }',
  )
  const { id: token } = data.createAccessToken.accessToken
  const em = api.database.em.fork()
  expect(await subjectsByIds(em, SubjectSource.plan, [run])).toEqual([
    { kind: 'MAPPING', id: mapping, name: 'CUSTOMER', connection: 'Contoso' },
  ])
  expect(await subjectsByIds(em, SubjectSource.accessToken, [token.toUpperCase()])).toEqual([
    { kind: 'ACCESS_TOKEN', id: token, name: 'night watch', connection: null },
  ])
})

test('a mapping and a connection are named, also one that is not there', async () => {
  const id = await rows.mapping()
  expect(await about('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { name } }')).toEqual({
    subjects: [{ kind: 'MAPPING', id, name: 'CUSTOMER', connection: 'Contoso' }],
    subjectCount: 1,
  })
  expect(await about('mutation { pauseConnection(name: "Contoso") { name } }')).toMatchObject({
    subjects: [{ kind: 'CONNECTION', id: expect.any(String), name: 'Contoso', connection: null }],
  })
  expect(await about('mutation { pauseIntegrationTableMapping(name: "NOBODY") { name } }')).toMatchObject({
    subjects: [{ kind: 'MAPPING', id: null, name: 'NOBODY', connection: null }],
  })
})

test('names are kept as other arguments are: shortened, and without passwords', async () => {
  const name = `https://anna:Sesame@example.com/${'x'.repeat(50_000)}`
  const told = await about(
    'mutation ($name: String!) { pauseIntegrationTableMapping(name: $name, connection: $name) { name } }',
    { name },
  )
  for (const kept of [told?.subjects[0]?.name, told?.subjects[0]?.connection]) {
    expect(kept).toMatch(/^https:\/\/anna:\[hidden\]@example\.com\/x+\.\.\. \(\d+ characters\)$/)
    expect(kept?.length).toBeLessThan(1_100)
  }
})

test('records, runs and root causes are named as they were called then', async () => {
  const mapping = await rows.mapping()
  const coupling = await rows.coupling(mapping, { localName: 'Alfreds Futterkiste' })
  const state = await rows.skipped(mapping, { couplingId: coupling })
  const run = await rows.run(mapping)
  const group = await rootCause(mapping, 'The account was refused.')
  const record = { kind: 'RECORD', id: coupling, name: 'Alfreds Futterkiste', connection: 'Contoso' }

  expect(
    await about('mutation ($id: ID!) { retrySkippedSynchRecords(ids: [$id]) { id } }', { id: state }),
  ).toMatchObject({ subjects: [record] })
  expect(await about('mutation ($id: ID!) { retrySynchRun(id: $id) { id } }', { id: run })).toMatchObject({
    subjects: [{ kind: 'RUN', id: run, name: 'CUSTOMER', connection: 'Contoso' }],
  })
  expect(
    await about('mutation ($id: ID!) { resolveErrorGroups(groups: [{ id: $id }]) { __typename } }', {
      id: group,
    }),
  ).toMatchObject({ subjects: [{ kind: 'ERROR_GROUP', id: group, name: 'The account was refused.' }] })
  // Gone afterwards, and named all the same.
  expect(
    await about(
      'mutation ($id: ID!) { deleteCouplings(ids: [$id], mapping: "CUSTOMER", confirm: true) { __typename } }',
      { id: coupling },
    ),
  ).toMatchObject({ subjects: [record, { kind: 'MAPPING', name: 'CUSTOMER' }] })
})

test('of many the first five are named, and how many there were; what is no id is nothing', async () => {
  const mapping = await rows.mapping()
  const ids: string[] = []
  for (let number = 1; number <= 7; number += 1)
    ids.push(await rows.coupling(mapping, { localName: `Customer ${number}` }))
  const retry =
    'mutation ($ids: [ID!]!) { synchronizeRecords(couplingIds: $ids, direction: MERGE) { __typename } }'
  const told = await about(retry, { ids })
  expect(told?.subjects.map(({ name }) => name)).toEqual(
    [1, 2, 3, 4, 5].map((number) => `Customer ${number}`),
  )
  expect(told?.subjectCount).toBe(7)
  expect(await about(retry, { ids: ['x', 'Robert\u0000', randomUUID()] })).toEqual({
    subjects: [],
    subjectCount: 0,
  })
})

/** Neither a bulk action, whose own entry names what it is over, nor records that are not coupled yet. */
const WITHOUT = ['cancelBulkAction', 'createRecords']

test('every mutation that names something by id says what that is', () => {
  const mutations = buildSchema(readFileSync('schema.graphql', 'utf8')).getMutationType()?.getFields() ?? {}
  const silent = Object.values(mutations)
    .filter(({ args }) => args.some(({ name }) => name === 'id' || name === 'ids'))
    .filter(({ name }) => soughtSubjects(name, { id: randomUUID(), ids: [randomUUID()] }).ids.length === 0)
    .map(({ name }) => name)
  expect(silent).toEqual(WITHOUT)
})
