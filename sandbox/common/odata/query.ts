import { QueryError } from './errors.js'

/** The options of one request's URL. Every value is decoded. */
export interface Query {
  /** Decoded path segments. */
  readonly path: readonly string[]
  readonly options: ReadonlyMap<string, string>
}

/** Splits a URL (path and query, or absolute). Throws QueryError for broken percent-encoding. */
export function parseUrl(url: string): Query {
  const withoutOrigin = url.replace(/^https?:\/\/[^/?#]+/i, '').split('#', 1)[0] ?? ''
  const mark = withoutOrigin.indexOf('?')
  const path = mark === -1 ? withoutOrigin : withoutOrigin.slice(0, mark)
  const options = new Map<string, string>()
  for (const part of (mark === -1 ? '' : withoutOrigin.slice(mark + 1)).split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decode(equals === -1 ? part : part.slice(0, equals))
    options.set(name, equals === -1 ? '' : decode(part.slice(equals + 1)))
  }
  return {
    path: path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
    options,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    if (error instanceof URIError)
      throw new QueryError('syntax', `The URL is not correctly encoded: '${text}'.`)
    throw error
  }
}

/** The number of an option such as $top; undefined when it is absent. Throws QueryError. */
export function countOption(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = options.get(name)
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) {
    throw new QueryError(
      'syntax',
      `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
    )
  }
  return Number(text)
}

/** `$orderby`, split. Throws QueryError. */
export function parseOrder(text: string | undefined): { name: string; descending: boolean }[] {
  if (text === undefined || text.trim() === '') return []
  return text.split(',').map((part) => {
    const match = /^\s*([\w]+)(?:\s+(asc|desc))?\s*$/.exec(part)
    if (match === null || match[1] === undefined)
      throw new QueryError('syntax', `Syntax error in $orderby '${text}'.`)
    return { name: match[1], descending: match[2] === 'desc' }
  })
}

/** `$select`, split; null when everything is wanted. */
export function parseSelect(text: string | undefined): string[] | null {
  if (text === undefined || text.trim() === '') return null
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names.includes('*') ? null : names
}

/** A cursor in a URL: opaque to clients. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Throws QueryError when the text was not made by {@link encodeCursor}. */
export function decodeCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) throw new QueryError('syntax', 'The skip token is not valid.')
    throw error
  }
}
