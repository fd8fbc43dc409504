import pg from 'pg'
import type { Failure } from '../../domain/failure.js'
import { ConnectorError } from '../connector.js'
import { POSTGRES_ERRORS, UNKNOWN_ERROR, type PostgresErrorRow } from './error-table.js'

/** What the driver or the operating system says where no answer of the server came. */
const NETWORK: Readonly<Record<string, { readonly cause: string; readonly remedy: string }>> = {
  ECONNREFUSED: {
    cause: 'Nothing listens at that address and port.',
    remedy: 'Start the server, or correct host and port in the settings of the connection.',
  },
  ENOTFOUND: {
    cause: 'The name of the host is not known here.',
    remedy: 'Correct host in the settings of the connection.',
  },
}

const TLS = /CERT|SSL|TLS|SELF_SIGNED|ERR_TLS|UNABLE_TO/

export function errorRowOf(error: unknown): PostgresErrorRow {
  const state = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
  return (
    POSTGRES_ERRORS.find((row) => row.states.includes(state)) ??
    POSTGRES_ERRORS.find((row) => row.states.includes(state.slice(0, 2))) ??
    UNKNOWN_ERROR
  )
}

/** Whether an error is the server's answer; otherwise the line broke or never was. */
export function isAnswer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}

/** Whether the session is over after this error, so that its connection cannot be used again. */
export function endsSession(error: unknown): boolean {
  if (!isAnswer(error)) return true
  const state = error.code ?? ''
  return state.startsWith('08') || state.startsWith('57P') || error.severity === 'FATAL'
}

/** The failure of one record, or of the whole, in words; the column at fault where the server names it. */
export function failureOf(error: unknown): Failure {
  if (!isAnswer(error)) return transportFailure(error)
  const row = errorRowOf(error)
  const field = error.column ?? columnOfDetail(error)
  return {
    errorClass: row.errorClass,
    message: `PostgreSQL: ${sentence(error.message)}${error.detail === undefined ? '' : ` ${sentence(error.detail)}`}`,
    cause: row.cause,
    remedy: row.remedy,
    ...(field === undefined ? {} : { field }),
    ...(error.code === undefined ? {} : { code: error.code }),
  }
}

/** A failure of the system as a whole. Errors of other kinds are returned as they are. */
export function toConnectorError(error: unknown): unknown {
  if (error instanceof ConnectorError) return error
  if (isAnswer(error) || isTransport(error))
    return new ConnectorError(failureOf(error), undefined, false, { cause: error })
  return error
}

/** Runs a task and translates what the database or the line to it has to say. Throws {@link ConnectorError}. */
export async function translated<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task()
  } catch (error) {
    throw toConnectorError(error)
  }
}

function isTransport(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return (
    code !== '' ||
    /connection terminated|read timeout|timeout exceeded|timeout expired|not queryable|connection error|SSL|SASL/i.test(
      error.message,
    )
  )
}

function transportFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message || codeOf(error) : String(error)
  const code = codeOf(error)
  const isTls = TLS.test(code) || /SSL|certificate/i.test(message)
  const isSetup = isTls || code === 'ENOTFOUND' || /SASL|password/i.test(message)
  return {
    errorClass: isSetup ? 'SETUP' : 'UNAVAILABLE',
    message: `PostgreSQL cannot be reached: ${sentence(message)}`,
    ...(isTls
      ? {
          cause: 'The server offers no encryption, or its certificate is not trusted.',
          remedy: 'Name the certificate authorities of the server in the settings, or correct tls there.',
        }
      : (NETWORK[code] ?? {
          cause: 'The server could not be reached, did not answer in time, or the line to it broke.',
          remedy: 'It is tried again. If it lasts, look at the network and at the log of the server.',
        })),
    ...(code === '' ? {} : { code }),
  }
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : ''
}

/** `Key (no)=(C1) already exists.` names the column; of several the first. */
function columnOfDetail(error: pg.DatabaseError): string | undefined {
  if (error.code !== '23505' && error.code !== '23503') return undefined
  return /^Key \("?([^",)]+)"?/.exec(error.detail ?? '')?.[1]
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
