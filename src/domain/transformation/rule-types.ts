import { CULTURE_NAMES } from './culture.js'
import { DatePart, Otherwise, RoundingDirection, type RuleOf, type TransformationRuleType } from './rule.js'
import type { TransformationRuleTypeInfo, TransformationSetting } from './setting.js'

type SettingOf<Type extends TransformationRuleType> = Exclude<keyof RuleOf<Type>, 'type'>
type Described<Type extends TransformationRuleType> = Omit<
  TransformationRuleTypeInfo,
  'type' | 'settings'
> & {
  readonly settings: { readonly [Name in SettingOf<Type>]-?: Omit<TransformationSetting, 'name'> }
}

/** The longest text of a rule's field in Business Central. */
const LONGEST_SETTING = 250
/** More lines are a table of their own, which belongs into a mapping. */
const MOST_ENTRIES = 1_000

const text = (caption: string, description: string, example: string, required: boolean) => ({
  caption,
  description,
  type: 'TEXT' as const,
  required,
  minimumLength: required ? 1 : 0,
  maximumLength: LONGEST_SETTING,
  example,
})
const replace = (description: string, example: string) => ({
  ...text('Replace Value', description, example, false),
  default: '',
})
const format = (example: string) => ({
  ...text(
    'Data Format',
    'The form of the text in .NET’s custom date specifiers, names in English. Either this or a culture.',
    example,
    false,
  ),
  minimumLength: 1,
  maximumLength: 100,
})
const culture = (description: string) => ({
  caption: 'Data Formatting Culture',
  description,
  type: 'OPTION' as const,
  required: false,
  options: CULTURE_NAMES,
  example: 'da-DK',
})
const otherwise = (subject: string, standard: Otherwise) => ({
  caption: 'Otherwise',
  description: `What becomes of ${subject}: the record fails, the value stays as it is, or it becomes blank.`,
  type: 'OPTION' as const,
  required: false,
  options: Object.values(Otherwise),
  default: standard,
  example: 'KEEP',
})

const UNREADABLE_DATE =
  'What cannot be read fails the record; Business Central leaves it as it is ("otherwise": "KEEP"). A format and a culture together are refused, where Business Central ignores the format. Text without an offset is UTC, not the time zone of a session.'
const DATE_CULTURE =
  'The order in which the culture writes day, month and year in digits; a date that begins with a year of four digits is read alike in all.'

/** Fails to compile when a type or one of its settings is missing. */
export const RULE_TYPES: { readonly [Type in TransformationRuleType]: Described<Type> } = {
  UPPERCASE: {
    caption: 'Uppercase',
    description: 'Turns all letters into upper case.',
    difference:
      'By the full rules of Unicode: straße becomes STRASSE. With "keepLength" as Business Central: STRAßE, one character for one.',
    settings: {
      keepLength: {
        caption: 'Keep Length',
        description: 'Letters whose upper case is longer stay, as in codes of Business Central.',
        type: 'BOOLEAN',
        required: false,
        default: false,
        example: true,
      },
    },
  },
  LOWERCASE: {
    caption: 'Lowercase',
    description: 'Turns all letters into lower case.',
    difference: null,
    settings: {},
  },
  TITLE_CASE: {
    caption: 'Title Case',
    description: 'Begins each word with an upper-case letter; words in upper case alone stay.',
    difference: 'The same in every culture.',
    settings: {},
  },
  TRIM: {
    caption: 'Trim',
    description: 'Removes spaces at both ends.',
    difference: null,
    settings: {},
  },
  SUBSTRING: {
    caption: 'Substring',
    description:
      'Keeps a part of the text. It begins at a position or behind a text, and ends after a length or before a text.',
    difference: 'A character of two UTF-16 units is never cut in half.',
    settings: {
      startPosition: {
        caption: 'Start Position',
        description:
          'Position of the first character, from 1. Either this or a starting text; without both, 1.',
        type: 'INTEGER',
        required: false,
        minimum: 1,
        maximum: 1_048_576,
        example: 4,
      },
      startingText: {
        ...text(
          'Starting Text',
          'The part begins behind this text. Quotes around it are taken off.',
          '(',
          false,
        ),
        minimumLength: 1,
      },
      length: {
        caption: 'Length',
        description: 'How many UTF-16 units. Either this or an ending text; without both, up to the end.',
        type: 'INTEGER',
        required: false,
        minimum: 1,
        maximum: 1_048_576,
        example: 3,
      },
      endingText: {
        ...text('Ending Text', 'The part ends before this text. Quotes around it are taken off.', ')', false),
        minimumLength: 1,
      },
      otherwise: otherwise('a value in which the starting or ending text does not occur', 'BLANK'),
    },
  },
  REPLACE: {
    caption: 'Replace Text',
    description: 'Replaces every occurrence of a text. Upper and lower case differ.',
    difference: null,
    settings: {
      find: text('Find Value', 'The text that is replaced.', '-', true),
      replace: replace('What stands in its place; without it the text is removed.', ' '),
    },
  },
  REGULAR_EXPRESSION_REPLACE: {
    caption: 'Replace by using Regular Expressions',
    description: 'Replaces every match of an expression. Upper and lower case are the same.',
    difference:
      'References back to groups, atomic and conditional groups, options and subtraction of classes are refused. The cost of a value is bounded: 20,000 characters, one million steps.',
    settings: {
      find: text('Find Value', 'The regular expression, in .NET’s language.', '^0+(?!$)', true),
      replace: replace(
        'What stands in place of a match; $1 or ${name} is what a group caught, $$ a dollar.',
        '<$0>',
      ),
    },
  },
  REGULAR_EXPRESSION_MATCH: {
    caption: 'Match by using Regular Expressions',
    description:
      'Keeps what the groups of an expression caught, of every match. Upper and lower case are the same.',
    difference:
      'From the second match on Business Central adds the whole match before its groups; here only groups count. The limits of a regular expression hold.',
    settings: {
      find: text(
        'Find Value',
        'The regular expression, in .NET’s language, with a group at least.',
        '(\\d+)',
        true,
      ),
      otherwise: otherwise('a value that the expression does not match', 'BLANK'),
    },
  },
  REMOVE_NON_ALPHANUMERIC_CHARACTERS: {
    caption: 'Remove Non-Alphanumeric Characters',
    description: 'Keeps letters and digits of every script.',
    difference: 'Letters of two UTF-16 units stay too.',
    settings: {},
  },
  DATE_FORMATTING: {
    caption: 'Date Formatting',
    description: 'Reads a date in a format or culture. A time beside it only counts with its offset.',
    difference: UNREADABLE_DATE,
    settings: {
      format: format('dd-MM-yyyy'),
      culture: culture(DATE_CULTURE),
      otherwise: otherwise('a value that is no date in that form', 'FAIL'),
    },
  },
  DATE_AND_TIME_FORMATTING: {
    caption: 'Date and Time Formatting',
    description: 'Reads a date and time in a format or culture.',
    difference: UNREADABLE_DATE,
    settings: {
      format: format('yyyyMMddHHmmss'),
      culture: culture(DATE_CULTURE),
      otherwise: otherwise('a value that is no date and time in that form', 'FAIL'),
    },
  },
  DECIMAL_FORMATTING: {
    caption: 'Decimal Formatting',
    description: 'Reads a number as a culture writes it.',
    difference:
      'What cannot be read fails the record, where Business Central makes it 0. Separators of thousands count only before three digits: 1.5 is no number in da-DK, where Business Central reads 15.',
    settings: {
      culture: culture('Which separators and currency symbols are read; without it 1,234.5.'),
      otherwise: otherwise('a value that is no number in that form', 'FAIL'),
    },
  },
  ROUND: {
    caption: 'Round',
    description: 'Rounds a number to a multiple of the precision.',
    difference: null,
    settings: {
      precision: {
        caption: 'Precision',
        description:
          'Above zero, with ten decimals at most: 0.01 rounds to two decimals, 5 to multiples of five.',
        type: 'DECIMAL',
        required: true,
        example: 0.01,
      },
      direction: {
        caption: 'Direction',
        description: 'NEAREST (=) rounds half away from zero, UP (>) away from zero, DOWN (<) towards it.',
        type: 'OPTION',
        required: true,
        options: Object.values(RoundingDirection),
        example: 'NEAREST',
      },
    },
  },
  EXTRACT_FROM_DATE: {
    caption: 'Extract From Date',
    description: 'Keeps one part of a date, as a number. Of a date-time it is the date in UTC.',
    difference: 'Day of week, week and quarter are not in Business Central.',
    settings: {
      part: {
        caption: 'Extract From Date Type',
        description: 'Which part. Days of the week count from Monday, 1; weeks are those of ISO 8601.',
        type: 'OPTION',
        required: true,
        options: Object.values(DatePart),
        example: 'YEAR',
      },
    },
  },
  UNIXTIMESTAMP: {
    caption: 'Unixtimestamp',
    description: 'Reads whole seconds since 1970-01-01 in UTC as a date and time.',
    difference:
      'What cannot be read fails the record; Business Central blanks it ("otherwise": "BLANK"). The result is UTC, not shifted by a user’s time zone.',
    settings: { otherwise: otherwise('a value that is no such number', 'FAIL') },
  },
  LOOKUP_LIST: {
    caption: 'Lookup List',
    description: 'Replaces a whole value by the one beside it in a list.',
    difference:
      'Stands for Business Central’s Field Lookup, with the values listed here instead of read from a table.',
    settings: {
      entries: {
        caption: 'Entries',
        description: 'The lines of the list. Blank values stay blank and need no line.',
        type: 'LOOKUP_ENTRIES',
        required: true,
        minimumLength: 1,
        maximumLength: MOST_ENTRIES,
        example: [{ from: 'UK', to: 'GB' }],
      },
      caseSensitive: {
        caption: 'Case Sensitive',
        description: 'Whether upper and lower case differ.',
        type: 'BOOLEAN',
        required: false,
        default: true,
        example: false,
      },
      otherwise: otherwise('a value that is not in the list', 'FAIL'),
    },
  },
}
