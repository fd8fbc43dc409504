import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import type { ErrorClass } from '../../domain/failure.js'

/**
 * Whom an error concerns: this record; the table, and with it every record; everything; or nothing yet, as the same statement may
 * succeed when it is sent again.
 */
export type ErrorScope = 'record' | 'system' | 'passing'

export interface PostgresErrorRow {
  /** SQLSTATEs, or their classes of two characters. */
  readonly states: readonly string[]
  readonly scope: ErrorScope
  readonly errorClass: ErrorClass
  readonly cause: string
  readonly remedy: string
  /** What a check of the connection calls it. */
  readonly diagnosis?: DiagnosisCode
}

/** The first row that names the SQLSTATE, or else its class, holds. */
export const POSTGRES_ERRORS: readonly PostgresErrorRow[] = [
  {
    states: ['23505'],
    scope: 'record',
    errorClass: 'DUPLICATE',
    cause: 'Another record has the same key or the same values already.',
    remedy: 'Change one of the two records, or couple them.',
  },
  {
    states: ['23P01'],
    scope: 'record',
    errorClass: 'DUPLICATE',
    cause: 'The record excludes another one that is there already, by a constraint of the table.',
    remedy: 'Change one of the two records.',
  },
  {
    states: ['23502'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'The column must not be empty, and neither the record nor a default gives it a value.',
    remedy: 'Fill in the value on the other side, or give the field mapping a default.',
  },
  {
    states: ['23503'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause:
      'The record refers to one that does not exist, or others refer to the record that is to be deleted.',
    remedy: 'Restore the record that is referred to, or clear the reference.',
  },
  {
    states: ['23514', '44000'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A check of the table refuses the value.',
    remedy: 'Correct the value that the constraint is about, on the other side.',
  },
  {
    states: ['22001'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A text is longer than its column.',
    remedy: 'Shorten the text, or let the field mapping truncate it.',
  },
  {
    states: ['22003', '22008', '22P02', '22007', '22021', '22P05', '22023', '22'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A value does not fit the type or the range of its column.',
    remedy: 'Correct the value that the message names, or change the field mapping.',
  },
  {
    states: ['428C9', '0A000'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'The column is computed by the database, or the table does not allow this kind of write.',
    remedy: 'Take the column out of the mapping.',
  },
  {
    states: ['P0001', 'P0', '23', '09', '27', '39', '38'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A trigger or a constraint of the table refuses the record.',
    remedy: 'Correct what the message names, or ask the owner of the database.',
  },
  {
    states: ['40001', '40P01', '40'],
    scope: 'passing',
    errorClass: 'UNAVAILABLE',
    cause: 'Others changed the same records at the same moment.',
    remedy: 'It is tried again. If it lasts, look for long transactions that hold these records.',
  },
  {
    states: ['55P03'],
    scope: 'record',
    errorClass: 'UNEXPECTED',
    cause: 'Another session holds the record in a transaction that did not end in time.',
    remedy:
      'It is tried again in a later run. If it lasts, look for sessions that are idle in a transaction.',
  },
  {
    states: ['57014'],
    scope: 'system',
    errorClass: 'UNAVAILABLE',
    cause: 'The statement took longer than the time-out of the connection, or an administrator cancelled it.',
    remedy: 'It is tried again. If it lasts, look for locks and missing indexes, or raise requestTimeout.',
  },
  {
    states: ['28P01'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The password is wrong, or the role was given another or an expired one.',
    remedy: 'Correct the password in the settings of the connection.',
    diagnosis: DiagnosisCode.credentialsWrong,
  },
  {
    states: ['28000', '28'],
    scope: 'system',
    errorClass: 'SETUP',
    cause:
      'The server does not let this role in: it does not exist, may not log in, or pg_hba.conf has no line for it.',
    remedy: 'Give the role LOGIN, and allow it in pg_hba.conf for this database and address.',
    diagnosis: DiagnosisCode.databaseLoginRefused,
  },
  {
    states: ['3D000'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The server has no database of this name.',
    remedy: 'Correct database in the settings of the connection, or create it.',
    diagnosis: DiagnosisCode.databaseUnknown,
  },
  {
    states: ['42501'],
    scope: 'system',
    errorClass: 'PERMISSION',
    cause: 'The role lacks a privilege on the database, the table, its schema, or a sequence of it.',
    remedy: 'GRANT the role of the connection what the message names.',
    diagnosis: DiagnosisCode.privilegeMissing,
  },
  {
    states: ['42P01', '3F000'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The table or its schema is no longer there, or was renamed.',
    remedy: 'Correct the mapping, or the schema in the settings of the connection.',
  },
  {
    states: ['42703', '42704', '42883', '42'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'A column, type or function that is used is no longer there.',
    remedy: 'Read the tables of the connection anew, and correct the mapping.',
  },
  {
    states: ['25006'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The server is a standby, or the database or role is set to read only.',
    remedy: 'Connect to the primary server.',
    diagnosis: DiagnosisCode.standby,
  },
  {
    states: ['55006', '55000'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The server is not set up for what was asked, or the object is in use by another session.',
    remedy: 'Run a check of the connection; it names what is missing.',
  },
  {
    states: ['53300', '53'],
    scope: 'system',
    errorClass: 'UNAVAILABLE',
    cause: 'The server has no room: too many connections, no memory, or a full disk.',
    remedy: 'It is tried again. If it lasts, raise max_connections, lower concurrency, or make room.',
    diagnosis: DiagnosisCode.serviceUnavailable,
  },
  {
    states: ['57P01', '57P02', '57P03', '57P05', '57', '08', '58', 'XX'],
    scope: 'system',
    errorClass: 'UNAVAILABLE',
    diagnosis: DiagnosisCode.serviceUnavailable,
    cause: 'The server is starting, stopping or was restarted, or the line to it broke.',
    remedy: 'It is tried again. If it lasts, look at the log of the server.',
  },
]

export const UNKNOWN_ERROR: PostgresErrorRow = {
  states: [],
  scope: 'record',
  errorClass: 'UNEXPECTED',
  cause: 'PostgreSQL failed in a way that is not known.',
  remedy: 'Try again; if it stays, hand the message and the code to an administrator.',
}
