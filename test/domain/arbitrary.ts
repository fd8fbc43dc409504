import fc from 'fast-check'
import type { Base, BaseValue, Coupling } from '../../src/domain/coupling.js'
import type { ResolveChoice } from '../../src/domain/choice.js'
import type { Clocks, DecideInput, Mode } from '../../src/domain/decide.js'
import type { Filter } from '../../src/domain/filter.js'
import {
  ConflictDetection,
  DeletionConflictPolicy,
  MAPPING_DEFAULTS,
  directionsOf,
  UpdateConflictPolicy,
  type MappingDefinition,
  type PassDirection,
} from '../../src/domain/mapping.js'
import type { Match } from '../../src/domain/match.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { sourceOf } from '../../src/domain/mapping.js'
import { Side, type Value } from '../../src/domain/value.js'

import {
  anyOf,
  CONSTANT,
  direction,
  fieldMappings,
  ODD_CONTEXT,
  PAIRS,
  type FieldPair,
} from './arbitrary-fields.js'
export { ODD_CONTEXT }

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
