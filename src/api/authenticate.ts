import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether an `Authorization` header carries the token. Digests are compared, so that the time it takes tells neither the
 * token's length nor how much of it was right.
 */
export function carriesToken(header: string | undefined, token: string): boolean {
  const [scheme, given, ...rest] = (header ?? '').trim().split(/ +/)
  if (scheme?.toLowerCase() !== 'bearer' || given === undefined || rest.length > 0) return false
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
