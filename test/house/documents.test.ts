import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { readDocument } from '../../src/api/mapping/document/read-document.js'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import type { FieldDefinition, TableDefinition } from '../../src/domain/schema.js'
import { validateMapping } from '../../src/domain/validate-mapping.js'
import { buildSchema, parse, validate } from 'graphql/index.js'

const project = join(import.meta.dirname, '..', '..')
const documents = [
  'README.md',
  ...readdirSync(join(project, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const read = (name: string): string => readFileSync(join(project, name), 'utf8')
const schema = buildSchema(read('schema.graphql'))
const examples = documents.flatMap((name) =>
  [...read(name).matchAll(/```graphql\n([\s\S]*?)```/g)].map((found) => [name, found[1] ?? ''] as const),
)

test('the mapping file of README is right, and nothing about it deserves a warning', () => {
  const [, text = ''] = /```yaml\n(name: CUSTOMERS[\s\S]*?)```/.exec(read('README.md')) ?? []
  const { problems, value } = readDocument(parseYaml(text))
  expect(problems).toEqual([])
  const key = (name: string): FieldDefinition => ({ ...column(name), createOnly: true })
  const column = (name: string): FieldDefinition => ({
    name,
    caption: name,
    type: { kind: 'text', maxLength: 50 },
  })
  const table = (name: string, fields: readonly FieldDefinition[]): TableDefinition => ({
    ...CUSTOMER,
    system: 'POSTGRESQL',
    name,
    fields,
  })
  const tables = {
    LOCAL: table('customer', [key('number'), column('name'), column('city')]),
    INTEGRATION: table('client', [key('code'), column('title'), column('town')]),
  }
  expect(value === null ? [] : validateMapping(value, tables, [])).toEqual([])
  expect(value?.name).toBe('CUSTOMERS')
})

test.each([...documents, 'src/api/graphiql/examples.ts'])(
  '%s: signing in is told by the command that works',
  (name) => {
    expect(read(name)).not.toMatch(/(?<!npx )accord sign-in/)
  },
)

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(5)
})

test.each(examples)('%s: an example is an operation of the API as it is: %s', (_, operation) => {
  expect(validate(schema, parse(operation)).map((error) => error.message)).toEqual([])
})
