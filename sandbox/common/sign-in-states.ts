/** A refusal of the token endpoint, in the words of Microsoft Entra. */
export interface SignInRefusal {
  readonly status: number
  /** What a client decides by. */
  readonly error: string
  /** The number behind `AADSTS`. */
  readonly code: number
  readonly subError?: string
  readonly describe: (about: SignInSubject) => string
}

/** What a description tells about a request. */
export interface SignInSubject {
  readonly clientId: string
  readonly tenant: string
  readonly scope: string
  readonly resource: string
}

const grant = (code: number, text: string, subError?: string): SignInRefusal => ({
  status: 400,
  error: 'invalid_grant',
  code,
  describe: () => text,
  ...(subError === undefined ? {} : { subError }),
})

/** What may be wrong with an application, by the name of the state it can be switched to. */
export const APPLICATION_STATES = {
  secretWrong: {
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    describe: ({ clientId }) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  },
  secretExpired: {
    status: 401,
    error: 'invalid_client',
    code: 7000222,
    describe: ({ clientId }) =>
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.`,
  },
  certificateUnknown: {
    status: 401,
    error: 'invalid_client',
    code: 700027,
    describe: ({ clientId }) =>
      `The certificate with identifier used to sign the client assertion is not registered on application '${clientId}'. [Reason - The key was not found.]`,
  },
  unknown: {
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
    describe: ({ clientId, tenant }) =>
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  },
  tenantUnknown: {
    status: 400,
    error: 'invalid_request',
    code: 90002,
    describe: ({ tenant }) =>
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  },
  disabled: {
    status: 400,
    error: 'unauthorized_client',
    code: 7000112,
    describe: ({ clientId }) => `Application '${clientId}' is disabled.`,
  },
  scopeInvalid: {
    status: 400,
    error: 'invalid_scope',
    code: 70011,
    describe: ({ scope }) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  },
  resourceUnknown: {
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    describe: ({ resource, tenant }) =>
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  },
  consentMissing: {
    status: 400,
    error: 'invalid_grant',
    code: 65001,
    subError: 'consent_required',
    describe: ({ clientId }) =>
      `The user or administrator has not consented to use the application with ID '${clientId}'. Send an interactive authorization request for this user and resource.`,
  },
  conditionalAccess: grant(
    53003,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  ),
} as const satisfies Readonly<Record<string, SignInRefusal>>
export type ApplicationState = keyof typeof APPLICATION_STATES

/** What may be wrong with a user who signs in by name and password. */
export const USER_STATES = {
  passwordWrong: grant(50126, 'Error validating credentials due to invalid username or password.'),
  unknown: grant(
    50034,
    'The user account does not exist in the directory. To sign into this application, the account must be added to the directory.',
  ),
  mustChangePassword: grant(
    50125,
    'Sign-in was interrupted because of a password reset or password registration entry.',
    'basic_action',
  ),
  passwordExpired: grant(50055, 'The password is expired.', 'basic_action'),
  passwordExpiredOnPremises: grant(50144, `The user's Active Directory password has expired.`),
  locked: grant(
    50053,
    `The account is locked, you've tried to sign in too many times with an incorrect user ID or password.`,
  ),
  multiFactorRequired: grant(
    50076,
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    'basic_action',
  ),
  disabled: grant(50057, 'The user account is disabled.'),
  conditionalAccess: APPLICATION_STATES.conditionalAccess,
} as const satisfies Readonly<Record<string, SignInRefusal>>
export type UserState = keyof typeof USER_STATES
