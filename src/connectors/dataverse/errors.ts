import type { IncomingHttpHeaders } from 'node:http'
import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import type { ErrorClass, Failure } from '../../domain/failure.js'
import type { TableDefinition } from '../../domain/schema.js'
import { ConnectorError } from '../connector.js'
import type { ExactJson } from '../http/exact-json.js'
import { isJsonObject, parseExactJson } from '../http/exact-json.js'
import { ofSystem } from '../http/name-system.js'
import { retryAfterOf } from '../http/retry-after.js'
import type { DataverseErrorRow } from './error-table.js'
import { DATAVERSE_ERRORS, UNEXPECTED_ERROR } from './error-table.js'

/** An error as Dataverse or a gateway before it tells it. `code` is lower case, empty where there is none. */
export interface DataverseError {
  readonly status: number
  readonly code: string
  readonly message: string
}

const PRIVILEGE = /\bprv(?:Create|Read|Write|Delete|AppendTo|Append|Assign|Share)[A-Za-z_]\w*/
/** A privilege to no table: to make requests for another user. */
const ACT_ON_BEHALF = 'prvActOnBehalfOfAnotherUser'
const EXPIRED_VERSION_STAMP = '0x80044352'
const RECORD_CLASSES: readonly ErrorClass[] = ['VALIDATION', 'DUPLICATE', 'DELETED_RECORD']

/** Reads an error out of an answer's text, however little of one there is. */
export function readError(status: number, text: string): DataverseError {
  let body: ExactJson = null
  try {
    body = parseExactJson(text)
  } catch {
    // A gateway's page, or nothing at all: the status is what there is.
  }
  const error = isJsonObject(body) ? body['error'] : undefined
  const code = isJsonObject(error) && typeof error['code'] === 'string' ? error['code'].toLowerCase() : ''
  const message = isJsonObject(error) && typeof error['message'] === 'string' ? error['message'].trim() : ''
  return { status, code, message: message || `Dataverse answered ${status}${code ? ` ${code}` : ''}.` }
}

/** By code first, then by status. */
export function rowOf(error: DataverseError): DataverseErrorRow {
  return (
    (error.code === '' ? undefined : DATAVERSE_ERRORS.find((row) => row.codes.includes(error.code))) ??
    DATAVERSE_ERRORS.find((row) => row.statuses?.includes(error.status) === true) ??
    UNEXPECTED_ERROR
  )
}

/** The failure a person reads. With the table, the field at fault is told where the message shows it. */
export function translateError(error: DataverseError, table?: TableDefinition): Failure {
  const row = rowOf(error)
  if (error.status === 403 && error.message.includes(ACT_ON_BEHALF)) return actOnBehalf(error)
  const privilege = PRIVILEGE.exec(error.message)?.[0]
  const field = table === undefined ? undefined : fieldAtFault(error.message, table)
  return {
    errorClass: row.errorClass,
    message: error.message,
    cause:
      privilege === undefined
        ? row.cause
        : `The role of the user lacks the privilege ${privilege}, or its depth.`,
    remedy: row.remedy,
    ...(row.diagnosis === undefined ? {} : { diagnosis: row.diagnosis }),
    ...(field === undefined ? {} : { field }),
    ...(error.code === '' ? {} : { code: error.code }),
    status: error.status,
  }
}

function actOnBehalf(error: DataverseError): Failure {
  return {
    errorClass: 'PERMISSION',
    message: error.message,
    ...explained(DiagnosisCode.impersonationDenied),
    ...(error.code === '' ? {} : { code: error.code }),
    status: error.status,
  }
}

/** The error of a whole call, in which no record is at fault. */
export function toConnectorError(
  error: DataverseError,
  headers: IncomingHttpHeaders | Readonly<Record<string, string>>,
  now: number,
): ConnectorError {
  const failure = translateError(error)
  const isPassing = error.status >= 500 && failure.errorClass === 'UNEXPECTED'
  const errorClass: ErrorClass = isPassing
    ? 'UNAVAILABLE'
    : RECORD_CLASSES.includes(failure.errorClass)
      ? 'UNEXPECTED'
      : failure.errorClass
  const isTokenExpired = error.code === EXPIRED_VERSION_STAMP || error.status === 410
  return new ConnectorError(
    ofSystem('Dataverse', { ...failure, errorClass, ...correlationOf(headers) }),
    retryAfterOf(headers, now),
    isTokenExpired,
  )
}

/** The number under which Microsoft's support finds the request. */
function correlationOf(
  headers: IncomingHttpHeaders | Readonly<Record<string, string>>,
): Pick<Failure, 'correlationIds'> {
  const id = headers['req_id']
  return typeof id === 'string' ? { correlationIds: [{ name: 'REQ_ID', value: id }] } : {}
}

/** `The length of the 'subject' attribute ...`, or any quoted word that is a field's name. */
function fieldAtFault(message: string, table: TableDefinition): string | undefined {
  const quoted = Array.from(message.matchAll(/["'‘]([A-Za-z0-9_@.]+)["'’]/g), (match) =>
    match[1]?.toLowerCase(),
  )
  return table.fields.find((field) => quoted.includes(field.name))?.name
}
