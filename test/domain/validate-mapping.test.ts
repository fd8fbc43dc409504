import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import type { MappingDefinition } from '../../src/domain/mapping.js'
import { validateMapping } from '../../src/domain/validate-mapping.js'
import { anyMapping, ODD_CONTEXT } from './arbitrary.js'
import { field, TO } from './support.js'
import {
  compare,
  constant,
  GOOD,
  OTHERS,
  PARENT,
  same,
  TABLES,
  withFields,
} from './validate-mapping/fixtures.js'
import { PROBLEMS } from './validate-mapping/problems.js'

describe('validateMapping', () => {
  it('finds nothing wrong with a mapping that is right', () => {
    expect(validateMapping(GOOD, TABLES, OTHERS)).toEqual([])
  })

  it.each(PROBLEMS)('%s', (_what, change, path, message) => {
    const problems = validateMapping({ ...GOOD, ...change }, TABLES, OTHERS)
    expect(problems.map((problem) => problem.path)).toEqual([path])
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.message).toMatch(/^\S.*[.?]$/su)
  })

  it('finds nothing wrong with two keys, of which neither changes once it is given', () => {
    expect(validateMapping({ ...GOOD, ...withFields(same('createOnly')) }, TABLES, OTHERS)).toEqual([])
  })

  it('tells all problems at once', () => {
    const changes = PROBLEMS.filter(([, change]) => Object.keys(change).join() === 'fields')
    const fields = changes.flatMap(([, change]) => change.fields?.slice(1) ?? [])
    const problems = validateMapping(
      { ...GOOD, findDeletedHours: 0, dependsOn: ['NOBODY'], fields: [same('text'), ...fields] },
      TABLES,
      OTHERS,
    )
    for (const [, , path, message] of changes) {
      const told = message.replace(/fields\[\d+\]|\d+ fields|line \d+/g, '')
      const kind = path.replace(/^fields\[\d+\]/, '')
      const isTold = problems.some(
        (problem) =>
          problem.path.endsWith(kind) &&
          problem.message.replace(/fields\[\d+\]|\d+ fields|line \d+/g, '').includes(told),
      )
      expect([path, message, isTold]).toEqual([path, message, true])
    }
    expect(problems.map((problem) => problem.path)).toEqual(
      expect.arrayContaining(['findDeletedHours', 'dependsOn[0]']),
    )
  })

  it('only what cannot be wrong in itself is a warning', () => {
    const warned = PROBLEMS.filter(([, change]) =>
      validateMapping({ ...GOOD, ...change }, TABLES, OTHERS).some(
        (problem) => problem.severity === 'WARNING',
      ),
    )
    expect(warned.map(([what]) => what)).toEqual([
      'deleted couplings that are made again',
      'to a field that is given on creation only',
      'rules for a direction that is not carried',
    ])
  })

  it('a circle of dependencies, with its way', () => {
    const others = [
      PARENT,
      { ...PARENT, name: 'A', dependsOn: ['B'] },
      { ...PARENT, name: 'B', dependsOn: ['GOOD'] },
    ]
    expect(validateMapping({ ...GOOD, dependsOn: ['A'] }, TABLES, others)).toMatchObject([
      { path: 'dependsOn[0]', message: expect.stringContaining('GOOD → A → B → GOOD') },
    ])
  })

  it('a mapping that runs first because another one says so is enough for a lookup', () => {
    const others = [PARENT, { ...PARENT, name: 'A', dependsOn: ['PARENT'] }]
    const change = withFields(same('lookup', { lookupMappings: ['PARENT'] }))
    expect(validateMapping({ ...GOOD, ...change, dependsOn: ['A'] }, TABLES, others)).toEqual([])
  })

  it('a disabled field mapping may refer to what is not there', () => {
    const disabled = withFields(
      field('colour', 'colour', TO, { status: 'DISABLED', lookupMappings: ['NOBODY'] }),
    )
    expect(validateMapping({ ...GOOD, ...disabled }, TABLES, OTHERS)).toEqual([])
  })

  it.each<readonly [string, Partial<MappingDefinition>]>([
    [
      'a date beside a date and time, with its time zone',
      withFields(field('date', 'dateTime', 'BIDIRECTIONAL', { timeZone: 'Europe/Berlin' })),
    ],
    [
      'an option map of other names',
      withFields(
        field('option', 'option', 'BIDIRECTIONAL', {
          optionMap: [
            { local: 'Ship', integration: '1' },
            { local: null, integration: '2' },
          ],
        }),
      ),
    ],
    [
      'a rule that makes another type',
      withFields(
        field('date', 'integer', TO, { transformTo: [{ type: 'EXTRACT_FROM_DATE', part: 'YEAR' }] }),
      ),
    ],
    ['numbers of different scales', withFields(field('decimal', 'integer', TO))],
    ['text beside anything that can be written', withFields(field('decimal', 'text2', 'BIDIRECTIONAL'))],
    ['a constant', withFields(constant())],
    ['an owner', withFields(same('text2', { owner: 'INTEGRATION', truncate: true }))],
    [
      'a lookup that is cleared needs nobody first',
      withFields(same('lookup', { lookupMappings: ['PARENT'], clearValueOnFailedSync: true })),
    ],
    [
      'a lookup that is kept',
      { ...withFields(same('lookup', { lookupMappings: ['PARENT'], notNull: true })), dependsOn: ['PARENT'] },
    ],
    ['one field to two', withFields(field('text', 'text2', TO))],
    ['a cron schedule', { schedule: { kind: 'cron', expression: '0 6 * * 1-5', timeZone: 'Europe/Berlin' } }],
    ['never asleep, nothing searched', { inactivityTimeoutMinutes: null, findDeletedHours: null }],
    [
      'a filter over a filter',
      {
        localFilter: {
          kind: 'or',
          filters: [compare('text', 'in', ['a', 'b']), compare('date', '>=', '2026-01-31')],
        },
      },
    ],
  ])('finds nothing wrong with %s', (_what, change) => {
    expect(validateMapping({ ...GOOD, ...change }, TABLES, OTHERS)).toEqual([])
  })

  it.each(DEFAULT_MAPPINGS)('finds no error in the default mapping $name', (mapping) => {
    const tables = {
      LOCAL: tableOf('BUSINESS_CENTRAL', mapping.localTable),
      INTEGRATION: tableOf('DATAVERSE', mapping.integrationTable),
    }
    const problems = validateMapping(
      mapping,
      tables,
      DEFAULT_MAPPINGS.filter((other) => other !== mapping),
    )
    expect(problems.filter((problem) => problem.severity === 'ERROR')).toEqual([])
  })

  it('judges any mapping without throwing', () => {
    const { localTable: LOCAL, integrationTable: INTEGRATION } = ODD_CONTEXT
    fc.assert(
      fc.property(anyMapping, (mapping) => {
        expect(Array.isArray(validateMapping(mapping, { LOCAL, INTEGRATION }, [mapping]))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
