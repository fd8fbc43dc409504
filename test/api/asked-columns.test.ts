import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  getNamedType,
  isEnumType,
  isObjectType,
  isScalarType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql/index.js'
import { buildApiSchema } from '../../src/api/schema.js'
import { nameConflict, Rows } from './support/rows.js'
import { startTestApi, type TestApi } from './support/api.js'

const schema = buildApiSchema()

let api: TestApi

beforeAll(async () => {
  api = await startTestApi('api_asked_columns')
  const rows = new Rows(api.database)
  const mapping = await rows.mapping()
  const run = await rows.run(mapping)
  const job = await rows.job(mapping, run)
  const coupling = await rows.coupling(mapping, { lastJobId: job, lastBy: 'JOB', lastSource: 'LOCAL' })
  const group = randomUUID()
  const error = await rows.error(mapping, {
    couplingId: coupling,
    runId: run,
    jobId: job,
    detail: nameConflict(),
    assignee: 'Anna',
    groupId: group,
  })
  await api.database.em.fork().execute(
    `insert into error_group (id, mapping_id, fingerprint, error_class, resolvable_by, message, cause, remedy, field, code, open_count, resolved_count,
       occurrences, first_seen, last_seen, assignee, snoozed_until, tags)
     values (?, ?, 'cause', 'CONFLICT', 'USER', 'message', 'cause', 'remedy', 'name', 'code', 1, 0, 7, now() - interval '1 day', now(), 'Anna',
       now() + interval '1 day', array['urgent'])`,
    [group, mapping],
  )
  await rows.skipped(mapping, { couplingId: coupling, errorId: error, detail: nameConflict() })
})
afterAll(() => api.close())

/** Lists that read of each row what is asked for and no more. */
const LISTS = [
  ['integrationSynchErrors', 'IntegrationSynchError'],
  ['errorGroups', 'ErrorGroup'],
  ['couplings', 'Coupling'],
] as const

const asked = LISTS.flatMap(([list, type]) =>
  Object.values(objectType(type).getFields()).map((field) => ({ list, type, field: field.name })),
)

test('there are fields to ask for', () => {
  expect(asked.length).toBeGreaterThan(60)
})

test.each(asked)(
  '$field of $list is the same whether it is asked for alone or with all others',
  async (one) => {
    const { list, type, field } = one
    const fields = Object.values(objectType(type).getFields())
    const whole = await nodes(list, `{ nodes { ${fields.map(written).join(' ')} } }`)
    const own = fields.find(({ name }) => name === field)
    if (own === undefined) throw new Error(`There is no ${field}`)
    const expected = whole.map((row) => row[field])
    expect(expected).toHaveLength(1)
    expect((await nodes(list, `{ nodes { ${written(own)} } }`)).map((row) => row[field])).toEqual(expected)
    const within = `{ edges { node { ... on ${type} { ...of } } } } } fragment of on ${type} { ${written(own)}`
    expect((await nodes(list, within)).map((row) => row[field])).toEqual(expected)
  },
)

test('what a condition has left out once is there when it is asked for, by whichever operation', async () => {
  const { data: whole } = await api.ask(
    '{ couplings { nodes { id lastSynchModifiedOn lastSynchCrmModifiedOn } } }',
  )
  const [row] = (whole['couplings'] as { readonly nodes: readonly object[] }).nodes
  const document = `query ($more: Boolean!) {
    couplings { nodes { id } } couplings @include(if: $more) { nodes { lastSynchModifiedOn lastSynchCrmModifiedOn } } }`
  expect((await api.ask(document, { more: false })).errors).toEqual([])
  expect(await api.ask(document, { more: true })).toMatchObject({
    errors: [],
    data: { couplings: { nodes: [row] } },
  })
})

/** Each spreads the next one twice: sixty of them are spread more often than there are atoms of anything. */
const DOUBLING = (type: string): string =>
  `${Array.from({ length: 60 }, (_, number) => `fragment F${number} on ${type} { ...F${number + 1} ...F${number + 1} }`).join(' ')}
   fragment F60 on ${type} { __typename }`

test.each([
  ['couplings(first: 2) { nodes { ...F0 } edges { node { ...F0 } } }', 'Coupling'],
  ['integrationTableMappings { ...F0 connection { id } }', 'IntegrationTableMapping'],
])('fragments that double, %s, are answered, and keep nothing busy', async (selection, type) => {
  expect(await api.ask(`{ ${selection} } ${DOUBLING(type)}`)).toMatchObject({ status: 200, errors: [] })
})

async function nodes(list: string, selection: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { data, errors } = await api.ask(`{ ${list}(first: 5) ${selection} }`)
  expect(errors).toEqual([])
  const page = data[list] as {
    readonly nodes?: readonly Readonly<Record<string, unknown>>[]
    readonly edges?: readonly { readonly node: Readonly<Record<string, unknown>> }[]
  }
  return page.nodes ?? page.edges?.map(({ node }) => node) ?? []
}

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name)
  if (!isObjectType(type)) throw new Error(`There is no type ${name}`)
  return type
}

/** A field with the values that it holds itself. */
function written({ name, type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type)
  if (isScalarType(named) || isEnumType(named)) return name
  if (!isObjectType(named)) return `${name} { __typename }`
  const own = Object.values(named.getFields()).filter(({ args, type: each }) => {
    const leaf = getNamedType(each)
    return args.length === 0 && (isScalarType(leaf) || isEnumType(leaf))
  })
  const rows = named.getFields()['nodes'] === undefined ? '' : 'nodes { id }'
  return `${name} { __typename ${own.map((field) => field.name).join(' ')} ${rows} }`
}
