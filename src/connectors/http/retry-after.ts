import type { IncomingHttpHeaders } from 'node:http'

/**
 * A service is left alone for so long at most, milliseconds, whatever it asks for: twice the window of the documented limits. One call
 * then finds out whether it still throttles. A date by a wrong clock, or a quota of a whole day, would hold everything back unseen.
 */
export const LONGEST_RETRY_AFTER = 600_000

/**
 * Milliseconds to wait as `Retry-After` asks (seconds or an HTTP date), at most {@link LONGEST_RETRY_AFTER}; undefined where the header is
 * absent or unreadable.
 */
export function retryAfterOf(
  headers: IncomingHttpHeaders | Readonly<Record<string, string | undefined>>,
  now: number,
): number | undefined {
  const asked = retryAfterAsked(headers, now)
  return asked === undefined ? undefined : Math.min(asked, LONGEST_RETRY_AFTER)
}

/** The same without a most. */
export function retryAfterAsked(
  headers: IncomingHttpHeaders | Readonly<Record<string, string | undefined>>,
  now: number,
): number | undefined {
  const value = headers['retry-after']
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
