import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBatch, encodeBatch } from '../../src/connectors/http/json-batch.js'
import { boundaryOf, decodeMultipart, encodeMultipart } from '../../src/connectors/http/multipart.js'
import { jsonNumber } from '../../src/connectors/http/exact-json.js'

describe('JSON batch', () => {
  test('operations carry their index', () => {
    const text = encodeBatch([
      { method: 'GET', url: 'companies(1)/customers', headers: {} },
      {
        method: 'PATCH',
        url: 'companies(1)/customers(2)',
        headers: { 'If-Match': 'W/"1"' },
        body: { a: jsonNumber('1.5') },
      },
    ])
    expect(text).toBe(
      '{"requests":[{"id":"0","method":"GET","url":"companies(1)/customers","headers":{}},' +
        '{"id":"1","method":"PATCH","url":"companies(1)/customers(2)","headers":{"If-Match":"W/\\"1\\""},"body":{"a":1.5}}]}',
    )
  })

  const answer = (status: string, rest = ''): string => `{"status":${status}${rest}}`
  test.each([
    ['by id, in any order', `[${answer('200', ',"id":"1"')},${answer('404', ',"id":"0"')}]`, [404, 200]],
    [
      'by position where ids are null',
      `[${answer('201', ',"id":null')},${answer('400', ',"id":null')}]`,
      [201, 400],
    ],
    ['numeric ids', `[${answer('"200"', ',"id":1')}]`, [undefined, 200]],
    ['no ids and too few: nobody can tell', `[${answer('400')}]`, [undefined, undefined]],
    [
      'strange ids are ignored',
      `[${answer('200', ',"id":"7"')},${answer('200', ',"id":""')}]`,
      [undefined, undefined],
    ],
    ['answers that are none are ignored', `[5,{"id":"0"}]`, [undefined, undefined]],
  ])('%s', (_what, responses, statuses) => {
    expect(decodeBatch(`{"responses":${responses}}`, 2).map((item) => item?.status)).toEqual(statuses)
  })

  test('headers are found by lower-case names, bodies may be text', () => {
    const [item] = decodeBatch(
      '{"responses":[{"id":"0","status":429,"headers":{"Retry-After":5},"body":"{\\"a\\":1}"}]}',
      1,
    )
    expect(item).toEqual({ status: 429, headers: { 'retry-after': '5' }, body: { a: '1' } })
  })

  test.each(['', '{}', '[]', '<html>', '{"responses":5}'])('%j is no batch answer', (text) => {
    expect(() => decodeBatch(text, 1)).toThrow(SyntaxError)
  })
})

describe('multipart batch', () => {
  const part = (status: number, body: string, line = '\r\n'): string =>
    [
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `HTTP/1.1 ${status} Any Reason`,
      'ETag: W/"1"',
      '',
      body,
    ].join(line)
  const whole = (bodies: readonly string[], line = '\r\n'): string =>
    bodies.map((body) => `--b${line}${part(200, body, line)}${line}`).join('') + `--b--${line}`

  test('lines end in CRLF', () => {
    const text = encodeMultipart('b', [
      { method: 'PATCH', path: '/api/accounts(1)', headers: { 'If-Match': 'W/"1"' }, body: '{"a":1}' },
    ])
    expect(text.split('\r\n')).toEqual([
      '--b',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'PATCH /api/accounts(1) HTTP/1.1',
      'If-Match: W/"1"',
      '',
      '{"a":1}',
      '--b--',
      '',
    ])
  })

  test.each([
    ['multipart/mixed; boundary=batchresponse_1', 'batchresponse_1'],
    ['multipart/mixed; charset=utf-8; boundary="a b"', 'a b'],
    ['Multipart/Mixed;Boundary=x', 'x'],
    ['application/json', null],
    ['multipart/mixed', null],
  ])('the boundary of %j is %j', (type, boundary) => {
    expect(boundaryOf({ 'content-type': type })).toBe(boundary)
  })

  test('answers come in order, whatever the text in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.constantFrom('\r\n', '\n'), (texts, line) => {
        const bodies = texts.map((text) => JSON.stringify({ text }))
        const answers = bodies.length === 0 ? [] : decodeMultipart(whole(bodies, line), 'b')
        expect(answers.map((answer) => answer.text)).toEqual(bodies)
        expect(answers.every((answer) => answer.status === 200 && answer.headers['etag'] === 'W/"1"')).toBe(
          true,
        )
      }),
    )
  })

  test('an answer without a body', () => {
    const text =
      '--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n\r\n--b--'
    expect(decodeMultipart(text, 'b')).toEqual([
      { status: 204, headers: { 'odata-version': '4.0' }, text: '' },
    ])
  })

  test('a batch that breaks off gives only whole answers', () => {
    const text = whole(['{"n":"one"}', '{"n":"two"}'])
    fc.assert(
      fc.property(fc.nat({ max: text.length - 6 }), (length) => {
        const cut = text.slice(0, length)
        const answers = cut.startsWith('--b') ? decodeMultipart(cut, 'b') : []
        expect(['{"n":"one"}', '{"n":"two"}'].slice(0, answers.length)).toEqual(
          answers.map((answer) => answer.text),
        )
      }),
    )
  })

  test.each(['', 'nothing', '--b\r\nx\r\n--b--', '--b\r\n\r\nnot http\r\n\r\n--b--'])(
    '%j is no batch answer',
    (text) => {
      expect(() => decodeMultipart(text, 'b')).toThrow(SyntaxError)
    },
  )
})
