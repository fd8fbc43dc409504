import { randomUUID } from 'node:crypto'
import type { Answer } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import { QueryError } from '../common/odata/errors.js'
import { assertNever } from '../common/table.js'

/** A refusal in Business Central's form. */
export class BusinessCentralError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'BusinessCentralError'
  }
}

/** `{"error":{"code","message"}}` with the correlation id that every message ends with. */
export function errorAnswer(status: number, code: string, message: string): Answer {
  const correlated = `${message}  CorrelationId:  ${randomUUID()}.`
  return jsonAnswer(status, JSON.stringify({ error: { code, message: correlated } }))
}

/** Words an error of a request. Rethrows what is no fault of the request. */
export function answerError(error: unknown): Answer {
  if (error instanceof BusinessCentralError) return errorAnswer(error.status, error.code, error.message)
  if (error instanceof QueryError) return queryErrorAnswer(error)
  throw error
}

function queryErrorAnswer(error: QueryError): Answer {
  switch (error.fault) {
    case 'syntax':
    case 'unknownField':
      return errorAnswer(400, 'BadRequest_NotFound', error.message)
    case 'badLiteral':
    case 'orAcrossFields':
      return errorAnswer(400, 'BadRequest', error.message)
    case 'unsupported':
      return errorAnswer(501, 'BadRequest_MethodNotImplemented', error.message)
    default:
      return assertNever(error.fault)
  }
}

export function dialogError(message: string): BusinessCentralError {
  return new BusinessCentralError(400, 'Application_DialogException', message)
}

export function notImplemented(message: string): BusinessCentralError {
  return new BusinessCentralError(501, 'BadRequest_MethodNotImplemented', message)
}

export function methodNotAllowed(method: string, set: string): BusinessCentralError {
  return new BusinessCentralError(
    405,
    'BadRequest_MethodNotAllowed',
    `'${method}' requests are not allowed for '${set}'.`,
  )
}

export function recordNotFound(caption: string, id: string): BusinessCentralError {
  return new BusinessCentralError(
    404,
    'Internal_RecordNotFound',
    `The ${caption} does not exist. Identification fields and values: SystemId='{${id.toUpperCase()}}'`,
  )
}

export function entityChanged(): BusinessCentralError {
  return new BusinessCentralError(
    409,
    'Request_EntityChanged',
    'Another user has already changed the record.',
  )
}
