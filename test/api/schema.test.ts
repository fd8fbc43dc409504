import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildApiSchema, printApiSchema } from '../../src/api/schema.js'

const FILE = new URL('../../schema.graphql', import.meta.url)

test('schema.graphql is what the code serves (npm run schema writes it)', () => {
  expect(printApiSchema(buildApiSchema())).toBe(readFileSync(FILE, 'utf8'))
})

test('every query and mutation is described', () => {
  const schema = buildApiSchema()
  const without = ['Query', 'Mutation'].flatMap((name) => {
    const type = schema.getType(name)
    return type !== undefined && 'getFields' in type
      ? Object.values(type.getFields())
          .filter((field) => !field.description)
          .map((field) => field.name)
      : []
  })
  expect(without).toEqual([])
})
