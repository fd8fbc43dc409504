import fc from 'fast-check'
import type { TransferContext } from '../../src/domain/field-transfer.js'
import { Direction, type FieldMapping } from '../../src/domain/mapping.js'
import type { FieldDefinition, TableDefinition } from '../../src/domain/schema.js'
import { Side, type FieldType, type Value } from '../../src/domain/value.js'

/** One pair of fields that cannot hold quite the same, and values with which that shows. */
export interface FieldPair {
  readonly name: string
  readonly local: FieldType
  readonly integration: FieldType
  readonly localValues: readonly Value[]
  readonly integrationValues: readonly Value[]
  /** One of these; left out: none. */
  readonly settings?: readonly Partial<FieldMapping>[]
}

/** Records of the other mapping: the first of each side are coupled, the second are not. */
const COUPLED = { local: 'l-parent', integration: 'i-parent' } as const
const LOST = { local: 'l-orphan', integration: 'i-orphan' } as const

export const PAIRS: readonly FieldPair[] = [
  {
    name: 'line',
    local: { kind: 'text', maxLength: 3 },
    integration: { kind: 'text', maxLength: 5 },
    localValues: [null, 'a', 'b', 'abc', '\u00e9'],
    integrationValues: [null, 'a', 'b', 'abc', 'abcde', '\u00e9', 'e\u0301'],
    settings: [{}, { truncate: true }],
  },
  {
    name: 'code',
    local: { kind: 'code', maxLength: 3 },
    integration: { kind: 'text', maxLength: 5 },
    localValues: [null, 'A', 'B'],
    integrationValues: [null, 'A', 'a', ' b', 'B', ' '],
  },
  {
    name: 'amount',
    local: { kind: 'decimal', scale: 2, nullable: false },
    integration: { kind: 'decimal', scale: 4, nullable: true },
    localValues: ['0', '1', '1.25'],
    integrationValues: [null, '0', '1', '1.25', '1.2512', '1.255'],
  },
  {
    name: 'flag',
    local: { kind: 'boolean', nullable: false },
    integration: { kind: 'boolean', nullable: true },
    localValues: [true, false],
    integrationValues: [null, true, false],
  },
  {
    name: 'term',
    local: { kind: 'code', maxLength: 3 },
    integration: { kind: 'option', members: ['1', '2', '3'] },
    localValues: [null, 'COD', 'CM', 'OLD'],
    integrationValues: [null, '1', '2', '3'],
    settings: [
      {
        optionMap: [
          { local: 'COD', integration: '1' },
          { local: 'CM', integration: '2' },
        ],
      },
    ],
  },
  {
    name: 'day',
    local: { kind: 'date' },
    integration: { kind: 'dateTime' },
    localValues: [null, '2026-01-05', '2026-01-06'],
    integrationValues: [null, '2026-01-04T23:00:00Z', '2026-01-05T15:30:00.25Z', '2026-01-05T23:00:00Z'],
    settings: [{ timeZone: 'Europe/Berlin' }],
  },
  {
    name: 'parent',
    local: { kind: 'lookup', table: 'parents' },
    integration: { kind: 'lookup', table: 'accounts' },
    localValues: [null, COUPLED.local, LOST.local],
    integrationValues: [null, COUPLED.integration, LOST.integration],
    settings: [
      { lookupMappings: ['PARENT'] },
      { lookupMappings: ['PARENT'], notNull: true },
      { lookupMappings: ['PARENT'], clearValueOnFailedSync: true },
    ],
  },
  {
    name: 'shout',
    local: { kind: 'text', maxLength: 3 },
    integration: { kind: 'text', maxLength: 3 },
    localValues: [null, 'a', 'A', ' b'],
    integrationValues: [null, 'A', 'B', 'b'],
    settings: [
      { transformTo: [{ type: 'UPPERCASE' }] },
      { transformTo: [{ type: 'UPPERCASE' }], transformFrom: [{ type: 'LOWERCASE' }] },
    ],
  },
]
/** Carried to the integration table by a constant. */
export const CONSTANT = { name: 'kind', field: 'integration_kind', values: [null, 'Person', 'Firm'] } as const

const table = (name: string, caption: string, fields: readonly FieldDefinition[]): TableDefinition => ({
  system: name === 'customers' ? 'BUSINESS_CENTRAL' : 'DATAVERSE',
  name,
  caption,
  keyField: 'id',
  stampField: 'modified',
  stampResolution: 1,
  nameField: 'line',
  page: name,
  fields,
})

/** Every field of the pairs, and one that no mapping names. */
const fieldsOf = (side: 'local' | 'integration'): readonly FieldDefinition[] => [
  ...PAIRS.map((pair) => ({ name: `${side}_${pair.name}`, caption: pair.name, type: pair[side] })),
  { name: CONSTANT.field, caption: 'Kind', type: { kind: 'text', maxLength: 9 } },
  { name: 'unmapped', caption: 'Unmapped', type: { kind: 'text', maxLength: 9 } },
]

export const ODD_CONTEXT: TransferContext = {
  localTable: table('customers', 'Customer', fieldsOf('local')),
  integrationTable: table('accounts', 'Account', fieldsOf('integration')),
  lookups: {
    PARENT: {
      toIntegration: { [COUPLED.local]: COUPLED.integration },
      toLocal: { [COUPLED.integration]: COUPLED.local },
    },
  },
  baseCurrency: null,
}

export const anyOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
/** Mostly both ways, where the most can go wrong. */
export const direction = fc.oneof(
  { weight: 2, arbitrary: fc.constant(Direction.bidirectional) },
  anyOf(Object.values(Direction)),
)

const owner = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  anyOf<Side | undefined>(Object.values(Side)),
)

export const fieldMappings: fc.Arbitrary<readonly FieldMapping[]> = fc
  .tuple(
    ...PAIRS.map(({ name, settings }) =>
      fc
        .record({ carried: direction, owned: owner, settled: anyOf(settings ?? [{}]) })
        .map(({ carried, owned, settled }) => ({
          name,
          localField: `local_${name}`,
          integrationField: `integration_${name}`,
          direction: carried,
          ...settled,
          ...(owned !== undefined && carried === 'BIDIRECTIONAL' && { owner: owned }),
        })),
    ),
  )
  // Some of the fields, so that one that fails does not hide all others.
  .chain((fields) => fc.subarray(fields, { minLength: 2 }))
  .chain((fields) => fc.boolean().map((isConstant) => (isConstant ? [...fields, KIND] : fields)))

const KIND: FieldMapping = {
  name: CONSTANT.name,
  localField: null,
  integrationField: CONSTANT.field,
  constant: 'Person',
  direction: 'TO_INTEGRATION_TABLE',
}
