import { QueryError } from './errors.js'

/** A token of a $filter. `text` of a string is its value without quotes and with doubled quotes undone. */
export interface Token {
  readonly kind:
    | 'open'
    | 'close'
    | 'comma'
    | 'assign'
    | 'string'
    | 'guid'
    | 'dateTime'
    | 'date'
    | 'number'
    | 'name'
    | 'array'
  readonly text: string
  readonly at: number
}

/** In this order: a GUID or date may begin like a number, a number like a name. */
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['guid', /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])/y],
  ['dateTime', /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/y],
  ['date', /\d{4}-\d\d-\d\d(?![\w:-])/y],
  ['number', /[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-])/y],
  ['name', /@?[A-Za-z_][\w]*(?:[./][A-Za-z_$][\w]*)*/y],
]

/** Splits a $filter into tokens. Throws {@link QueryError} with the place that is not OData. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if (/\s/.test(character)) {
      at += 1
      continue
    }
    const single = SINGLE.get(character)
    if (single !== undefined) {
      tokens.push({ kind: single, text: character, at })
      at += 1
    } else if (character === "'") {
      const token = readString(text, at)
      tokens.push({ kind: 'string', text: token.value, at })
      at = token.end
    } else if (character === '[') {
      const end = endOfArray(text, at)
      tokens.push({ kind: 'array', text: text.slice(at, end), at })
      at = end
    } else {
      const token = readPattern(text, at)
      tokens.push(token)
      at += token.text.length
    }
  }
  return tokens
}

const SINGLE = new Map<string, Token['kind']>([
  ['(', 'open'],
  [')', 'close'],
  [',', 'comma'],
  ['=', 'assign'],
])

function readString(text: string, start: number): { value: string; end: number } {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf("'", at)
    if (quote === -1) throw syntaxError(`There is an unterminated string literal at position ${start}`, text)
    if (text.charAt(quote + 1) !== "'") {
      return { value: text.slice(start + 1, quote).replaceAll("''", "'"), end: quote + 1 }
    }
    at = quote + 2
  }
}

function endOfArray(text: string, start: number): number {
  let quote: string | null = null
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quote !== null) {
      if (character === '\\') at += 1
      else if (character === quote) quote = null
    } else if (character === '"' || character === "'") quote = character
    else if (character === ']') return at + 1
  }
  throw syntaxError(`There is an unterminated list at position ${start}`, text)
}

function readPattern(text: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) return { kind, text: match[0], at }
  }
  throw syntaxError(`Syntax error: character '${text.charAt(at)}' is not valid at position ${at}`, text)
}

export function syntaxError(message: string, text: string): QueryError {
  return new QueryError('syntax', `${message} in '${text}'.`)
}
