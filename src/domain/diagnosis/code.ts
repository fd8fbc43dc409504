/**
 * Every cause that a check of a connection can name, by its stable name. People filter and test by
 * them: a name stays, its words may change. Words: {@link DIAGNOSES}.
 */
export const DiagnosisCode = {
  // The way there.
  settingsInvalid: 'SETTINGS_INVALID',
  hostNotFound: 'HOST_NOT_FOUND',
  hostUnreachable: 'HOST_UNREACHABLE',
  connectionLost: 'CONNECTION_LOST',
  noAnswerInTime: 'NO_ANSWER_IN_TIME',
  serverCertificateExpired: 'SERVER_CERTIFICATE_EXPIRED',
  serverCertificateSelfSigned: 'SERVER_CERTIFICATE_SELF_SIGNED',
  serverCertificateWrongHost: 'SERVER_CERTIFICATE_WRONG_HOST',
  serverCertificateUntrusted: 'SERVER_CERTIFICATE_UNTRUSTED',
  tlsFailed: 'TLS_FAILED',
  addressWrong: 'ADDRESS_WRONG',
  serviceThrottles: 'SERVICE_THROTTLES',
  serviceUnavailable: 'SERVICE_UNAVAILABLE',
  answerUnexpected: 'ANSWER_UNEXPECTED',
  partNotExamined: 'PART_NOT_EXAMINED',
  // The token.
  clientSecretWrong: 'CLIENT_SECRET_WRONG',
  clientSecretExpired: 'CLIENT_SECRET_EXPIRED',
  tokenRequestIncomplete: 'TOKEN_REQUEST_INCOMPLETE',
  applicationUnknown: 'APPLICATION_UNKNOWN',
  tenantUnknown: 'TENANT_UNKNOWN',
  applicationDisabled: 'APPLICATION_DISABLED',
  signingCertificateRefused: 'SIGNING_CERTIFICATE_REFUSED',
  resourceUnknown: 'RESOURCE_UNKNOWN',
  scopeInvalid: 'SCOPE_INVALID',
  consentMissing: 'CONSENT_MISSING',
  passwordExpired: 'PASSWORD_EXPIRED',
  passwordMustBeChanged: 'PASSWORD_MUST_BE_CHANGED',
  credentialsWrong: 'CREDENTIALS_WRONG',
  userDisabled: 'USER_DISABLED',
  accountLocked: 'ACCOUNT_LOCKED',
  multifactorRequired: 'MULTIFACTOR_REQUIRED',
  userNotAssigned: 'USER_NOT_ASSIGNED',
  conditionalAccess: 'CONDITIONAL_ACCESS',
  grantRevoked: 'GRANT_REVOKED',
  signInThrottled: 'SIGN_IN_THROTTLED',
  signInRefused: 'SIGN_IN_REFUSED',
  tokenForOtherAddress: 'TOKEN_FOR_OTHER_ADDRESS',
  tokenForOtherTenant: 'TOKEN_FOR_OTHER_TENANT',
  tokenWithoutRole: 'TOKEN_WITHOUT_ROLE',
  clockWrong: 'CLOCK_WRONG',
  // Dataverse.
  tokenNotAccepted: 'TOKEN_NOT_ACCEPTED',
  notAMember: 'NOT_A_MEMBER',
  systemUserDisabled: 'SYSTEM_USER_DISABLED',
  accessModeInvalid: 'ACCESS_MODE_INVALID',
  userNotLicensed: 'USER_NOT_LICENSED',
  noSecurityRole: 'NO_SECURITY_ROLE',
  administratorAsIntegrationUser: 'ADMINISTRATOR_AS_INTEGRATION_USER',
  customizerAsIntegrationUser: 'CUSTOMIZER_AS_INTEGRATION_USER',
  severalApplicationUsers: 'SEVERAL_APPLICATION_USERS',
  administrationMode: 'ADMINISTRATION_MODE',
  privilegeMissing: 'PRIVILEGE_MISSING',
  privilegeTooNarrow: 'PRIVILEGE_TOO_NARROW',
  ownerLacksPrivilege: 'OWNER_LACKS_PRIVILEGE',
  ownerDisabled: 'OWNER_DISABLED',
  recordAccessDenied: 'RECORD_ACCESS_DENIED',
  impersonationDenied: 'IMPERSONATION_DENIED',
  columnSecured: 'COLUMN_SECURED',
  changeTrackingOff: 'CHANGE_TRACKING_OFF',
  // Business Central.
  applicationNotAccepted: 'APPLICATION_NOT_ACCEPTED',
  loginRefused: 'LOGIN_REFUSED',
  permissionSetMissing: 'PERMISSION_SET_MISSING',
  environmentUnknown: 'ENVIRONMENT_UNKNOWN',
  companyUnknown: 'COMPANY_UNKNOWN',
  companyNotVisible: 'COMPANY_NOT_VISIBLE',
  companyNotChosen: 'COMPANY_NOT_CHOSEN',
  apiServicesOff: 'API_SERVICES_OFF',
  dataUpgradePending: 'DATA_UPGRADE_PENDING',
  customApiMissing: 'CUSTOM_API_MISSING',
  // PostgreSQL.
  databaseUnknown: 'DATABASE_UNKNOWN',
  databaseLoginRefused: 'DATABASE_LOGIN_REFUSED',
  tlsNotOffered: 'TLS_NOT_OFFERED',
  tlsRequired: 'TLS_REQUIRED',
  tableNotUsable: 'TABLE_NOT_USABLE',
  rowSecurity: 'ROW_SECURITY',
  standby: 'STANDBY',
  superuser: 'SUPERUSER',
  modifiedColumnMissing: 'MODIFIED_COLUMN_MISSING',
  modifiedColumnNotMaintained: 'MODIFIED_COLUMN_NOT_MAINTAINED',
  modifiedColumnNullable: 'MODIFIED_COLUMN_NULLABLE',
  modifiedColumnNotIndexed: 'MODIFIED_COLUMN_NOT_INDEXED',
  triggersMissing: 'TRIGGERS_MISSING',
  triggersDisabled: 'TRIGGERS_DISABLED',
  walLevel: 'WAL_LEVEL',
  replicationMissing: 'REPLICATION_MISSING',
  notPublished: 'NOT_PUBLISHED',
  noReplicaIdentity: 'NO_REPLICA_IDENTITY',
  slotLost: 'SLOT_LOST',
  // OData.
  etagMissing: 'ETAG_MISSING',
  // What the mappings need.
  tableMissing: 'TABLE_MISSING',
  columnMissing: 'COLUMN_MISSING',
  columnTooShort: 'COLUMN_TOO_SHORT',
  columnReadOnly: 'COLUMN_READ_ONLY',
  exchangeRateMissing: 'EXCHANGE_RATE_MISSING',
  localCurrencyMissing: 'LOCAL_CURRENCY_MISSING',
  localCurrencyUnknown: 'LOCAL_CURRENCY_UNKNOWN',
  baseCurrencyUnknown: 'BASE_CURRENCY_UNKNOWN',
  // What is as it should be, and worth knowing.
  signedInAs: 'SIGNED_IN_AS',
} as const
export type DiagnosisCode = (typeof DiagnosisCode)[keyof typeof DiagnosisCode]

/** What is known of a cause wherever it occurs. */
export interface Diagnosis {
  readonly severity: 'ERROR' | 'WARNING' | 'INFORMATION'
  /** How it shows itself, for the page about setup errors. */
  readonly seenAs: string
  /** Why, one or two sentences. */
  readonly cause: string
  /** What an administrator does about it. */
  readonly remedy: string
  /** Where it is documented; null: nowhere in particular. */
  readonly link: string | null
}
