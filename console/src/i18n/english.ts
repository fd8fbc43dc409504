import type { Manner, Phrases } from './phrasebook.js'

/** Names by which the API tells states and classes within its sentences. */
const CODES: ReadonlySet<string> = new Set([
  'COMPLETED',
  'RUNNING',
  'QUEUED',
  'PLANNED',
  'FAILED',
  'CANCELLED',
  'CONFLICT',
  'DELETED_RECORD',
  'DEPENDENCY_MISSING',
  'VALIDATION',
  'DUPLICATE',
  'PERMISSION',
  'SETUP',
  'THROTTLED',
  'UNAVAILABLE',
  'AMBIGUOUS_MATCH',
  'UNEXPECTED',
  'DELETION',
  'DELETION_REVIEW',
  'EQUAL',
  'PENDING',
  'SKIPPED',
  'DRIFT',
  'FAILING',
  'MISSING_LOCAL',
  'MISSING_INTEGRATION',
  'MISSING_BOTH',
  'FORBIDDEN',
  'OUT_OF_FILTER',
  'UNCOUPLED_LOCAL',
  'UNCOUPLED_INTEGRATION',
  'RETRY',
])
const CODE = /[A-Z]+(?:_[A-Z]+)*/g

/** What the API says with such names in it. */
const PHRASES = [
  '{0} since {1}: {2}, attempts: {3}.',
  'The last run of the mapping ended at {0}: {1}.',
  '{0} % of {1} pairs are equal, {2} differ{3}.',
  'Not all pairs were compared{0}.',
] as const

export const ENGLISH_PHRASES: Phrases = Object.fromEntries(PHRASES.map((phrase) => [phrase, phrase]))

/** English is how the API says it: only its names of states become words. */
export const ENGLISH: Manner = {
  filter: {
    and: 'and',
    or: 'or',
    blank: 'blank',
    isBlank: 'is blank',
    isNotBlank: 'is not blank',
    isOneOf: 'in',
    beginsWith: 'begins with',
    contains: 'contains',
  },
  quotes: ['', ''],
  number: String,
  value: (text) =>
    text.replaceAll(CODE, (code) => (CODES.has(code) ? code.toLowerCase().replaceAll('_', ' ') : code)),
}
