import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import type { ErrorClass } from '../../domain/failure.js'

/**
 * Whom an error concerns: this record; a right, of which the other items of the call tell whether it is to the table;
 * everything; or nothing yet, as it will pass.
 */
export type ErrorScope = 'record' | 'permission' | 'tablePermission' | 'system' | 'passing'

export interface DataverseErrorRow {
  /** Lower case. */
  readonly codes: readonly string[]
  readonly statuses?: readonly number[]
  readonly scope: ErrorScope
  readonly errorClass: ErrorClass
  /** The cause by its stable name, where a check of the connection names it. */
  readonly diagnosis?: DiagnosisCode
  readonly cause: string
  readonly remedy: string
}

export const DATAVERSE_ERRORS: readonly DataverseErrorRow[] = [
  {
    codes: ['0x80072322', '0x80072321', '0x80072326', '0x8005f103'],
    statuses: [429],
    scope: 'passing',
    errorClass: 'THROTTLED',
    diagnosis: DiagnosisCode.serviceThrottles,
    cause:
      'The service protection limits of this user are reached: requests, execution time or concurrent requests.',
    remedy:
      'It is tried again after the time Dataverse asked for. If it lasts, run fewer integrations with this user.',
  },
  {
    codes: [],
    statuses: [408, 502, 503, 504],
    scope: 'passing',
    errorClass: 'UNAVAILABLE',
    diagnosis: DiagnosisCode.serviceUnavailable,
    cause: 'Dataverse, or a gateway before it, cannot serve requests at the moment.',
    remedy: 'It is tried again. If it lasts, look at the state of the environment in the admin center.',
  },
  {
    codes: ['0x8004a101', '0x80041d52', '0x80044302'],
    statuses: [401],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.tokenNotAccepted),
  },
  {
    codes: ['0x80072560'],
    scope: 'system',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.notAMember),
  },
  {
    codes: ['0x80042f09'],
    scope: 'system',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.noSecurityRole),
  },
  {
    codes: ['0x80040225'],
    scope: 'system',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.systemUserDisabled),
  },
  {
    codes: ['0x8004d24b', '0x8004d24c'],
    scope: 'system',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.userNotLicensed),
  },
  {
    codes: ['0x80041d40'],
    scope: 'system',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.accessModeInvalid),
  },
  {
    codes: ['0x8004a113'],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.administrationMode),
  },
  {
    codes: ['0x80040220'],
    scope: 'tablePermission',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.privilegeMissing),
  },
  {
    codes: ['0x80040231'],
    scope: 'record',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.ownerLacksPrivilege),
  },
  {
    codes: ['0x80048306', '0x80048405'],
    scope: 'permission',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.recordAccessDenied),
  },
  {
    codes: ['0x8004f506'],
    scope: 'record',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.columnSecured),
  },
  {
    codes: ['0x80041d1f'],
    scope: 'record',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.ownerDisabled),
  },
  {
    codes: [],
    statuses: [403],
    scope: 'permission',
    errorClass: 'PERMISSION',
    cause: 'The application user lacks a right in Dataverse.',
    remedy: 'Give the security role of the application user the right that the message names.',
  },
  {
    codes: ['0x80044352'],
    statuses: [410],
    scope: 'system',
    errorClass: 'UNEXPECTED',
    cause: 'Dataverse keeps changes for a limited time, and the last read lies further back.',
    remedy: 'Everything is read again; nothing needs to be done.',
  },
  {
    codes: ['0x80040237', '0x80060892', '0x80040333', '0x80048cf3', '0x80043b06'],
    scope: 'record',
    errorClass: 'DUPLICATE',
    cause: 'Another record has the same key or the same values already.',
    remedy: 'Change the key of one of the two records, or couple them.',
  },
  {
    codes: ['0x80044331'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A value is longer than its column in Dataverse, or outside its range.',
    remedy: 'Correct the value, or let the field mapping truncate it.',
  },
  {
    codes: ['0x80040265'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A plug-in or workflow in Dataverse refuses the record.',
    remedy: 'Correct what the message names, or ask the owner of the plug-in.',
  },
  {
    codes: ['0x80040217', '0x80060891'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A value refers to a record that does not exist in Dataverse.',
    remedy: 'Restore the record referred to, or clear the reference on the other side.',
  },
  {
    codes: ['0x80048cf5'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'The exchange rate of the base currency is fixed.',
    remedy: 'Take the exchange rate of the base currency out of the mapping.',
  },
  {
    codes: ['0x8006088a', '0x0'],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'Dataverse does not know a column, or cannot read a value as it was sent.',
    remedy: 'Check the field mapping that the message names.',
  },
  {
    codes: ['0x80071154', '0x80044151', '0x80044150'],
    scope: 'record',
    errorClass: 'UNEXPECTED',
    cause: 'The database of Dataverse was busy with the same record, or took too long.',
    remedy: 'It is tried again in a later run.',
  },
  {
    codes: [],
    statuses: [400, 405, 409, 412, 413, 422],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'Dataverse does not accept a value of the record.',
    remedy: 'Correct the value that the message names, on either side.',
  },
  {
    codes: [],
    statuses: [301, 302, 307, 308, 404, 501],
    scope: 'system',
    errorClass: 'SETUP',
    diagnosis: DiagnosisCode.addressWrong,
    cause:
      'The address has no such service or table: it is wrong, or the environment was deleted or renamed.',
    remedy: 'Check the address of the connection; it ends in /api/data/v9.2.',
  },
]

export const UNEXPECTED_ERROR: DataverseErrorRow = {
  codes: [],
  scope: 'record',
  errorClass: 'UNEXPECTED',
  cause: 'Dataverse failed in a way that is not known.',
  remedy: 'Try again; if it stays, hand the message and the code to an administrator.',
}
