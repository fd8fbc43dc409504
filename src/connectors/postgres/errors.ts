import pg from 'pg'
import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import type { Failure } from '../../domain/failure.js'
import { ConnectorError } from '../connector.js'
import { transportFailure, codeOf, sentence } from './transport-errors.js'
import { POSTGRES_ERRORS, UNKNOWN_ERROR, type PostgresErrorRow } from './error-table.js'

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

/**
 * The failure of one record, or of the whole, in words; the column at fault where the server names it. `columns`: those of which values may
 * be told; the server's details hold values of others, too.
 */
export function failureOf(error: unknown, columns: ReadonlySet<string> = NO_COLUMNS): Failure {
  if (!isAnswer(error)) return transportFailure(error)
  const row = needsTls(error) ? TLS_REQUIRED : errorRowOf(error)
  const field = error.column ?? columnOfDetail(error)
  const detail = row.scope !== 'record' || tellsOnlyOf(error, columns) ? error.detail : undefined
  return {
    errorClass: row.errorClass,
    message: `PostgreSQL: ${sentence(error.message)}${detail === undefined ? '' : ` ${sentence(detail)}`}`,
    cause: row.cause,
    remedy: row.remedy,
    ...(row.diagnosis === undefined ? {} : { diagnosis: row.diagnosis }),
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

const NO_COLUMNS: ReadonlySet<string> = new Set()

/** `Key (no, "Area")=(1, N) already exists.` tells which columns it has values of; any other detail may hold a whole row. */
function tellsOnlyOf({ detail = '' }: pg.DatabaseError, columns: ReadonlySet<string>): boolean {
  const list = /^Key \(((?:"[^"]+"|[^"()=, ]+)(?:, (?:"[^"]+"|[^"()=, ]+))*)\)=/.exec(detail)?.[1]
  const names = list?.match(/"[^"]+"|[^", ]+/g)?.map((name) => name.replaceAll('"', ''))
  return names !== undefined && names.every((name) => columns.has(name))
}

/** `Key (no)=(C1) already exists.` names the column; of several the first. */
function columnOfDetail(error: pg.DatabaseError): string | undefined {
  if (error.code !== '23505' && error.code !== '23503') return undefined
  return /^Key \("?([^",)]+)"?/.exec(error.detail ?? '')?.[1]
}

/** pg_hba.conf has lines for this role, but none for a line in clear text. */
const TLS_REQUIRED = {
  ...UNKNOWN_ERROR,
  errorClass: 'SETUP',
  ...explained(DiagnosisCode.tlsRequired),
} as const

function needsTls({ code, message }: pg.DatabaseError): boolean {
  return code === '28000' && /no encryption|SSL off/i.test(message)
}
