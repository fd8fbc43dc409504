import type { CombinedError } from 'urql'
import type { FindingFragment } from './generated/graphql.js'

/** One setting at fault: its path below what was sent, and what would have been right. */
export interface Problem {
  readonly argument: string
  readonly message: string
}

/** What was wrong with what was sent, place by place; empty where the server refused for another reason. */
export function problemsOf(error: CombinedError): readonly Problem[] {
  const problems = error.graphQLErrors[0]?.extensions['problems']
  return Array.isArray(problems) ? (problems as readonly Problem[]) : []
}

/** What a check found that keeps a connection from being enabled; empty where it was refused for another reason. */
export function findingsOf(error: CombinedError): readonly FindingFragment[] {
  const findings = error.graphQLErrors[0]?.extensions['findings']
  return Array.isArray(findings) ? (findings as readonly FindingFragment[]) : []
}

/** The problems of one end, by the path of the setting. */
export function problemsBelow(
  problems: readonly Problem[],
  argument: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    problems
      .filter((problem) => problem.argument.startsWith(`${argument}.`))
      .map((problem) => [problem.argument.slice(argument.length + 1), problem.message]),
  )
}
