import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import { ErrorCode } from '../errors.js'
import { failure } from '../failure.js'
import { DeadlineError } from './deadline.js'
import { ProviderUnavailableError } from '../sign-in/provider-unavailable.js'
import { RateLimitError } from './rate-limit.js'

/** Failures before GraphQL: in the shape of GraphQL, so that clients need to know one only. */
export function answerFailures(app: FastifyInstance, deadlineSeconds: number, logger: Logger): void {
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send(failure(ErrorCode.notFound, 'There is nothing here. GraphQL is at /graphql.')),
  )
  app.setErrorHandler(
    async (
      error: FastifyError | RateLimitError | DeadlineError | ProviderUnavailableError,
      _request,
      reply: FastifyReply,
    ) => {
      if (error instanceof RateLimitError)
        return reply.code(429).send(
          failure(ErrorCode.rateLimited, error.message, {
            what: 'requests a minute',
            limit: error.limit,
            retryAfterSeconds: error.seconds,
          }),
        )
      if (error instanceof DeadlineError) {
        logger.warn({ path: reply.request.routeOptions.url, deadlineSeconds }, 'A request took too long')
        return reply
          .code(503)
          .send(
            failure(
              ErrorCode.timeout,
              `The answer took more than ${deadlineSeconds} s. What the request has started goes on: look before you ask again. Ask for less at once; ACCORD_API_DEADLINE_SECONDS sets the limit.`,
              { what: 'seconds of a request', limit: deadlineSeconds },
            ),
          )
      }
      if (error instanceof ProviderUnavailableError)
        return reply.code(503).send(failure(ErrorCode.signInUnavailable, error.message))
      const status = error.statusCode ?? 500
      if (status < 500) return reply.code(status).send(failure('BAD_REQUEST', error.message))
      logger.error({ err: error }, 'A request failed unexpectedly')
      return reply
        .code(500)
        .send(failure(ErrorCode.internal, 'Accord met an internal error. Its log says more.'))
    },
  )
}
