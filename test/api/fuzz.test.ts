import fc from 'fast-check'
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql/index.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildApiSchema } from '../../src/api/schema.js'
import { startTestApi, TOKEN, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

/** Documents of each kind, the same ones every time: ACCORD_TEST_DOCUMENTS=<number> tries more, ACCORD_TEST_SEED=<number> other ones. */
const DOCUMENTS = Number(process.env['ACCORD_TEST_DOCUMENTS'] ?? 150)
const SEED = Number(process.env['ACCORD_TEST_SEED'] ?? 20_261_123)
/** Milliseconds for each document, with room to spare. */
const PATIENCE = 60_000 + DOCUMENTS * 200

/** Answers by status, of each kind. */
const answered = new Map<string, number>()

/** Levels of a document that is made. */
const DEEPEST = 5

/** What no answer may tell. */
const INTERNALS =
  /node_modules|\.(?:ts|js):\d|\bat \w+ \(|\bselect\b.+\bfrom\b|relation "|violates|syntax error at|invalid input syntax|MikroORM|kysely/i

const schema = buildApiSchema()

let api: TestApi

beforeAll(async () => {
  api = await startTestApi('fuzz')
})
/** One of everything, by the id that random documents name most. */
beforeEach(async () => {
  await api.reset()
  const rows = new Rows(api.database)
  const mapping = await rows.mapping({ id: ID, name: 'CUSTOMER' })
  await rows.run(mapping, { id: ID })
  await rows.job(mapping, ID, { id: ID })
  await rows.coupling(mapping, { id: ID, localId: ID, integrationId: ID })
  const details = { id: ID, couplingId: ID, errorId: ID, detail: nameConflict() }
  await rows.error(mapping, { id: ID, couplingId: ID, errorClass: 'CONFLICT', runId: ID })
  await rows.skipped(mapping, details)
})
afterAll(async () => {
  await api.close()
  process.stdout.write(`Answers by kind and status: ${JSON.stringify(Object.fromEntries(answered))}\n`)
})

type Generate = fc.GeneratorValue

const ODD_TEXTS = [
  '',
  'CUSTOMER',
  'Contoso',
  "'; drop table coupling --",
  '%',
  '\\',
  '\0',
  '\u{1F600}',
  'x'.repeat(5_000),
]
const ODD_NUMBERS = ['0', '1', '-1', '2147483647', '2147483648', '-9e400', '1.5']
const ID = '00000000-0000-4000-8000-000000000000'

/** Text as GraphQL writes it. */
const quoted = (text: string) => JSON.stringify(text)

function chance(g: Generate, percent: number): boolean {
  return g(fc.nat, { max: 99 }) < percent
}

function pick<Item>(g: Generate, items: readonly Item[]): Item {
  const item = items[g(fc.nat, { max: items.length - 1 })]
  if (item === undefined) throw new Error('There is nothing to choose from.')
  return item
}

function anyValue(g: Generate): string {
  return pick(g, [
    'null',
    '[]',
    '{}',
    '[[1]]',
    '{ a: { a: "b" } }',
    'NOTHING',
    'true',
    ...ODD_NUMBERS,
    ...ODD_TEXTS.map(quoted),
  ])
}

function value(g: Generate, type: GraphQLInputType, depth: number): string {
  if (chance(g, 4)) return anyValue(g)
  if (!isNonNullType(type) && chance(g, 15)) return 'null'
  const bare = getNullableType(type)
  if (isListType(bare)) {
    const items = Array.from({ length: g(fc.nat, { max: 2 }) }, () =>
      value(g, bare.ofType as GraphQLInputType, depth),
    )
    return `[${items.join(', ')}]`
  }
  if (isInputObjectType(bare)) {
    const given = Object.values(bare.getFields()).filter((field) =>
      isNonNullType(field.type) ? true : depth > 0 && chance(g, 30),
    )
    return `{ ${given.map((field) => `${field.name}: ${value(g, field.type, depth - 1)}`).join(', ')} }`
  }
  if (isEnumType(bare)) return pick(g, bare.getValues()).name
  if (!isScalarType(bare)) throw new Error(`An argument of type ${String(bare)}`)
  switch (bare.name) {
    case 'Boolean':
      return pick(g, ['true', 'false'])
    case 'Int':
    case 'Float':
      return pick(g, ODD_NUMBERS)
    case 'ID':
      return quoted(chance(g, 60) ? ID : pick(g, ODD_TEXTS))
    case 'DateTime':
    case 'DateTimeISO':
      return quoted(
        pick(g, ['2026-01-01T00:00:00Z', '-271821-04-20T00:00:00Z', '275760-09-13T00:00:00Z', 'yesterday']),
      )
    case 'JSONObject':
      return pick(g, ['{}', '{ name: "CUSTOMER" }', '{ name: 5, fields: [[]] }', '{ fields: [{ a: null }] }'])
    default:
      return quoted(chance(g, 50) ? pick(g, ODD_TEXTS) : g(fc.string, { unit: 'binary' }))
  }
}

function selection(g: Generate, type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (isScalarType(named) || isEnumType(named)) return ''
  if (!isObjectType(named) || depth === 0) return '{ __typename }'
  const fields = Object.values(named.getFields())
  const chosen = Array.from({ length: 1 + g(fc.nat, { max: 3 }) }, () => pick(g, fields))
  // Under names of their own, so that one field with different arguments is no conflict.
  return `{ ${chosen.map((field, place) => `f${place}: ${call(g, field, depth - 1)}`).join(' ')} }`
}

function call(g: Generate, field: GraphQLField<unknown, unknown>, depth: number): string {
  if (chance(g, 1)) return 'nothingOfThatName'
  const given = field.args.filter(({ type, defaultValue }) =>
    isNonNullType(type) && defaultValue === undefined ? !chance(g, 2) : chance(g, 40),
  )
  const written = given.map((argument) => `${argument.name}: ${value(g, argument.type, 2)}`).join(', ')
  return `${field.name}${written === '' ? '' : `(${written})`} ${selection(g, field.type, depth)}`
}

async function send(
  body: string,
  token = TOKEN,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  })
  return { status: response.status, text: await response.text() }
}

function assertHarmless(
  { status, text }: { readonly status: number; readonly text: string },
  query: string,
): void {
  expect({ query, failed: status >= 500 }).toEqual({ query, failed: false })
  expect({ query, text }).not.toMatchObject({ text: expect.stringContaining('INTERNAL_SERVER_ERROR') })
  const { errors = [] } = JSON.parse(text) as { readonly errors?: readonly { readonly message: string }[] }
  for (const { message } of errors)
    expect({ query, message }).not.toMatchObject({ message: expect.stringMatching(INTERNALS) })
}

async function assertAlive(): Promise<void> {
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
  expect((await api.ask('{ me { name } }')).errors).toEqual([])
}

/** What a document is damaged with. */
const SHARDS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '$x',
  '...',
  '@skip(if: $no)',
  '"',
  '"""',
  '#',
  '\0',
  '\u{FFFF}',
  '99e999',
  'null',
]

/** Some of its words are lost, said twice, exchanged or replaced by something odd. */
function damaged(g: Generate, document: string): string {
  const words = document.split(/(?<=[\s{}()[\]:,])/)
  for (let time = 0; time <= g(fc.nat, { max: 3 }); time += 1) {
    const at = g(fc.nat, { max: Math.max(0, words.length - 1) })
    const other = g(fc.nat, { max: Math.max(0, words.length - 1) })
    const [word, another] = [words[at] ?? '', words[other] ?? '']
    switch (g(fc.nat, { max: 3 })) {
      case 0:
        words.splice(at, 1)
        break
      case 1:
        words.splice(at, 0, word)
        break
      case 2:
        words.splice(at, 1, another)
        words.splice(other, 1, word)
        break
      default:
        words.splice(at, 1, pick(g, SHARDS))
    }
  }
  return words.join('')
}

const KINDS = [
  ['a query', 'query', false],
  ['a mutation', 'mutation', false],
  ['a damaged query', 'query', true],
  ['a damaged mutation', 'mutation', true],
] as const

test.each(KINDS)(
  'random documents: %s',
  async (name, kind, isDamaged) => {
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType()
    if (!root) throw new Error(`The schema has no ${kind}`)
    const fields = Object.values(root.getFields())
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const whole = `${kind} { ${call(g, pick(g, fields), DEEPEST)} }`
        const query = isDamaged ? damaged(g, whole) : whole
        const answer = await send(JSON.stringify({ query }))
        const heading = `${name} ${answer.status}`
        answered.set(heading, (answered.get(heading) ?? 0) + 1)
        assertHarmless(answer, query)
      }),
      { numRuns: DOCUMENTS, seed: SEED, endOnFailure: true },
    )
    await assertAlive()
  },
  PATIENCE,
)

const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels)
const hostile: readonly (readonly [string, unknown])[] = [
  ['depth', { query: `{ integrationTableMappings ${nested(1_500, '{ lastRun { mapping ', '} }')} }` }],
  ['aliases', { query: `{ ${Array.from({ length: 1_200 }, (_, n) => `a${n}: me { name }`).join(' ')} }` }],
  ['one field very often', { query: `{ ${'__typename '.repeat(4_900)} }` }],
  [
    'fragments that double',
    {
      query: `{ ...F0 } ${Array.from({ length: 100 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F100 on Query { __typename }`,
    },
  ],
  ['fragments in a circle', { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' }],
  ['tokens', { query: `{ ${'me { name } '.repeat(5_000)} }` }],
  ['lists in lists', { query: `{ errorGroups(first: ${nested(2_000, '[', ']')}) { totalCount } }` }],
  [
    'lists in lists of variables',
    {
      query: 'mutation ($c: [JSONObject!]!) { applyConnections(connections: $c) { __typename } }',
      variables: { c: JSON.parse(nested(1_500, '[', ']')) as unknown },
    },
  ],
  ['a prototype', { query: '{ me { name } }', variables: { ['__proto__x']: { constructor: 1 } } }],
  ['a document that is none', { query: '\0\u{FFFF}{{{' }],
  ['no document', { query: 5 }],
  ['a batch', [{ query: '{ me { name } }' }]],
  ['nothing', null],
]

test.each(hostile)('hostile: %s', async (_what, body) => {
  const { status, text } = await send(JSON.stringify(body))
  assertHarmless({ status, text }, JSON.stringify(body))
  await assertAlive()
})

test.each(['', 'x'.repeat(8_000), '..', 'null', '%00', `${TOKEN} `.repeat(2), 'eyJhbGciOiJub25lIn0.e30.'])(
  'a hostile token lets nobody in: %j',
  async (token) => {
    const { status } = await send(JSON.stringify({ query: '{ me { name } }' }), token)
    expect([401, 429]).toContain(status)
  },
)
