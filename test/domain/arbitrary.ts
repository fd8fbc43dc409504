import fc from 'fast-check'
import type { Base, BaseValue, Coupling } from '../../src/domain/coupling.js'
import type { ResolveChoice } from '../../src/domain/choice.js'
import type { Clocks, DecideInput, Mode } from '../../src/domain/decide.js'
import type { TransferContext } from '../../src/domain/field-transfer.js'
import type { Filter } from '../../src/domain/filter.js'
import {
  ConflictDetection,
  DeletionConflictPolicy,
  MAPPING_DEFAULTS,
  Direction,
  directionsOf,
  UpdateConflictPolicy,
  type FieldMapping,
  type MappingDefinition,
  type PassDirection,
} from '../../src/domain/mapping.js'
import type { Match } from '../../src/domain/match.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import type { FieldDefinition, TableDefinition } from '../../src/domain/schema.js'
import { sourceOf } from '../../src/domain/mapping.js'
import { Side, type FieldType, type Value } from '../../src/domain/value.js'

/** One pair of fields that cannot hold quite the same, and values with which that shows. */
interface FieldPair {
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

const PAIRS: readonly FieldPair[] = [
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
const CONSTANT = { name: 'kind', field: 'integration_kind', values: [null, 'Person', 'Firm'] } as const

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

const anyOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
/** Mostly both ways, where the most can go wrong. */
const direction = fc.oneof(
  { weight: 2, arbitrary: fc.constant(Direction.bidirectional) },
  anyOf(Object.values(Direction)),
)

const owner = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  anyOf<Side | undefined>(Object.values(Side)),
)

const fieldMappings: fc.Arbitrary<readonly FieldMapping[]> = fc
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

const filterOf: fc.Arbitrary<Filter | null> = anyOf<Filter | null>([
  null,
  { kind: 'compare', field: 'unmapped', comparison: '=', value: 'mine' },
])

/** Any direction, policy and detection; every field carried any way. */
export const anyMapping: fc.Arbitrary<MappingDefinition> = fc
  .record({
    name: fc.constant('CUSTOMER'),
    localTable: fc.constant('customers'),
    integrationTable: fc.constant('accounts'),
    direction,
    onlyCoupled: fc.boolean(),
    conflictDetection: anyOf(Object.values(ConflictDetection)),
    updateConflictPolicy: fc.oneof(
      { weight: 1, arbitrary: fc.constant(UpdateConflictPolicy.none) },
      { weight: 4, arbitrary: anyOf(Object.values(UpdateConflictPolicy)) },
    ),
    fields: fieldMappings,
    localFilter: filterOf,
    integrationFilter: filterOf,
    deletionConflictPolicy: anyOf(Object.values(DeletionConflictPolicy)),
  })
  .map((definition) => ({ ...MAPPING_DEFAULTS, ...definition }))

const valuesOf = (side: 'local' | 'integration') =>
  fc.record(
    Object.fromEntries([
      ...PAIRS.map((pair) => [`${side}_${pair.name}`, anyOf<Value>(pair[`${side}Values`])] as const),
      [CONSTANT.field, anyOf<Value>(CONSTANT.values)] as const,
      ['unmapped', anyOf<Value>([null, 'mine'])] as const,
    ]),
  )

/** Versions and stamps before, at and after the coupling's (`v1` at 1,000). */
const recordOf = (side: 'local' | 'integration'): fc.Arbitrary<RecordSnapshot> =>
  fc.record({
    id: fc.constant(`${side}-id`),
    version: anyOf(['v1', 'v2']),
    stamp: anyOf([0, 1_000, 2_000]),
    values: valuesOf(side),
  })

/** A base that mostly equals what the sides hold now, so that unchanged fields occur; some fields were never agreed on. */
const couplingOf = (local: RecordSnapshot, integration: RecordSnapshot): fc.Arbitrary<Coupling> => {
  const baseOf = (pair: FieldPair) =>
    fc.record({
      local: fc.oneof(
        { weight: 2, arbitrary: fc.constant(local.values[`local_${pair.name}`] ?? null) },
        anyOf<Value>(pair.localValues),
      ),
      integration: fc.oneof(
        { weight: 2, arbitrary: fc.constant(integration.values[`integration_${pair.name}`] ?? null) },
        anyOf<Value>(pair.integrationValues),
      ),
    })
  const bases: Record<string, fc.Arbitrary<BaseValue>> = {
    ...Object.fromEntries(PAIRS.map((pair) => [pair.name, baseOf(pair)])),
    [CONSTANT.name]: fc.record({
      local: anyOf<Value>(CONSTANT.values),
      integration: fc.constant(integration.values[CONSTANT.field] ?? null),
    }),
  }
  const base: fc.Arbitrary<Base> = fc.oneof(
    { weight: 3, arbitrary: fc.record(bases) as fc.Arbitrary<Base> },
    { weight: 1, arbitrary: fc.record(bases, { requiredKeys: [] }) as fc.Arbitrary<Base> },
  )
  const side = fc.record({ version: anyOf(['v1', null]), stamp: fc.constant(1_000) })
  return fc.record({
    local: side,
    integration: side,
    base: fc.option(base, { freq: 5 }),
    last: fc.option(
      fc.record({ by: anyOf(['JOB', 'MANUAL'] as const), source: fc.option(anyOf(Object.values(Side))) }),
    ),
  })
}

const choiceOf = (mapping: MappingDefinition): fc.Arbitrary<ResolveChoice> =>
  fc.oneof(
    anyOf(Object.values(Side)).map((keep) => ({ kind: 'side', keep }) as const),
    fc
      .dictionary(
        anyOf(mapping.fields.map(({ name }) => name)),
        fc.oneof(
          anyOf(Object.values(Side)).map((keep) => ({ keep })),
          anyOf(['A', '1.25', true, null, 'abcde', 'COD', '2026-01-06']).map((value) => ({ value })),
        ),
      )
      .map((fields) => ({ kind: 'fields', fields }) as const),
  )

const modeOf = (
  mapping: MappingDefinition,
  local: RecordSnapshot,
  integration: RecordSnapshot,
): fc.Arbitrary<Mode> => {
  const versions = fc.record({
    local: fc.option(anyOf(['v1', 'v2'])),
    integration: fc.option(anyOf(['v1', 'v2'])),
  })
  const shown = PAIRS.map(({ name }) => [
    name,
    {
      local: local.values[`local_${name}`] ?? null,
      integration: integration.values[`integration_${name}`] ?? null,
    },
  ])
  const values = fc.oneof(
    { weight: 3, arbitrary: fc.constant(Object.fromEntries(shown)) },
    fc.constant(Object.fromEntries(shown.slice(1))),
  )
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant({ kind: 'scheduled' } as const) },
    fc.constant({ kind: 'unconditional' } as const),
    fc.record({
      kind: fc.constant('forced' as const),
      overwrite: fc.boolean(),
      seen: fc.option(versions),
    }),
    fc.record({ kind: fc.constant('merge' as const), seen: fc.option(versions) }),
    fc.record({
      kind: fc.constant('resolve' as const),
      choice: choiceOf(mapping),
      seen: fc.record({ versions, values }),
    }),
  )
}

const clocksOf: fc.Arbitrary<Clocks> = fc.record({
  offsets: fc.record({
    LOCAL: fc.option(anyOf([0, 700]), { freq: 12 }),
    INTEGRATION: fc.option(anyOf([0, -700]), { freq: 12 }),
  }),
  error: anyOf([0, 0, 500, 5_000]),
})

const matchOf = (partner: RecordSnapshot): fc.Arbitrary<Match> =>
  anyOf<Match>([
    { kind: 'none' },
    { kind: 'busy' },
    { kind: 'one', partner },
    {
      kind: 'several',
      failure: { errorClass: 'AMBIGUOUS_MATCH', message: 'Several match.', cause: 'c', remedy: 'r' },
    },
  ])

/** Both records of a pair beside the input that reads them, for properties that write and decide again. */
export interface Situation {
  readonly input: DecideInput
  readonly local: RecordSnapshot
  readonly integration: RecordSnapshot
}

/** Any well-formed question: the pass is one of the mapping's, and the source of a coupled pair was read. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .tuple(anyMapping, recordOf('local'), recordOf('integration'))
  .chain(([mapping, local, integration]) =>
    fc
      .record({
        pass: anyOf<PassDirection>(directionsOf(mapping.direction)),
        mode: modeOf(mapping, local, integration),
        coupling: fc.option(couplingOf(local, integration), { freq: 6 }),
        presence: fc.oneof(
          { weight: 8, arbitrary: fc.constant('both' as const) },
          anyOf(['sourceGone', 'destinationGone', 'bothGone', 'destinationNotRead'] as const),
        ),
        skipped: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
        inFilter: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
        unread: fc.boolean(),
        clocks: clocksOf,
      })
      .chain(({ pass, coupling, presence, mode, skipped, inFilter, unread, clocks }) => {
        const [source, destination] =
          sourceOf(pass) === Side.local ? [local, integration] : [integration, local]
        const gone = { kind: 'gone' } as const
        const notRead = { kind: 'notRead' } as const
        const found = (record: RecordSnapshot) => ({ kind: 'found', record }) as const
        return matchOf(destination).map((match) => ({
          local,
          integration,
          input: {
            mapping,
            pass,
            mode,
            coupling,
            skipped,
            inFilter,
            unread,
            clocks,
            match,
            context: ODD_CONTEXT,
            source: presence === 'sourceGone' || presence === 'bothGone' ? gone : found(source),
            destination:
              coupling === null || presence === 'destinationNotRead'
                ? notRead
                : presence === 'destinationGone' || presence === 'bothGone'
                  ? gone
                  : found(destination),
          },
        }))
      }),
  )
