import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalNumber, compareNumbers, isNumber, roundNumber } from '../../src/domain/number.js'
import { canonicalCode, foldCase, upperCaseOneToOne } from '../../src/domain/text.js'

/** Digits before and after the point, as many as decimals and 64-bit integers of either system have, and more. */
const digits = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.integer({ min: 0, max: 12 }))
  .map(([negative, units, scale]) => {
    const padded = String(units).padStart(scale + 1, '0')
    const whole = padded.slice(0, padded.length - scale)
    return `${negative ? '-' : ''}${whole}${scale === 0 ? '' : `.${padded.slice(padded.length - scale)}`}`
  })
const anyText = fc.string({ unit: 'binary', maxLength: 12 })
/** Single UTF-16 units, half pairs and NUL among them. */
const brokenText = fc
  .array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units))

describe('canonicalNumber', () => {
  it.each([
    ['12345678901234.5678', '12345678901234.5678'],
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['1e3', '1000'],
    ['1.50', '1.5'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['0.0000000001', '0.0000000001'],
    ['1e-10', '0.0000000001'],
    ['007', '7'],
  ])('%s is %s', (given, canonical) => {
    expect(canonicalNumber(given)).toBe(canonical)
  })

  it.each(['', 'abc', 'NaN', 'Infinity', '-Infinity', '1,5'])('refuses %j', (given) => {
    expect(() => canonicalNumber(given)).toThrow(/Invalid argument|Not a finite number/)
  })

  it('keeps every digit, and is its own canonical form', () => {
    fc.assert(
      fc.property(digits, (text) => {
        const canonical = canonicalNumber(text)
        expect(canonicalNumber(canonical)).toBe(canonical)
        expect(compareNumbers(canonical, text)).toBe(0)
        expect(canonical).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/)
        expect(isNumber(canonical)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('orders numbers as exact fractions do', () => {
    const scaled = (text: string) => {
      const [whole = '', fraction = ''] = text.replace('-', '').split('.')
      const units = BigInt(whole + fraction.padEnd(12, '0'))
      return text.startsWith('-') ? -units : units
    }
    fc.assert(
      fc.property(digits, digits, (left, right) => {
        const difference = scaled(left) - scaled(right)
        expect(Math.sign(compareNumbers(left, right))).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1)
      }),
    )
  })
})

describe('roundNumber', () => {
  it.each([
    ['1.255', 2, '1.26'],
    ['-1.255', 2, '-1.26'],
    ['1.2549', 2, '1.25'],
    ['12345678901234.5678', 4, '12345678901234.5678'],
    ['12345678901234.5678', 2, '12345678901234.57'],
    ['0.4', 0, '0'],
    ['-0.4', 0, '0'],
    ['999.999', 2, '1000'],
  ])('%s at %d decimals is %s', (given, scale, rounded) => {
    expect(roundNumber(given, scale)).toBe(rounded)
  })

  it('changes nothing when done twice', () => {
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 6 }), (text, scale) => {
        const once = roundNumber(text, scale)
        expect(roundNumber(once, scale)).toBe(once)
      }),
    )
  })
})

describe('text', () => {
  it.each([
    ['straße', 'STRAßE'],
    [' de ', 'DE'],
    ['\ufb01x', '\ufb01X'],
    ['\u0149', '\u0149'],
    ['\ud83d\ude00a', '\ud83d\ude00A'],
    ['a\0b', 'A\0B'],
    ['a\ud800b', 'A\ud800B'],
    ['   ', ''],
  ])('the code of %j is %j', (given, code) => {
    expect(canonicalCode(given)).toBe(code)
  })

  it.each([anyText, brokenText])(
    'upper case never changes the length, and is its own upper case',
    (texts) => {
      fc.assert(
        fc.property(texts, (text) => {
          const upper = upperCaseOneToOne(text)
          expect(upper).toHaveLength(text.length)
          expect(upperCaseOneToOne(upper)).toBe(upper)
          expect(canonicalCode(canonicalCode(text))).toBe(canonicalCode(text))
        }),
        { numRuns: 5_000 },
      )
    },
  )

  it('folds composed and decomposed text alike, whatever its case', () => {
    expect(foldCase('CAFE\u0301')).toBe(foldCase('caf\u00e9'))
    fc.assert(
      fc.property(brokenText, (text) => {
        expect(foldCase(text.normalize('NFD'))).toBe(foldCase(text.normalize('NFC')))
      }),
    )
  })
})
