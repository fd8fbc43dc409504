import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql/index.js'
import { buildApiSchema } from '../../src/api/schema.js'
import { startTestApi, type TestApi } from './support/api.js'

let api: TestApi
let viewer: string

beforeAll(async () => {
  api = await startTestApi('api_every_field')
  const { data } = await api.ask<{ createAccessToken: { token: string } }>(
    'mutation { createAccessToken(input: { name: "reader" }) { token } }',
  )
  viewer = data.createAccessToken.token
})
afterAll(() => api.close())

const schema = buildApiSchema()
const fields = (['query', 'mutation'] as const).flatMap((operation) =>
  Object.values(schema.getRootType(operation as never)?.getFields() ?? {}).map((field) => ({
    operation,
    name: field.name,
    document: documentOf(operation, field),
  })),
)

test('nobody is told anything without sign-in, whatever he asks for', async () => {
  expect(fields.length).toBeGreaterThan(90)
  const answered: string[] = []
  for (const { name, document } of fields) {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
    })
    const body = (await response.json()) as { readonly data?: unknown }
    if (response.status !== 401 || body.data !== undefined) answered.push(name)
  }
  expect(answered).toEqual([])
})

test.each(fields.filter(({ operation }) => operation === 'mutation'))(
  'a viewer who asks for $name is told that it is not for him, and nothing is done',
  async ({ name, document }) => {
    const { errors } = await api.ask(document, {}, viewer)
    expect(errors).toMatchObject([
      { path: [name], extensions: { code: 'FORBIDDEN', has: 'VIEWER', needs: expect.any(String) } },
    ])
    expect(errors[0]?.message).toContain('An administrator gives roles.')
  },
)

/** The shortest operation that asks for a field, with whatever its arguments have to be. */
function documentOf(operation: string, { name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args
    .filter((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined)
    .map((argument) => `${argument.name}: ${literalOf(argument.type)}`)
  const named = getNamedType(type)
  const selection = isObjectType(named) || isUnionType(named) ? ' { __typename }' : ''
  return `${operation} { ${name}${given.length === 0 ? '' : `(${given.join(', ')})`}${selection} }`
}

function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType)
  if (isListType(type)) return '[]'
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null'
  if (isInputObjectType(type)) {
    const members = Object.values(type.getFields()).filter(
      (member) => isNonNullType(member.type) && member.defaultValue === undefined,
    )
    return `{ ${members.map((member) => `${member.name}: ${literalOf(member.type)}`).join(', ')} }`
  }
  switch (type.name) {
    case 'ID':
      return '"0b5c2f9e-8d37-4a52-9c1e-6f1f0e4b7a21"'
    case 'Int':
      return '1'
    case 'Boolean':
      return 'true'
    case 'DateTime':
      return '"2026-01-01T00:00:00Z"'
    case 'JSONObject':
      return '{}'
    default:
      return '"x"'
  }
}
