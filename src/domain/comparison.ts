import { compareNumbers, roundNumber } from './number.js'
import { canonicalCode } from './text.js'
import type { FieldType, Value } from './value.js'

/**
 * Whether two canonical values mean the same, as far as both fields can tell (engine rule 8): text in NFC, codes without
 * case, numbers at the coarser scale of the two fields, and the blank of a field that cannot be blank (0, false) like blank.
 */
export function sameValue(left: Value, leftType: FieldType, right: Value, rightType: FieldType): boolean {
  if (left === right) return true
  const a = blankOf(left, leftType, rightType)
  const b = blankOf(right, leftType, rightType)
  if (a === null || b === null) return a === b
  if (typeof a === 'boolean' || typeof b === 'boolean') return a === b
  const scale = coarserScale(leftType, rightType)
  if (scale !== null) return compareNumbers(roundNumber(a, scale), roundNumber(b, scale)) === 0
  if (leftType.kind === 'code' || rightType.kind === 'code') {
    return canonicalCode(a).normalize('NFC') === canonicalCode(b).normalize('NFC')
  }
  return a.normalize('NFC') === b.normalize('NFC')
}

/** `0` and `false` stand for blank where one of the two fields has no other way to be blank. */
function blankOf(value: Value, leftType: FieldType, rightType: FieldType): Value {
  const cannotBeBlank = [leftType, rightType].some((type) => 'nullable' in type && !type.nullable)
  return cannotBeBlank && (value === '0' || value === false) ? null : value
}

function coarserScale(left: FieldType, right: FieldType): number | null {
  const scales = [left, right].map((type) =>
    type.kind === 'decimal' ? type.scale : type.kind === 'integer' ? 0 : null,
  )
  const [a, b] = scales
  if (a === null || a === undefined || b === null || b === undefined) return null
  return Math.min(a, b)
}
