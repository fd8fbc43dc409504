import type { FastifyRequest } from 'fastify'

/**
 * Whether a request with a cookie comes from a page of ours, or from no page (an address that was typed, a link that was followed; these
 * only read). Browsers name the origin of everything but plain reads, and no page can change what they say.
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: string | null): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined) return ownOrigins(request, publicUrl).includes(origin)
  if (request.method !== 'GET' && request.method !== 'HEAD') return site === 'same-origin'
  return site === undefined || site === 'same-origin' || site === 'none' || site === 'same-site'
}

function ownOrigins(request: FastifyRequest, publicUrl: string | null): readonly string[] {
  return [`${request.protocol}://${request.host}`, ...(publicUrl === null ? [] : [new URL(publicUrl).origin])]
}
