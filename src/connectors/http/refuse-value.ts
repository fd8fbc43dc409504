import type { Failure } from '../../domain/failure.js'
import type { WireValueError } from './canonical.js'

/** The failure of a record that holds a value which its field cannot take; it is found before anything is sent. */
export function refuseValue(error: WireValueError): Failure {
  return {
    errorClass: 'VALIDATION',
    message: error.message,
    cause: 'The value does not fit the type of the field in the other system.',
    remedy: 'Correct the value, or change the field mapping.',
    field: error.field,
  }
}
