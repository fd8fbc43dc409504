import type { CombinedError } from 'urql'

/** A failure as people are told of it. */
export interface Failure {
  /** Stable name: FORBIDDEN, ENGINE_UNAVAILABLE; `UNREACHABLE` when there was no answer at all. */
  readonly code: string
  readonly message: string
  readonly cause: string | null
  readonly remedy: string | null
  /** What was asked for is not there, or what names it is no id at all, as in a mistyped address. */
  readonly missing: boolean
}

export const UNREACHABLE = 'UNREACHABLE'

/** What went wrong, as the server tells it. */
export function failureOf(error: CombinedError): Failure {
  const [first] = error.graphQLErrors
  if (first === undefined) {
    return {
      code: UNREACHABLE,
      message: error.networkError?.message ?? error.message,
      cause: null,
      remedy: null,
      missing: false,
    }
  }
  const { code, cause, remedy, problems } = first.extensions
  return {
    code: typeof code === 'string' ? code : 'INTERNAL',
    message: first.message,
    cause: typeof cause === 'string' ? cause : null,
    remedy: typeof remedy === 'string' ? remedy : null,
    missing: code === 'NOT_FOUND' || (code === 'BAD_USER_INPUT' && areAllOf('id', problems)),
  }
}

/** Whether everything that is wrong with what was sent is wrong with one argument. */
function areAllOf(argument: string, problems: unknown): boolean {
  return (
    Array.isArray(problems) &&
    problems.length > 0 &&
    problems.every((problem: unknown) => (problem as { argument?: unknown } | null)?.argument === argument)
  )
}
