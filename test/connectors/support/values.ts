import fc from 'fast-check'
import { canonicalNumber } from '../../../src/domain/number.js'
import { canonicalCode } from '../../../src/domain/text.js'
import type { FieldType, Value } from '../../../src/domain/value.js'
import { assertNever } from '../../../src/domain/value.js'

/** Canonical values of a type, blank among them. */
export function valueOfType(type: FieldType): fc.Arbitrary<Value> {
  return fc.option<Value, null>(filledValue(type), { nil: null })
}

function filledValue(type: FieldType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case 'text':
      return fc.string({ unit: 'binary', minLength: 1 })
    case 'code':
      return fc
        .string({ unit: 'grapheme' })
        .map(canonicalCode)
        .filter((text) => text !== '')
    case 'decimal':
      return fc
        .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat({ max: 99_999 }))
        .map(([whole, fraction]) => canonicalNumber(`${whole}.${String(fraction).padStart(5, '0')}`))
    case 'integer':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
    case 'boolean':
      return fc.boolean()
    case 'option':
      return fc.constantFrom(...type.members)
    case 'guid':
    case 'lookup':
      return fc.uuid()
    case 'date':
      return fc
        .date({ min: new Date('1753-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10))
    case 'dateTime':
      return fc
        .date({ min: new Date('1753-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().replace(/\.?0*Z$/, 'Z'))
    case 'unsupported':
      return fc.constant(null) as fc.Arbitrary<Value>
    default:
      return assertNever(type)
  }
}
