import { dayNumber, dayOfWeek, type Moment } from './calendar.js'
import { hourOfDay, readOffset, yearOfTwoDigits } from './culture-date.js'

type NumberPart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'
type Part = NumberPart | 'fraction' | 'half' | 'zone' | 'weekday'

/** One piece of a date format. */
type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'digits'
      readonly part: NumberPart | 'fraction'
      readonly least: number
      readonly most: number
    }
  | { readonly kind: 'name'; readonly part: 'month' | 'weekday'; readonly names: readonly string[] }
  | { readonly kind: 'pattern'; readonly part: 'half' | 'zone'; readonly pattern: RegExp }

export type DateFormat =
  | { readonly kind: 'format'; readonly tokens: readonly Token[] }
  | { readonly kind: 'problem'; readonly problem: string }

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3))
const digits = (part: NumberPart | 'fraction', least: number, most = least): Token => ({
  kind: 'digits',
  part,
  least,
  most,
})

/** The specifiers of .NET's custom date formats that are read; names of months and days are English, as in Business Central. */
const SPECIFIERS: Readonly<Record<string, Token>> = {
  yyyy: digits('year', 4),
  yy: digits('year', 2),
  MMMM: { kind: 'name', part: 'month', names: MONTHS },
  MMM: { kind: 'name', part: 'month', names: short(MONTHS) },
  MM: digits('month', 2),
  M: digits('month', 1, 2),
  dddd: { kind: 'name', part: 'weekday', names: WEEKDAYS },
  ddd: { kind: 'name', part: 'weekday', names: short(WEEKDAYS) },
  dd: digits('day', 2),
  d: digits('day', 1, 2),
  HH: digits('hour', 2),
  H: digits('hour', 1, 2),
  hh: digits('hour', 2),
  h: digits('hour', 1, 2),
  mm: digits('minute', 2),
  m: digits('minute', 1, 2),
  ss: digits('second', 2),
  s: digits('second', 1, 2),
  tt: { kind: 'pattern', part: 'half', pattern: /[ap]m/iy },
  t: { kind: 'pattern', part: 'half', pattern: /[ap]/iy },
  zzz: { kind: 'pattern', part: 'zone', pattern: /[+-]\d{2}:\d{2}/y },
  zz: { kind: 'pattern', part: 'zone', pattern: /[+-]\d{2}/y },
  K: { kind: 'pattern', part: 'zone', pattern: /Z|[+-]\d{2}:\d{2}|/y },
}
for (let count = 1; count <= 7; count += 1) {
  Object.assign(SPECIFIERS, {
    ['f'.repeat(count)]: digits('fraction', count),
    ['F'.repeat(count)]: digits('fraction', 0, count),
  })
}

export const READABLE_SPECIFIERS =
  'yyyy yy MMMM MMM MM M dddd ddd dd d HH H hh h mm m ss s f to fffffff F to FFFFFFF tt t zzz zz K'

const PIECE =
  /'(?<single>[^']*)'|"(?<double>[^"]*)"|\\(?<escaped>.)|(?<letter>[A-Za-z])\k<letter>*|(?<other>.)/gsu
/** Letters that .NET reads as specifiers; any other letter stands for itself. */
const SPECIFIER_LETTERS = /^[dfFgHhKmMstyz]$/

/** Reads a date format, or says what is wrong with it in words that complete "The format …". */
export function readDateFormat(format: string): DateFormat {
  const tokens: Token[] = []
  for (const piece of format.matchAll(PIECE)) {
    const { single, double, escaped, letter, other } = piece.groups ?? {}
    const literal = single ?? double ?? escaped ?? other
    if (literal !== undefined) {
      if (other !== undefined && /['"\\%]/.test(other)) return problem(`has a stray ${other}`)
      tokens.push({ kind: 'literal', text: literal })
    } else if (letter !== undefined && !SPECIFIER_LETTERS.test(letter)) {
      tokens.push({ kind: 'literal', text: piece[0] })
    } else {
      const token = Object.hasOwn(SPECIFIERS, piece[0]) ? SPECIFIERS[piece[0]] : undefined
      if (token === undefined)
        return problem(`has ${piece[0]}, which is not read; these are: ${READABLE_SPECIFIERS}`)
      tokens.push(token)
    }
  }
  const wrong = wrongParts(tokens, /h/.test(unquoted(format)))
  return wrong === null ? { kind: 'format', tokens } : problem(wrong)
}

function wrongParts(tokens: readonly Token[], twelveHours: boolean): string | null {
  const parts = tokens.flatMap((token) => (token.kind === 'literal' ? [] : [token.part]))
  const twice = parts.find((part, index) => parts.indexOf(part) !== index)
  if (twice !== undefined) return `names the ${twice} twice`
  const missing = (['year', 'month', 'day'] as const).find((part) => !parts.includes(part))
  if (missing !== undefined) return `has no ${missing}, without which a date is not known`
  if (twelveHours && !parts.includes('half'))
    return 'has hours of 12 without tt: write HH, or add tt for AM or PM'
  if (!twelveHours && parts.includes('half'))
    return 'has t for AM or PM without h: write h or hh for the hour'
  return null
}

function unquoted(format: string): string {
  return format.replace(/'[^']*'|"[^"]*"|\\./gsu, '')
}

/** Reads text that is exactly in the format. Null where it is not. Whether the day exists is not looked at. */
export function readDateInFormat(text: string, tokens: readonly Token[]): Moment | null {
  const found: Partial<Record<Part, string>> = {}
  let position = 0
  for (const token of tokens) {
    const piece = pieceAt(text, position, token)
    if (piece === null) return null
    position += piece.length
    if (token.kind !== 'literal') found[token.part] = valueOf(token, piece)
  }
  if (position !== text.length) return null
  const hour = hourOfDay(Number(found.hour ?? 0), found.half?.slice(0, 1))
  if (hour === null) return null
  const year = Number(found.year)
  const moment: Moment = {
    year: found.year?.length === 2 ? yearOfTwoDigits(year) : year,
    month: Number(found.month),
    day: Number(found.day),
    hour,
    minute: Number(found.minute ?? 0),
    second: Number(found.second ?? 0),
    fraction: found.fraction ?? '',
    offset: found.zone === undefined || found.zone === '' ? 0 : readOffset(found.zone),
  }
  const rightWeekday = found.weekday === undefined || dayOfWeek(dayNumber(moment)) === Number(found.weekday)
  return rightWeekday ? moment : null
}

function pieceAt(text: string, position: number, token: Token): string | null {
  switch (token.kind) {
    case 'literal':
      return text.startsWith(token.text, position) ? token.text : null
    case 'digits': {
      let end = position
      while (end - position < token.most && /[0-9]/.test(text.charAt(end))) end += 1
      return end - position < token.least ? null : text.slice(position, end)
    }
    case 'name': {
      const rest = text.slice(position, position + 10).toLowerCase()
      const name = token.names.find((candidate) => rest.startsWith(candidate.toLowerCase()))
      return name ?? null
    }
    case 'pattern': {
      const pattern = new RegExp(token.pattern)
      pattern.lastIndex = position
      return pattern.exec(text)?.[0] ?? null
    }
  }
}

/** Names become numbers from 1. */
function valueOf(token: Exclude<Token, { kind: 'literal' }>, piece: string): string {
  return token.kind === 'name' ? String(token.names.indexOf(piece) + 1) : piece
}

function problem(text: string): DateFormat {
  return { kind: 'problem', problem: text }
}
