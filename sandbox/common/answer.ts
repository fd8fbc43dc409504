import type { Json } from './json.js'
import type { Work } from './limits.js'
import type { Caller } from './tokens.js'

/** What a sandbox answers. The body is text that is sent as it is. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Records carried in the body, for the metrics. */
  readonly rows: number
}

/** A request, or one item of a batch. Header names are in lower case. */
export interface ApiRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body where it was parsed already, as in a JSON batch. */
  readonly json?: Json
  /** `http://host:port` under which the client reached the sandbox. */
  readonly origin: string
  readonly caller: Caller
  /** Counts what the request and its items do, where somebody is charged for it. */
  readonly work?: Work
}

export function jsonAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  rows = 0,
): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body, rows }
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: '', rows: 0 }
}

/** The parameters of a `Prefer` header, names in lower case, values without quotes. */
export function preferences(headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const result = new Map<string, string>()
  for (const part of (headers['prefer'] ?? '').match(/(?:"[^"]*"|[^,;"])+/g) ?? []) {
    const [name, ...value] = part.split('=')
    if (name === undefined || name.trim() === '') continue
    result.set(name.trim().toLowerCase(), value.join('=').trim().replaceAll('"', ''))
  }
  return result
}
