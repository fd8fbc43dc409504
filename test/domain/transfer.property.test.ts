import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { fieldAgrees, transferField, type TransferContext } from '../../src/domain/field-transfer.js'
import type { FieldMapping, OptionPair } from '../../src/domain/mapping.js'
import { roundNumber } from '../../src/domain/number.js'
import type { TransformationRule } from '../../src/domain/transformation.js'
import type { FieldType, Value } from '../../src/domain/value.js'
import { CONTEXT, field, FROM, TO } from './support.js'

const anyOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
const TYPES = {
  text: [
    { kind: 'text', maxLength: 3 },
    { kind: 'text', maxLength: 40 },
  ],
  code: [
    { kind: 'code', maxLength: 3 },
    { kind: 'code', maxLength: 20 },
  ],
  decimal: [
    { kind: 'decimal', scale: 2, nullable: false },
    { kind: 'decimal', scale: 4, nullable: true },
  ],
  integer: [
    { kind: 'integer', nullable: false },
    { kind: 'integer', nullable: true },
  ],
  boolean: [
    { kind: 'boolean', nullable: false },
    { kind: 'boolean', nullable: true },
  ],
  option: [{ kind: 'option', members: ['0', '1', '3', 'Ship', 'true'] }],
  guid: [{ kind: 'guid' }],
  lookup: [{ kind: 'lookup', table: 'contacts' }],
  date: [{ kind: 'date' }],
  dateTime: [{ kind: 'dateTime' }],
  unsupported: [{ kind: 'unsupported', name: 'image' }],
} as const satisfies Readonly<Record<FieldType['kind'], readonly FieldType[]>>
const ALL: readonly FieldType[] = Object.values(TYPES).flat()

const instants = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().replace(/\.?0*Z$/, 'Z'))
const dates = instants.map((at) => at.slice(0, 10))
const numbers = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat({ max: 4 }))
  .map(([units, scale]) => String(units / 10 ** scale))
  .filter((text) => /^-?\d+(\.\d+)?$/.test(text))
const COUPLED = [1, 2, 3].map((last) => `00000000-0000-0000-0000-00000000000${last}`)
const ids = fc.oneof(anyOf(COUPLED), fc.uuid())
const texts = fc.oneof(
  fc.string({ unit: anyOf([...'aAß é\u0301\u00e9', '\ud83d\ude00', '\ud800', '\0']), maxLength: 8 }),
  numbers,
  dates,
  instants,
  ids.map((id) => `{${id.toUpperCase()}}`),
  anyOf(['Yes', 'no', 'TRUE', ' 1.50 ', 'Ship', '007', '2026-01-05T11:00:00+01:00']),
)

/** Canonical values of a field, as its system would give them. */
const VALUES: Readonly<Record<FieldType['kind'], fc.Arbitrary<Value>>> = {
  text: texts.map((text) => (text === '' ? null : text)),
  code: texts.map((text) => text.trim().toUpperCase()).map((text) => (text === '' ? null : text)),
  decimal: numbers,
  integer: fc.integer({ min: -999, max: 999 }).map(String),
  boolean: fc.boolean(),
  option: anyOf(TYPES.option[0].members),
  guid: ids,
  lookup: ids,
  date: dates,
  dateTime: instants,
  unsupported: fc.constant(null),
}
const valueOf = (type: FieldType) => {
  const values = VALUES[type.kind].map((value) => (typeof value === 'string' ? fitting(value, type) : value))
  return 'nullable' in type && !type.nullable ? values : fc.option(values, { freq: 6 })
}
/** No field holds more than it can, and a code ends in no blank. */
const fitting = (value: string, type: FieldType): Value => {
  if (type.kind === 'decimal') return roundNumber(value, type.scale)
  if (!('maxLength' in type)) return value
  const text = value.slice(0, type.maxLength)
  return (type.kind === 'code' ? text.trim() : text) || null
}

const RULES: readonly (readonly TransformationRule[])[] = [
  [{ type: 'UPPERCASE' }],
  [{ type: 'TRIM' }, { type: 'LOWERCASE' }],
  [{ type: 'REPLACE', find: 'a', replace: 'bb' }],
  [{ type: 'SUBSTRING', startPosition: 1, length: 2 }],
]
const OPTION_MAPS: readonly (readonly OptionPair[])[] = [
  [
    { local: 'a', integration: '1' },
    { local: '1', integration: 'a' },
  ],
  [
    { local: null, integration: '3' },
    { local: true, integration: null },
  ],
]

interface Case {
  readonly mapping: FieldMapping
  readonly context: TransferContext
  readonly value: Value
  readonly other: Value
}

const limits = fc.record(
  {
    truncate: fc.boolean(),
    notNull: fc.boolean(),
    timeZone: anyOf(['Europe/Berlin', 'America/Havana', 'Pacific/Apia']),
  },
  { requiredKeys: [] },
)
const remade = fc.record(
  {
    clearValueOnFailedSync: fc.boolean(),
    lookupMappings: anyOf([['CUSTOMER'], ['CUSTOMER', 'VENDOR']]),
    optionMap: anyOf(OPTION_MAPS),
    transformTo: anyOf(RULES),
    transformFrom: anyOf(RULES),
  },
  { requiredKeys: [] },
)
/** Often plain, so that most pairs of types can be carried; sometimes everything at once. */
const anySettings: fc.Arbitrary<Partial<FieldMapping>> = fc.oneof(
  { weight: 3, arbitrary: limits },
  { weight: 2, arbitrary: fc.tuple(limits, remade).map(([one, two]) => ({ ...one, ...two })) },
)

/** Any pair of types and any combination of settings, whether it would be saved or not. */
const anyCase: fc.Arbitrary<Case> = fc.tuple(anyOf(ALL), anyOf(ALL)).chain(([local, integration]) =>
  fc
    .record({
      value: valueOf(local),
      other: valueOf(integration),
      settings: anySettings,
    })
    .map(({ value, other, settings }) => ({
      value,
      other,
      mapping: field('x', 'x', 'BIDIRECTIONAL', settings),
      context: {
        ...CONTEXT,
        localTable: { ...CUSTOMER, fields: [{ name: 'x', caption: 'Local X', type: local }] },
        integrationTable: { ...ACCOUNT, fields: [{ name: 'x', caption: 'Remote X', type: integration }] },
        lookups: {
          CUSTOMER: {
            toIntegration: { [COUPLED[0] ?? '']: COUPLED[1] ?? '' },
            toLocal: { [COUPLED[1] ?? '']: COUPLED[0] ?? '' },
          },
          VENDOR: {
            toIntegration: { [COUPLED[2] ?? '']: COUPLED[0] ?? '' },
            toLocal: { [COUPLED[0] ?? '']: COUPLED[2] ?? '' },
          },
        },
      },
    })),
)

const send = ({ mapping, context }: Case, pass: typeof TO | typeof FROM, x: Value) =>
  transferField(mapping, pass, { x }, context)
const isRemade = ({ mapping }: Case) =>
  mapping.transformTo !== undefined || mapping.transformFrom !== undefined

const RUNS = 20_000

describe('every pair of types, every combination of settings', () => {
  it('is carried, left out or refused in words, and never throws', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const transferred = send(one, TO, one.value)
        if (transferred.kind !== 'failed') return true
        const { message, cause, remedy } = transferred.failure
        return [message, cause, remedy].every((sentence) => /^\S.*[.!]$/su.test(sentence))
      }),
      { numRuns: RUNS },
    )
  })

  it('there and back and there again is what it was after the first time', () => {
    let carried = 0
    fc.assert(
      fc.property(anyCase, (one) => {
        // What rules make of a value they may make again; that they do not flap is the next property.
        if (isRemade(one)) return true
        const there = send(one, TO, one.value)
        const back = there.kind === 'value' ? send(one, FROM, there.value) : there
        const again = back.kind === 'value' ? send(one, TO, back.value) : back
        if (there.kind !== 'value' || again.kind !== 'value') return true
        carried += 1
        return again.value === there.value
      }),
      { numRuns: RUNS },
    )
    expect(carried).toBeGreaterThan(RUNS / 20)
  })

  it('what was carried agrees with where it came from, so that nothing is written again', () => {
    let carried = 0
    fc.assert(
      fc.property(anyCase, (one) => {
        const there = send(one, TO, one.value)
        const back = send(one, FROM, one.other)
        const agree = (local: Value, integration: Value) =>
          fieldAgrees(one.mapping, { x: local }, { x: integration }, one.context)
        if (there.kind === 'value') carried += 1
        return (
          (there.kind !== 'value' || agree(one.value, there.value)) &&
          (back.kind !== 'value' || agree(back.value, one.other))
        )
      }),
      { numRuns: RUNS },
    )
    expect(carried).toBeGreaterThan(RUNS / 20)
  })
})
