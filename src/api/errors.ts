import { GraphQLError } from './graphql.js'

/** Every `extensions.code` a client may meet, beside Apollo's own for documents that do not parse or validate. */
export const ErrorCode = {
  /** No bearer token, or a wrong one. Also the HTTP status 401. */
  unauthenticated: 'UNAUTHENTICATED',
  /** The provider of sign-in does not answer, so that a token of it cannot be judged. HTTP status 503. */
  signInUnavailable: 'SIGN_IN_UNAVAILABLE',
  /** The role of who asks does not allow it; `extensions.needs` is the role that does. Nothing was done. */
  forbidden: 'FORBIDDEN',
  /** An argument has no meaning here; `extensions.problems` lists every one with what was expected. */
  badUserInput: 'BAD_USER_INPUT',
  /** What the argument names does not exist. */
  notFound: 'NOT_FOUND',
  /** A step that cannot be undone was asked for without `confirm: true`. Nothing was done. */
  confirmationRequired: 'CONFIRMATION_REQUIRED',
  /** The run left no failed or pending record behind. */
  nothingToRetry: 'NOTHING_TO_RETRY',
  /** What was asked for does not fit the state of the thing at hand. */
  conflictingState: 'CONFLICTING_STATE',
  /** The key of a request stands for another one of the same caller. Nothing was done. */
  keyUsedOtherwise: 'KEY_USED_OTHERWISE',
  /** What was asked for under the key of a request broke off: nobody can tell whether it has begun. Nothing was done now. */
  keyOutcomeUnknown: 'KEY_OUTCOME_UNKNOWN',
  /** The operation asks for more than one request may. */
  queryTooComplex: 'QUERY_TOO_COMPLEX',
  /** Several operations came in one request. Nothing was done. */
  batchRefused: 'BATCH_REFUSED',
  /** More requests came within a minute than are answered to one; the header Retry-After says when to come again. HTTP status 429. */
  rateLimited: 'RATE_LIMITED',
  /** It took longer than it may; `extensions.limit` are the seconds. */
  timeout: 'TIMEOUT',
  /** Temporal cannot be reached, so runs can be neither started nor stopped. */
  engineUnavailable: 'ENGINE_UNAVAILABLE',
  /** A business system could not be read; `extensions` say class, cause and remedy. */
  systemFailure: 'SYSTEM_FAILURE',
  /** A fault of ours; `extensions.reference` finds it in the log. */
  internal: 'INTERNAL_SERVER_ERROR',
} as const
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

/** One argument at fault: its path within the field's arguments, and what would have been right. */
export interface InputProblem {
  /** `input.toWatermark`, `ids[3]`. */
  readonly argument: string
  /** What is wrong and what was expected, one sentence. */
  readonly message: string
}

const LONGEST_ECHO = 100

/** An expected failure: its message and extensions reach the client as they are. */
export function apiError(
  code: ErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code } })
}

/** Arguments that have no meaning; all problems at once. */
export function badUserInput(problems: readonly InputProblem[]): GraphQLError {
  const message = problems.map((problem) => `${problem.argument}: ${problem.message}`).join(' ')
  return apiError(ErrorCode.badUserInput, message, { problems })
}

/** What a client sent, fit to stand in a message. */
export function echo(text: string): string {
  const points = [...text.toWellFormed().replaceAll(/\p{Cc}/gu, '\u{FFFD}')]
  return points.length > LONGEST_ECHO
    ? `"${points.slice(0, LONGEST_ECHO).join('')}..." (${text.length} characters)`
    : `"${points.join('')}"`
}

const begun = new WeakSet<Error>()

/** Marks an error that came when something had begun already: what was asked for may go on, and is not to be begun again. */
export function havingBegun<Failure extends Error>(error: Failure): Failure {
  begun.add(error)
  return error
}

/** Whether something had begun before this error. */
export function hasBegun(error: unknown): boolean {
  return error instanceof Error && begun.has(error)
}
