import { randomUUID } from 'node:crypto'
import type { Answer } from './answer.js'
import { jsonAnswer } from './answer.js'
import { ASSERTION_TYPE, checkAssertion } from './client-assertion.js'
import type { Application, Directory } from './directory.js'
import type { ApplicationState, SignInRefusal, SignInSubject } from './sign-in-states.js'
import { APPLICATION_STATES, USER_STATES } from './sign-in-states.js'
import type { Tokens } from './tokens.js'

/** Carries a refusal out of the checks of a request. */
class Refused extends Error {
  constructor(readonly refusal: SignInRefusal) {
    super(refusal.error)
  }
}

/**
 * `POST /{tenant}/oauth2/v2.0/token`: client credentials by secret or certificate, and user name with password, with the bodies
 * of Microsoft Entra.
 */
export async function answerTokenRequest(
  directory: Directory,
  tokens: Tokens,
  tenant: string,
  body: string,
  authorization = '',
): Promise<Answer> {
  const form = readForm(body, authorization)
  const scope = form.get('scope') ?? ''
  const subject: SignInSubject = {
    clientId: form.get('client_id') ?? '',
    tenant,
    scope,
    resource: resourceOf(scope) ?? '',
  }
  try {
    const { application, username } = await signIn(directory, form, subject)
    return jsonAnswer(
      200,
      JSON.stringify({
        token_type: 'Bearer',
        ...(username === null ? {} : { scope }),
        expires_in: tokens.lifetime,
        ext_expires_in: tokens.lifetime,
        access_token: tokens.issue(
          {
            clientId: application.id,
            username,
            audience: subject.resource,
            roles: username === null ? application.roles : [],
          },
          tenant,
        ),
      }),
      { 'cache-control': 'no-store' },
    )
  } catch (error) {
    if (error instanceof Refused) return refusalAnswer(error.refusal, subject)
    throw error
  }
}

/** A client may name itself and show its secret in the header `Authorization` instead, each percent-encoded. */
function readForm(body: string, authorization: string): URLSearchParams {
  const form = new URLSearchParams(body)
  const credential = /^basic\s+(\S+)$/i.exec(authorization)?.[1]
  if (credential === undefined) return form
  const [, id = '', secret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(credential, 'base64').toString('utf8')) ?? []
  const [client] = new URLSearchParams(`${id}=${secret}`)
  if (client !== undefined && !form.has('client_id')) {
    form.set('client_id', client[0])
    form.set('client_secret', client[1])
  }
  return form
}

/** Who signs in. Throws Refused. */
async function signIn(
  directory: Directory,
  form: URLSearchParams,
  subject: SignInSubject,
): Promise<{ readonly application: Application; readonly username: string | null }> {
  const grantType = required(form, 'grant_type')
  required(form, 'client_id')
  required(form, 'scope')
  if (grantType !== 'client_credentials' && grantType !== 'password') {
    throw refused(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    )
  }
  const application = directory.application(subject.clientId)
  const state = application?.state ?? null
  if (state === 'tenantUnknown') throw new Refused(APPLICATION_STATES[state])
  if (resourceOf(subject.scope) === null) throw new Refused(APPLICATION_STATES.scopeInvalid)
  if (application === undefined || state === 'unknown') throw new Refused(APPLICATION_STATES.unknown)
  if (grantType === 'password') {
    const username = required(form, 'username')
    required(form, 'password')
    await checkCredential(application, form, false)
    checkUser(directory, username, form.get('password') ?? '')
    refuseFor(state, false)
    return { application, username }
  }
  if (!subject.scope.endsWith('/.default')) throw new Refused(APPLICATION_STATES.scopeInvalid)
  await checkCredential(application, form, true)
  refuseFor(state, form.has('client_assertion'))
  return { application, username: null }
}

/** `https://org.crm.dynamics.com` of `https://org.crm.dynamics.com/.default`; null where the scope names no resource, or two. */
function resourceOf(scope: string): string | null {
  const scopes = scope.split(/\s+/).filter((part) => !/^(openid|profile|offline_access|email)?$/.test(part))
  const [first, ...rest] = scopes.map((part) => /^(\S+)\/(?:\.default|user_impersonation)$/.exec(part)?.[1])
  return first === undefined || rest.length > 0 ? null : first
}

/** The state of an application whose credential is right. A secret that ran out is no matter to who shows a certificate. */
function refuseFor(state: ApplicationState | null, byCertificate: boolean): void {
  if (state === null) return
  const aboutSecret = state === 'secretWrong' || state === 'secretExpired'
  if (byCertificate ? aboutSecret : state === 'certificateUnknown') return
  throw new Refused(APPLICATION_STATES[state])
}

/** Secret or certificate; with a user's password neither has to be given. */
async function checkCredential(
  application: Application,
  form: URLSearchParams,
  needed: boolean,
): Promise<void> {
  const assertion = form.get('client_assertion')
  const secret = form.get('client_secret') ?? ''
  if (assertion !== null) {
    if (form.get('client_assertion_type') !== ASSERTION_TYPE)
      throw refused(400, 'invalid_request', 900144, missing('client_assertion_type'))
    const check = await checkAssertion(assertion, application)
    switch (check.kind) {
      case 'valid':
        return
      case 'unknownCertificate':
        throw refused(
          401,
          'invalid_client',
          700027,
          `The certificate with identifier used to sign the client assertion is not registered on application '${application.id}'. [Reason - The key was not found., Thumbprint of key used by client: '${check.thumbprint}']`,
        )
      case 'outOfTime':
        throw refused(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.')
      case 'invalid':
        throw refused(401, 'invalid_client', 50027, `JWT token is invalid or malformed. ${check.reason}`)
    }
  }
  if (secret === '') {
    if (!needed) return
    throw refused(401, 'invalid_client', 7000218, missing(`client_assertion' or 'client_secret`))
  }
  if (secret !== application.secret) throw new Refused(APPLICATION_STATES.secretWrong)
}

function checkUser(directory: Directory, username: string, password: string): void {
  const user = directory.user(username)
  if (user === undefined) throw new Refused(USER_STATES.unknown)
  if (user.state !== null) throw new Refused(USER_STATES[user.state])
  if (user.password !== password) throw new Refused(USER_STATES.passwordWrong)
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name) ?? ''
  if (value === '') throw refused(400, 'invalid_request', 900144, missing(name))
  return value
}

function missing(name: string): string {
  return `The request body must contain the following parameter: '${name}'.`
}

function refused(status: number, error: string, code: number, description: string): Refused {
  return new Refused({ status, error, code, describe: () => description })
}

function refusalAnswer(refusal: SignInRefusal, subject: SignInSubject): Answer {
  const { status, error, code, subError } = refusal
  const traceId = randomUUID()
  const correlationId = randomUUID()
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`
  return jsonAnswer(
    status,
    JSON.stringify({
      error,
      error_description: `AADSTS${code}: ${refusal.describe(subject)}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
      ...(subError === undefined ? {} : { suberror: subError }),
    }),
  )
}
