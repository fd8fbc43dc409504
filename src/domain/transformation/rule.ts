import type { Value } from '../value.js'
import type { CultureName } from './culture.js'

/** What becomes of a value that a rule cannot read or find: the record fails, the value stays as it is, or it becomes blank. */
export const Otherwise = { fail: 'FAIL', keep: 'KEEP', blank: 'BLANK' } as const
export type Otherwise = (typeof Otherwise)[keyof typeof Otherwise]

/** `NEAREST` rounds half away from zero; `UP` and `DOWN` go away from zero and towards it, as Business Central's `>` and `<`. */
export const RoundingDirection = { nearest: 'NEAREST', up: 'UP', down: 'DOWN' } as const
export type RoundingDirection = (typeof RoundingDirection)[keyof typeof RoundingDirection]

/** `DAY_OF_WEEK` is 1 on Monday and 7 on Sunday; `WEEK` is the week of ISO 8601. */
export const DatePart = {
  day: 'DAY',
  month: 'MONTH',
  year: 'YEAR',
  dayOfWeek: 'DAY_OF_WEEK',
  week: 'WEEK',
  quarter: 'QUARTER',
} as const
export type DatePart = (typeof DatePart)[keyof typeof DatePart]

/** A line of a value list: `to` is what a value equal to `from` becomes; blank text and null are blank. */
export interface LookupEntry {
  readonly from: string | boolean
  readonly to: string | boolean | null
}

/**
 * One transformation rule of a field mapping. JSON-safe: stored and written in YAML files as it is. Business Central chains
 * rules by "Next Transformation Rule"; here a field mapping has a list of them, applied in order.
 *
 * What each type and setting means, with Business Central's captions, is in `TRANSFORMATION_RULE_TYPES`.
 */
export type TransformationRule =
  | { readonly type: 'UPPERCASE'; readonly keepLength?: boolean }
  | { readonly type: 'LOWERCASE' }
  | { readonly type: 'TITLE_CASE' }
  | { readonly type: 'TRIM' }
  | {
      readonly type: 'SUBSTRING'
      readonly startPosition?: number
      readonly startingText?: string
      readonly length?: number
      readonly endingText?: string
      readonly otherwise?: Otherwise
    }
  | { readonly type: 'REPLACE'; readonly find: string; readonly replace?: string }
  | { readonly type: 'REGULAR_EXPRESSION_REPLACE'; readonly find: string; readonly replace?: string }
  | { readonly type: 'REGULAR_EXPRESSION_MATCH'; readonly find: string; readonly otherwise?: Otherwise }
  | { readonly type: 'REMOVE_NON_ALPHANUMERIC_CHARACTERS' }
  | {
      readonly type: 'DATE_FORMATTING'
      readonly format?: string
      readonly culture?: CultureName
      readonly otherwise?: Otherwise
    }
  | {
      readonly type: 'DATE_AND_TIME_FORMATTING'
      readonly format?: string
      readonly culture?: CultureName
      readonly otherwise?: Otherwise
    }
  | { readonly type: 'DECIMAL_FORMATTING'; readonly culture?: CultureName; readonly otherwise?: Otherwise }
  | { readonly type: 'ROUND'; readonly precision: number | string; readonly direction: RoundingDirection }
  | { readonly type: 'EXTRACT_FROM_DATE'; readonly part: DatePart }
  | { readonly type: 'UNIXTIMESTAMP'; readonly otherwise?: Otherwise }
  | {
      readonly type: 'LOOKUP_LIST'
      readonly entries: readonly LookupEntry[]
      readonly caseSensitive?: boolean
      readonly otherwise?: Otherwise
    }

export type TransformationRuleType = TransformationRule['type']

export type RuleOf<Type extends TransformationRuleType> = Extract<TransformationRule, { readonly type: Type }>

/** What a list of rules makes of a value, or why it cannot. Message and remedy are sentences without the value itself. */
export type Transformation =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'failed'; readonly message: string; readonly remedy: string }

/**
 * What one rule makes of a value that is not blank. `unread`: the value is not what the rule reads, so `otherwise` decides;
 * `failed`: whatever `otherwise` says. The texts complete the sentence "Transformation rule 1 (Round): …".
 */
export type Outcome =
  Transformation | { readonly kind: 'unread'; readonly message: string; readonly remedy: string }

/** A rule made ready: its settings are read once, however many values follow. Never throws. */
export type Step = (value: string | boolean) => Outcome

/** Longest text a rule takes or makes, in UTF-16 units: the longest text of either system. */
export const LONGEST_TEXT = 1_048_576

export function valueOutcome(value: Value): Outcome {
  return { kind: 'value', value: value === '' ? null : value }
}
