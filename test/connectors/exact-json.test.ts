import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExactJson } from '../../src/connectors/http/exact-json.js'
import { jsonNumber, parseExactJson, stringifyExactJson } from '../../src/connectors/http/exact-json.js'

describe('numbers never pass through a JavaScript number', () => {
  test.each([
    ['12345678901234.5678', '12345678901234.5678'],
    ['9223372036854775807', '9223372036854775807'],
    ['-0.00001', '-0.00001'],
    ['1E+2', '1E+2'],
    ['0.10', '0.10'],
  ])('%s stays %s', (digits, expected) => {
    expect(parseExactJson(`{"a":${digits},"b":[${digits}]}`)).toEqual({ a: expected, b: [expected] })
  })

  test('digits inside text, names and escapes stay as they are', () => {
    const text = '{"a1-2":"x 12 \\"34\\" \\\\","b":"\\\\\\"5","c":"\\u0031","d":6,"e":true,"f":null}'
    expect(parseExactJson(text)).toEqual({
      'a1-2': 'x 12 "34" \\',
      b: '\\"5',
      c: '1',
      d: '6',
      e: true,
      f: null,
    })
  })

  test.each(['', '{', '{"a":"', '{"a":"\\', '<html>1</html>', '{"a":1,}', '{"a" 1}'])(
    'refuses %j',
    (text) => {
      expect(() => parseExactJson(text)).toThrow(SyntaxError)
    },
  )

  test('reads what JSON.parse reads, with numbers as their digits', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        const expected = JSON.parse(text, (_name, member: unknown, context?: { source?: string }) =>
          typeof member === 'number' ? context?.source : member,
        ) as ExactJson
        expect(parseExactJson(text)).toEqual(expected)
      }),
    )
  })

  test('a canonical decimal is written and read digit for digit', () => {
    const digits = fc
      .tuple(fc.bigInt(), fc.option(fc.stringMatching(/^\d{1,20}$/)))
      .map(([whole, fraction]) => {
        return fraction === null ? String(whole) : `${whole}.${fraction}`
      })
    fc.assert(
      fc.property(digits, (number) => {
        const text = stringifyExactJson({ number: jsonNumber(number) })
        expect(text).toBe(`{"number":${number}}`)
        expect(parseExactJson(text)).toEqual({ number })
      }),
    )
  })

  test.each(['', '1e5', '--1', '01', '1.', 'NaN', '1,"x":2'])('%j is not written as a number', (digits) => {
    expect(() => jsonNumber(digits)).toThrow(SyntaxError)
  })

  test('any text makes valid JSON: NUL, lone surrogates, line separators', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseExactJson(stringifyExactJson({ text }))).toEqual({ text })
      }),
    )
    expect(stringifyExactJson('\0\ud800x')).toBe('"\\u0000\\ud800x"')
  })
})
