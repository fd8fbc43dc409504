import { canonicalNumber } from '../number.js'
import { foldCase, upperCaseOneToOne } from '../text.js'
import { assertNever } from '../value.js'
import {
  canonicalDateTime,
  dateTimeOfSeconds,
  partOfDate,
  readCanonicalDate,
  type Moment,
} from './calendar.js'
import { infoOf } from './catalog.js'
import { readDateInCulture } from './culture-date.js'
import { createNumberReader, readPlainNumber, roundToMultiple } from './decimal.js'
import { buildExpressionMatch, buildExpressionReplace, type Built } from './expression.js'
import { readDateFormat, readDateInFormat } from './format-date.js'
import {
  valueOutcome,
  type Outcome,
  type Otherwise,
  type RuleOf,
  type Step,
  type TransformationRule,
} from './rule.js'
import { checkSettings, describe, readPrecision } from './check-settings.js'
import { alphanumericOnly, substring, titleCase, trimSpaces, withoutQuotes } from './text.js'

/** A rule made ready for values, or every problem of it. */
export type BuiltRule =
  | { readonly kind: 'step'; readonly step: Step; readonly caption: string }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** The day that stands for blank in Business Central. */
const BLANK_DATE = '0001-01-01'

/** Checks a rule and makes it ready: expressions and formats are read once, however many values follow. Never throws. */
export function buildRule(given: unknown): BuiltRule {
  const checked = checkSettings(given)
  if (checked.kind === 'problems') return checked
  const { rule } = checked
  const info = infoOf(rule.type)
  const built = build(rule)
  if (!('problem' in built)) return { kind: 'step', step: built, caption: info.caption }
  const setting = info.settings.find((candidate) => candidate.name === built.setting)
  const named = setting ?? { name: built.setting, caption: built.setting }
  return { kind: 'problems', problems: [describe(rule.type, named, built.problem)] }
}

function build(rule: TransformationRule): Built {
  switch (rule.type) {
    case 'UPPERCASE':
      return textStep((value) => (rule.keepLength === true ? upperCaseOneToOne(value) : value.toUpperCase()))
    case 'LOWERCASE':
      return textStep((value) => value.toLowerCase())
    case 'TITLE_CASE':
      return textStep(titleCase)
    case 'TRIM':
      return textStep(trimSpaces)
    case 'SUBSTRING':
      return buildSubstring(rule)
    case 'REPLACE':
      return textStep((value) => value.replaceAll(rule.find, () => rule.replace ?? ''))
    case 'REGULAR_EXPRESSION_REPLACE':
      return buildExpressionReplace(rule.find, rule.replace ?? '')
    case 'REGULAR_EXPRESSION_MATCH': {
      const built = buildExpressionMatch(rule.find)
      return 'problem' in built ? built : settle(built, rule.otherwise ?? 'BLANK')
    }
    case 'REMOVE_NON_ALPHANUMERIC_CHARACTERS':
      return textStep(alphanumericOnly)
    case 'DATE_FORMATTING':
      return buildDate(rule, 'date', (moment) => canonicalDateTime(moment)?.slice(0, 10) ?? null)
    case 'DATE_AND_TIME_FORMATTING':
      return buildDate(rule, 'date and time', canonicalDateTime)
    case 'DECIMAL_FORMATTING':
      return buildDecimal(rule)
    case 'ROUND':
      return buildRound(rule)
    case 'EXTRACT_FROM_DATE':
      return buildExtract(rule)
    case 'UNIXTIMESTAMP':
      return settle(readSeconds, rule.otherwise ?? 'FAIL')
    case 'LOOKUP_LIST':
      return buildLookup(rule)
    default:
      return assertNever(rule)
  }
}

function buildSubstring(rule: RuleOf<'SUBSTRING'>): Built {
  const { startPosition, startingText, length, endingText } = rule
  if (startPosition !== undefined && startingText !== undefined)
    return problem('startingText', 'stands beside "startPosition". Expected one of the two; remove the other')
  if (length !== undefined && endingText !== undefined)
    return problem('endingText', 'stands beside "length". Expected one of the two; remove the other')
  if (startingText !== undefined && withoutQuotes(startingText) === '')
    return problem(
      'startingText',
      'is empty between its quotes. Expected the text that the part begins behind',
    )
  if (endingText !== undefined && withoutQuotes(endingText) === '')
    return problem('endingText', 'is empty between its quotes. Expected the text that the part ends before')
  return settle((value) => {
    const part = substring(String(value), rule)
    if (part !== null) return valueOutcome(part)
    return unread(
      'the starting or ending text does not occur in the value',
      'Correct the value, or "startingText" and "endingText"',
    )
  }, rule.otherwise ?? 'BLANK')
}

function buildDate(
  rule: RuleOf<'DATE_FORMATTING' | 'DATE_AND_TIME_FORMATTING'>,
  noun: string,
  canonical: (moment: Moment) => string | null,
): Built {
  const reader = dateReader(rule)
  if ('problem' in reader) return reader
  const { form, read } = reader
  return settle((value) => {
    const moment = read(String(value))
    const result = moment === null ? null : canonical(moment)
    if (result === null)
      return unread(`the value is no ${noun} in ${form}`, 'Correct the value, or the format or culture')
    return valueOutcome(result.startsWith(BLANK_DATE) ? null : result)
  }, rule.otherwise ?? 'FAIL')
}

function dateReader({ format, culture }: RuleOf<'DATE_FORMATTING' | 'DATE_AND_TIME_FORMATTING'>) {
  if (culture !== undefined) {
    if (format !== undefined)
      return problem(
        'format',
        'stands beside "culture". Expected one of the two: Business Central ignores the format there; remove one',
      )
    return { form: `the culture ${culture}`, read: (text: string) => readDateInCulture(text, culture) }
  }
  if (format === undefined)
    return problem(
      'format',
      'and "culture" are both missing. Expected one of the two, for example "dd-MM-yyyy" or the culture "da-DK"',
    )
  const parsed = readDateFormat(format)
  if (parsed.kind === 'problem') return problem('format', `The format ${parsed.problem}`)
  const { tokens } = parsed
  return { form: `the format "${format}"`, read: (text: string) => readDateInFormat(text, tokens) }
}

function buildDecimal(rule: RuleOf<'DECIMAL_FORMATTING'>): Built {
  const read = createNumberReader(rule.culture)
  const form =
    rule.culture === undefined ? 'digits with a point before decimals' : `the culture ${rule.culture}`
  return settle((value) => {
    const number = read(String(value))
    return number === null
      ? unread(`the value is no number in ${form}`, 'Correct the value, or the culture')
      : valueOutcome(number)
  }, rule.otherwise ?? 'FAIL')
}

function buildRound(rule: RuleOf<'ROUND'>): Built {
  const precision = readPrecision(rule.precision) ?? canonicalNumber('1')
  return (value) => {
    const number = readPlainNumber(String(value))
    if (number !== null) return valueOutcome(roundToMultiple(number, precision, rule.direction))
    return failed(
      'the value is no number',
      'Write digits with a point before decimals, or put a Decimal Formatting rule before this one',
    )
  }
}

function buildExtract(rule: RuleOf<'EXTRACT_FROM_DATE'>): Built {
  return (value) => {
    const date = readCanonicalDate(String(value))
    if (date !== null) return valueOutcome(String(partOfDate(date, rule.part)))
    return failed(
      'the value is no date in the form 2026-01-31',
      'Correct the value, or put a Date Formatting rule before this one',
    )
  }
}

function readSeconds(value: string | boolean): Outcome {
  const seconds = /^ *(-?\d{1,12}) *$/.exec(String(value))?.[1]
  const dateTime = seconds === undefined ? null : dateTimeOfSeconds(Number(seconds))
  if (dateTime === null)
    return unread(
      'the value is no number of seconds since 1970 within the years 1 to 9999',
      'Correct the value',
    )
  return valueOutcome(dateTime.startsWith(BLANK_DATE) ? null : dateTime)
}

function buildLookup(rule: RuleOf<'LOOKUP_LIST'>): Built {
  const keyOf = (value: string | boolean) =>
    rule.caseSensitive === false ? foldCase(String(value)) : String(value).normalize('NFC')
  const list = new Map<string, string | boolean | null>()
  for (const [index, { from, to }] of rule.entries.entries()) {
    if (list.has(keyOf(from)))
      return problem(
        'entries',
        `line ${index + 1} has the same "from" as a line before it. Expected each once; remove one`,
      )
    list.set(keyOf(from), to)
  }
  return settle((value) => {
    const found = list.get(keyOf(value))
    return found === undefined
      ? unread('the value is not in the list', 'Correct the value, or add a line for it to "entries"')
      : valueOutcome(found)
  }, rule.otherwise ?? 'FAIL')
}

function textStep(convert: (value: string) => string): Step {
  return (value) => valueOutcome(convert(String(value)))
}

/** What the rule cannot read or find becomes what `otherwise` says. */
function settle(step: Step, otherwise: Otherwise): Step {
  return (value) => {
    const outcome = step(value)
    if (outcome.kind !== 'unread') return outcome
    switch (otherwise) {
      case 'FAIL':
        return failed(outcome.message, `${outcome.remedy}; or let "otherwise" be KEEP or BLANK`)
      case 'KEEP':
        return valueOutcome(value)
      case 'BLANK':
        return valueOutcome(null)
      default:
        return assertNever(otherwise)
    }
  }
}

function unread(message: string, remedy: string): Outcome {
  return { kind: 'unread', message, remedy }
}

function failed(message: string, remedy: string): Outcome {
  return { kind: 'failed', message, remedy }
}

function problem(setting: string, text: string) {
  return { setting, problem: text }
}
