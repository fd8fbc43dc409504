import { canonicalNumber } from '../number.js'
import { REFUSED_RULE_TYPES, TRANSFORMATION_RULE_TYPES } from './catalog.js'
import type { TransformationRule } from './rule.js'
import type { TransformationRuleTypeInfo, TransformationSetting } from './setting.js'

type Members = Readonly<Record<string, unknown>>

/** Whether a rule's type and each of its settings alone are right. Settings that depend on each other are looked at later. */
export type CheckedSettings =
  | { readonly kind: 'rule'; readonly rule: TransformationRule }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

export function checkSettings(rule: unknown): CheckedSettings {
  if (!isMembers(rule))
    return problems([
      `Transformation rule: ${shown(rule)} is no rule. Expected an object with a type, such as {"type": "TRIM"}.`,
    ])
  const type = rule['type']
  const refusal = Object.entries(REFUSED_RULE_TYPES).find(([refused]) => refused === type)
  if (refusal !== undefined) return problems([`${refusal[0]}: this type ${refusal[1]}.`])
  const info = TRANSFORMATION_RULE_TYPES.find((candidate) => candidate.type === type)
  if (info === undefined)
    return problems([
      `Transformation rule: the type ${shown(type)} is unknown. Expected one of ${TRANSFORMATION_RULE_TYPES.map((known) => known.type).join(', ')}.`,
    ])
  const found = [
    ...unknownMembers(info, rule),
    ...info.settings.flatMap((setting) =>
      settingProblems(setting, rule[setting.name]).map((text) => describe(info.type, setting, text)),
    ),
  ]
  return found.length > 0 ? problems(found) : { kind: 'rule', rule: rule as unknown as TransformationRule }
}

/** `REPLACE, setting "find" (Find Value): is missing. …` */
export function describe(
  type: string,
  setting: Pick<TransformationSetting, 'name' | 'caption'>,
  text: string,
): string {
  return `${type}, setting "${setting.name}" (${setting.caption}): ${text}.`
}

function unknownMembers(info: TransformationRuleTypeInfo, rule: Members): string[] {
  const known = info.settings.map((setting) => setting.name)
  const names = known.length === 0 ? 'it has no settings' : `its settings are ${known.join(', ')}`
  return Object.keys(rule)
    .filter((name) => name !== 'type' && !known.includes(name))
    .map((name) => `${info.type}: the setting ${shown(name)} is unknown; ${names}. Remove or rename it.`)
}

function settingProblems(setting: TransformationSetting, value: unknown): string[] {
  if (value === undefined)
    return setting.required
      ? [`is missing. Expected ${expectationOf(setting)}. For example ${shown(setting.example)}`]
      : []
  if (setting.type === 'LOOKUP_ENTRIES') return entriesProblems(setting, value)
  if (isRight(setting, value)) return []
  return [`is ${shown(value)}. Expected ${expectationOf(setting)}. For example ${shown(setting.example)}`]
}

function isRight(setting: TransformationSetting, value: unknown): boolean {
  switch (setting.type) {
    case 'TEXT':
      return (
        typeof value === 'string' &&
        value.isWellFormed() &&
        value.length >= (setting.minimumLength ?? 0) &&
        value.length <= (setting.maximumLength ?? Infinity)
      )
    case 'INTEGER':
      return (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= (setting.minimum ?? -Infinity) &&
        value <= (setting.maximum ?? Infinity)
      )
    case 'DECIMAL':
      return readPrecision(value) !== null
    case 'BOOLEAN':
      return typeof value === 'boolean'
    case 'OPTION':
      return typeof value === 'string' && (setting.options ?? []).includes(value)
    case 'LOOKUP_ENTRIES':
      return Array.isArray(value)
  }
}

/** What a rounding precision is in canonical form: above zero, ten decimals at most. Null where it is none. */
export function readPrecision(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string' || !/^\d{1,15}(?:\.\d{1,20})?$|^\de-\d{1,2}$/.test(text)) return null
  const canonical = canonicalNumber(text)
  return canonical === '0' || (canonical.split('.')[1] ?? '').length > 10 ? null : canonical
}

function expectationOf(setting: TransformationSetting): string {
  switch (setting.type) {
    case 'TEXT':
      return `text of ${setting.minimumLength ?? 0} to ${setting.maximumLength ?? 0} characters, in quotes, without halves of surrogate pairs`
    case 'INTEGER':
      return `a whole number from ${setting.minimum ?? 0} to ${setting.maximum ?? 0}, without quotes`
    case 'DECIMAL':
      return 'a number above 0 with at most ten decimals'
    case 'BOOLEAN':
      return 'true or false, without quotes'
    case 'OPTION':
      return `one of ${(setting.options ?? []).join(', ')}`
    case 'LOOKUP_ENTRIES':
      return `a list of ${setting.minimumLength ?? 0} to ${setting.maximumLength ?? 0} lines`
  }
}

function entriesProblems(setting: TransformationSetting, value: unknown): string[] {
  const [minimum = 0, maximum = Infinity] = [setting.minimumLength, setting.maximumLength]
  if (!Array.isArray(value) || value.length < minimum || value.length > maximum)
    return [
      `is ${Array.isArray(value) ? `a list of ${value.length} lines` : shown(value)}. Expected ${expectationOf(setting)}. For example ${shown(setting.example)}`,
    ]
  return value.flatMap((entry: unknown, index) => {
    const wrong = entryProblem(entry)
    return wrong === null ? [] : [`line ${index + 1} ${wrong}. For example {"from": "UK", "to": "GB"}`]
  })
}

function entryProblem(entry: unknown): string | null {
  if (!isMembers(entry)) return `is ${shown(entry)}. Expected an object with "from" and "to"`
  const { from, to, ...others } = entry
  const [unknownName] = Object.keys(others)
  if (unknownName !== undefined)
    return `has the unknown member ${shown(unknownName)}. Expected "from" and "to" alone`
  const rightFrom = typeof from === 'boolean' || (isShortText(from) && from !== '')
  if (!rightFrom)
    return `has ${shown(from)} as "from". Expected text of 1 to 2048 characters in quotes, true or false`
  if (to !== null && typeof to !== 'boolean' && !isShortText(to))
    return `has ${shown(to)} as "to". Expected text of at most 2048 characters in quotes, true, false, or null for blank`
  return null
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2_048 && value.isWellFormed()
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as a person wrote it, cut where it is long. Never throws. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function')
    return `a ${typeof value}`
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlain(value))
    return 'an object'
  const text = serialize(value)
  return text.length > 80 ? `${text.slice(0, 77).toWellFormed()}…` : text
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** What JSON cannot say, such as an object that holds itself, is named by its kind. */
function serialize(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object'
  }
}

function problems(texts: readonly string[]): CheckedSettings {
  return { kind: 'problems', problems: texts }
}
