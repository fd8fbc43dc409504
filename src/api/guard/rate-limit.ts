import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'

/** Somebody has sent more requests within a minute than one may. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError'
  readonly statusCode = 429
  constructor(
    readonly limit: number,
    readonly seconds: number,
  ) {
    super(
      `At most ${limit} requests a minute are answered to one user or token. Wait ${seconds} s, ask for more in one request, or subscribe instead of asking again; ACCORD_RATE_LIMIT sets the limit.`,
    )
  }
}

/**
 * Limits the requests of each who has signed in, whatever the number of his addresses; `perMinute` of them in each process. Who has not
 * signed in is limited where he tries to. Must be registered before the routes.
 */
export async function limitRate(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    // Principals that are remembered.
    cache: 10_000,
    allowList: (request) => request.signedIn === null,
    keyGenerator: (request) => {
      const principal = request.signedIn?.principal
      return principal === undefined ? request.ip : `${principal.kind} ${principal.id}`
    },
    errorResponseBuilder: (_request, { max, ttl }) => new RateLimitError(max, Math.ceil(ttl / 1000)),
  })
}
