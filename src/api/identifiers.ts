import { badUserInput, echo, type InputProblem } from './errors.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The most ids that one call takes. */
const MOST_IDS = 1_000

/** Reads an id. Throws BAD_USER_INPUT naming the argument. */
export function parseId(value: string, argument: string): string {
  const problem = idProblem(value, argument)
  if (problem !== null) throw badUserInput([problem])
  return value.toLowerCase()
}

/** Reads a list of ids, each once, in the order given. Throws BAD_USER_INPUT naming every malformed one. */
export function parseIds(values: readonly string[], argument: string): readonly string[] {
  const problems = values
    .map((value, index) => idProblem(value, `${argument}[${index}]`))
    .filter((problem) => problem !== null)
  if (values.length === 0) problems.push({ argument, message: 'Expected at least one id.' })
  if (values.length > MOST_IDS) {
    problems.push({ argument, message: `Expected at most ${MOST_IDS} ids, got ${values.length}.` })
  }
  if (problems.length > 0) throw badUserInput(problems)
  return [...new Set(values.map((value) => value.toLowerCase()))]
}

export function isId(value: string): boolean {
  return UUID.test(value)
}

function idProblem(value: string, argument: string): InputProblem | null {
  if (isId(value)) return null
  return {
    argument,
    message: `Expected a UUID such as 0b5c2f9e-8d37-4a52-9c1e-6f1f0e4b7a21, got ${echo(value)}.`,
  }
}
