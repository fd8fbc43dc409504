import { Decimal } from 'decimal.js'

/** Wide enough for any decimal or 64-bit integer of either system; rounding half away from zero, as both systems round. */
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -50, toExpPos: 50 })

/** The canonical form: no exponent, no `-0`, no trailing zeros. Throws on text that is not a number. */
export function canonicalNumber(text: string): string {
  const value = new Exact(text)
  if (!value.isFinite()) throw new RangeError(`Not a finite number: ${text}`)
  return value.isZero() ? '0' : value.toFixed()
}

/** Whether text is a plain decimal number: digits, a point, a sign. */
export function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text)
}

/** Rounded to `scale` decimals, canonical. */
export function roundNumber(text: string, scale: number): string {
  return canonicalNumber(new Exact(text).toDecimalPlaces(scale).toFixed())
}

/** Negative, zero or positive. */
export function compareNumbers(left: string, right: string): number {
  return new Exact(left).comparedTo(new Exact(right))
}
