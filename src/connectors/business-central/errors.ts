import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorClass, Failure } from '../../domain/failure.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { Values } from '../../domain/value.js'
import { ConnectorError } from '../connector.js'
import type { ExactJson } from '../http/exact-json.js'
import { isJsonObject, parseExactJson } from '../http/exact-json.js'
import { ofSystem } from '../http/name-system.js'
import { retryAfterOf } from '../http/retry-after.js'
import type { BusinessCentralErrorRow, ErrorScope } from './error-table.js'
import { BUSINESS_CENTRAL_ERRORS, DATA_UPGRADE, UNEXPECTED_ERROR } from './error-table.js'

/** An error as Business Central or a gateway before it tells it. `code` is empty where there is none. */
export interface BusinessCentralError {
  readonly status: number
  readonly code: string
  /** Without the correlation id. */
  readonly message: string
  /** Under which Microsoft's support finds the request; it stands at the end of the message on the wire. */
  readonly correlationId?: string
}

const PERMISSION_SENTENCE =
  /\(TableData \d+ (?<table>.+?) (?<right>Read|Insert|Modify|Delete|Indirect[^:)]*): [^)]*\)/

const CORRELATION = /\s*CorrelationId:\s*([0-9a-f-]{36})\.?\s*$/i

/** Reads an error out of an answer, however little of one there is. */
export function readError(status: number, body: ExactJson | undefined): BusinessCentralError {
  const error = isJsonObject(body) ? body['error'] : undefined
  const code = isJsonObject(error) && typeof error['code'] === 'string' ? error['code'] : ''
  const text = isJsonObject(error) && typeof error['message'] === 'string' ? error['message'] : ''
  const correlationId = CORRELATION.exec(text)?.[1]
  const message = text.replace(CORRELATION, '').trim()
  return {
    status,
    code,
    message: message || `Business Central answered ${status}${code ? ` ${code}` : ''}.`,
    ...(correlationId === undefined ? {} : { correlationId }),
  }
}

/** The same for the text of a whole answer, which a gateway may have written. */
export function readErrorText(status: number, text: string): BusinessCentralError {
  try {
    return readError(status, parseExactJson(text))
  } catch {
    return readError(status, null)
  }
}

export function scopeOf(error: BusinessCentralError): ErrorScope {
  return rowOf(error).scope
}

/** A 404 that speaks of the environment or the company rather than of the record. */
export function isAboutEnvironment(error: BusinessCentralError): boolean {
  return error.code === 'NoEnvironment' || error.code === 'Internal_CompanyNotFound'
}

/** The failure a person reads. With the table and the values sent, the field at fault is told where the message shows it. */
export function translateError(
  error: BusinessCentralError,
  table?: TableDefinition,
  values: Values = {},
): Failure {
  const row = rowOf(error)
  const permission = PERMISSION_SENTENCE.exec(error.message)?.groups
  const field = table === undefined ? undefined : fieldAtFault(error.message, table, values)
  return {
    errorClass: row.errorClass,
    message: error.message,
    cause:
      permission === undefined
        ? row.cause
        : `The application lacks the right ${permission['right'] ?? ''} on the table ${permission['table'] ?? ''}.`,
    remedy:
      permission === undefined
        ? row.remedy
        : `Add a permission set with the right ${permission['right'] ?? ''} on the table ${permission['table'] ?? ''} to the Microsoft Entra application card. SUPER cannot be given to it.`,
    ...(row.diagnosis === undefined ? {} : { diagnosis: row.diagnosis }),
    ...(error.correlationId === undefined
      ? {}
      : { correlationIds: [{ name: 'CorrelationId', value: error.correlationId }] }),
    ...(field === undefined ? {} : { field }),
    ...(error.code === '' ? {} : { code: error.code }),
    status: error.status,
  }
}

const RECORD_CLASSES: readonly ErrorClass[] = ['VALIDATION', 'DUPLICATE', 'DELETED_RECORD']

/** The error of a whole call, in which no record is at fault. */
export function toConnectorError(
  error: BusinessCentralError,
  headers: Readonly<Record<string, string>> | IncomingHttpHeaders,
  now: number,
): ConnectorError {
  const failure = ofSystem('Business Central', translateError(error))
  const whole: Failure = RECORD_CLASSES.includes(failure.errorClass)
    ? { ...failure, errorClass: 'UNEXPECTED', cause: UNEXPECTED_ERROR.cause, remedy: UNEXPECTED_ERROR.remedy }
    : failure
  if (whole.errorClass === 'UNEXPECTED' && error.status >= 500) {
    return new ConnectorError({ ...whole, errorClass: 'UNAVAILABLE' }, retryAfterOf(headers, now))
  }
  return new ConnectorError(whole, retryAfterOf(headers, now))
}

function rowOf(error: BusinessCentralError): BusinessCentralErrorRow {
  const code = codeOf(error)
  const byCode =
    code === ''
      ? undefined
      : BUSINESS_CENTRAL_ERRORS.find((row) => row.codes.some((pattern) => pattern.test(code)))
  const isGeneral = byCode !== undefined && byCode.statuses?.includes(400) === true
  const byStatus = BUSINESS_CENTRAL_ERRORS.find((row) => row.statuses?.includes(error.status) === true)
  if (byCode !== undefined && !isGeneral) return byCode
  return byStatus ?? byCode ?? UNEXPECTED_ERROR
}

/** Two errors come under general codes and are told by their sentence; the permission's parenthesis survives translation. */
function codeOf(error: BusinessCentralError): string {
  if (PERMISSION_SENTENCE.test(error.message)) return 'Authorization_'
  return /must run the data upgrade/i.test(error.message) ? DATA_UPGRADE : error.code
}

/** A quoted member name, a control's caption, or the one value sent that has the length complained of. */
function fieldAtFault(message: string, table: TableDefinition, values: Values): string | undefined {
  const quoted = Array.from(message.matchAll(/["']([^"']+)["']/g), (match) => match[1]?.toLowerCase())
  const named = table.fields.find(
    (field) => quoted.includes(field.name.toLowerCase()) || quoted.includes(field.caption.toLowerCase()),
  )
  if (named !== undefined) return named.name
  const length = /length of the string is (\d+)/i.exec(message)?.[1]
  if (length === undefined) return undefined
  const suspects = Object.entries(values).filter(
    ([, value]) => typeof value === 'string' && value.length === Number(length),
  )
  return suspects.length === 1 ? suspects[0]?.[0] : undefined
}
