import type { Answer } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import { QueryError } from '../common/odata/errors.js'
import { assertNever } from '../common/table.js'

/** A refusal in Dataverse's form. */
export class DataverseError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'DataverseError'
  }
}

export function errorAnswer(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, JSON.stringify({ error: { code, message } }))
}

/** Words an error of a request. Rethrows what is no fault of the request. */
export function answerError(error: unknown): Answer {
  if (error instanceof DataverseError) return errorAnswer(error.status, error.code, error.message)
  if (error instanceof QueryError) return queryErrorAnswer(error)
  throw error
}

function queryErrorAnswer(error: QueryError): Answer {
  switch (error.fault) {
    case 'syntax':
    case 'unknownField':
    case 'badLiteral':
    case 'orAcrossFields':
      return errorAnswer(400, '0x0', error.message)
    case 'unsupported':
      return errorAnswer(501, '0x80040203', error.message)
    default:
      return assertNever(error.fault)
  }
}

export function notImplemented(message: string): DataverseError {
  return new DataverseError(501, '0x80040203', message)
}

export function badRequest(message: string): DataverseError {
  return new DataverseError(400, '0x0', message)
}

export function methodNotAllowed(method: string, set: string): DataverseError {
  return new DataverseError(
    405,
    '0x8006088a',
    `The requested resource '${set}' does not support http method '${method}'.`,
  )
}

export function doesNotExist(entity: string, id: string): DataverseError {
  return new DataverseError(404, '0x80040217', `${entity} With Id = ${id} Does Not Exist`)
}

export function versionMismatch(): DataverseError {
  return new DataverseError(
    412,
    '0x80060882',
    `The version of the existing record doesn't match the RowVersion property provided.`,
  )
}

export function duplicateRecord(): DataverseError {
  return new DataverseError(412, '0x80040237', 'A record with matching key values already exists.')
}

export function expiredVersion(): DataverseError {
  return new DataverseError(
    400,
    '0x80044352',
    'Version stamp associated with the client has expired. Please perform a full sync.',
  )
}
