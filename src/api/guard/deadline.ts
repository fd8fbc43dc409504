import type { FastifyInstance } from 'fastify'

/** A request was not answered in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
  readonly code = 'DEADLINE'
  readonly statusCode = 503
}

/**
 * Answers a request at `path` with a {@link DeadlineError} when nothing else has after `seconds`. Fastify's own `handlerTimeout` ends
 * with the arrival of the body.
 */
export function holdToDeadline(app: FastifyInstance, path: string, seconds: number): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== path) return
    const timer = setTimeout(() => {
      if (!reply.sent) void reply.send(new DeadlineError('Nothing was answered in time'))
    }, seconds * 1000)
    reply.raw.once('close', () => clearTimeout(timer))
  })
}
