import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transformValue, validateRule } from '../../src/domain/transformation.js'
import { findMatches } from '../../src/domain/transformation/expression/match.js'
import { compileExpression } from '../../src/domain/transformation/expression/program.js'

/** Matches with what each group caught last. */
function matchesOf(pattern: string, text: string) {
  const found = findMatches(compileExpression(pattern), Array.from(text))
  if (found.kind === 'tooCostly') return 'too costly'
  return found.matches.map(({ start, end, captures }) => {
    const caught = captures.map((spans) => {
      const last = spans.at(-1)
      return last === undefined ? null : text.slice(last.start, last.end)
    })
    return [text.slice(start, end), start, ...caught]
  })
}

describe('an expression', () => {
  it.each<[pattern: string, text: string, matches: (string | number | null)[][]]>([
    [
      'abc',
      'xABCabc',
      [
        ['ABC', 1],
        ['abc', 4],
      ],
    ],
    ['É', 'é', [['é', 0]]],
    [
      'σ',
      'ςΣ',
      [
        ['ς', 0],
        ['Σ', 1],
      ],
    ],
    ['ß', 'ẞSS', [['ẞ', 0]]],
    ['[a-c]+', 'xABCd', [['ABC', 1]]],
    [
      '[^a-c]+',
      'xABCd',
      [
        ['x', 0],
        ['d', 4],
      ],
    ],
    ['[]a-]+', 'a-]b', [['a-]', 0]]],
    [
      '[\\w-]+',
      'a-b c',
      [
        ['a-b', 0],
        ['c', 4],
      ],
    ],
    ['[\\x41\\u0042\\t]+', 'ab\t', [['ab\t', 0]]],
    ['\\p{Lu}+', 'abCD', [['CD', 2]]],
    ['\\P{L}+', 'ab12', [['12', 2]]],
    [
      '\\d+',
      '12 ٣',
      [
        ['12', 0],
        ['٣', 3],
      ],
    ],
    [
      '\\bx\\b|\\Bx',
      'x ax xa',
      [
        ['x', 0],
        ['x', 3],
      ],
    ],
    [
      '^a|a$',
      'aba',
      [
        ['a', 0],
        ['a', 2],
      ],
    ],
    ['a$', 'a\n', [['a', 0]]],
    ['a\\z', 'a\n', []],
    ['a\\Z', 'a\n', [['a', 0]]],
    ['\\A.', 'ab', [['a', 0]]],
    ['a.c', 'a\nc abc', [['abc', 4]]],
    [
      'a{2}',
      'aaaaa',
      [
        ['aa', 0],
        ['aa', 2],
      ],
    ],
    ['a{2,}', 'aaaaa', [['aaaaa', 0]]],
    [
      'a{1,2}?',
      'aa',
      [
        ['a', 0],
        ['a', 1],
      ],
    ],
    ['a{,2}', 'a{,2}', [['a{,2}', 0]]],
    [
      '<.+?>',
      '<a><b>',
      [
        ['<a>', 0],
        ['<b>', 3],
      ],
    ],
    ['(a|ab)(c|bcd)', 'abcd', [['abcd', 0, 'a', 'bcd']]],
    ['(?:a|ab)c', 'abc', [['abc', 0]]],
    [
      '(a)|(b)',
      'ab',
      [
        ['a', 0, 'a', null],
        ['b', 1, null, 'b'],
      ],
    ],
    ['(?<year>\\d{4})-(\\d\\d)', '2020-01', [['2020-01', 0, '01', '2020']]],
    ["(?'year'\\d{4})", '2020', [['2020', 0, '2020']]],
    ['(?:(a)|b)+', 'ab', [['ab', 0, 'a']]],
    ['x(?=y)', 'xy xz', [['x', 0]]],
    ['x(?!y)', 'xy xz', [['x', 3]]],
    ['(?<=a|b)x', 'ax cx', [['x', 1]]],
    ['(?<!a{2})x', 'aax ax', [['x', 5]]],
    ['a(?#why)b', 'ab', [['ab', 0]]],
    [
      '(a*)*',
      'b',
      [
        ['', 0, null],
        ['', 1, null],
      ],
    ],
    ['(?:a?)*b', 'aab', [['aab', 0]]],
    [
      '',
      'a',
      [
        ['', 0],
        ['', 1],
      ],
    ],
    [
      '|a',
      'a',
      [
        ['', 0],
        ['', 1],
      ],
    ],
  ])('%j finds in %j %j', (pattern, text, matches) => {
    expect(matchesOf(pattern, text)).toEqual(matches)
  })

  it('compares letters of a class without regard to case, but not kinds of letters', () => {
    expect(matchesOf('[A-C]+[d-f]+', 'abcDEF')).toEqual([['abcDEF', 0]])
    expect(matchesOf('[\\p{Ll}]', 'A')).toEqual([])
  })

  it('takes a character of two UTF-16 units for one', () => {
    const rule = (find: string) => [{ type: 'REGULAR_EXPRESSION_REPLACE' as const, find, replace: '.' }]
    expect(transformValue(rule('[^a]'), 'a\ud83d\ude00b')).toEqual({ kind: 'value', value: 'a..' })
    expect(transformValue(rule('[\ud83d\ude00-\ud83d\ude02]'), '\ud83d\ude01')).toEqual({
      kind: 'value',
      value: '.',
    })
  })

  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    '([a-z]+)*=',
    '(.*a){20}b',
    '(?=(?:a+)+b)c?',
    '(?:a?){500}b',
    '.*.*.*.*.*=',
  ])('ends soon where others would try without end: %s', (find) => {
    const found = findMatches(compileExpression(find), Array.from(`${'a'.repeat(2_000)}!`))
    expect(['matches', 'tooCostly']).toContain(found.kind)
  })

  it('costs steps that grow with the length of the text, not faster, whatever is repeated in what is repeated', () => {
    const text = Array.from(`${'a'.repeat(20_000)}!`)
    expect(findMatches(compileExpression('(a+)+(a|aa)+$'), text)).toEqual({ kind: 'matches', matches: [] })
  })
})

const ATOMS = ['a', 'b', 'C', '.', '[ab]', '[^a]', '[b-c1]', '\\d', '\\w', '\\W', '\\s']
const EDGES = ['^', '$', '\\b', '\\B']
/** Expressions that mean the same to JavaScript: nothing that may be empty is repeated. */
const { expression } = fc.letrec<{ expression: string; sequence: string; item: string; atom: string }>(
  (tie) => ({
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      tie('sequence'),
      fc.tuple(tie('sequence'), tie('sequence')).map((options) => options.join('|')),
    ),
    sequence: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => items.join('')),
    item: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      tie('atom'),
      fc.constantFrom(...EDGES),
      tie('atom').map((atom) => `(${atom})`),
      fc
        .tuple(tie('atom'), fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{2,}?'))
        .map((parts) => parts.join('')),
      fc.tuple(tie('atom'), tie('atom')).map(([first, second]) => `(?:${first}|${first}${second})+`),
      fc
        .tuple(fc.constantFrom('(?=', '(?!'), tie('expression'))
        .map(([look, inner]) => `${look}${inner.replaceAll(/\((?!\?)/g, '(?:')})`),
      fc.tuple(fc.constantFrom('(?<=', '(?<!'), tie('atom')).map(([look, inner]) => `${look}${inner})`),
      tie('expression').map((inner) => `(?:${inner})`),
    ),
    atom: fc.constantFrom(...ATOMS),
  }),
)
const shortExpression = expression.filter((pattern) => pattern.length <= 250)

describe('any expression', () => {
  it('finds what the backtracking of JavaScript finds', () => {
    fc.assert(
      fc.property(
        shortExpression,
        fc.string({ unit: fc.constantFrom(...'abcABC1 '), maxLength: 10 }),
        (pattern, text) => {
          const theirs = [...text.matchAll(new RegExp(pattern, 'giu'))].map(({ 0: whole, index }) => [
            whole,
            index,
          ])
          const ours = matchesOf(pattern, text)
          expect(ours === 'too costly' ? ours : ours.map((match) => match.slice(0, 2))).toEqual(theirs)
        },
      ),
      { numRuns: 20_000 },
    )
  })

  it('catches what JavaScript catches, where no group is repeated', () => {
    const group = fc.constantFrom('(a*)', '(b+?)', '(.?)', '([ab]+)', '(.*?)', '(ab|a)', '(a|)', '((a)|b)')
    const pattern = fc.array(group, { minLength: 1, maxLength: 5 }).map((groups) => groups.join(''))
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom(...'abAB'), maxLength: 10 }), (find, text) => {
        const expected = [...text.matchAll(new RegExp(find, 'giu'))].map((match) => [
          match[0],
          match.index,
          ...Array.from(match.slice(1), (caught) => caught ?? null),
        ])
        expect(matchesOf(find, text)).toEqual(expected)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('an expression that is refused', () => {
  it.each([
    ['(a', /has a \( without its \)/],
    ['a)', /has a \) without its \(/],
    ['[a', /has a \[ without its \]/],
    ['*a', /nothing before it to repeat/],
    ['a**', /two repetitions in a row/],
    ['^*', /repeats a place/],
    ['(?=a)+', /repeats a place/],
    ['a{3,2}', /second number is the smaller/],
    ['a{1001}', /more than 1000 times/],
    ['(?:a{1000}){1000}', /repeats too much/],
    ['(?:(?:(?:){1000}){1000}){1000}', /repeats too much/],
    ['(a)\\1', /refers back to a group/],
    ['(?<x>a)\\k<x>', /refers back to a group/],
    ['(?>a)', /group that is not read/],
    ['(?(1)a|b)', /group that is not read/],
    ['(?i)a', /case never matters/],
    ['(?=(a))', /group inside of a look-around/],
    ['(?<=a+)b', /looks behind for text whose length varies/],
    ['(?<=a|bc)b', /looks behind for text whose length varies/],
    ['[a-z-[aeiou]]', /subtracts one class/],
    ['[z-a]', /ends before it begins/],
    ['[a-\\d]', /does not end with a character/],
    ['\\p{IsGreek}', /names a category that is not read/],
    ['\\q', /has \\q, which is not read/],
    ['a\\', /ends with a backslash/],
    ['\\x4', /without its 2 hexadecimal digits/],
    ['\\ud83d', /half of a character/],
  ])('%s', (find, problem) => {
    const problems = validateRule({ type: 'REGULAR_EXPRESSION_REPLACE', find })
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems[0]).toMatch(
      /^REGULAR_EXPRESSION_REPLACE, setting "find" \(Find Value\): The expression .+\.$/,
    )
  })

  it.each([
    ['a', '$1', /refers to the group \$1; the expression has none/],
    ['(a)', '$2', /the expression has only 1/],
    ['(?<x>a)', '${y}', /the expression has only x/],
    ['(a)', "$'", /write \$\$ for a dollar sign/],
  ])('%s with the replacement %s', (find, replace, problem) => {
    expect(validateRule({ type: 'REGULAR_EXPRESSION_REPLACE', find, replace })).toEqual([
      expect.stringMatching(problem),
    ])
  })

  it('for a match also without a group', () => {
    expect(validateRule({ type: 'REGULAR_EXPRESSION_MATCH', find: '(?:a)' })).toEqual([
      expect.stringMatching(/has no group/),
    ])
  })
})
