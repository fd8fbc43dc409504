import { convertValue } from './convert.js'
import { compareNumbers, isNumber, roundNumber } from './number.js'
import { canonicalCode } from './text.js'
import type { FieldType, Value } from './value.js'
import { dayOf, readInstant } from './zoned-date.js'

/**
 * Whether two canonical values mean the same, as far as both fields can tell (engine rule 8): text in NFC, codes without
 * case, numbers at the coarser scale of the two fields, the blank of a field that cannot be blank (0, false) like blank, text
 * beside a field of another type as that type reads it, a date beside a date-time by the day in the time zone.
 */
export function sameValue(
  left: Value,
  leftType: FieldType,
  right: Value,
  rightType: FieldType,
  timeZone: string | null = null,
): boolean {
  if (left === right) return true
  const a = blankLike(asType(left, leftType, rightType), leftType, rightType)
  const b = blankLike(asType(right, rightType, leftType), rightType, leftType)
  if (a === null || b === null || typeof a === 'boolean' || typeof b === 'boolean') return a === b
  if (isNumeric(leftType) || isNumeric(rightType)) return sameNumber(a, leftType, b, rightType)
  if (leftType.kind === 'dateTime' || rightType.kind === 'dateTime')
    return sameInstant(a, leftType, b, rightType, timeZone ?? 'utc')
  if (leftType.kind === 'code' || rightType.kind === 'code') {
    return canonicalCode(a).normalize('NFC') === canonicalCode(b).normalize('NFC')
  }
  return a.normalize('NFC') === b.normalize('NFC')
}

/** Whether a field still holds what it held: the same value to the last digit and fraction of a second. */
export function isUnchanged(value: Value, before: Value, type: FieldType): boolean {
  if (type.kind !== 'dateTime' || typeof value !== 'string' || typeof before !== 'string')
    return sameValue(value, type, before, type)
  return value === before
}

/**
 * Text read as the other field would read it, where it can be: `1.50` beside a decimal is the number. Of a Boolean that was
 * carried to text the word is read too.
 */
function asType(value: Value, own: FieldType, other: FieldType): Value {
  if (typeof value !== 'string') return value
  const isRead = isText(own) && !isText(other) && other.kind !== 'option'
  if (!isRead && own.kind !== 'boolean') return value
  const type = own.kind === 'boolean' ? own : other
  const read = convertValue(value, own, type.kind === 'decimal' ? { ...type, scale: 30 } : type)
  return read.kind === 'value' ? read.value : value
}

/** `0` and `false` stand for blank where one of the two fields has no other way to be blank. */
function blankLike(value: Value, own: FieldType, other: FieldType): Value {
  const cannotBeBlank = [own, other].some((type) => 'nullable' in type && !type.nullable)
  return cannotBeBlank && (value === '0' || value === false) ? null : value
}

function isText(type: FieldType): boolean {
  return type.kind === 'text' || type.kind === 'code'
}

function isNumeric(type: FieldType): boolean {
  return type.kind === 'decimal' || type.kind === 'integer'
}

/** At the coarser scale; a field that is no number has none of its own. */
function sameNumber(a: string, left: FieldType, b: string, right: FieldType): boolean {
  if (!isNumber(a) || !isNumber(b)) return a === b
  const scale = Math.min(scaleOf(left), scaleOf(right))
  return compareNumbers(roundNumber(a, scale), roundNumber(b, scale)) === 0
}

function scaleOf(type: FieldType): number {
  if (type.kind === 'decimal') return type.scale
  return type.kind === 'integer' ? 0 : Number.POSITIVE_INFINITY
}

/**
 * Two instants are the same at the coarser of their resolutions: a system of whole seconds cannot hold the other's fraction.
 * An instant beside a date is the day it falls on.
 */
function sameInstant(a: string, left: FieldType, b: string, right: FieldType, timeZone: string): boolean {
  if (left.kind === 'date' || right.kind === 'date') return dayIn(a, timeZone) === dayIn(b, timeZone)
  const [x, y] = [partsOf(a), partsOf(b)]
  if (x === null || y === null) return a === b
  const digits = Math.min(resolutionOf(x.fraction), resolutionOf(y.fraction))
  const atIt = (fraction: string) => fraction.padEnd(digits, '0').slice(0, digits)
  return x.second === y.second && atIt(x.fraction) === atIt(y.fraction)
}

function partsOf(instant: string) {
  const match = /^(.*?)(?:\.(\d+))?Z$/.exec(instant)
  return match === null ? null : { second: match[1] ?? '', fraction: match[2] ?? '' }
}

/** Digits of the second's fraction that a system keeps which sends this one: none, milliseconds, or all. */
function resolutionOf(fraction: string): number {
  if (fraction === '') return 0
  return fraction.length <= 3 ? 3 : 9
}

function dayIn(value: string, timeZone: string): string {
  return readInstant(value) === null ? value : dayOf(value, timeZone)
}
