/** The kinds of systems that a connection can have at either end. */
export const KINDS = ['BUSINESS_CENTRAL', 'DATAVERSE', 'POSTGRESQL', 'ODATA'] as const
export type Kind = (typeof KINDS)[number]

export const SIGN_INS = ['clientSecret', 'certificate', 'password', 'basic', 'bearer', 'none'] as const
export type SignIn = (typeof SIGN_INS)[number]

/** A setting that people fill in, by its path: `signIn.clientId`. Its words are texts of the same name. */
export interface Member {
  readonly path: string
  readonly input: 'text' | 'number' | 'secret' | 'long' | 'choice'
  readonly required?: boolean
  readonly choices?: readonly string[]
  readonly example?: string
}

const TOKEN_URL = 'https://login.microsoftonline.com/TENANT_ID/oauth2/v2.0/token'

/** Which ways to sign in a kind of system knows; PostgreSQL has a user and a password among its settings. */
export const SIGN_INS_OF: Readonly<Record<Kind, readonly SignIn[]>> = {
  BUSINESS_CENTRAL: ['clientSecret', 'certificate', 'password', 'basic'],
  DATAVERSE: ['clientSecret', 'certificate', 'password'],
  ODATA: SIGN_INS,
  POSTGRESQL: [],
}

const SCOPES: Readonly<Record<Kind, string>> = {
  BUSINESS_CENTRAL: 'https://api.businesscentral.dynamics.com/.default',
  DATAVERSE: 'https://ORGANISATION.crm4.dynamics.com/.default',
  ODATA: '',
  POSTGRESQL: '',
}

const OWN: Readonly<Record<Kind, readonly Member[]>> = {
  BUSINESS_CENTRAL: [
    {
      path: 'url',
      input: 'text',
      required: true,
      example: 'https://api.businesscentral.dynamics.com/v2.0/TENANT_ID/production/api/v2.0',
    },
    { path: 'companyId', input: 'text', example: '11111111-2222-3333-4444-555555555555' },
    { path: 'customApi', input: 'text', example: 'accord/synchronization/v1.0' },
    { path: 'tenant', input: 'text' },
    { path: 'webClientUrl', input: 'text', example: 'https://businesscentral.dynamics.com' },
  ],
  DATAVERSE: [
    {
      path: 'url',
      input: 'text',
      required: true,
      example: 'https://ORGANISATION.crm4.dynamics.com/api/data/v9.2',
    },
    { path: 'appUrl', input: 'text' },
  ],
  ODATA: [{ path: 'url', input: 'text', required: true, example: 'https://service.example.com/odata' }],
  POSTGRESQL: [
    { path: 'host', input: 'text', required: true, example: 'db.example.com' },
    { path: 'port', input: 'number', example: '5432' },
    { path: 'database', input: 'text', required: true },
    { path: 'schema', input: 'text', example: 'public' },
    { path: 'user', input: 'text', required: true },
    { path: 'password', input: 'secret' },
    { path: 'tls', input: 'choice', choices: ['verify', 'encrypt', 'off'] },
    {
      path: 'changeDetection',
      input: 'choice',
      choices: ['modifiedColumn', 'triggers', 'logicalReplication'],
    },
    { path: 'modifiedColumn', input: 'text', example: 'modified' },
  ],
}

function signInMembers(kind: Kind, signIn: SignIn): readonly Member[] {
  const application: readonly Member[] = [
    { path: 'signIn.tokenUrl', input: 'text', required: true, example: TOKEN_URL },
    { path: 'signIn.clientId', input: 'text', required: true },
    { path: 'signIn.scope', input: 'text', required: true, example: SCOPES[kind] },
  ]
  switch (signIn) {
    case 'clientSecret':
      return [...application, { path: 'signIn.clientSecret', input: 'secret', required: true }]
    case 'certificate':
      return [
        ...application,
        { path: 'signIn.certificate', input: 'long', required: true },
        { path: 'signIn.privateKey', input: 'secret', required: true },
      ]
    case 'password':
      return [
        ...application,
        { path: 'signIn.username', input: 'text', required: true },
        { path: 'signIn.password', input: 'secret', required: true },
        { path: 'signIn.clientSecret', input: 'secret' },
      ]
    case 'basic':
      return [
        { path: 'signIn.username', input: 'text', required: true },
        { path: 'signIn.password', input: 'secret', required: true },
      ]
    case 'bearer':
      return [{ path: 'signIn.token', input: 'secret', required: true }]
    case 'none':
      return []
  }
}

/** The scope that is the same for everybody; null: it has the organisation's address in it, or is the service's own. */
export function knownScopeOf(kind: Kind): string | null {
  return kind === 'BUSINESS_CENTRAL' ? SCOPES[kind] : null
}

/** The settings that are asked for, in the order in which they are filled in. */
export function membersOf(kind: Kind, signIn: SignIn): readonly Member[] {
  return SIGN_INS_OF[kind].length === 0 ? OWN[kind] : [...OWN[kind], ...signInMembers(kind, signIn)]
}
