import { validateRule, type TransformationRule } from '../../domain/transformation.js'
import type { Value } from '../../domain/value.js'
import { badUserInput, type InputProblem } from '../errors.js'

const MOST_SAMPLES = 100
const LONGEST_SAMPLE = 10_000

/** Throws BAD_USER_INPUT. */
export function checkSamples(samples: readonly Value[]): void {
  const problems: InputProblem[] = []
  if (samples.length > MOST_SAMPLES) {
    problems.push({
      argument: 'samples',
      message: `Expected at most ${MOST_SAMPLES} values, got ${samples.length}.`,
    })
  }
  for (const [index, sample] of samples.entries()) {
    if (typeof sample === 'string' && sample.length > LONGEST_SAMPLE) {
      problems.push({
        argument: `samples[${index}]`,
        message: `Expected at most ${LONGEST_SAMPLE} characters, got ${sample.length}.`,
      })
    }
  }
  if (problems.length > 0) throw badUserInput(problems)
}

/** Throws BAD_USER_INPUT with every problem of every rule. */
export function checkRules(rules: readonly unknown[]): readonly TransformationRule[] {
  const problems = rules.flatMap((rule, index) =>
    validateRule(rule).map((message) => ({ argument: `rules[${index}]`, message })),
  )
  if (problems.length > 0) throw badUserInput(problems)
  return rules as readonly TransformationRule[]
}
