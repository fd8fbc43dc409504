import type { TransformationRuleType } from './rule.js'

/** One setting of a rule type: enough to show a form for it and to check what comes in. */
export interface TransformationSetting {
  readonly name: string
  /** Business Central's caption of the field, where it has one. */
  readonly caption: string
  readonly description: string
  readonly type: 'TEXT' | 'INTEGER' | 'DECIMAL' | 'BOOLEAN' | 'OPTION' | 'LOOKUP_ENTRIES'
  readonly required: boolean
  /** Of an `OPTION`: what it can be. */
  readonly options?: readonly string[]
  /** Of a `TEXT`: UTF-16 units; of `LOOKUP_ENTRIES`: lines. */
  readonly minimumLength?: number
  readonly maximumLength?: number
  /** Of an `INTEGER`. */
  readonly minimum?: number
  readonly maximum?: number
  /** What holds where the setting is left out. */
  readonly default?: string | number | boolean
  readonly example: string | number | boolean | readonly object[]
}

/** One type of transformation rule, for an API and a form. */
export interface TransformationRuleTypeInfo {
  readonly type: TransformationRuleType
  /** Business Central's caption, or ours where it has no such type. */
  readonly caption: string
  readonly description: string
  /** What differs from Business Central, where something does. */
  readonly difference: string | null
  readonly settings: readonly TransformationSetting[]
}
