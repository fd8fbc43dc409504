import type { CombinedError } from 'urql'

/** A failure as people are told of it. */
export interface Failure {
  /** Stable name: FORBIDDEN, ENGINE_UNAVAILABLE; `UNREACHABLE` when there was no answer at all. */
  readonly code: string
  readonly message: string
  readonly cause: string | null
  readonly remedy: string | null
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
    }
  }
  const { code, cause, remedy } = first.extensions
  return {
    code: typeof code === 'string' ? code : 'INTERNAL',
    message: first.message,
    cause: typeof cause === 'string' ? cause : null,
    remedy: typeof remedy === 'string' ? remedy : null,
  }
}
