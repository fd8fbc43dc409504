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

test('fields of one name are of one type in all members of a union, so that they can be asked for side by side', () => {
  const unions = Object.values(buildApiSchema().getTypeMap()).filter((type) => 'getTypes' in type)
  expect(unions.map((union) => union.name).toSorted()).toEqual([
    'ApplyRuleResult',
    'CoupleRecordsResult',
    'CreateRecordResult',
    'ErrorGroupResult',
    'ResolveSkippedSynchRecordResult',
    'StartBulkActionResult',
    'SynchronizeRecordResult',
  ])
  for (const union of unions) {
    const types = new Map<string, Set<string>>()
    for (const field of union.getTypes().flatMap((member) => Object.values(member.getFields()))) {
      types.set(field.name, (types.get(field.name) ?? new Set()).add(String(field.type)))
    }
    expect([...types].filter(([, seen]) => seen.size > 1)).toEqual([])
  }
})
