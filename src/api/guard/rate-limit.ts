import rateLimit, { normalizeIP, type RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Somebody has sent more requests within a minute than one may. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError'
  readonly statusCode = 429
  constructor(
    readonly limit: number,
    readonly seconds: number,
    message = `At most ${limit} requests a minute are answered to one user or token. Wait ${seconds} s, ask for more in one request, or subscribe instead of asking again; ACCORD_RATE_LIMIT sets the limit.`,
  ) {
    super(message)
  }
}

const MINUTE = 60_000
/** Principals, or addresses, that are remembered. */
const MOST_KEYS = 10_000

/** Counts what one who has signed in asks for otherwise than by a request of its own. Throws {@link RateLimitError}. */
export type RequestCounter = (request: FastifyRequest) => Promise<void>

/**
 * Limits the requests of each who has signed in, whatever the number of his addresses; `perMinute` of them in each process, null: any
 * number. Who has not signed in is limited where he tries to, and by {@link limitByAddress}. Must be registered before the routes.
 */
export async function limitRate(app: FastifyInstance, perMinute: number | null): Promise<RequestCounter> {
  await app.register(rateLimit, {
    global: perMinute !== null,
    max: perMinute ?? 1,
    timeWindow: MINUTE,
    cache: MOST_KEYS,
    allowList: (request) => request.signedIn === null,
    keyGenerator: (request) => {
      const principal = request.signedIn?.principal
      return principal === undefined ? request.ip : `${principal.kind} ${principal.id}`
    },
    errorResponseBuilder: (_request, { max, ttl }) => new RateLimitError(max, Math.ceil(ttl / 1000)),
  })
  if (perMinute === null) return async () => undefined
  const count = app.createRateLimit()
  return async (request) => {
    const counted = await count(request)
    if (!counted.isAllowed && counted.isExceeded) throw new RateLimitError(counted.max, counted.ttlInSeconds)
  }
}

/** For the `config` of a route that asks nobody to sign in: so many requests a minute are answered to one address. */
export function limitByAddress(perMinute: number): { readonly rateLimit: RateLimitOptions } {
  return {
    rateLimit: {
      max: perMinute,
      timeWindow: MINUTE,
      allowList: [],
      keyGenerator: ({ ip }) => normalizeIP(String(ip)),
      errorResponseBuilder: (_request, { max, ttl }) => {
        const seconds = Math.ceil(ttl / 1000)
        return new RateLimitError(
          max,
          seconds,
          `At most ${max} requests a minute are answered to one address here. Wait ${seconds} s.`,
        )
      },
    },
  }
}
