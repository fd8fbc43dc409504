import { DiagnosisCode, type Diagnosis } from './code.js'

const ENTRA = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes'
const APPLICATION_INSTEAD = 'Use an application with a client secret or certificate instead of a user'

/** What keeps the token endpoint from giving a token, and what is wrong with one that it gave. */
export const SIGN_IN = {
  [DiagnosisCode.clientSecretWrong]: {
    severity: 'ERROR',
    seenAs: '`AADSTS7000215`',
    cause: "The client secret is wrong; often the secret's id was pasted instead of its value.",
    remedy: 'Paste the value of the client secret.',
    link: ENTRA,
  },
  [DiagnosisCode.clientSecretExpired]: {
    severity: 'ERROR',
    seenAs: '`AADSTS7000222`',
    cause: 'The client secret has expired.',
    remedy: 'Create a new client secret or certificate for the application and enter it in the connection.',
    link: ENTRA,
  },
  [DiagnosisCode.tokenRequestIncomplete]: {
    severity: 'ERROR',
    seenAs: '`AADSTS7000218`, `AADSTS900144`',
    cause: 'The token request is incomplete: the secret or another parameter is missing.',
    remedy: 'Complete the client id, the client secret and the scope of the connection.',
    link: ENTRA,
  },
  [DiagnosisCode.applicationUnknown]: {
    severity: 'ERROR',
    seenAs: '`AADSTS700016`, `AADSTS700011`',
    cause: 'The application is unknown in this tenant.',
    remedy:
      'Check the client id and the tenant in the token address, and give admin consent to the application there.',
    link: ENTRA,
  },
  [DiagnosisCode.tenantUnknown]: {
    severity: 'ERROR',
    seenAs: '`AADSTS90002`',
    cause: 'The tenant was not found.',
    remedy: 'Check the tenant id in the token address and that it belongs to this cloud.',
    link: ENTRA,
  },
  [DiagnosisCode.applicationDisabled]: {
    severity: 'ERROR',
    seenAs: '`AADSTS7000112`, `AADSTS70001`',
    cause: 'The application is disabled.',
    remedy: 'Enable the enterprise application in Microsoft Entra.',
    link: ENTRA,
  },
  [DiagnosisCode.signingCertificateRefused]: {
    severity: 'ERROR',
    seenAs: '`AADSTS700027`, `AADSTS50012`, `AADSTS50013`',
    cause: 'The signature of the certificate or assertion is not valid.',
    remedy: "Register the certificate with the application, and check this machine's clock.",
    link: ENTRA,
  },
  [DiagnosisCode.resourceUnknown]: {
    severity: 'ERROR',
    seenAs: '`AADSTS500011`',
    cause: 'The resource named by the scope does not exist in the tenant.',
    remedy: 'Check the address in the scope, and that the service is provisioned in this tenant.',
    link: ENTRA,
  },
  [DiagnosisCode.scopeInvalid]: {
    severity: 'ERROR',
    seenAs: '`AADSTS70011`, `AADSTS700022`, `AADSTS700023`, `AADSTS28002`, `AADSTS28003`',
    cause: 'The scope is not valid.',
    remedy: 'Set the scope to <resource>/.default, with one resource only.',
    link: ENTRA,
  },
  [DiagnosisCode.consentMissing]: {
    severity: 'ERROR',
    seenAs: '`AADSTS650052`, `AADSTS650056`, `AADSTS650057`, `AADSTS65001`, `AADSTS90094`',
    cause: 'A subscription, a listed permission or the consent of an administrator is missing.',
    remedy: 'Let an administrator grant consent to the application.',
    link: ENTRA,
  },
  [DiagnosisCode.passwordExpired]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50055`, `AADSTS50144`',
    cause:
      "The user's password has expired, or an administrator has set it so that it must be changed at the next sign-in.",
    remedy: `Sign in once as the user and change the password, then enter the new one. ${APPLICATION_INSTEAD}: it has no password that expires.`,
    link: ENTRA,
  },
  [DiagnosisCode.passwordMustBeChanged]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50125`',
    cause: 'The password of the user must be changed at the next sign-in, or registered for resetting.',
    remedy: `Sign in once as the user and do what is asked, then enter the new password. ${APPLICATION_INSTEAD}: an unattended connection cannot answer such a request.`,
    link: ENTRA,
  },
  [DiagnosisCode.credentialsWrong]: {
    severity: 'ERROR',
    seenAs:
      '`AADSTS50126`, `AADSTS50056`, `AADSTS50034`, `AADSTS50064`; 401 where user and password are sent; PostgreSQL: SQLSTATE `28P01`',
    cause: 'The user is unknown, or the password is missing or wrong.',
    remedy: `Enter valid integration user credentials. ${APPLICATION_INSTEAD}.`,
    link: ENTRA,
  },
  [DiagnosisCode.userDisabled]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50057`',
    cause: 'The user is disabled in Microsoft Entra.',
    remedy: 'Enable the user.',
    link: ENTRA,
  },
  [DiagnosisCode.accountLocked]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50053`',
    cause: 'The account is locked, or the request came from an address that counts as malicious.',
    remedy: 'Wait, and look at the sign-in log in Microsoft Entra.',
    link: ENTRA,
  },
  [DiagnosisCode.multifactorRequired]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50072`, `AADSTS50074`, `AADSTS50076`, `AADSTS50078`, `AADSTS50079`, `AADSTS50158`',
    cause: 'The user has to pass multifactor authentication, or to register for it.',
    remedy: `${APPLICATION_INSTEAD}: an unattended connection cannot answer such a request.`,
    link: ENTRA,
  },
  [DiagnosisCode.userNotAssigned]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50105`',
    cause: 'The user is not assigned to the enterprise application.',
    remedy: 'Assign the user to the enterprise application.',
    link: ENTRA,
  },
  [DiagnosisCode.conditionalAccess]: {
    severity: 'ERROR',
    seenAs: '`AADSTS53000`, `AADSTS53001`, `AADSTS53002`, `AADSTS53003`, `AADSTS530032`, `AADSTS530035`',
    cause: 'Conditional Access or the security defaults block the sign-in.',
    remedy: 'Exclude the workload identity from the policy, or add this location to the named locations.',
    link: ENTRA,
  },
  [DiagnosisCode.grantRevoked]: {
    severity: 'ERROR',
    seenAs: '`AADSTS50173`, `AADSTS700082`, `AADSTS70008`, `AADSTS70043`, `AADSTS50132`, `AADSTS50133`',
    cause: 'The grant was revoked or has expired, or the password was changed.',
    remedy: 'Sign in again, or enter the new password.',
    link: ENTRA,
  },
  [DiagnosisCode.signInThrottled]: {
    severity: 'WARNING',
    seenAs:
      '`AADSTS50196`, `AADSTS90055`, `AADSTS50033`, `AADSTS90033`, `AADSTS90006`, `AADSTS90024`, `AADSTS90090`; 429 or 5xx of the token endpoint',
    cause: 'Microsoft Entra is throttling, or has a passing fault.',
    remedy: 'Wait and try again.',
    link: ENTRA,
  },
  [DiagnosisCode.signInRefused]: {
    severity: 'ERROR',
    seenAs: 'Another number, or none',
    cause: 'The token endpoint refused the client credentials.',
    remedy: 'Check the token address, the client id, the client secret and the scope of the connection.',
    link: ENTRA,
  },
  [DiagnosisCode.tokenForOtherAddress]: {
    severity: 'ERROR',
    seenAs: 'The claim `aud` of the token is another address than that of the service',
    cause: 'The scope of the connection names another service or organisation than its address.',
    remedy: 'Make the scope the origin of the service followed by /.default.',
    link: null,
  },
  [DiagnosisCode.tokenForOtherTenant]: {
    severity: 'ERROR',
    seenAs: 'The claim `tid` of the token is another tenant than the one in the address of the service',
    cause: 'The token address and the address of the service name different tenants.',
    remedy: 'Use the same tenant id in the token address and in the address of the connection.',
    link: null,
  },
  [DiagnosisCode.tokenWithoutRole]: {
    severity: 'ERROR',
    seenAs: 'The claim `roles` of a token for Business Central lacks `API.ReadWrite.All`',
    cause:
      'The application registration lacks the application permission API.ReadWrite.All of Business Central, or nobody has consented to it.',
    remedy:
      'In Microsoft Entra add the application permission Dynamics 365 Business Central: API.ReadWrite.All and grant admin consent.',
    link: 'https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/automation-apis-using-s2s-authentication',
  },
  [DiagnosisCode.clockWrong]: {
    severity: 'WARNING',
    seenAs: 'The claim `exp` of a new token is past, or its `nbf` more than five minutes ahead',
    cause: "This machine's clock and that of Microsoft Entra differ.",
    remedy: 'Set the clock of this machine; have it follow a time server.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
