import fc from 'fast-check'
import { parseAllDocuments } from 'yaml'
import { describe, expect, test } from 'vitest'
import { toDocument } from '../../src/api/mapping/document/mapping-document.js'
import { readDocument } from '../../src/api/mapping/document/read-document.js'
import { writeMappingFile } from '../../src/cli/mappings/write-mapping-file.js'
import { CUSTOMER_MAPPING, DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import type { Filter } from '../../src/domain/filter.js'
import {
  ConflictDetection,
  DeletionConflictPolicy,
  Direction,
  UpdateConflictPolicy,
  type FieldMapping,
  type InsertTemplate,
  type MappingDefinition,
  type Schedule,
} from '../../src/domain/mapping.js'
import type { TransformationRule } from '../../src/domain/transformation.js'
import type { Value } from '../../src/domain/value.js'

/** Text that YAML might take for something else, besides any other. */
const text = fc.oneof(
  fc.constantFrom(
    '3',
    '-0',
    '1e3',
    '0x1F',
    'true',
    'no',
    '~',
    'null',
    '',
    ' ',
    "it's",
    '# a',
    'a: b',
    '- a',
    '*a',
    '&a',
  ),
  fc.constantFrom(
    'line\nbreak',
    'tab\t',
    '"quoted"',
    '2026-01-01',
    '---',
    '...',
    '{}',
    '[',
    '\r\n',
    '\u0085',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme' }),
)
const word = text.filter((value) => value !== '')
const value = fc.oneof(text, fc.boolean(), fc.constant(null)) as fc.Arbitrary<Value>

const { filter } = fc.letrec<{ filter: Filter; comparison: Filter }>((tie) => ({
  comparison: fc.oneof(
    fc.record({
      kind: fc.constant('compare' as const),
      field: word,
      comparison: fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'beginsWith', 'contains'),
      value,
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      field: word,
      comparison: fc.constant('in' as const),
      value: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      field: word,
      comparison: fc.constant('blank' as const),
      value: fc.constant(null),
    }),
  ) as fc.Arbitrary<Filter>,
  filter: fc.oneof(
    { maxDepth: 3 },
    tie('comparison'),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))

const rule = fc.record({
  type: fc.constant('REPLACE'),
  find: text,
  replace: text,
}) as unknown as fc.Arbitrary<TransformationRule>

const field = fc
  .record({
    localField: fc.option(word),
    integrationField: fc.option(word),
    direction: fc.constantFrom(...Object.values(Direction)),
    constant: value,
    status: fc.constantFrom('ENABLED' as const, 'DISABLED' as const),
    lookupMappings: fc.array(word, { maxLength: 2 }),
    flags: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    rules: fc.tuple(fc.array(rule, { maxLength: 2 }), fc.array(rule, { maxLength: 1 })),
    optionMap: fc.option(fc.array(fc.record({ local: value, integration: value }), { maxLength: 2 })),
    owner: fc.option(fc.constantFrom('LOCAL' as const, 'INTEGRATION' as const)),
    timeZone: fc.option(word),
    currencyField: fc.option(word),
  })
  .map(({ flags, rules, optionMap, owner, timeZone, currencyField, ...rest }): FieldMapping => ({
    ...rest,
    name: `${rest.localField ?? ''}:${rest.integrationField ?? ''}`,
    clearValueOnFailedSync: flags[0],
    notNull: flags[1],
    truncate: flags[2],
    transformTo: rules[0],
    transformFrom: rules[1],
    ...(optionMap === null ? {} : { optionMap }),
    ...(owner === null ? {} : { owner }),
    ...(timeZone === null ? {} : { timeZone }),
    ...(currencyField === null ? {} : { localCurrencyAmount: { currencyField } }),
  }))

const template: fc.Arbitrary<InsertTemplate> = fc.record({
  name: word,
  priority: fc.integer(),
  filter: fc.option(filter),
  values: fc.dictionary(
    word.filter((name) => name !== '__proto__'),
    value,
    { maxKeys: 3, noNullPrototype: true },
  ),
})

const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({ kind: fc.constant('interval' as const), minutes: fc.nat() }),
  fc.record({ kind: fc.constant('cron' as const), expression: word, timeZone: word }),
)

const definition: fc.Arbitrary<MappingDefinition> = fc.record({
  name: word,
  localTable: word,
  integrationTable: word,
  direction: fc.constantFrom(...Object.values(Direction)),
  onlyCoupled: fc.boolean(),
  localFilter: fc.option(filter),
  integrationFilter: fc.option(filter),
  conflictDetection: fc.constantFrom(...Object.values(ConflictDetection)),
  updateConflictPolicy: fc.constantFrom(...Object.values(UpdateConflictPolicy)),
  deletionConflictPolicy: fc.constantFrom(...Object.values(DeletionConflictPolicy)),
  deletionReview: fc.record({ percent: fc.double({ min: 0, max: 100, noNaN: true }), minimum: fc.nat() }),
  fields: fc.array(field, { maxLength: 4 }),
  matchRules: fc.array(
    fc.record({
      priority: fc.integer(),
      caseSensitive: fc.boolean(),
      pairs: fc.array(fc.record({ localField: word, integrationField: word }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  templates: fc.record({
    local: fc.array(template, { maxLength: 2 }),
    integration: fc.array(template, { maxLength: 2 }),
  }),
  coupling: fc.record({ synchronizeAfterwards: fc.boolean(), createNew: fc.boolean() }),
  schedule,
  inactivityTimeoutMinutes: fc.option(fc.nat()),
  wakeOnChange: fc.boolean(),
  findDeletedHours: fc.option(fc.nat()),
  bulkUpdates: fc.boolean(),
  reconcileSchedule: fc.option(schedule),
  dependsOn: fc.array(word, { maxLength: 3 }),
})

/** What applying the text would give. */
function readBack(file: string): MappingDefinition {
  const documents = parseAllDocuments(file)
  if (!Array.isArray(documents)) throw new Error('The file is empty.')
  const [document] = documents
  expect(document?.errors).toEqual([])
  const read = readDocument(document?.toJS())
  expect(read.problems).toEqual([])
  if (read.value === null) throw new Error('The file could not be read.')
  return read.value
}

test('what is written is what is read, whatever the mapping holds', () => {
  fc.assert(
    fc.property(definition, (mapping) => {
      const document = toDocument(mapping)
      expect(toDocument(readBack(writeMappingFile(document)))).toEqual(document)
    }),
    { numRuns: 400 },
  )
})

test.each(DEFAULT_MAPPINGS.map((mapping) => [mapping.name, mapping] as const))(
  'the default mapping %s is the same after a file',
  (_name, mapping) => {
    expect(toDocument(readBack(writeMappingFile(toDocument(mapping))))).toEqual(toDocument(mapping))
  },
)

describe('a mapping file', () => {
  const lines = writeMappingFile(toDocument(CUSTOMER_MAPPING)).split('\n')

  test('says what each setting means, and shows defaults as comments', () => {
    expect(lines).toContain(
      '# Synch. Only Coupled Records: if not, records without a partner are created on the other side.',
    )
    expect(lines).toContain('# One of BIDIRECTIONAL, TO_INTEGRATION_TABLE, FROM_INTEGRATION_TABLE.')
    expect(lines).toContain('direction: BIDIRECTIONAL')
    expect(lines).toContain('# findDeletedHours: 24')
  })

  test('says in words what a filter means', () => {
    expect(lines).toContain("# Here: statecode = '0' and customertypecode = '3'")
    expect(lines).toContain("    - { field: statecode, comparison: =, value: '0' }")
  })

  test('keeps to one line what is short, and writes field mappings alike', () => {
    expect(lines).toContain('    - { name: DEFAULT, priority: 1, values: { type: Company } }')
    const start = lines.indexOf('  - localField: fax')
    expect(lines.slice(start, start + 3)).toEqual([
      '  - localField: fax',
      '    integrationField: fax',
      '    direction: BIDIRECTIONAL',
    ])
  })
})
