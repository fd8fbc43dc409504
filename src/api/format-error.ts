import { randomUUID } from 'node:crypto'
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from './graphql.js'
import type { Logger } from 'pino'
import { ErrorCode } from './errors.js'
import { refusalOf } from './guard/document-rules.js'
import { withoutValues } from './without-values.js'

const NARROWER =
  'Ask for less: a filter on a mapping or on a time, or no `totalCount`. ACCORD_STATEMENT_SECONDS sets the limit.'

/** Apollo refuses some requests (as a persisted query under another's hash) with a status and no code. */
function isFaultOfRequest({ extensions }: GraphQLError): boolean {
  const http: unknown = extensions['http']
  const status = typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500
}

/** PostgreSQL's `character_not_in_repertoire`, and what it says of a parameter with NUL: no message can carry one. */
function isUnstorable(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return (
    error.code === '22021' || (error.code === '08P01' && error.message.includes('invalid message format'))
  )
}

/** PostgreSQL's `query_canceled`, of the statement or of what was made of its failure. */
function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014'
}

/**
 * What leaves the house of an error. Expected failures and faults of the document are passed on with their code; anything
 * else is logged whole and leaves only a reference to the log.
 */
export function createErrorFormatter(
  logger: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const cause = unwrapResolverError(error)
    const code: unknown = formatted.extensions?.['code']
    const refusal = cause instanceof GraphQLError && formatted.path === undefined ? refusalOf(cause) : null
    if (refusal !== null) return refusal.toJSON()
    if (isStatementTimeout(cause)) {
      logger.warn({ path: formatted.path }, 'A statement of a GraphQL request took too long')
      return {
        message: `The database took too long to answer. ${NARROWER}`,
        ...(formatted.path === undefined ? {} : { path: formatted.path }),
        extensions: { code: ErrorCode.timeout, what: 'time of a statement', remedy: NARROWER },
      }
    }
    if (cause instanceof GraphQLError && code !== undefined && code !== ErrorCode.internal) {
      // Expected failures of ours are thrown by resolvers, and have a path; GraphQL's own about the document have none.
      return formatted.path === undefined ? { ...formatted, message: withoutValues(cause) } : formatted
    }
    if (isUnstorable(cause))
      return {
        message: 'An argument holds a character that no text here can: NUL, or half of a surrogate pair.',
        ...(formatted.path === undefined ? {} : { path: formatted.path }),
        extensions: { code: ErrorCode.badUserInput },
      }
    if (cause instanceof GraphQLError && isFaultOfRequest(cause))
      return { message: cause.message, extensions: { code: 'BAD_REQUEST' } }
    const reference = randomUUID()
    logger.error({ err: cause, reference, path: formatted.path }, 'A GraphQL request failed unexpectedly')
    return {
      message: `Accord met an internal error. Its log says more under ${reference}.`,
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { code: ErrorCode.internal, reference },
    }
  }
}
