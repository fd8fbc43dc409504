import { DiagnosisCode } from '../../../src/domain/diagnosis/code.js'
import { ODATA } from '../../../src/domain/diagnosis/odata.js'
import { POSTGRESQL } from '../../../src/domain/diagnosis/postgresql.js'
import { ACCOUNT } from '../../../src/domain/catalog/dataverse.js'
import { CUSTOMER } from '../../../src/domain/catalog/business-central.js'
import { Side } from '../../../src/domain/value.js'
import { deadAddress, tokenAnswer } from '../support/scripted-server.js'
import { EXPIRED, OTHER_HOST, SELF_SIGNED, UNKNOWN_AUTHORITY } from '../support/server-certificates.js'
import { mapped, withField, type World } from './world.js'

/** How a cause comes about, and what a check says of it. */
export interface Cause {
  readonly arrange: (world: World) => Promise<unknown> | void
  readonly side: Side | null
  /** What is found, beside what every finding has. */
  readonly what: RegExp
  readonly remedy?: RegExp
  /** Names of ids under which support finds the request. */
  readonly ids?: readonly string[]
  readonly severity?: 'ERROR' | 'WARNING'
  /** Other causes that come with it. */
  readonly with?: readonly DiagnosisCode[]
}

const local = Side.local
const integration = Side.integration
const ENTRA_IDS = ['trace_id', 'correlation_id']

const atEntra = (number: number, error?: string, status?: number): Cause => ({
  arrange: (world) => world.entra(number, error, status),
  side: integration,
  what: new RegExp(`^No access token: AADSTS${number}: `),
  ids: ENTRA_IDS,
})

const application = (state: string, number: number): Cause => ({
  arrange: (world) => world.turn('dataverse', 'sign-in', { state }),
  side: integration,
  what: new RegExp(`AADSTS${number}: `),
  ids: ENTRA_IDS,
})

const user = (state: string, number: number): Cause => ({
  arrange: (world) => world.user(state),
  side: integration,
  what: new RegExp(`AADSTS${number}: `),
  ids: ENTRA_IDS,
})

const certificate = (text: string, what: RegExp): Cause => ({
  arrange: async (world) => world.set(integration, { url: await world.certified(text) }),
  side: integration,
  what,
})

const inDataverse = (name: string, body: object, what: RegExp, more: Partial<Cause> = {}): Cause => ({
  arrange: (world) => world.turn('dataverse', name, body),
  side: integration,
  what,
  ...more,
})

const inBusinessCentral = (name: string, body: object, what: RegExp, more: Partial<Cause> = {}): Cause => ({
  arrange: (world) => world.turn('businessCentral', name, body),
  side: local,
  what,
  ...more,
})

const refused = (status: number, code: string, message: string): Cause => ({
  arrange: (world) => world.refuse('dataverse', '/accounts\\?', status, code, message),
  side: integration,
  what: new RegExp(message),
})

/** An unsigned token as Entra makes them. */
const token = (claims: object): string =>
  [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
  '.x'

/** Those of other kinds of systems have tables of their own: {@link DATABASE_CAUSES} and the check of OData services. */
type CauseHere = Exclude<DiagnosisCode, keyof typeof POSTGRESQL | keyof typeof ODATA>

/** Every cause there is: one without a case here does not compile. */
export const CAUSES: Readonly<Record<CauseHere, Cause>> = {
  [DiagnosisCode.settingsInvalid]: {
    arrange: (world) => world.set(local, { url: 'https://example.test' }),
    side: local,
    what: /url: must end in \/api\/v2.0/,
  },
  [DiagnosisCode.hostNotFound]: {
    arrange: (world) => world.set(integration, { url: 'https://nowhere.invalid/api/data/v9.2' }),
    side: integration,
    what: /The host nowhere.invalid of Dataverse was not found/,
  },
  [DiagnosisCode.hostUnreachable]: {
    arrange: async (world) => world.set(integration, { url: `${await deadAddress()}/api/data/v9.2` }),
    side: integration,
    what: /cannot be reached/,
  },
  [DiagnosisCode.connectionLost]: {
    arrange: (world) => world.fault('dataverse', 'WhoAmI', { kind: 'drop', at: 'beforeCommit' }),
    side: integration,
    what: /connection to Dataverse .* was lost/,
  },
  [DiagnosisCode.noAnswerInTime]: {
    arrange: async (world) => {
      world.set(integration, {
        url: `${await world.serve(() => 'silence')}/api/data/v9.2`,
        requestTimeout: 300,
      })
    },
    side: integration,
    what: /did not answer in time/,
  },
  [DiagnosisCode.serverCertificateExpired]: certificate(EXPIRED, /certificate of Dataverse/),
  [DiagnosisCode.serverCertificateSelfSigned]: certificate(SELF_SIGNED, /certificate of Dataverse/),
  [DiagnosisCode.serverCertificateWrongHost]: certificate(OTHER_HOST, /certificate of Dataverse/),
  [DiagnosisCode.serverCertificateUntrusted]: certificate(UNKNOWN_AUTHORITY, /certificate of Dataverse/),
  [DiagnosisCode.tlsFailed]: {
    arrange: (world) => {
      const { origin } = world.running.sandbox.dataverse
      world.set(integration, { url: `${origin.replace('http:', 'https:')}/api/data/v9.2` })
    },
    side: integration,
    what: /Dataverse at/,
  },
  [DiagnosisCode.addressWrong]: {
    arrange: (world) => {
      world.set(integration, { url: `${world.running.sandbox.dataverse.origin}/elsewhere/api/data/v9.2` })
    },
    side: integration,
    what: /Dataverse/,
  },
  [DiagnosisCode.serviceThrottles]: {
    arrange: (world) =>
      world.refuse('dataverse', 'WhoAmI', 429, '0x80072322', 'Number of requests exceeded.'),
    side: integration,
    what: /Number of requests exceeded/,
  },
  [DiagnosisCode.serviceUnavailable]: {
    arrange: (world) => world.refuse('businessCentral', 'companies', 503, 'Internal_TenantUnavailable'),
    side: local,
    what: /Business Central/,
  },
  [DiagnosisCode.answerUnexpected]: {
    arrange: (world) => world.refuse('dataverse', 'WhoAmI', 418, '0x80049999', 'I am a teapot.'),
    side: integration,
    what: /teapot/,
  },
  [DiagnosisCode.partNotExamined]: {
    arrange: (world) =>
      world.refuse('dataverse', 'RetrieveUserPrivileges', 403, '0x80049999', 'Not for you.'),
    side: integration,
    what: /privileges of the user were not compared .* Not for you/,
  },

  [DiagnosisCode.clientSecretWrong]: {
    arrange: (world) => world.signIn(integration, { clientSecret: 'the id of the secret' }),
    side: integration,
    what: /AADSTS7000215/,
    remedy: /value of the client secret/,
    ids: ENTRA_IDS,
  },
  [DiagnosisCode.clientSecretExpired]: application('secretExpired', 7000222),
  [DiagnosisCode.tokenRequestIncomplete]: atEntra(7000218, 'invalid_client', 401),
  [DiagnosisCode.applicationUnknown]: application('unknown', 700016),
  [DiagnosisCode.tenantUnknown]: application('tenantUnknown', 90002),
  [DiagnosisCode.applicationDisabled]: application('disabled', 7000112),
  [DiagnosisCode.signingCertificateRefused]: atEntra(700027, 'invalid_client', 401),
  [DiagnosisCode.resourceUnknown]: application('resourceUnknown', 500011),
  [DiagnosisCode.scopeInvalid]: {
    arrange: (world) => world.signIn(integration, { scope: 'https://org.crm.dynamics.com' }),
    side: integration,
    what: /AADSTS70011/,
    remedy: /\.default/,
    ids: ENTRA_IDS,
  },
  [DiagnosisCode.consentMissing]: application('consentMissing', 65001),
  [DiagnosisCode.passwordExpired]: user('passwordExpired', 50055),
  [DiagnosisCode.passwordMustBeChanged]: user('mustChangePassword', 50125),
  [DiagnosisCode.credentialsWrong]: user('passwordWrong', 50126),
  [DiagnosisCode.userDisabled]: user('disabled', 50057),
  [DiagnosisCode.accountLocked]: user('locked', 50053),
  [DiagnosisCode.multifactorRequired]: user('multiFactorRequired', 50076),
  [DiagnosisCode.userNotAssigned]: atEntra(50105, 'invalid_grant'),
  [DiagnosisCode.conditionalAccess]: application('conditionalAccess', 53003),
  [DiagnosisCode.grantRevoked]: atEntra(50173),
  [DiagnosisCode.signInThrottled]: atEntra(90055, 'invalid_request'),
  [DiagnosisCode.signInRefused]: atEntra(999_999, 'invalid_request'),
  [DiagnosisCode.tokenForOtherAddress]: {
    arrange: async (world) => {
      await world.turn('dataverse', 'service', { audience: world.running.sandbox.dataverse.origin })
      world.signIn(integration, { scope: 'https://other.crm.dynamics.com/.default' })
    },
    side: integration,
    what: /The token is for https:\/\/other\.crm\.dynamics\.com, and the service is http/,
    remedy: /\/\.default/,
  },
  [DiagnosisCode.tokenForOtherTenant]: {
    arrange: async (world) => {
      const { businessCentral, tokenUrl } = world.running.sandbox
      const [own, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
      await world.turn('businessCentral', 'permissions', { applicationCard: 'missing' })
      world.set(local, { url: `${businessCentral.origin}/v2.0/${own}/production/api/v2.0` })
      world.signIn(local, { tokenUrl: tokenUrl.replace(/\/[^/]+\/oauth2/, `/${other}/oauth2`) })
    },
    side: local,
    what: /tenant 22222222-.* names 11111111-/,
  },
  [DiagnosisCode.tokenWithoutRole]: inBusinessCentral('sign-in', { roles: [] }, /lacks .* API.ReadWrite.All/),
  [DiagnosisCode.clockWrong]: {
    arrange: async (world) => {
      const past = Math.floor(Date.now() / 1000) - 7_200
      const url = await world.serve(() => tokenAnswer(token({ exp: past, nbf: past - 3_600 })))
      world.signIn(integration, { tokenUrl: url })
    },
    side: integration,
    what: /is over already by the clock of this machine/,
    with: [DiagnosisCode.tokenNotAccepted],
  },

  [DiagnosisCode.tokenNotAccepted]: inDataverse(
    'service',
    { audience: 'https://org.crm.dynamics.com' },
    /Dataverse/,
  ),
  [DiagnosisCode.notAMember]: inDataverse(
    'permissions',
    { member: false },
    /not a member of the organization/,
    {
      remedy: /Create an application user with the client id/,
    },
  ),
  [DiagnosisCode.systemUserDisabled]: inDataverse('user', { disabled: true }, /disabled/),
  [DiagnosisCode.accessModeInvalid]: inDataverse(
    'user',
    { accessMode: 2 },
    /invalid access mode Read on server .* Valid access modes are Read-Write or Non-Interactive/,
  ),
  [DiagnosisCode.userNotLicensed]: inDataverse('user', { accessMode: 0, licensed: false }, /not licensed/),
  [DiagnosisCode.noSecurityRole]: inDataverse('permissions', { roles: [] }, /not been assigned any roles/),
  [DiagnosisCode.administratorAsIntegrationUser]: inDataverse(
    'permissions',
    { roles: ['System Administrator'] },
    /has the System Administrator role on server .* You must choose a user that does not have the System Administrator role/,
  ),
  [DiagnosisCode.customizerAsIntegrationUser]: inDataverse(
    'permissions',
    { roles: ['Accord Integration', 'System Customizer'] },
    /has the System Customizer role/,
  ),
  [DiagnosisCode.severalApplicationUsers]: inDataverse(
    'user',
    { twice: true },
    /two or more users with application id/,
  ),
  [DiagnosisCode.administrationMode]: inDataverse('service', { administrationMode: true }, /administration/i),
  [DiagnosisCode.privilegeMissing]: inDataverse(
    'permissions',
    { without: ['prvWriteAccount'] },
    /missing the privilege prvWriteAccount on the table Account\. Accord needs it to change accounts\./,
    { remedy: /Add Write on the table Account with organisation depth/ },
  ),
  [DiagnosisCode.privilegeTooNarrow]: {
    arrange: async (world) => {
      const origin = world.running.sandbox.dataverse.origin
      // The sandbox gives every privilege for the whole organisation.
      const url = await world.serve(async ({ method, path, headers, body }) => {
        const sent = method === 'GET' ? {} : { body }
        const answer = await fetch(`${origin}${path}`, {
          method,
          headers: { authorization: headers.authorization ?? '' },
          ...sent,
        })
        const text = await answer.text()
        const narrowed = path.includes('RetrieveUserPrivileges')
          ? text.replaceAll('"Global"', '"Local"')
          : text
        return { status: answer.status, body: narrowed }
      })
      world.set(integration, { url: `${url}/api/data/v9.2` })
    },
    side: integration,
    what: /privilege prvReadAccount on the table Account with the depth Local only/,
  },
  [DiagnosisCode.ownerLacksPrivilege]: refused(403, '0x80040231', 'The owner lacks prvReadAccount.'),
  [DiagnosisCode.ownerDisabled]: refused(400, '0x80041d1f', 'The user Id is invalid.'),
  [DiagnosisCode.recordAccessDenied]: refused(403, '0x80048306', 'SecLib::AccessCheckEx failed.'),
  [DiagnosisCode.impersonationDenied]: refused(
    403,
    '0x80040220',
    'The user is missing prvActOnBehalfOfAnotherUser privilege.',
  ),
  [DiagnosisCode.columnSecured]: refused(403, '0x8004f506', 'Secured by a column security profile.'),
  [DiagnosisCode.changeTrackingOff]: inDataverse(
    'service',
    { untracked: ['accounts'] },
    /does not track changes of the table Account/,
  ),

  [DiagnosisCode.applicationNotAccepted]: inBusinessCentral(
    'permissions',
    { applicationCard: 'disabled' },
    /rejected the client credentials/,
    { remedy: /Microsoft Entra Applications/, ids: ['CorrelationId'] },
  ),
  [DiagnosisCode.loginRefused]: {
    arrange: (world) =>
      world.refuse('businessCentral', 'companies', 401, 'Internal_ServerError', 'OnCompanyOpen.'),
    side: local,
    what: /OnCompanyOpen/,
  },
  [DiagnosisCode.permissionSetMissing]: inBusinessCentral(
    'permissions',
    { denied: [{ table: 'customers', rights: ['Modify'] }] },
    /TableData 18 Customer Modify/,
    { remedy: /right Modify on the table Customer/, ids: ['CorrelationId'] },
  ),
  [DiagnosisCode.environmentUnknown]: inBusinessCentral(
    'service',
    { environment: false },
    /Environment does not exist/,
  ),
  [DiagnosisCode.companyUnknown]: {
    arrange: (world) => world.set(local, { companyId: 'c9999999-0000-4000-8000-000000000009' }),
    side: local,
    what: /no company c9999999/,
  },
  [DiagnosisCode.companyNotVisible]: inBusinessCentral(
    'permissions',
    { companies: false },
    /shows no company/,
  ),
  [DiagnosisCode.companyNotChosen]: {
    arrange: async (world) => {
      const companies = ['1', '2'].map((one) => ({
        id: `c000000${one}-0000-4000-8000-000000000001`,
        name: one,
      }))
      const url = await world.serve(() => ({ body: JSON.stringify({ value: companies }) }))
      world.set(local, { url: `${url}/api/v2.0`, companyId: null })
    },
    side: local,
    what: /several companies/,
  },
  [DiagnosisCode.apiServicesOff]: inBusinessCentral('service', { apiServices: false }, /Business Central/),
  [DiagnosisCode.dataUpgradePending]: inBusinessCentral(
    'service',
    { dataUpgradePending: true },
    /must run the data upgrade/,
  ),
  [DiagnosisCode.customApiMissing]: {
    arrange: (world) => world.set(local, { customApi: 'somebody/else/v1.0' }),
    side: local,
    what: /custom API somebody\/else\/v1.0 cannot be read/,
  },

  [DiagnosisCode.tableMissing]: {
    arrange: (world) => {
      world.mapped = mapped(CUSTOMER, { ...ACCOUNT, name: 'gadgets' })
    },
    side: integration,
    what: /no table gadgets/,
  },
  [DiagnosisCode.columnMissing]: {
    arrange: (world) => {
      const table = { ...ACCOUNT, fields: [...ACCOUNT.fields, { ...firstField(), name: 'new_colour' }] }
      const { definition } = world.mapped
      const field = { ...firstMapping(world), name: 'displayName:new_colour', integrationField: 'new_colour' }
      world.mapped = {
        definition: { ...definition, fields: [...definition.fields, field] },
        tables: { ...world.mapped.tables, [integration]: table },
      }
    },
    side: integration,
    what: /accounts has no field new_colour.* CUSTOMER/,
  },
  [DiagnosisCode.columnTooShort]: {
    arrange: (world) => {
      const longer = withField(ACCOUNT, 'name', { type: { kind: 'text', maxLength: 400 } })
      world.mapped = mapped(CUSTOMER, longer)
    },
    side: integration,
    what: /column name of accounts holds 160 characters; CUSTOMER expects 400/,
  },
  [DiagnosisCode.columnReadOnly]: {
    arrange: (world) => {
      const table = withField(ACCOUNT, 'createdon', { readOnly: false })
      const writable = { ...firstField(), name: 'createdon', type: { kind: 'dateTime' } } as const
      const fields = table.fields.some(({ name }) => name === 'createdon')
        ? table.fields
        : [...table.fields, writable]
      const { definition } = world.mapped
      const field = { ...firstMapping(world), name: 'displayName:createdon', integrationField: 'createdon' }
      world.mapped = {
        definition: { ...definition, fields: [...definition.fields, field] },
        tables: { ...world.mapped.tables, [integration]: { ...table, fields } },
      }
    },
    side: integration,
    what: /column createdon of accounts can only be read, and CUSTOMER writes it/,
  },
  [DiagnosisCode.exchangeRateMissing]: inBusinessCentral(
    'exchange-rates',
    { currency: 'EUR', rates: [] },
    /Business Central has no exchange rate for the currency EUR from any date/,
    { remedy: /choose EUR, Exch\. Rates/ },
  ),
  [DiagnosisCode.localCurrencyMissing]: {
    arrange: (world) => world.localCurrency(''),
    side: local,
    what: /you must specify the LCY Code/,
    with: [DiagnosisCode.baseCurrencyUnknown],
  },
  [DiagnosisCode.localCurrencyUnknown]: {
    arrange: (world) => world.localCurrency('XYZ'),
    side: integration,
    what: /local currency code XYZ does not match any ISO Currency Code/,
    with: [DiagnosisCode.baseCurrencyUnknown],
  },
  [DiagnosisCode.baseCurrencyUnknown]: {
    arrange: (world) => world.localCurrency('EUR'),
    side: local,
    what: /base currency USD of the Dataverse environment must exist/,
  },
  [DiagnosisCode.signedInAs]: {
    arrange: () => undefined,
    side: integration,
    what: /works on .* as Accord Integration with the roles Accord Integration/,
  },
}

function firstField() {
  const [field] = ACCOUNT.fields
  if (field === undefined) throw new Error('Accounts have no fields.')
  return field
}

function firstMapping(world: World) {
  const field = world.mapped.definition.fields.find(({ localField }) => localField === 'displayName')
  if (field === undefined) throw new Error('No field mapping carries the name.')
  return field
}
