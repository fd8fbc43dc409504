import type { Value } from '../value.js'
import { buildRule, type BuiltRule } from './build.js'
import { LONGEST_TEXT, type Outcome, type Transformation, type TransformationRule } from './rule.js'

/** A list of rules made ready. */
export interface PreparedTransformation {
  /** What the rules make of a value. Blank stays blank, whatever the rules. Never throws. */
  transform(value: Value): Transformation
  /** The same with the value after each rule, as text; the list ends with the rule that failed or blanked it. */
  trace(value: Value): { readonly steps: readonly (string | null)[]; readonly result: Transformation }
}

/** More rules than this in one field mapping are a mistake. */
const MOST_RULES = 50

/**
 * Makes rules ready, so that expressions and formats are read once for many values. A rule that is not valid fails every
 * value that is not blank. Never throws.
 */
export function prepareTransformation(rules: readonly TransformationRule[]): PreparedTransformation {
  const built = rules.map(buildRule)
  const trace = (value: Value) => {
    const steps: (string | null)[] = []
    let current = value
    for (const [index, rule] of built.entries()) {
      if (current === null) break
      const outcome = applyRule(rule, index, current)
      if (outcome.kind === 'failed') return { steps, result: outcome }
      current = outcome.value
      steps.push(current === null ? null : String(current))
    }
    const result: Transformation = { kind: 'value', value: current === '' ? null : current }
    return { steps, result }
  }
  return { trace, transform: (value) => trace(value).result }
}

/**
 * What a list of rules makes of a canonical value, in order: canonical again, or why it cannot. Blank stays blank; a Boolean
 * is `true` or `false` to rules for text. Never throws, never asks the clock, the locale or the machine. For many values
 * prepare the rules once with `prepareTransformation`.
 */
export function transformValue(rules: readonly TransformationRule[], value: Value): Transformation {
  return prepareTransformation(rules).transform(value)
}

/** What the rules make of sample values, step by step: what a person looks at before a mapping is saved. Never throws. */
export function previewTransformation(
  rules: readonly TransformationRule[],
  samples: readonly Value[],
): readonly { sample: Value; steps: readonly (string | null)[]; result: Transformation }[] {
  const prepared = prepareTransformation(rules)
  return samples.map((sample) => ({ sample, ...prepared.trace(sample) }))
}

/**
 * Every problem of a rule in words: which setting, what it is, what is expected and how to put it right. Empty where the rule
 * is fine. Regular expressions are refused where they cannot be read, or would be too large; what they may cost at a run is
 * bounded by itself. Never throws.
 */
export function validateRule(rule: unknown): readonly string[] {
  const built = buildRule(rule)
  return built.kind === 'problems' ? built.problems : []
}

/** The same of a whole list, each problem with the number of its rule. */
export function validateRules(rules: unknown): readonly string[] {
  if (!Array.isArray(rules))
    return ['Transformation rules: expected a list of rules, such as [{"type": "TRIM"}].']
  if (rules.length > MOST_RULES)
    return [`Transformation rules: ${rules.length} rules; expected at most ${MOST_RULES}. Join some of them.`]
  return rules.flatMap((rule: unknown, index) =>
    validateRule(rule).map((problem) => `Rule ${index + 1} of ${rules.length}: ${problem}`),
  )
}

function applyRule(rule: BuiltRule, index: number, value: string | boolean): Transformation {
  const name = `Transformation rule ${index + 1}`
  if (rule.kind === 'problems')
    return {
      kind: 'failed',
      message: `${name} is not valid. ${rule.problems.join(' ')}`,
      remedy: 'Correct the transformation rules of the field mapping.',
    }
  const outcome = isTooLong(value) ? TOO_LONG : rule.step(value)
  const checked = outcome.kind === 'value' && isTooLong(outcome.value) ? TOO_LONG : outcome
  if (checked.kind === 'value') return checked
  return {
    kind: 'failed',
    message: `${name} (${rule.caption}): ${checked.message}.`,
    remedy: `${checked.remedy}.`,
  }
}

const TOO_LONG: Outcome = {
  kind: 'failed',
  message: `the text is longer than ${LONGEST_TEXT} characters`,
  remedy: 'Shorten the value, or what the rule puts into it',
}

function isTooLong(value: Value): boolean {
  return typeof value === 'string' && value.length > LONGEST_TEXT
}
