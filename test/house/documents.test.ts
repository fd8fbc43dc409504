import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(5)
})

test.each(examples)('%s: an example is an operation of the API as it is: %s', (_, operation) => {
  expect(validate(schema, parse(operation)).map((error) => error.message)).toEqual([])
})
