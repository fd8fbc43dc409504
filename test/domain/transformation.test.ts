import { describe, expect, it } from 'vitest'
import {
  CULTURE_NAMES,
  PREDEFINED_RULES,
  REFUSED_RULE_TYPES,
  TRANSFORMATION_RULE_TYPES,
  previewTransformation,
  transformValue,
  validateRules,
  type TransformationRule,
  type TransformationRuleType,
} from '../../src/domain/transformation.js'
import type { Value } from '../../src/domain/value.js'

type SettingsOf<Type extends TransformationRuleType> = Omit<
  Extract<TransformationRule, { readonly type: Type }>,
  'type'
>
/** Settings of the rule, value before, value after; or `FAILS` and a part of the message. */
type Case<Type extends TransformationRuleType> =
  readonly [SettingsOf<Type>, Value, Value] | readonly [SettingsOf<Type>, Value, 'FAILS', RegExp]

/** Every type has cases: a new one without any does not compile. */
const CASES: {
  readonly [Type in TransformationRuleType]: readonly [Case<Type>, Case<Type>, ...Case<Type>[]]
} = {
  UPPERCASE: [
    [{}, 'abcæøå 123!"#', 'ABCÆØÅ 123!"#'],
    [{}, 'straße', 'STRASSE'],
    [{ keepLength: true }, 'straße', 'STRAßE'],
    [{ keepLength: false }, 'ﬁx', 'FIX'],
    [{ keepLength: true }, 'ﬁx', 'ﬁX'],
    [{}, '\ud83d\ude00a', '\ud83d\ude00A'],
    [{}, 'i', 'I'],
    [{}, true, 'TRUE'],
  ],
  LOWERCASE: [
    [{}, 'ABCÆØÅ 123!', 'abcæøå 123!'],
    [{}, 'ΟΔΟΣ', 'οδος'],
    [{}, 'I', 'i'],
    [{}, false, 'false'],
  ],
  TITLE_CASE: [
    [{}, 'john roberts', 'John Roberts'],
    [{}, 'wAR aNd pEaCe', 'War And Peace'],
    [{}, 'IBM denmark A/S', 'IBM Denmark A/S'],
    [{}, "o'BRIEN and JOHN'S", "O'brien And JOHN's"],
    [{}, '3com ab3cd jean-luc under_score', '3Com Ab3cd Jean-Luc Under_Score'],
    [{}, 'ǆungla élan', 'ǅungla Élan'],
  ],
  TRIM: [
    [{}, '  a b  ', 'a b'],
    [{}, '\t a \n', '\t a \n'],
    [{}, '    ', null],
  ],
  SUBSTRING: [
    [{ startPosition: 4, length: 3 }, 'EURDKK', 'DKK'],
    [{ startPosition: 4, length: 9 }, 'EURDKK', 'DKK'],
    [{ startPosition: 9, length: 3 }, 'EURDKK', null],
    [{ startingText: '(', endingText: ')' }, 'British Pound(GBP)/Algerian Dinar(DZD)', 'GBP'],
    [{ startingText: '(', endingText: ')' }, '(GBP)/(DZD)', 'GBP'],
    [
      { startingText: '1 British Pound = ', endingText: "' '" },
      '1 British Pound = 701.37865 Franc',
      '701.37865',
    ],
    [{ startingText: '1 British Pound = ', length: 6 }, '1 British Pound = 701.37865 Franc', '701.37'],
    [{ startPosition: 19, endingText: '" "' }, '1 British Pound = 701.37865 Franc', '701.37865'],
    [{ endingText: "' = '" }, '1 British Pound = 701.37865 Franc', '1 British Pound'],
    [{ startPosition: 19 }, '1 British Pound = 701.37865 Franc ', '701.37865 Franc '],
    [{ startingText: 'missing' }, '1 British Pound', null],
    [{ endingText: 'missing' }, '1 British Pound', null],
    [{ endingText: 'missing', otherwise: 'KEEP' }, '1 British Pound', '1 British Pound'],
    [{ endingText: 'missing', otherwise: 'FAIL' }, '1 British Pound', 'FAILS', /ending text does not occur/],
    [{ startingText: "'" }, "it's", 's'],
    [{}, 'all', 'all'],
    [{ length: 1 }, 'x'.repeat(1_048_576), 'x'],
    [{ length: 1 }, 'x'.repeat(1_048_577), 'FAILS', /longer than 1048576/],
    [{ startPosition: 1, length: 2 }, 'a\ud83d\ude00b', 'a'],
    [{ startPosition: 3 }, 'a\ud83d\ude00b', 'b'],
    [{ startPosition: 2, length: 2 }, 'a\ud83d\ude00b', '\ud83d\ude00'],
    [{ startPosition: 3, length: 1 }, 'a\ud83d\ude00b', null],
  ],
  REPLACE: [
    [{ find: 'a', replace: 'b' }, 'abaabbaaa', 'bbbbbbbbb'],
    [{ find: 'A', replace: 'b' }, 'aA', 'ab'],
    [{ find: '-' }, '1-2-3', '123'],
    [{ find: '$', replace: '$&$1' }, '5$', '5$&$1'],
    [{ find: '.', replace: '' }, 'a.b', 'ab'],
    [{ find: 'all' }, 'all', null],
    [{ find: 'x'.repeat(3), replace: 'y'.repeat(250) }, 'x'.repeat(30_000), 'FAILS', /longer than 1048576/],
  ],
  REGULAR_EXPRESSION_REPLACE: [
    [{ find: 'notprovided', replace: '' }, 'NOTPROVIDED', null],
    [{ find: '^0+(?!$)' }, '000120', '120'],
    [{ find: '^0+(?!$)' }, '000', '0'],
    [
      { find: '(\\p{Sc}\\s?)?(\\d+\\.?((?<=\\.)\\d+)?)(\\s?\\p{Sc})?', replace: '$2' },
      '$17.43  $2 16.33  12$',
      '17.43  2 16.33  12',
    ],
    [
      { find: '\\p{Sc}\\s?(\\d+(?:\\.\\d+)?)|(\\d+)\\s?\\p{Sc}', replace: '$1$2' },
      '$17.43 12€ 5',
      '17.43 12 5',
    ],
    [{ find: '(?<first>\\w+) (?<last>\\w+)', replace: '${last}, ${first}' }, 'Ada Lovelace', 'Lovelace, Ada'],
    [{ find: '(a)|b', replace: '[$1]' }, 'ab', '[a][]'],
    [{ find: 'b*', replace: '-' }, 'abc', '-a--c-'],
    [{ find: '(?:(\\d)x)+', replace: '$1' }, '1x2x', '2'],
    [{ find: '(.)', replace: '$$$1' }, 'a\ud83d\ude00', '$a$\ud83d\ude00'],
    [{ find: '(a+)+$', replace: 'x' }, `${'a'.repeat(5_000)}!`, `${'a'.repeat(5_000)}!`],
    [{ find: 'x', replace: 'y' }, 'x'.repeat(20_001), 'FAILS', /longer than 20000 characters/],
    [{ find: '.*=|x', replace: '' }, 'x'.repeat(10_000), 'FAILS', /too many steps/],
  ],
  REGULAR_EXPRESSION_MATCH: [
    [{ find: 'abc(\\d+)d' }, 'abc123def', '123'],
    [{ find: '\\D+(?<digit>\\d+)\\D+(?<digit>\\d+)?' }, 'abc123def456', '123456'],
    [{ find: '\\D+(?<digit>\\d+)\\D+(?<digit>\\d+)?' }, 'abcdef', null],
    [{ find: 'a(\\d)' }, 'a1 a2', '12'],
    [{ find: '(\\d)+-(?<tail>x)|([y])' }, '12-x y', '12xy'],
    [{ find: '(z)', otherwise: 'KEEP' }, 'abc', 'abc'],
    [{ find: '(z)', otherwise: 'FAIL' }, 'abc', 'FAILS', /matches nothing/],
  ],
  REMOVE_NON_ALPHANUMERIC_CHARACTERS: [
    [{}, 'abc - 123_def!', 'abc123def'],
    [{}, 'Æøå é e\u0301 東京', 'Æøåée\u0301東京'],
    [{}, '\ud835\udc9c\ud83d\ude00', '\ud835\udc9c'],
    [{}, '-_-', null],
  ],
  DATE_FORMATTING: [
    [{ format: 'yyyyMMdd' }, '20151213', '2015-12-13'],
    [{ format: 'yyyyMMddHHmm' }, '202001202359', '2020-01-20'],
    [{ format: 'd/M/yy' }, '4/3/49', '2049-03-04'],
    [{ format: 'd/M/yy' }, '4/3/50', '1950-03-04'],
    [{ format: "dddd, d. MMMM 'of' yyyy" }, 'wednesday, 4. MARCH of 2020', '2020-03-04'],
    [{ format: 'ddd dd-MMM-yyyy' }, 'Wed 04-Mar-2020', '2020-03-04'],
    [{ format: 'ddd dd-MMM-yyyy' }, 'Tue 04-Mar-2020', 'FAILS', /is no date in the format/],
    [{ format: 'yyyyMMdd' }, '2015-12-13', 'FAILS', /rule 1 \(Date Formatting\): the value is no date/],
    [{ format: 'yyyyMMdd' }, '20150229', 'FAILS', /no date/],
    [{ format: 'yyyyMMdd' }, '201512131', 'FAILS', /no date/],
    [{ format: 'yyyyMMdd', otherwise: 'KEEP' }, 'wrong date', 'wrong date'],
    [{ format: 'yyyyMMdd', otherwise: 'BLANK' }, 'wrong date', null],
    [{ format: 'yyyyMMdd' }, '00010101', null],
    [{ culture: 'en-US' }, '2020/03/04', '2020-03-04'],
    [{ culture: 'en-US' }, '3/4/2020', '2020-03-04'],
    [{ culture: 'en-US' }, '3/4/2020 11:14 PM', '2020-03-04'],
    [{ culture: 'da-DK' }, '04-03-2020', '2020-03-04'],
    [{ culture: 'da-DK' }, '4.3.20', '2020-03-04'],
    [{ culture: 'cs-CZ' }, '4. 3. 2020', '2020-03-04'],
    [{ culture: 'sv-SE' }, '20-03-04', '2020-03-04'],
    [{ culture: 'sv-SE' }, '04-03-2020', 'FAILS', /culture sv-SE/],
    [{ culture: 'da-DK' }, '2020-03-04T23:30:00-05:00', '2020-03-05'],
    [{ culture: 'da-DK' }, '04-03.2020', 'FAILS', /no date/],
    [{ culture: 'da-DK' }, '004-03-2020', 'FAILS', /no date/],
    [{ culture: 'da-DK' }, '0001-01-01T00:30+02:00', 'FAILS', /no date/],
    [{ culture: 'da-DK' }, '04-03-2020 10:60', 'FAILS', /no date/],
    [{ culture: 'da-DK' }, '04-03-2020 10:00:60', 'FAILS', /no date/],
    [{ culture: 'da-DK' }, '04-03-2020 10:00 +14:01', 'FAILS', /no date/],
    [{ culture: 'en-US' }, '13/4/2020', 'FAILS', /no date/],
    [{ culture: 'en-US' }, '3/4', 'FAILS', /no date/],
    [{ culture: 'en-US' }, '2/29/1900', 'FAILS', /no date/],
    [{ culture: 'en-US' }, '2/29/2000', '2000-02-29'],
  ],
  DATE_AND_TIME_FORMATTING: [
    [{ format: 'yyyyMMddHHmmss' }, '20151213030405', '2015-12-13T03:04:05Z'],
    [{ format: 'yyyyMMddHHmmss' }, '20200120235959', '2020-01-20T23:59:59Z'],
    [{ format: 'yyyyMMddHHmmss' }, '20200120240000', 'FAILS', /no date and time/],
    [{ format: 'yyyyMMddHHmmss', otherwise: 'KEEP' }, 'wrong date time', 'wrong date time'],
    [
      { format: 'yyyy-MM-ddTHH:mm:ss.FFFFFFFK' },
      '2020-01-20T10:00:00.1200000+01:00',
      '2020-01-20T09:00:00.12Z',
    ],
    [{ format: 'yyyy-MM-ddTHH:mm:ss.FFFK' }, '2020-01-20T10:00:00.000Z', '2020-01-20T10:00:00Z'],
    [{ format: 'M/d/yyyy h:mm tt' }, '1/20/2020 12:05 am', '2020-01-20T00:05:00Z'],
    [{ format: 'M/d/yyyy h:mm tt' }, '1/20/2020 13:05 PM', 'FAILS', /no date and time/],
    [{ format: 'dd.MM.yyyy HH:mm zzz' }, '01.01.2020 00:30 +02:00', '2019-12-31T22:30:00Z'],
    [{ format: 'dd.MM.yyyy HH:mm zzz' }, '31.12.9999 23:30 -02:00', 'FAILS', /no date and time/],
    [{ format: 'yyyyMMdd' }, '20200120', '2020-01-20T00:00:00Z'],
    [{ culture: 'en-US' }, '12/13/2015 1:14:15 PM', '2015-12-13T13:14:15Z'],
    [{ culture: 'en-US' }, '12/13/2015, 12 a.m.', '2015-12-13T00:00:00Z'],
    [{ culture: 'da-DK' }, '13-12-2015 13.14.15,5', '2015-12-13T13:14:15.5Z'],
    [{ culture: 'da-DK' }, '13-12-2015 13', 'FAILS', /no date and time/],
    [{ culture: 'da-DK' }, '13-12-2015', '2015-12-13T00:00:00Z'],
    [{ culture: 'de-DE' }, '0001-01-01T00:00:00Z', null],
  ],
  DECIMAL_FORMATTING: [
    [{ culture: 'da-DK' }, '1.234.567,50', '1234567.5'],
    [{ culture: 'da-DK' }, '1,5', '1.5'],
    [{ culture: 'da-DK' }, '1.5', 'FAILS', /no number in the culture da-DK/],
    [{ culture: 'da-DK' }, '12.34.567', 'FAILS', /no number/],
    [{ culture: 'da-DK' }, 'kr. -1.000', '-1000'],
    [{ culture: 'da-DK' }, '1.000 kr.', '1000'],
    [{ culture: 'en-US' }, '($1,234.50)', '-1234.5'],
    [{ culture: 'en-US' }, '-$5', '-5'],
    [{ culture: 'en-US' }, '5-', '-5'],
    [{ culture: 'en-US' }, '(-5)', 'FAILS', /no number/],
    [{ culture: 'en-US' }, '€5', 'FAILS', /no number/],
    [{ culture: 'fr-FR' }, '1\u202f234,5 €', '1234.5'],
    [{ culture: 'sv-SE' }, '\u22121\u00a0234,5', '-1234.5'],
    [{ culture: 'de-CH' }, "1'234.50", '1234.5'],
    [{ culture: 'de-CH' }, '1’234’567', '1234567'],
    [{ culture: 'de-CH' }, "1'234’567", 'FAILS', /no number/],
    [{}, '1,234.50', '1234.5'],
    [{}, '.5', '0.5'],
    [{}, '-0.00', '0'],
    [{}, '12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
    [{}, '1'.repeat(61), 'FAILS', /no number/],
    [{}, 'abc', 'FAILS', /no number in digits/],
    [{ otherwise: 'BLANK' }, 'abc', null],
    [{ otherwise: 'KEEP' }, '.', '.'],
  ],
  ROUND: [
    [{ precision: 0.00001, direction: 'NEAREST' }, '12.3456789', '12.34568'],
    [{ precision: 1, direction: 'NEAREST' }, '2.5', '3'],
    [{ precision: 1, direction: 'NEAREST' }, '-2.5', '-3'],
    [{ precision: 0.001, direction: 'UP' }, '1234.56789', '1234.568'],
    [{ precision: 0.001, direction: 'UP' }, '-1234.56789', '-1234.568'],
    [{ precision: 0.001, direction: 'DOWN' }, '-1234.56789', '-1234.567'],
    [{ precision: '0.05', direction: 'NEAREST' }, '1.024', '1'],
    [{ precision: '0.05', direction: 'NEAREST' }, '1.025', '1.05'],
    [{ precision: 100, direction: 'NEAREST' }, '1234.56', '1200'],
    [
      { precision: 0.01, direction: 'NEAREST' },
      '12345678901234567890123456.785',
      '12345678901234567890123456.79',
    ],
    [{ precision: 1, direction: 'NEAREST' }, '-0.4', '0'],
    [{ precision: 1, direction: 'NEAREST' }, '1,5', 'FAILS', /no number/],
    [{ precision: 1, direction: 'NEAREST' }, false, 'FAILS', /no number/],
  ],
  EXTRACT_FROM_DATE: [
    [{ part: 'DAY' }, '2020-03-04', '4'],
    [{ part: 'MONTH' }, '2020-03-04', '3'],
    [{ part: 'YEAR' }, '2020-03-04T23:59:59.9Z', '2020'],
    [{ part: 'DAY_OF_WEEK' }, '2020-03-02', '1'],
    [{ part: 'DAY_OF_WEEK' }, '1899-12-31', '7'],
    [{ part: 'WEEK' }, '2021-01-03', '53'],
    [{ part: 'WEEK' }, '2018-12-31', '1'],
    [{ part: 'QUARTER' }, '2020-12-31', '4'],
    [{ part: 'DAY' }, '2020-02-30', 'FAILS', /no date in the form/],
    [{ part: 'DAY' }, '4/3/2020', 'FAILS', /no date in the form/],
  ],
  UNIXTIMESTAMP: [
    [{}, '1481544732', '2016-12-12T12:12:12Z'],
    [{}, '0', '1970-01-01T00:00:00Z'],
    [{}, '-1', '1969-12-31T23:59:59Z'],
    [{}, '253402300799', '9999-12-31T23:59:59Z'],
    [{}, '253402300800', 'FAILS', /no number of seconds/],
    [{}, '1.5', 'FAILS', /no number of seconds/],
    [{ otherwise: 'BLANK' }, 'soon', null],
    [{}, '-62135596800', null],
  ],
  LOOKUP_LIST: [
    [{ entries: [{ from: 'UK', to: 'GB' }] }, 'UK', 'GB'],
    [{ entries: [{ from: 'UK', to: 'GB' }] }, 'uk', 'FAILS', /not in the list/],
    [{ entries: [{ from: 'UK', to: 'GB' }], caseSensitive: false }, 'uk', 'GB'],
    [{ entries: [{ from: 'UK', to: 'GB' }], otherwise: 'KEEP' }, 'DK', 'DK'],
    [{ entries: [{ from: 'UK', to: 'GB' }], otherwise: 'BLANK' }, 'DK', null],
    [{ entries: [{ from: 'Yes', to: true }] }, 'Yes', true],
    [{ entries: [{ from: false, to: '0' }] }, false, '0'],
    [{ entries: [{ from: 'N/A', to: '' }] }, 'N/A', null],
    [{ entries: [{ from: 'N/A', to: null }] }, 'N/A', null],
    [{ entries: [{ from: 'caf\u00e9', to: '1' }] }, 'cafe\u0301', '1'],
    [{ entries: [{ from: '__proto__', to: '1' }], otherwise: 'KEEP' }, 'constructor', 'constructor'],
  ],
}

const ALL_CASES = Object.entries(CASES).flatMap(([type, cases]) =>
  cases.map(([settings, value, after, message]) => {
    // The table's own type ties settings to type.
    const rule = { type, ...settings } as TransformationRule
    const expected =
      message === undefined
        ? { kind: 'value', value: after }
        : { kind: 'failed', message: expect.stringMatching(message), remedy: expect.stringMatching(/\.$/) }
    return { rule, value, expected, title: `${brief(rule)}: ${brief(value)} becomes ${brief(after)}` }
  }),
)

function brief(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

describe('transformValue', () => {
  it.each(ALL_CASES)('$title', ({ rule, value, expected }) => {
    expect(transformValue([rule], value)).toEqual(expected)
  })

  it.each(Object.entries(CASES))('%s leaves blank blank', (type, cases) => {
    for (const [settings] of cases)
      expect(transformValue([{ type, ...settings } as TransformationRule], null)).toEqual({
        kind: 'value',
        value: null,
      })
  })

  it('applies rules in order', () => {
    const rules: TransformationRule[] = [
      { type: 'REMOVE_NON_ALPHANUMERIC_CHARACTERS' },
      { type: 'REPLACE', find: 'abc' },
    ]
    expect(transformValue(rules, 'abc - 123 - def')).toEqual({ kind: 'value', value: '123def' })
    expect(transformValue(rules.toReversed(), 'ab-c')).toEqual({ kind: 'value', value: 'abc' })
  })

  it('stops at a value that became blank, and without rules changes nothing', () => {
    const rules: TransformationRule[] = [
      { type: 'REPLACE', find: 'x' },
      { type: 'ROUND', precision: 1, direction: 'UP' },
    ]
    expect(transformValue(rules, 'x')).toEqual({ kind: 'value', value: null })
    expect(transformValue([], ' as it was ')).toEqual({ kind: 'value', value: ' as it was ' })
  })

  it('names the rule that failed, its place and what to do', () => {
    const rules: TransformationRule[] = [{ type: 'TRIM' }, { type: 'DATE_FORMATTING', culture: 'da-DK' }]
    expect(transformValue(rules, ' soon ')).toEqual({
      kind: 'failed',
      message: 'Transformation rule 2 (Date Formatting): the value is no date in the culture da-DK.',
      remedy: 'Correct the value, or the format or culture; or let "otherwise" be KEEP or BLANK.',
    })
  })

  it('fails, and does not throw, where a stored rule is not valid', () => {
    const rules = [{ type: 'REPLACE' }] as unknown as TransformationRule[]
    expect(transformValue(rules, 'a')).toEqual({
      kind: 'failed',
      message: expect.stringContaining(
        'Transformation rule 1 is not valid. REPLACE, setting "find" (Find Value): is missing.',
      ),
      remedy: 'Correct the transformation rules of the field mapping.',
    })
  })
})

describe('previewTransformation', () => {
  it('shows the value after each rule, up to the one that failed or blanked it', () => {
    const rules: TransformationRule[] = [
      { type: 'TRIM' },
      { type: 'REPLACE', find: 'DKK ' },
      { type: 'DECIMAL_FORMATTING', culture: 'da-DK' },
    ]
    expect(previewTransformation(rules, [' DKK 1.000,5 ', 'EUR 5', 'DKK ', null])).toEqual([
      {
        sample: ' DKK 1.000,5 ',
        steps: ['DKK 1.000,5', '1.000,5', '1000.5'],
        result: { kind: 'value', value: '1000.5' },
      },
      {
        sample: 'EUR 5',
        steps: ['EUR 5', 'EUR 5'],
        result: { kind: 'failed', message: expect.stringContaining('rule 3'), remedy: expect.any(String) },
      },
      { sample: 'DKK ', steps: ['DKK', 'DKK'], result: expect.objectContaining({ kind: 'failed' }) },
      { sample: null, steps: [], result: { kind: 'value', value: null } },
    ])
  })

  it('ends with null at the rule that blanked the value', () => {
    const rules: TransformationRule[] = [{ type: 'TRIM' }, { type: 'UPPERCASE' }]
    expect(previewTransformation(rules, ['  '])).toEqual([
      { sample: '  ', steps: [null], result: { kind: 'value', value: null } },
    ])
  })
})

describe('the predefined rules', () => {
  const SAMPLES: readonly [code: string, before: string, after: Value][] = [
    ['UPPERCASE', 'abc', 'ABC'],
    ['LOWERCASE', 'ABC', 'abc'],
    ['TITLECASE', 'john roberts', 'John Roberts'],
    ['TRIM', ' a ', 'a'],
    ['FOURTH_TO_SIXTH_CHAR', 'EURDKK', 'DKK'],
    ['YYYYMMDD_DATE', '20151213', '2015-12-13'],
    ['YYYYMMDDHHMMSS_FMT', '20151213030405', '2015-12-13T03:04:05Z'],
    ['ALPHANUMERIC_ONLY', 'a-1', 'a1'],
    ['DK_DECIMAL_FORMAT', '1.234,5', '1234.5'],
    ['US_DATE_FORMAT', '2/13/2015', '2015-02-13'],
    ['US_DATETIME_FORMAT', '2/13/2015 1:14:15 PM', '2015-02-13T13:14:15Z'],
    ['UNIXTIMESTAMP', '1481544732', '2016-12-12T12:12:12Z'],
    ['DELETE_NOTPROVIDED', 'NotProvided', null],
    ['TRIMALL', ' 8471 30 00 ', '84713000'],
    ['ROUNDTOINT', '-1234.5', '-1235'],
    ['ROUNDUPTOINT', '1.01', '2'],
    ['GETYEAR', '2020-03-04', '2020'],
    ['MONTHFROMDATE', '2020-03-04', '3'],
    ['INT_ITEMDESC', 'x'.repeat(90), 'x'.repeat(80)],
    ['INT_STAT_MONTH', '2403', '03'],
    ['CZ_DATE_FORMAT', '4. 3. 2020', '2020-03-04'],
    ['CZ_DATETIME_FORMAT', '4.3.2020 13:14', '2020-03-04T13:14:00Z'],
    ['CZ_DECIMAL_FORMAT', '1 234,5', '1234.5'],
  ]

  it('are all valid, and all shown here', () => {
    expect(SAMPLES.map(([code]) => code)).toEqual(Object.keys(PREDEFINED_RULES))
    for (const rules of Object.values(PREDEFINED_RULES)) expect(validateRules(rules)).toEqual([])
  })

  it.each(SAMPLES)('%s makes of %j %j', (code, before, after) => {
    expect(transformValue(PREDEFINED_RULES[code] ?? [], before)).toEqual({ kind: 'value', value: after })
  })

  it.each(['YYYYMMDD_DATE', 'YYYYMMDDHHMMSS_FMT', 'US_DATE_FORMAT', 'US_DATETIME_FORMAT'])(
    '%s leaves what is no date as it is, like Business Central',
    (code) => {
      expect(transformValue(PREDEFINED_RULES[code] ?? [], 'no date')).toEqual({
        kind: 'value',
        value: 'no date',
      })
    },
  )
})

describe('the catalog of rule types', () => {
  it('lists every type, with every setting that the cases use', () => {
    expect(TRANSFORMATION_RULE_TYPES.map(({ type }) => type).toSorted()).toEqual(
      Object.keys(CASES).toSorted(),
    )
    for (const { type, settings } of TRANSFORMATION_RULE_TYPES) {
      const used = new Set(CASES[type].flatMap(([given]) => Object.keys(given)))
      expect(settings.map(({ name }) => name).toSorted()).toEqual([...used].toSorted())
    }
  })

  it('has an example for each setting that is right', () => {
    for (const { type, settings } of TRANSFORMATION_RULE_TYPES) {
      const required = settings
        .filter((setting) => setting.required)
        .map(({ name, example }) => [name, example])
      const needed = type.startsWith('DATE') ? [['culture', 'da-DK']] : []
      for (const { name, example } of settings) {
        const others = name === 'format' ? required : [...required, ...needed]
        const rule = { type, ...Object.fromEntries(others), [name]: example }
        expect(validateRules([rule])).toEqual([])
      }
    }
  })

  it('is JSON, and has the captions of Business Central', () => {
    expect(JSON.parse(JSON.stringify(TRANSFORMATION_RULE_TYPES))).toEqual(TRANSFORMATION_RULE_TYPES)
    expect(TRANSFORMATION_RULE_TYPES.map(({ caption }) => caption)).toEqual([
      'Uppercase',
      'Lowercase',
      'Title Case',
      'Trim',
      'Substring',
      'Replace Text',
      'Replace by using Regular Expressions',
      'Match by using Regular Expressions',
      'Remove Non-Alphanumeric Characters',
      'Date Formatting',
      'Date and Time Formatting',
      'Decimal Formatting',
      'Round',
      'Extract From Date',
      'Unixtimestamp',
      'Lookup List',
    ])
    expect(Object.keys(REFUSED_RULE_TYPES)).toEqual(['CUSTOM', 'FIELD_LOOKUP'])
    expect(CULTURE_NAMES).toContain('da-DK')
  })
})
