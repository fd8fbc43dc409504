import type { ErrorClass } from '../../domain/failure.js'

/** Whom an error concerns: this record, its rights, everything (`system`), or nothing yet, as it will pass (`passing`). */
export type ErrorScope = 'record' | 'permission' | 'system' | 'passing'

export interface ODataErrorRow {
  readonly statuses: readonly number[]
  readonly scope: ErrorScope
  readonly errorClass: ErrorClass
  readonly cause: string
  readonly remedy: string
}

/** Codes of errors are each service's own, so the status decides; the first row that has it. */
export const ODATA_ERRORS: readonly ODataErrorRow[] = [
  {
    statuses: [429],
    scope: 'passing',
    errorClass: 'THROTTLED',
    cause: 'The service received more requests than it allows.',
    remedy:
      'It is tried again after the time the service asked for. If it lasts, lower the concurrency of the connection.',
  },
  {
    statuses: [408, 425, 502, 503, 504],
    scope: 'passing',
    errorClass: 'UNAVAILABLE',
    cause: 'The service, or a gateway before it, cannot serve requests at the moment.',
    remedy: 'It is tried again. If it lasts, look at the state of the service.',
  },
  {
    statuses: [401, 407],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The service does not accept who we are.',
    remedy: 'Check how the connection signs in: the kind of sign-in, the name and the secret.',
  },
  {
    statuses: [403],
    scope: 'permission',
    errorClass: 'PERMISSION',
    cause: 'The user or application of the connection lacks a right in the service.',
    remedy: 'Give the user or application of the connection that right.',
  },
  {
    statuses: [409],
    scope: 'record',
    errorClass: 'DUPLICATE',
    cause: 'Another record has the same key, or the record is in a state that does not allow the change.',
    remedy: 'Change the value that the message names on either side, or couple the two records.',
  },
  {
    statuses: [428],
    scope: 'system',
    errorClass: 'SETUP',
    cause:
      'The service asks for the version of a record with a change, but gave none when the record was read.',
    remedy: 'Let the service give ETags for this entity set, or carry it the other way only.',
  },
  {
    statuses: [301, 302, 303, 307, 308, 404, 405, 406, 410, 415, 501],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The address has no such service or entity set, or the service does not support this request.',
    remedy: 'Check the address of the connection and, for a write, that the entity set can be written.',
  },
  {
    statuses: [400, 411, 412, 413, 414, 422],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'The service does not accept a value of the record.',
    remedy: 'Correct the value that the message names, on either side.',
  },
]

export const UNEXPECTED_ERROR: ODataErrorRow = {
  statuses: [],
  scope: 'record',
  errorClass: 'UNEXPECTED',
  cause: 'The service failed in a way that is not known.',
  remedy: 'Try again; if it stays, hand the message and the code to an administrator of the service.',
}
