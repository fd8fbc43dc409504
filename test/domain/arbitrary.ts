import fc from 'fast-check'
import type { Coupling } from '../../src/domain/coupling.js'
import type { ResolveChoice } from '../../src/domain/choice.js'
import type { Clocks, DecideInput, Mode } from '../../src/domain/decide.js'
import type { TransferContext } from '../../src/domain/field-transfer.js'
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
}

const PAIRS: readonly FieldPair[] = [
  {
    name: 'line',
    local: { kind: 'text', maxLength: 3 },
    integration: { kind: 'text', maxLength: 5 },
    localValues: [null, 'a', 'b', 'abc', '\u00e9'],
    integrationValues: [null, 'a', 'b', 'abc', 'abcde', '\u00e9', 'e\u0301'],
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
]

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
  { name: 'unmapped', caption: 'Unmapped', type: { kind: 'text', maxLength: 9 } },
]

export const ODD_CONTEXT: TransferContext = {
  localTable: table('customers', 'Customer', fieldsOf('local')),
  integrationTable: table('accounts', 'Account', fieldsOf('integration')),
  lookups: {},
  baseCurrency: null,
}

const anyOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
/** Mostly both ways, where the most can go wrong. */
const direction = fc.oneof(
  { weight: 2, arbitrary: fc.constant(Direction.bidirectional) },
  anyOf(Object.values(Direction)),
)

const fieldMappings: fc.Arbitrary<readonly FieldMapping[]> = fc.tuple(
  ...PAIRS.map(({ name }) =>
    direction.map((carried) => ({
      name,
      localField: `local_${name}`,
      integrationField: `integration_${name}`,
      direction: carried,
    })),
  ),
)

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
      fc.constant(UpdateConflictPolicy.none),
      anyOf(Object.values(UpdateConflictPolicy)),
    ),
    fields: fieldMappings,
    deletionConflictPolicy: anyOf(Object.values(DeletionConflictPolicy)),
  })
  .map((definition) => ({ ...MAPPING_DEFAULTS, ...definition }))

const valuesOf = (side: 'local' | 'integration') =>
  fc.record(
    Object.fromEntries([
      ...PAIRS.map((pair) => [`${side}_${pair.name}`, anyOf<Value>(pair[`${side}Values`])] as const),
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
  const side = fc.record({ version: anyOf(['v1', null]), stamp: fc.constant(1_000) })
  return fc.record({
    local: side,
    integration: side,
    base: fc.option(
      fc.record(Object.fromEntries(PAIRS.map((pair) => [pair.name, baseOf(pair)])), {
        requiredKeys: ['line', 'code'],
      }),
      { freq: 5 },
    ),
    last: fc.option(
      fc.record({ by: anyOf(['JOB', 'MANUAL'] as const), source: fc.option(anyOf(Object.values(Side))) }),
    ),
  })
}

const choiceOf: fc.Arbitrary<ResolveChoice> = fc.oneof(
  anyOf(Object.values(Side)).map((keep) => ({ kind: 'side', keep }) as const),
  fc
    .dictionary(
      anyOf(PAIRS.map(({ name }) => name)),
      fc.oneof(
        anyOf(Object.values(Side)).map((keep) => ({ keep })),
        anyOf(['A', '1.25', true, null, 'abcde']).map((value) => ({ value })),
      ),
    )
    .map((fields) => ({ kind: 'fields', fields }) as const),
)

const modeOf = (local: RecordSnapshot, integration: RecordSnapshot): fc.Arbitrary<Mode> => {
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
    { weight: 4, arbitrary: fc.constant({ kind: 'scheduled' } as const) },
    fc.constant({ kind: 'unconditional' } as const),
    fc.record({
      kind: fc.constant('forced' as const),
      overwrite: fc.boolean(),
      seen: fc.option(versions),
    }),
    fc.record({ kind: fc.constant('merge' as const), seen: fc.option(versions) }),
    fc.record({
      kind: fc.constant('resolve' as const),
      choice: choiceOf,
      seen: fc.record({ versions, values }),
    }),
  )
}

const clocksOf: fc.Arbitrary<Clocks> = fc.record({
  offsets: fc.record({ LOCAL: fc.option(anyOf([0, 700])), INTEGRATION: fc.option(anyOf([0, -700])) }),
  error: anyOf([0, 500, 5_000]),
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
        mode: modeOf(local, integration),
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
