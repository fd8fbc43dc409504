import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameConflict, Rows } from './support/rows.js'
import { startTestApi, type TestApi } from './support/api.js'

/** The first ones are interpreted, the last ones compiled. */
const TIMES = 8

let api: TestApi

beforeAll(async () => {
  api = await startTestApi('api_run_compiled')
  const rows = new Rows(api.database)
  const mapping = await rows.mapping({ name: 'CUSTOMER' })
  const run = await rows.run(mapping)
  const job = await rows.job(mapping, run)
  for (let number = 0; number < 3; number += 1) {
    const couplingId = await rows.coupling(mapping, { lastJobId: job })
    const errorId = await rows.error(mapping, { couplingId, runId: run, jobId: job, detail: nameConflict() })
    await rows.skipped(mapping, { couplingId, errorId, detail: nameConflict() })
  }
})
afterAll(() => api.close())

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'examples')
const examples = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.graphql') && name !== 'progress.graphql')
  .map((name) => ({
    name,
    query: readFileSync(join(FOLDER, name), 'utf8'),
    variables: { name: 'CUSTOMER', text: 'Contoso' },
  }))

const QUERIES = [
  ...examples,
  {
    name: 'defaults of variables, aliases, fragments and directives',
    query: `query Page($first: Int! = 2, $status: SynchErrorStatus = OPEN, $no: Boolean! = false, $yes: Boolean = true) {
      a: integrationSynchErrors(first: $first, filter: { status: $status }) { nodes { ...of } totalCount }
      b: integrationSynchErrors(first: 1) { edges { node { ... on IntegrationSynchError { message @skip(if: $yes) id } ...of @include(if: $no) } } }
    } fragment of on IntegrationSynchError { __typename id time fields { field } mapping { name toWatermark } }`,
    variables: {},
  },
  {
    name: 'a fragment under a condition first, then without one',
    query: `query ($no: Boolean!) {
      a: couplings(first: 2) { nodes { ...of @include(if: $no) } totalCount @skip(if: $no) }
      b: couplings(first: 1) { nodes { ...of } } } fragment of on Coupling { id lastSynchModifiedOn }`,
    variables: { no: false },
  },
  {
    name: 'a fragment twice, under two conditions',
    query: `query ($no: Boolean!, $yes: Boolean!) {
      couplings(first: 2) { nodes { ...of @include(if: $no) ...of @include(if: $yes) } } } fragment of on Coupling { id lastSynchModifiedOn }`,
    variables: { no: false, yes: true },
  },
  {
    name: 'a condition within a fragment that is spread twice',
    query: `query ($no: Boolean!) {
      a: couplings(first: 2) { nodes { ...of } } b: couplings(first: 2) { nodes { ...of } } } fragment of on Coupling { id lastSynchModifiedOn @include(if: $no) }`,
    variables: { no: false },
  },
  {
    name: 'names of an answer that read like a place in it',
    query: '{ name_me: couplings(first: 1) { nodes { localRecord { name } } } me { name } }',
    variables: {},
  },
  {
    name: 'variables within a filter that are not given',
    query: `query ($status: SynchErrorStatus, $from: DateTime) {
      integrationSynchErrors(filter: { status: $status, time: { from: $from } }) { nodes { id } } }`,
    variables: {},
  },
  {
    name: 'a time, a list of one value, and null',
    query: `query ($from: DateTime, $classes: [ErrorClass!]) {
      integrationSynchErrors(filter: { time: { from: $from, to: null }, errorClass: $classes }) { nodes { id firstSeen } } }`,
    variables: { from: '2020-01-01T00:00:00.000Z', classes: 'CONFLICT' },
  },
  {
    name: 'something that is not there beside something that is',
    query: `{ coupling(id: "00000000-0000-4000-8000-000000000001") { id }
      me { name } }`,
    variables: {},
  },
  {
    name: 'something that is not there, on its third line',
    query: 'query ($id: ID!) {\r\n  me { name }\r\n  again: coupling(id: $id) { id }\r\n}',
    variables: { id: '00000000-0000-4000-8000-000000000001' },
  },
  {
    name: 'a variable that is missing',
    query: 'query ($id: ID!) { coupling(id: $id) { id } }',
    variables: {},
  },
  {
    name: 'a variable of another type',
    query: 'query ($first: Int!) { couplings(first: $first) { nodes { id } } }',
    variables: { first: 'many' },
  },
  {
    name: 'an input with a field that it does not have',
    query: 'query ($filter: CouplingFilter) { couplings(filter: $filter) { nodes { id } } }',
    variables: { filter: { nothing: 1 } },
  },
  {
    name: 'a page that is too long',
    query: 'query ($first: Int!) { couplings(first: $first) { nodes { id } } }',
    variables: { first: 501 },
  },
  {
    name: 'a mapping that does not exist',
    query: 'query ($name: String) { couplings(filter: { mapping: $name }) { nodes { id } } }',
    variables: { name: 'NOTHING' },
  },
  {
    name: 'the schema',
    query: '{ __schema { queryType { name fields { name } } } __type(name: "Coupling") { name kind } }',
    variables: {},
  },
]

test.each(QUERIES)(
  '$name: a query that comes again is answered as the first time',
  async ({ query, variables }) => {
    const first = await api.ask(query, variables)
    expect([200, 400]).toContain(first.status)
    for (let time = 1; time < TIMES; time += 1) expect(await api.ask(query, variables)).toEqual(first)
  },
)

/** Behind a marker of its own graphql-jit takes the text of a literal for code. */
const MARKED = '_MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d0,globalThis.taken = true'
const CODE = `_${MARKED}`

test.each([
  ['a text', `{ integrationTableMapping(name: "${CODE}") { id } }`],
  ['an escaped text', `{ integrationTableMapping(name: "\\u005f${MARKED}") { id } }`],
  ['a text of a filter', `{ couplings(filter: { mapping: "${CODE}" }) { nodes { id } } }`],
  ['a text within JSON', `{ previewTransformation(rules: [{ type: "${CODE}" }], samples: ["x"]) { value } }`],
  ['a default', `query ($name: String! = "${CODE}") { integrationTableMapping(name: $name) { id } }`],
])('%s of a document is never taken for code', async (_what, query) => {
  const first = await api.ask(query)
  for (let time = 1; time < TIMES; time += 1) expect(await api.ask(query)).toEqual(first)
  expect(globalThis).not.toHaveProperty('taken')
})

test('a variable within JSON is what it was given as', async () => {
  const query = `query ($type: JSON) { previewTransformation(rules: [{ type: $type }], samples: [" x "]) { value } }`
  for (let time = 0; time < TIMES; time += 1)
    expect((await api.ask(query, { type: 'TRIM' })).data).toEqual({ previewTransformation: [{ value: 'x' }] })
})

test('a condition that is null is refused, however often it comes', async () => {
  const query =
    'query ($no: Boolean = true) { couplings(first: 2) { nodes { id } totalCount @include(if: $no) } }'
  for (let time = 0; time < TIMES; time += 1)
    expect((await api.ask(query, { no: null })).errors).toMatchObject([{ path: ['couplings'] }])
})

/** Each spreads the next one twice: sixty of them are spread more often than there are atoms of anything. */
const DOUBLING = (type: string): string =>
  `${Array.from({ length: 60 }, (_, number) => `fragment F${number} on ${type} { ...F${number + 1} ...F${number + 1} }`).join(' ')}
   fragment F60 on ${type} { __typename }`

test.each([
  ['couplings(first: 2) { nodes { ...F0 } edges { node { ...F0 } } }', 'Coupling'],
  ['integrationTableMappings { ...F0 connection { id } }', 'IntegrationTableMapping'],
])('fragments that double, %s, are answered, and keep nothing busy', async (selection, type) => {
  const query = `{ ${selection} } ${DOUBLING(type)}`
  const first = await api.ask(query)
  expect(first).toMatchObject({ status: 200, errors: [] })
  for (let time = 1; time < TIMES; time += 1) expect(await api.ask(query)).toEqual(first)
})

test('an unexpected failure is told of in the same words', async () => {
  const query = '{ synchRuns(first: 1) { id } }'
  await api.ask(query)
  await api.database.em.fork().execute('alter table synch_run rename to synch_run_elsewhere')
  try {
    for (let time = 0; time < TIMES; time += 1) {
      const { errors } = await api.ask(query)
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('Its log says more under'),
          path: ['synchRuns'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', reference: expect.any(String) },
        },
      ])
    }
  } finally {
    await api.database.em.fork().execute('alter table synch_run_elsewhere rename to synch_run')
  }
})
