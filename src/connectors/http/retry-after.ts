import type { IncomingHttpHeaders } from 'node:http'

/** Milliseconds to wait as `Retry-After` asks (seconds or an HTTP date), or undefined where the header is absent or unreadable. */
export function retryAfterOf(
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
