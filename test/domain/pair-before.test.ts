import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Base } from '../../src/domain/coupling.js'
import { MAPPING_DEFAULTS, type FieldMapping, type MappingDefinition } from '../../src/domain/mapping.js'
import { packPair, unpackPair } from '../../src/domain/pair-before.js'
import { Side, type Values } from '../../src/domain/value.js'

const fields = (['a', 'b', 'c'] as const).map((name): FieldMapping => ({
  name: `${name}:${name}`,
  localField: name,
  integrationField: name,
  direction: 'BIDIRECTIONAL',
}))
const mapping: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'TEST',
  localTable: 'customers',
  integrationTable: 'accounts',
  direction: 'BIDIRECTIONAL',
  fields: [
    ...fields,
    { name: ':d', localField: null, integrationField: 'd', constant: '1', direction: 'TO_INTEGRATION_TABLE' },
  ],
}
const value = fc.option(fc.constantFrom('x', 'y', 'z\0', 'half \ud800'), { nil: null })
const values: fc.Arbitrary<Values> = fc.record({ a: value, b: value, c: value, d: value })
const agreed = fc.record({ local: value, integration: value })
const base: fc.Arbitrary<Base | null> = fc.option(
  fc.dictionary(fc.constantFrom('a:a', 'b:b', 'c:c', ':d'), agreed, { noNullPrototype: true }),
  { nil: null },
)

test('a pair comes back as it was decided, from what was recorded with its write and in the database', () => {
  fc.assert(
    fc.property(
      values,
      values,
      base,
      fc.constantFrom(...Object.values(Side)),
      (local, integration, known, side) => {
        const pair = {
          pass: 'TO_INTEGRATION_TABLE' as const,
          coupling: {
            local: { version: 'L0', stamp: 1 },
            integration: { version: null, stamp: 2 },
            base: known,
            last: { by: 'JOB' as const, source: null },
          },
          local: { id: 'l', version: 'L1', stamp: 3, values: local },
          integration: { id: 'i', version: 'I1', stamp: 4, values: integration },
        }
        const stored = JSON.parse(JSON.stringify(packPair(mapping, side, pair))) as ReturnType<
          typeof packPair
        >
        const other = side === 'LOCAL' ? integration : local
        expect(unpackPair(mapping, side, stored, { localId: 'l', integrationId: 'i', other })).toEqual(pair)
      },
    ),
  )
})
