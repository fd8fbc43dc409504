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
  readonly cause: string
  readonly remedy: string
}

export const DATAVERSE_ERRORS: readonly DataverseErrorRow[] = [
  {
    codes: ['0x80072322', '0x80072321', '0x80072326', '0x8005f103'],
    statuses: [429],
    scope: 'passing',
    errorClass: 'THROTTLED',
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
    cause: 'Dataverse, or a gateway before it, cannot serve requests at the moment.',
    remedy: 'It is tried again. If it lasts, look at the state of the environment in the admin center.',
  },
  {
    codes: ['0x8004a101', '0x80041d52', '0x80044302'],
    statuses: [401],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'Dataverse does not accept the token: it was made for the address of another organisation.',
    remedy:
      'Check that the scope of the connection is the address of this organisation followed by /.default.',
  },
  {
    codes: ['0x80072560'],
    scope: 'system',
    errorClass: 'PERMISSION',
    cause: 'The environment has no application user for this client id.',
    remedy: 'Create an application user with the client id in the environment, and give it a security role.',
  },
  {
    codes: ['0x80042f09'],
    scope: 'system',
    errorClass: 'PERMISSION',
    cause: 'The application user has no security role.',
    remedy: 'Assign a security role to the application user.',
  },
  {
    codes: ['0x80040225'],
    scope: 'system',
    errorClass: 'PERMISSION',
    cause: 'The application user is disabled, or is not a member of any business unit.',
    remedy: 'Enable the user in the environment.',
  },
  {
    codes: ['0x8004d24b', '0x8004d24c'],
    scope: 'system',
    errorClass: 'PERMISSION',
    cause: 'The user has no licence.',
    remedy: 'Use an application user, or assign a licence.',
  },
  {
    codes: ['0x80041d40'],
    scope: 'system',
    errorClass: 'PERMISSION',
    cause: 'The access mode of the user does not let it work with this data.',
    remedy: 'Use an application user; a user needs access mode Read-Write or Non-interactive.',
  },
  {
    codes: ['0x8004a113'],
    scope: 'system',
    errorClass: 'SETUP',
    cause: 'The environment is in administration mode.',
    remedy: 'Leave administration mode in the admin center.',
  },
  {
    codes: ['0x80040220'],
    scope: 'tablePermission',
    errorClass: 'PERMISSION',
    cause: 'The role of the user lacks a privilege, or its depth.',
    remedy: 'Add the privilege with organisation depth to the security role of the application user.',
  },
  {
    codes: ['0x80040231'],
    scope: 'record',
    errorClass: 'PERMISSION',
    cause: 'The user or team that is to own the record lacks the rights to it.',
    remedy: 'Give that user or team a security role, or choose another owner.',
  },
  {
    codes: ['0x80048306', '0x80048405'],
    scope: 'permission',
    errorClass: 'PERMISSION',
    cause:
      'The user may not reach this record: it belongs to another business unit, or is not shared with the user.',
    remedy: 'Give the security role of the application user organisation depth for this table.',
  },
  {
    codes: ['0x8004f506'],
    scope: 'record',
    errorClass: 'PERMISSION',
    cause: 'A column of the record is secured.',
    remedy: 'Add the application user to a column security profile, or take the column out of the mapping.',
  },
  {
    codes: ['0x80041d1f'],
    scope: 'record',
    errorClass: 'PERMISSION',
    cause: 'A user named in the record, often its owner, is disabled or was deleted.',
    remedy: 'Choose another owner, or enable the user.',
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
