import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalNumber } from '../../src/domain/number.js'
import {
  CULTURE_NAMES,
  DatePart,
  Otherwise,
  RoundingDirection,
  previewTransformation,
  transformValue,
  validateRule,
  validateRules,
  type TransformationRule,
  type TransformationRuleType,
} from '../../src/domain/transformation.js'
import { CULTURES } from '../../src/domain/transformation/culture.js'
import type { Value } from '../../src/domain/value.js'

const anyOf = <Member>(members: readonly Member[]) => fc.constantFrom(...members)
const shortText = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 })
const otherwise = anyOf([undefined, ...Object.values(Otherwise)])
const culture = anyOf(CULTURE_NAMES)
const dateSettings = fc.oneof(
  fc.record({ culture, otherwise }),
  fc.record({
    format: anyOf(['yyyyMMdd', 'd/M/yy', 'dd-MMM-yyyy HH:mm', 'yyyy-MM-ddTHH:mm:ss.FFFK']),
    otherwise,
  }),
)

/** Valid settings of every type: a new one without any does not compile. */
const SETTINGS: { readonly [Type in TransformationRuleType]: fc.Arbitrary<object> } = {
  UPPERCASE: fc.record({ keepLength: anyOf([undefined, true, false]) }),
  LOWERCASE: fc.constant({}),
  TITLE_CASE: fc.constant({}),
  TRIM: fc.constant({}),
  SUBSTRING: fc
    .tuple(
      fc.oneof(
        fc.record({ startPosition: fc.integer({ min: 1, max: 8 }) }),
        fc.record({ startingText: shortText }),
      ),
      fc.oneof(fc.record({ length: fc.integer({ min: 1, max: 8 }) }), fc.record({ endingText: shortText })),
      fc.record({ otherwise }),
    )
    .map(([start, end, others]) => ({ ...start, ...end, ...others })),
  REPLACE: fc.record({ find: shortText, replace: fc.string({ unit: 'binary', maxLength: 4 }) }),
  REGULAR_EXPRESSION_REPLACE: fc.record({
    find: anyOf(['.', '\\W+', '(\\p{L})(\\d*)', '[^a]', '(?<=.)x?', '\\b', '(a|b)*']),
    replace: anyOf(['', '$0$0', '<$&>', '$$', '\ud83d\ude00']),
  }),
  REGULAR_EXPRESSION_MATCH: fc.record({
    find: anyOf(['(.)', '(\\w)+', 'a(b*)', '(?<x>.)(?<x>.)']),
    otherwise,
  }),
  REMOVE_NON_ALPHANUMERIC_CHARACTERS: fc.constant({}),
  DATE_FORMATTING: dateSettings,
  DATE_AND_TIME_FORMATTING: dateSettings,
  DECIMAL_FORMATTING: fc.record({ culture: fc.option(culture, { nil: undefined }), otherwise }),
  ROUND: fc.record({
    precision: anyOf([1, 5, 100, 0.01, '0.05', 0.0000000001]),
    direction: anyOf(Object.values(RoundingDirection)),
  }),
  EXTRACT_FROM_DATE: fc.record({ part: anyOf(Object.values(DatePart)) }),
  UNIXTIMESTAMP: fc.record({ otherwise }),
  LOOKUP_LIST: fc.record({
    entries: fc.uniqueArray(
      fc.record({
        from: shortText,
        to: fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.boolean(), fc.constant(null)),
      }),
      { minLength: 1, maxLength: 3, selector: ({ from }) => from.normalize('NFC').toLowerCase() },
    ),
    caseSensitive: anyOf([undefined, true, false]),
    otherwise,
  }),
}

const ruleOf = (type: TransformationRuleType) =>
  SETTINGS[type].map((settings) => JSON.parse(JSON.stringify({ type, ...settings })) as TransformationRule)
const TYPES = Object.keys(SETTINGS) as TransformationRuleType[]
const anyRule = fc
  .oneof(...TYPES.map(ruleOf))
  .filter((rule) => rule.type !== 'SUBSTRING' || validateRule(rule).length === 0)

const digits = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String)
const date = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
})
/** Text of all scripts with pairs, and what numbers, dates and time stamps look like. */
const wellFormed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: anyOf([...'aB1 -_.,:/()$€\u00e9\u0301ßİ\u01c6\'"\\']), maxLength: 12 }),
  date.map((day) => day.toISOString()),
  date.map((day) => day.toISOString().slice(0, 10)),
  fc.tuple(digits(1, 31), digits(1, 31), digits(0, 9999)).map((parts) => parts.join('.')),
  fc.tuple(digits(-9999, 9999), digits(0, 999), anyOf(['.', ','])).map(([a, b, point]) => `${a}${point}${b}`),
  fc.integer().map(String),
)
const anyValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 8, arbitrary: wellFormed.map((text) => (text === '' ? null : text)) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
)
/** Single UTF-16 units, halves of pairs and NUL among them. */
const brokenText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff_ff }), fc.integer({ min: 0xd8_00, max: 0xdf_ff })), {
    maxLength: 12,
  })
  .map((units) => String.fromCharCode(...units))

const RUNS = { numRuns: 3_000 }

describe('any transformation', () => {
  it('by a rule of these settings is valid', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        expect(validateRule(rule)).toEqual([])
      }),
      RUNS,
    )
  })

  it('gives a value or says what to do, whatever the value', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), fc.oneof(anyValue, brokenText), (rules, value) => {
        const result = transformValue(rules, value)
        if (result.kind === 'value') return result.value !== ''
        expect(result.message).toMatch(/^Transformation rule \d+ \(.+\): .+\.$/)
        expect(result.remedy).toMatch(/\.$/)
        return true
      }),
      RUNS,
    )
  })

  it('never cuts a character of well-formed text in half', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 3 }), wellFormed, (rules, text) => {
        const { steps, result } = previewTransformation(rules, [text])[0] ?? { steps: [], result: null }
        expect(steps.every((step) => step === null || step.isWellFormed())).toBe(true)
        return result !== null
      }),
      RUNS,
    )
  })

  it('of two lists one after the other is that of the joined list', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 2 }),
        fc.array(anyRule, { maxLength: 2 }),
        anyValue,
        (first, second, value) => {
          const between = transformValue(first, value)
          const whole = transformValue([...first, ...second], value)
          const after = between.kind === 'value' ? transformValue(second, between.value) : between
          // Only the number of the rule that failed may differ.
          expect(whole.kind === 'value' ? whole : whole.kind).toEqual(
            after.kind === 'value' ? after : after.kind,
          )
        },
      ),
      RUNS,
    )
  })

  it('is shown in its preview as it is carried out', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), anyValue, (rules, value) => {
        const [shown] = previewTransformation(rules, [value])
        expect(shown).toMatchObject({ sample: value, result: transformValue(rules, value) })
        const last = shown?.steps.at(-1)
        const becomes = shown?.result.kind === 'value' && last !== undefined ? shown.result.value : null
        expect(becomes === null ? null : String(becomes)).toBe(becomes === null ? null : last)
      }),
      RUNS,
    )
  })

  it('leaves blank blank', () => {
    fc.assert(
      fc.property(fc.array(anyRule), (rules) => {
        expect(transformValue(rules, null)).toEqual({ kind: 'value', value: null })
      }),
    )
  })
})

describe('validation', () => {
  it('answers in sentences, whatever it is given', () => {
    const settings = fc.dictionary(
      anyOf([
        'type',
        'find',
        'replace',
        'format',
        'culture',
        'precision',
        'entries',
        'length',
        '__proto__',
        'x',
      ]),
      fc.oneof(fc.anything(), anyOf<unknown>(TYPES), brokenText),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          settings,
          fc.tuple(anyOf(TYPES), settings).map(([type, rest]) => ({ ...rest, type })),
        ),
        (given) => {
          const problems = validateRule(given)
          expect(problems.every((problem) => problem.endsWith('.') && problem.isWellFormed())).toBe(true)
          expect(validateRules([given])).toHaveLength(problems.length)
          const rules = [given] as TransformationRule[]
          expect(transformValue(rules, 'a').kind === 'failed' || problems.length === 0).toBe(true)
        },
      ),
      RUNS,
    )
  })

  it('refuses or bounds any expression that may be written', () => {
    const pattern = fc.string({ unit: anyOf([..."ab1.*+?|()[]{}^$\\-,:=!<>dwsbpLkxu'"]), maxLength: 20 })
    fc.assert(
      fc.property(pattern, fc.string({ unit: anyOf([...'ab1 ']), maxLength: 200 }), (find, value) => {
        const rule: TransformationRule = { type: 'REGULAR_EXPRESSION_REPLACE', find, replace: '-' }
        const problems = validateRule(rule)
        const result = transformValue([rule], value === '' ? null : value)
        return problems.length === 0 || value === '' || result.kind === 'failed'
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('rules that settle', () => {
  const SETTLING: readonly TransformationRule[] = [
    { type: 'UPPERCASE' },
    { type: 'UPPERCASE', keepLength: true },
    { type: 'LOWERCASE' },
    { type: 'TITLE_CASE' },
    { type: 'TRIM' },
    { type: 'REMOVE_NON_ALPHANUMERIC_CHARACTERS' },
    { type: 'ROUND', precision: 0.05, direction: 'NEAREST' },
    { type: 'ROUND', precision: 100, direction: 'UP' },
    { type: 'ROUND', precision: '0.01', direction: 'DOWN' },
    { type: 'DECIMAL_FORMATTING' },
    { type: 'DATE_FORMATTING', culture: 'en-US' },
    { type: 'DATE_FORMATTING', culture: 'da-DK', otherwise: 'KEEP' },
    { type: 'DATE_AND_TIME_FORMATTING', culture: 'sv-SE' },
  ]

  it.each(SETTLING)('change nothing the second time: %o', (rule) => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const once = transformValue([rule], text === '' ? null : text)
        expect(once.kind === 'value' ? transformValue([rule], once.value) : once).toEqual(once)
      }),
      RUNS,
    )
  })
})

describe('numbers', () => {
  const cents = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n })
  const shown = (units: bigint) => {
    const text = String(units < 0n ? -units : units).padStart(3, '0')
    return canonicalNumber(`${units < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`)
  }

  it('are rounded as exact fractions are', () => {
    fc.assert(
      fc.property(
        cents,
        fc.bigInt({ min: 1n, max: 1_000n }),
        anyOf(Object.values(RoundingDirection)),
        (units, step, direction) => {
          const size = units < 0n ? -units : units
          const [quotient, rest] = [size / step, size % step]
          const up = direction === 'UP' ? rest > 0n : direction === 'NEAREST' && rest * 2n >= step
          const rounded = (quotient + (up ? 1n : 0n)) * step * (units < 0n ? -1n : 1n)
          expect(
            transformValue([{ type: 'ROUND', precision: shown(step), direction }], shown(units)),
          ).toEqual({
            kind: 'value',
            value: shown(rounded),
          })
        },
      ),
      RUNS,
    )
  })

  it('are read as each culture writes them, canonical, with every digit', () => {
    fc.assert(
      fc.property(cents, culture, fc.boolean(), (units, name, grouped) => {
        const { decimal, thousands, currency } = CULTURES[name]
        const [whole = '', fraction = ''] = shown(units).split('.')
        const separated = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, thousands.charAt(0)) : whole
        const written = `${separated}${decimal}${fraction} ${currency[0] ?? ''}`
        expect(transformValue([{ type: 'DECIMAL_FORMATTING', culture: name }], written)).toEqual({
          kind: 'value',
          value: shown(units),
        })
      }),
      RUNS,
    )
  })
})

describe('dates', () => {
  const written = { DAY_MONTH_YEAR: [2, 1, 0], MONTH_DAY_YEAR: [1, 2, 0], YEAR_MONTH_DAY: [0, 1, 2] } as const

  it('are read in the order of each culture', () => {
    fc.assert(
      fc.property(date, culture, anyOf(['-', '/', '.', ' ']), (day, name, separator) => {
        const iso = day.toISOString().slice(0, 10)
        const parts = iso.split('-')
        const text = written[CULTURES[name].order].map((index) => parts[index]).join(separator)
        expect(transformValue([{ type: 'DATE_FORMATTING', culture: name }], text)).toEqual({
          kind: 'value',
          value: iso,
        })
      }),
      RUNS,
    )
  })

  it('come through formats, offsets and Unix time stamps to the same instant', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -839, max: 839 }), (instant, minutes) => {
        const seconds = Math.floor(instant.getTime() / 1_000)
        const expected = {
          kind: 'value',
          value: new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z'),
        }
        const local = new Date(seconds * 1_000 + minutes * 60_000).toISOString().slice(0, 19)
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
        const offset = `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
        const format = 'yyyy-MM-ddTHH:mm:sszzz'
        expect(transformValue([{ type: 'UNIXTIMESTAMP' }], String(seconds))).toEqual(expected)
        expect(transformValue([{ type: 'DATE_AND_TIME_FORMATTING', format }], local + offset)).toEqual(
          expected,
        )
        expect(
          transformValue([{ type: 'DATE_AND_TIME_FORMATTING', culture: 'en-US' }], local + offset),
        ).toEqual(expected)
      }),
      RUNS,
    )
  })

  it('give the parts that the calendar gives', () => {
    fc.assert(
      fc.property(date, (day) => {
        const part = (name: DatePart) =>
          transformValue([{ type: 'EXTRACT_FROM_DATE', part: name }], day.toISOString())
        const value = (number: number) => ({ kind: 'value', value: String(number) })
        expect(part('DAY')).toEqual(value(day.getUTCDate()))
        expect(part('MONTH')).toEqual(value(day.getUTCMonth() + 1))
        expect(part('YEAR')).toEqual(value(day.getUTCFullYear()))
        expect(part('DAY_OF_WEEK')).toEqual(value(((day.getUTCDay() + 6) % 7) + 1))
        expect(part('QUARTER')).toEqual(value(Math.floor(day.getUTCMonth() / 3) + 1))
      }),
      RUNS,
    )
  })
})

const FORBIDDEN =
  /new Date|Date\.(?:now|parse|UTC)|Intl\.|toLocale|localeCompare|Math\.random|process\.|performance\./

describe('the module', () => {
  it('asks neither clock nor chance nor the locale of the machine', () => {
    const folder = join(import.meta.dirname, '../../src/domain/transformation')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) {
      const found = FORBIDDEN.exec(readFileSync(join(folder, file), 'utf8'))
      expect({ file, found: found?.[0] }).toEqual({ file, found: undefined })
    }
  })
})
