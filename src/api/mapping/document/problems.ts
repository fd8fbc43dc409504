import type { z } from 'zod'
import { echo } from '../../errors.js'

/** `fields[2].direction`; the whole is empty. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

/** A path under another one: both may be empty. */
export function under(parent: string, path: string): string {
  if (parent === '' || path === '') return `${parent}${path}`
  return path.startsWith('[') ? `${parent}${path}` : `${parent}.${path}`
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
  number: 'a number',
}

/** What is wrong with a part of a document, and what was expected: one sentence. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = EXPECTED[issue.expected] ?? issue.expected
      return `Expected ${expected}, got ${describeInput(issue.input)}.`
    }
    case 'invalid_value': {
      const members = issue.values.map(String).join(', ')
      return `Expected one of ${members}; got ${describeInput(issue.input)}.`
    }
    case 'too_small':
      return issue.origin === 'string'
        ? 'Expected text that is not blank.'
        : `Expected more: ${issue.message}.`
    default:
      return issue.message
  }
}

function describeInput(input: unknown): string {
  if (input === undefined) return 'nothing'
  if (typeof input === 'string') return echo(input)
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'object' && input !== null) return 'an object'
  return String(input)
}
