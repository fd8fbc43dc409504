import { Decimal } from 'decimal.js'
import { canonicalNumber } from '../number.js'
import { CULTURES, INVARIANT_CULTURE, type CultureName } from './culture.js'
import type { RoundingDirection } from './rule.js'

const MODES = {
  NEAREST: Decimal.ROUND_HALF_UP,
  UP: Decimal.ROUND_UP,
  DOWN: Decimal.ROUND_DOWN,
} as const satisfies Record<RoundingDirection, Decimal.Rounding>
/** More than the 28 digits of Business Central's decimals and the 38 of Dataverse's. */
export const MOST_DIGITS = 60
const MINUS = /^[-−]/

/** Reads a number as Accord writes it, or as people write it without separators of thousands; null where it is none. */
export function readPlainNumber(text: string): string | null {
  const trimmed = text.trim()
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(trimmed) ? canonical(trimmed) : null
}

/** A reader of numbers as people of a culture write them; null where text is none. */
export function createNumberReader(name: CultureName | undefined): (text: string) => string | null {
  const { decimal, thousands, currency } = name === undefined ? INVARIANT_CULTURE : CULTURES[name]
  const whole = String.raw`\d{1,3}(?<group>[${thousands}])\d{3}(?:\k<group>\d{3})*|\d*`
  const number = new RegExp(`^(?<whole>${whole})(?:[${decimal}](?<fraction>\\d*))?$`)
  return (text) => {
    const { amount, negative } = withoutSigns(text.trim(), currency)
    const found = number.exec(amount)?.groups
    if (found === undefined) return null
    const { whole: integer = '', fraction = '' } = found
    const digits = integer.replace(/\D/g, '')
    if (digits === '' && fraction === '') return null
    return canonical(`${negative ? '-' : ''}${digits || '0'}.${fraction || '0'}`)
  }
}

/** Takes off one currency symbol and one minus, plus or pair of parentheses, at either end, as .NET's number styles do. */
function withoutSigns(text: string, currency: readonly string[]): { amount: string; negative: boolean } {
  const inner = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1).trim() : null
  const outside = withoutSymbol(inner ?? text, currency)
  const { amount, sign } = withoutSign(outside)
  // The symbol may stand inside of the sign: -$5.
  const bare = outside === (inner ?? text) && sign !== null ? withoutSymbol(amount, currency) : amount
  if (inner !== null && sign !== null) return { amount: '', negative: false }
  return { amount: bare, negative: inner !== null || (sign !== null && MINUS.test(sign)) }
}

function withoutSymbol(text: string, currency: readonly string[]): string {
  for (const symbol of currency) {
    if (text.startsWith(symbol)) return text.slice(symbol.length).trim()
    if (text.endsWith(symbol)) return text.slice(0, -symbol.length).trim()
  }
  return text
}

function withoutSign(text: string): { amount: string; sign: string | null } {
  if (/^[-−+]/.test(text)) return { amount: text.slice(1).trim(), sign: text.charAt(0) }
  if (/[-−+]$/.test(text)) return { amount: text.slice(0, -1).trim(), sign: text.slice(-1) }
  return { amount: text, sign: null }
}

/** Rounds a canonical number to a multiple of `precision`, which is a number above zero. */
export function roundToMultiple(number: string, precision: string, direction: RoundingDirection): string {
  return canonicalNumber(new Decimal(number).toNearest(precision, MODES[direction]).toFixed())
}

function canonical(text: string): string | null {
  return text.replace(/\D/g, '').length > MOST_DIGITS ? null : canonicalNumber(text.replace(/^\+/, ''))
}
