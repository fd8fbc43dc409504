import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ErrorClass, fingerprintOf, resolvableBy, type Failure } from '../../src/domain/failure.js'
import { createFingerprintText } from '../../src/domain/fingerprint.js'

const BY: Readonly<Record<ErrorClass, 'USER' | 'ADMINISTRATOR'>> = {
  CONFLICT: 'USER',
  DELETED_RECORD: 'USER',
  DEPENDENCY_MISSING: 'USER',
  VALIDATION: 'USER',
  DUPLICATE: 'USER',
  AMBIGUOUS_MATCH: 'USER',
  PERMISSION: 'ADMINISTRATOR',
  SETUP: 'ADMINISTRATOR',
  THROTTLED: 'ADMINISTRATOR',
  UNAVAILABLE: 'ADMINISTRATOR',
  UNEXPECTED: 'ADMINISTRATOR',
}

describe('resolvableBy', () => {
  it.each(Object.values(ErrorClass))('%s', (errorClass) => {
    expect(resolvableBy(errorClass)).toBe(BY[errorClass])
  })
})

describe('createFingerprintText', () => {
  it.each([
    [
      'Currency Code 6f9619ff-8b86-d011-b42d-00c04fc964ff must be coupled.',
      'Currency Code <id> must be coupled.',
    ],
    ['Record {6F9619FF-8B86-D011-B42D-00C04FC964FF} is locked', 'Record <id> is locked'],
    ['Failed at 2026-01-05T10:00:00.123Z, again at 2026-01-05 10:00', 'Failed at <time>, again at <time>'],
    ["The name 'Alfreds' is taken", 'The name <value> is taken'],
    ['The name "Alfreds" is taken', 'The name <value> is taken'],
    ["The customer's name isn't valid", "The customer's name isn't valid"],
    ["The customer's name 'a' isn't valid", "The customer's name <value> isn't valid"],
    ["Use the customer's number, not the accounts' one", "Use the customer's number, not the accounts' one"],
    ['120 characters; at most 100', '<number> characters; at most <number>'],
    ['  many \n lines\tand\0nothing ', 'many lines and nothing'],
    ['', ''],
  ])('%j', (message, text) => {
    expect(createFingerprintText(message)).toBe(text)
  })

  it('is short, and can be stored whatever the message holds', () => {
    const anyMessage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600, size: 'max' }),
      fc
        .array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 600, size: 'max' })
        .map((units) => String.fromCharCode(...units)),
    )
    fc.assert(
      fc.property(anyMessage, (message) => {
        const text = createFingerprintText(message)
        expect(text.length).toBeLessThanOrEqual(500)
        expect(text.isWellFormed()).toBe(true)
        expect(text).not.toContain('\0')
      }),
    )
  })

  it('never cuts a pair', () => {
    expect(createFingerprintText(`${'a'.repeat(499)}\ud83d\ude00`).isWellFormed()).toBe(true)
  })
})

describe('fingerprintOf', () => {
  const failure = (told: Partial<Failure>): Failure => ({
    errorClass: 'VALIDATION',
    message: 'The value is 120 characters long.',
    cause: 'c',
    remedy: 'r',
    field: 'name',
    ...told,
  })

  it('is the same for the same root cause', () => {
    expect(fingerprintOf(failure({}), 'accounts')).toBe(
      fingerprintOf(failure({ message: 'The value is 99 characters long.', cause: 'other' }), 'accounts'),
    )
  })

  it.each<readonly [string, Partial<Failure>, string]>([
    ['class', { errorClass: 'DUPLICATE' }, 'accounts'],
    ['table', {}, 'contacts'],
    ['field', { field: 'city' }, 'accounts'],
    ['text', { message: 'The value is too short.' }, 'accounts'],
  ])('differs by %s', (_name, told, table) => {
    expect(fingerprintOf(failure(told), table)).not.toBe(fingerprintOf(failure({}), 'accounts'))
  })
})
