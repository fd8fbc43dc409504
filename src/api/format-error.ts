import { randomUUID } from 'node:crypto'
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from './graphql.js'
import type { Logger } from 'pino'
import { ErrorCode } from './errors.js'
import { withoutValues } from './without-values.js'

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
    if (cause instanceof GraphQLError && code !== undefined && code !== ErrorCode.internal) {
      // Expected failures of ours are thrown by resolvers, and have a path; GraphQL's own about the document have none.
      return formatted.path === undefined ? { ...formatted, message: withoutValues(cause) } : formatted
    }
    const reference = randomUUID()
    logger.error({ err: cause, reference, path: formatted.path }, 'A GraphQL request failed unexpectedly')
    return {
      message: `Accord met an internal error. Its log says more under ${reference}.`,
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { code: ErrorCode.internal, reference },
    }
  }
}
