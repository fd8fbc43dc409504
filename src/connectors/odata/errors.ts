import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorClass, Failure } from '../../domain/failure.js'
import type { TableDefinition } from '../../domain/schema.js'
import { ConnectorError } from '../connector.js'
import type { ExactJson } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import { ofSystem } from '../http/name-system.js'
import { retryAfterOf } from '../http/retry-after.js'
import type { ODataErrorRow } from './error-table.js'
import { ODATA_ERRORS, UNEXPECTED_ERROR } from './error-table.js'
import type { OperationAnswer } from './operations.js'

/** An error as an OData service or a gateway before it tells it. `code` and `target` are empty where there is none. */
export interface ODataError {
  readonly status: number
  readonly code: string
  readonly message: string
  /** The property that the service says is at fault. */
  readonly target: string
  /** Whether the service itself tells of the error, in the form that OData prescribes. */
  readonly isOwn: boolean
}

export function readError({ status, body }: Pick<OperationAnswer, 'status' | 'body'>): ODataError {
  const error = isJsonObject(body) ? body['error'] : undefined
  const member = (name: string): string => {
    const value = isJsonObject(error) ? error[name] : undefined
    if (typeof value === 'string') return value.trim()
    // An object with the text in a language, as older services write it.
    return isJsonObject(value) && typeof value['value'] === 'string' ? value['value'].trim() : ''
  }
  const code = member('code')
  return {
    status,
    code,
    target: member('target'),
    message: member('message') || `The service answered ${status}${code === '' ? '' : ` ${code}`}.`,
    isOwn: isJsonObject(error),
  }
}

export function rowOf(error: ODataError): ODataErrorRow {
  return ODATA_ERRORS.find((row) => row.statuses.includes(error.status)) ?? UNEXPECTED_ERROR
}

/** The failure a person reads. With the table, the field at fault is told where the service names it. */
export function translateError(error: ODataError, table?: TableDefinition): Failure {
  const { errorClass, cause, remedy } = rowOf(error)
  const field = table?.fields.find(({ name }) => error.target === name || error.target.endsWith(`/${name}`))
  return {
    errorClass,
    message: error.message,
    cause,
    remedy,
    ...(field === undefined ? {} : { field: field.name }),
    ...(error.code === '' ? {} : { code: error.code }),
    status: error.status,
  }
}

const RECORD_CLASSES: readonly ErrorClass[] = ['VALIDATION', 'DUPLICATE']

/** The error of a whole call, in which no record is at fault. */
export function toConnectorError(
  answer: Pick<OperationAnswer, 'status' | 'body'> & {
    readonly headers: Readonly<Record<string, string>> | IncomingHttpHeaders
  },
  now: number,
): ConnectorError {
  const error = readError(answer)
  const failure = ofSystem('OData', translateError(error))
  const retryAfter = retryAfterOf(answer.headers, now)
  if (failure.errorClass === 'UNEXPECTED' && error.status >= 500)
    return new ConnectorError({ ...failure, errorClass: 'UNAVAILABLE' }, retryAfter)
  if (!RECORD_CLASSES.includes(failure.errorClass)) return new ConnectorError(failure, retryAfter)
  const { cause, remedy } = UNEXPECTED_ERROR
  return new ConnectorError({ ...failure, errorClass: 'UNEXPECTED', cause, remedy }, retryAfter)
}

/** The body of an answer; null where it is no JSON. */
export function bodyOf(text: string, parse: (text: string) => ExactJson): ExactJson {
  if (text === '') return null
  try {
    return parse(text)
  } catch {
    return null
  }
}
