import { describe, expect, it } from 'vitest'
import { validateRule, validateRules } from '../../src/domain/transformation.js'

const entries = (...lines: object[]) => ({ type: 'LOOKUP_LIST', entries: lines })

describe('validateRule', () => {
  it.each<[string, unknown, readonly RegExp[]]>([
    ['no object', 'TRIM', [/^Transformation rule: "TRIM" is no rule\. Expected an object with a type/]],
    ['nothing', null, [/null is no rule/]],
    ['a list', [], [/\[\] is no rule/]],
    ['no type', {}, [/the type missing is unknown\. Expected one of UPPERCASE, LOWERCASE/]],
    ['a type of another case', { type: 'trim' }, [/the type "trim" is unknown/]],
    ['Custom', { type: 'CUSTOM' }, [/^CUSTOM: this type runs code of an extension .+ Use the other types/]],
    [
      'Field Lookup',
      { type: 'FIELD_LOOKUP', table: 9 },
      [/^FIELD_LOOKUP: this type reads a table .+ List the values in a LOOKUP_LIST/],
    ],
    [
      'a setting of another type',
      { type: 'TRIM', find: 'a' },
      [/^TRIM: the setting "find" is unknown; it has no settings\. Remove/],
    ],
    [
      'a setting with another name',
      { type: 'REPLACE', find: 'a', replaceWith: 'b' },
      [/the setting "replaceWith" is unknown; its settings are find, replace\./],
    ],
    [
      'a missing setting',
      { type: 'REPLACE' },
      [
        /^REPLACE, setting "find" \(Find Value\): is missing\. Expected text of 1 to 250 characters.+ For example "-"\.$/,
      ],
    ],
    [
      'empty text',
      { type: 'REPLACE', find: '' },
      [/"find" \(Find Value\): is ""\. Expected text of 1 to 250/],
    ],
    ['long text', { type: 'REPLACE', find: 'x'.repeat(251) }, [/is "x+…\. Expected text of 1 to 250/]],
    ['half of a character', { type: 'REPLACE', find: '\ud83d' }, [/without halves of surrogate pairs/]],
    [
      'a number for text and a wrong name: every problem',
      { type: 'REPLACE', find: 5, replace: null, also: 1 },
      [
        /the setting "also" is unknown/,
        /"find" .+: is 5\./,
        /"replace" .+: is null\. Expected text of 0 to 250/,
      ],
    ],
    [
      'no whole number',
      { type: 'SUBSTRING', startPosition: 1.5, length: '3' },
      [
        /"startPosition" .+: is 1\.5\. Expected a whole number from 1/,
        /"length" .+: is "3"\. Expected a whole number/,
      ],
    ],
    [
      'a position below 1',
      { type: 'SUBSTRING', startPosition: 0 },
      [/is 0\. Expected a whole number from 1/],
    ],
    [
      'two beginnings',
      { type: 'SUBSTRING', startPosition: 1, startingText: 'a' },
      [/"startingText" \(Starting Text\): stands beside "startPosition"\. Expected one of the two/],
    ],
    [
      'two ends',
      { type: 'SUBSTRING', length: 1, endingText: 'a' },
      [/"endingText" \(Ending Text\): stands beside "length"/],
    ],
    [
      'an empty beginning',
      { type: 'SUBSTRING', startingText: "''" },
      [/"startingText" .+ empty between its quotes/],
    ],
    ['an empty end', { type: 'SUBSTRING', endingText: '""' }, [/"endingText" .+ empty between its quotes/]],
    [
      'a truth in quotes',
      { type: 'UPPERCASE', keepLength: 'yes' },
      [/is "yes"\. Expected true or false, without quotes/],
    ],
    [
      'an unknown choice',
      { type: 'UNIXTIMESTAMP', otherwise: 'keep' },
      [/is "keep"\. Expected one of FAIL, KEEP, BLANK/],
    ],
    [
      'an unknown culture',
      { type: 'DECIMAL_FORMATTING', culture: 'da' },
      [/is "da"\. Expected one of cs-CZ, da-DK,/],
    ],
    [
      'an inherited name',
      { type: 'DECIMAL_FORMATTING', culture: 'toString' },
      [/is "toString"\. Expected one of/],
    ],
    [
      'no precision',
      { type: 'ROUND', direction: 'UP' },
      [/"precision" \(Precision\): is missing\. Expected a number above 0/],
    ],
    [
      'a precision of zero',
      { type: 'ROUND', precision: 0, direction: 'UP' },
      [/is 0\. Expected a number above 0/],
    ],
    [
      'a negative precision',
      { type: 'ROUND', precision: '-1', direction: 'UP' },
      [/is "-1"\. Expected a number above 0/],
    ],
    ['too fine a precision', { type: 'ROUND', precision: 1e-11, direction: 'UP' }, [/at most ten decimals/]],
    [
      'a direction as in Business Central',
      { type: 'ROUND', precision: 1, direction: '=' },
      [/Expected one of NEAREST, UP, DOWN/],
    ],
    ['an unknown part', { type: 'EXTRACT_FROM_DATE', part: 'HOUR' }, [/Expected one of DAY, MONTH, YEAR/]],
    [
      'neither format nor culture',
      { type: 'DATE_FORMATTING' },
      [/"format" .+ and "culture" are both missing\. Expected one/],
    ],
    [
      'both format and culture',
      { type: 'DATE_AND_TIME_FORMATTING', format: 'yyyyMMdd', culture: 'da-DK' },
      [/"format" .+ stands beside "culture"\. .+Business Central ignores the format/],
    ],
    [
      'a format without a day',
      { type: 'DATE_FORMATTING', format: 'yyyyMM' },
      [/The format has no day, without which/],
    ],
    [
      'a format with a part twice',
      { type: 'DATE_FORMATTING', format: 'dd-dd-MM-yyyy' },
      [/names the day twice/],
    ],
    [
      '12 hours without halves',
      { type: 'DATE_FORMATTING', format: 'yyyyMMdd hh' },
      [/hours of 12 without tt/],
    ],
    [
      'halves without 12 hours',
      { type: 'DATE_FORMATTING', format: 'yyyyMMdd HH tt' },
      [/t for AM or PM without h/],
    ],
    [
      'an unknown specifier',
      { type: 'DATE_FORMATTING', format: 'yyyMMdd' },
      [/has yyy, which is not read; these are: yyyy yy/],
    ],
    ['an era', { type: 'DATE_FORMATTING', format: 'yyyyMMdd gg' }, [/has gg, which is not read/]],
    ['an open quote', { type: 'DATE_FORMATTING', format: "yyyyMMdd 'at" }, [/has a stray '/]],
    ['a standard format', { type: 'DATE_FORMATTING', format: 'd' }, [/The format has no year/]],
    ['an empty list', entries(), [/is a list of 0 lines\. Expected a list of 1 to 1000 lines/]],
    ['no list', { type: 'LOOKUP_LIST', entries: { UK: 'GB' } }, [/is \{"UK":"GB"\}\. Expected a list/]],
    ['a line without from', entries({ to: 'GB' }), [/line 1 has missing as "from"\. Expected text/]],
    ['a line without to', entries({ from: 'UK' }), [/line 1 has missing as "to"\. .+ null for blank/]],
    [
      'wrong lines: each',
      entries({ from: 'UK', to: 5 }, { from: '', to: '' }, { from: 'a', to: 'b', why: 1 }),
      [/line 1 has 5 as "to"/, /line 2 has "" as "from"/, /line 3 has the unknown member "why"/],
    ],
    [
      'a line twice',
      entries({ from: 'UK', to: '1' }, { from: 'UK', to: '2' }),
      [/line 2 has the same "from"/],
    ],
    [
      'a line twice but for its case',
      { ...entries({ from: 'UK', to: '1' }, { from: 'uk', to: '2' }), caseSensitive: false },
      [/line 2 has the same "from"/],
    ],
    ['half of a character in a line', entries({ from: '\ud83d', to: '1' }), [/line 1 has .+ as "from"/]],
  ])('refuses %s', (_, rule, problems) => {
    expect(validateRule(rule)).toEqual(problems.map((problem) => expect.stringMatching(problem)))
  })

  it('accepts a line that differs by case, and a Boolean', () => {
    expect(
      validateRule(entries({ from: 'UK', to: '1' }, { from: 'uk', to: true }, { from: false, to: null })),
    ).toEqual([])
  })

  it('shows long text without cutting a character in half', () => {
    for (const start of ['', 'x']) {
      const [problem = '\ud83d'] = validateRule({ type: 'REPLACE', find: start + '\ud83d\ude00'.repeat(200) })
      expect(problem.isWellFormed()).toBe(true)
    }
  })

  it('does not stumble over an object that holds itself', () => {
    const rule: Record<string, unknown> = { type: 'REPLACE' }
    rule['find'] = rule
    expect(validateRule(rule)).toEqual([expect.stringContaining('is an object. Expected text')])
  })
})

describe('validateRules', () => {
  it('says which rule of the list is wrong', () => {
    expect(validateRules([{ type: 'TRIM' }, { type: 'REPLACE', find: '' }, { type: 'CUSTOM' }])).toEqual([
      expect.stringMatching(/^Rule 2 of 3: REPLACE, setting "find"/),
      expect.stringMatching(/^Rule 3 of 3: CUSTOM/),
    ])
  })

  it('refuses what is no list, and a list without end', () => {
    expect(validateRules({ type: 'TRIM' })).toEqual([expect.stringMatching(/expected a list of rules/)])
    expect(validateRules(Array.from({ length: 51 }, () => ({ type: 'TRIM' })))).toEqual([
      expect.stringMatching(/51 rules; expected at most 50/),
    ])
    expect(validateRules([])).toEqual([])
  })
})
