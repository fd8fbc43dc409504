import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Whether an `Authorization` header carries the token. Digests are compared, so that the time it takes tells neither the
 * token's length nor how much of it was right.
 */
export function carriesToken(header: string | undefined, token: string): boolean {
  const given = bearerOf(header)
  return given !== null && timingSafeEqual(digest(given), digest(token))
}

/** The bearer token of an `Authorization` header; null: it carries none. */
export function bearerOf(header: string | undefined): string | null {
  const [scheme, given, ...rest] = (header ?? '').trim().split(/ +/)
  return scheme?.toLowerCase() === 'bearer' && given !== undefined && rest.length === 0 ? given : null
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
