import type { Failure } from '../domain/failure.js'
import { apiError, ErrorCode } from './errors.js'

/** A business system could not be read: SYSTEM_FAILURE with class, cause and remedy. */
export function systemFailure(failure: Failure): Error {
  return apiError(ErrorCode.systemFailure, `${failure.message} ${failure.remedy}`, {
    errorClass: failure.errorClass,
    cause: failure.cause,
    remedy: failure.remedy,
  })
}
