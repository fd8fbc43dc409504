import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import type { ErrorClass } from '../../domain/failure.js'

/** Whom an error concerns: this record, everything (`system`), or nothing yet, as it will pass (`passing`). */
export type ErrorScope = 'record' | 'permission' | 'system' | 'passing'

export interface BusinessCentralErrorRow {
  readonly codes: readonly RegExp[]
  readonly statuses?: readonly number[]
  readonly scope: ErrorScope
  readonly errorClass: ErrorClass
  /** The cause by its stable name, where a check of the connection names it. */
  readonly diagnosis?: DiagnosisCode
  readonly cause: string
  readonly remedy: string
}

/** Stands for the sentence "You must run the data upgrade for this API page", which has no code of its own. */
export const DATA_UPGRADE = 'DataUpgradePending'

/** The first row that fits decides: by code, then by status. */
export const BUSINESS_CENTRAL_ERRORS: readonly BusinessCentralErrorRow[] = [
  {
    codes: [/^Application_TooManyRequests$/],
    statuses: [429],
    scope: 'passing',
    errorClass: 'THROTTLED',
    diagnosis: DiagnosisCode.serviceThrottles,
    cause:
      'The limit of requests of this user is reached; every integration with the same application counts together.',
    remedy:
      'It is tried again after a while. If it lasts, give each integration an application registration of its own.',
  },
  {
    codes: [/^Internal_TenantUnavailable$/],
    statuses: [408, 502, 503, 504],
    scope: 'passing',
    errorClass: 'UNAVAILABLE',
    diagnosis: DiagnosisCode.serviceUnavailable,
    cause: 'Business Central, or a gateway before it, cannot serve requests at the moment.',
    remedy: 'It is tried again. If it lasts, look at the state of the environment in the admin center.',
  },
  {
    codes: [/^Authentication_/],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.applicationNotAccepted),
  },
  {
    codes: [],
    statuses: [401],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.loginRefused),
  },
  {
    codes: [/^Authorization_/],
    statuses: [403],
    scope: 'permission',
    errorClass: 'PERMISSION',
    ...explained(DiagnosisCode.permissionSetMissing),
  },
  {
    codes: [/^NoEnvironment$/],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.environmentUnknown),
  },
  {
    codes: [/^Internal_CompanyNotFound$/],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.companyUnknown),
  },
  {
    codes: [/^DataUpgradePending$/],
    scope: 'system',
    errorClass: 'SETUP',
    ...explained(DiagnosisCode.dataUpgradePending),
  },
  {
    codes: [/^BadRequest_(ResourceNotFound|MethodNotAllowed|MethodNotImplemented)$/],
    statuses: [301, 302, 307, 308, 404, 405, 501],
    scope: 'system',
    errorClass: 'SETUP',
    diagnosis: DiagnosisCode.addressWrong,
    cause: 'The address has no such API, or API services are switched off on the server.',
    remedy:
      'Check the address of the connection (it ends in /api/v2.0); on-premises, switch API services on.',
  },
  {
    codes: [/^Internal_EntityWithSameKeyExists$/],
    scope: 'record',
    errorClass: 'DUPLICATE',
    cause: 'Another record has the same key already.',
    remedy: 'Change the number or code of one of the two records, or couple them.',
  },
  {
    codes: [/^Internal_RecordNotFound$/],
    scope: 'record',
    errorClass: 'DELETED_RECORD',
    cause: 'The record, or one it refers to, does not exist any more.',
    remedy: 'Restore the record, or remove the coupling or the reference.',
  },
  {
    codes: [/^Internal_(InvalidTableRelation|DataNotFoundFilter)$/],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A value refers to a record that does not exist in Business Central.',
    remedy:
      'Create the record referred to, for example the country or the salesperson, or correct the value.',
  },
  {
    codes: [/^Application_StringExceededLength$/],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A value is longer than its field in Business Central.',
    remedy: 'Shorten the value, or let the field mapping truncate it.',
  },
  {
    codes: [/^BadRequest_RequiredParamNotProvided$/],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A field that may not be blank has no value.',
    remedy: 'Fill in the field on the other side, or give it a value in the mapping.',
  },
  {
    codes: [/^BadRequest_InvalidOperation$/],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'Business Central does not let this field be written.',
    remedy: 'Take the field out of the mapping, or carry it the other way only.',
  },
  {
    codes: [/^Application_/],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'A business rule of Business Central refuses the record.',
    remedy: 'Correct the value that the message names, on either side.',
  },
  {
    codes: [/^(BadRequest|Unknown$)/],
    statuses: [400],
    scope: 'record',
    errorClass: 'VALIDATION',
    cause: 'Business Central does not accept a value of the record.',
    remedy: 'Correct the value that the message names, on either side.',
  },
]

export const UNEXPECTED_ERROR: BusinessCentralErrorRow = {
  codes: [],
  scope: 'record',
  errorClass: 'UNEXPECTED',
  cause: 'Business Central failed in a way that is not known.',
  remedy: 'Try again; if it stays, hand the message and the code to an administrator.',
}
