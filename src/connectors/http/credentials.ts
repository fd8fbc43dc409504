import { createHash } from 'node:crypto'
import { assertNever } from '../../domain/value.js'
import type { SignIn } from '../service-settings.js'
import { clientAssertion } from './client-assertion.js'
import { createTokenSource } from './token-source.js'
import { basicAuthorization, type Transport } from './transport.js'

/** Who we are to a service, and how that is shown. */
export interface Credentials {
  /** Names the application or user to people, without a secret. Limits of a service are counted by it. */
  readonly principal: string
  /** The Authorization header; null where none is sent. Concurrent callers share one token request. Throws {@link ConnectorError}. */
  authorization(): Promise<string | null>
  /** The service refused this header. True: another one can be had, so that the request is worth repeating. */
  reject(authorization: string | null): boolean
}

/** What a kind of sign-in needs besides its settings. */
export interface CredentialsContext {
  readonly transport: Transport
  /** Milliseconds. */
  readonly requestTimeout: number
  /** Epoch ms. */
  readonly now: () => number
}

/** Names the application or user of a sign-in to people, without a secret. */
export function principalOf(signIn: SignIn): string {
  switch (signIn.kind) {
    case 'clientSecret':
    case 'certificate':
      return signIn.clientId
    case 'password':
    case 'basic':
      return signIn.username
    case 'bearer':
      return `token ${digestOf(signIn.token)}`
    case 'none':
      return 'anonymous'
    default:
      return assertNever(signIn)
  }
}

/** Credentials of any kind of sign-in. */
export function createCredentials(signIn: SignIn, context: CredentialsContext): Credentials {
  switch (signIn.kind) {
    case 'clientSecret':
      return byToken(signIn, principalOf(signIn), context, () =>
        Promise.resolve({
          grant_type: 'client_credentials',
          client_id: signIn.clientId,
          client_secret: signIn.clientSecret,
          scope: signIn.scope,
        }),
      )
    case 'certificate':
      return byToken(signIn, principalOf(signIn), context, async () => ({
        grant_type: 'client_credentials',
        client_id: signIn.clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await clientAssertion(signIn, context.now()),
        scope: signIn.scope,
      }))
    case 'password':
      return byToken(signIn, principalOf(signIn), context, () =>
        Promise.resolve({
          grant_type: 'password',
          client_id: signIn.clientId,
          ...(signIn.clientSecret === undefined ? {} : { client_secret: signIn.clientSecret }),
          username: signIn.username,
          password: signIn.password,
          scope: signIn.scope,
        }),
      )
    case 'basic':
      return unchanging(principalOf(signIn), basicAuthorization(signIn.username, signIn.password))
    case 'bearer':
      return unchanging(principalOf(signIn), `Bearer ${signIn.token}`)
    case 'none':
      return unchanging(principalOf(signIn), null)
    default:
      return assertNever(signIn)
  }
}

function byToken(
  { tokenUrl }: { readonly tokenUrl: string },
  principal: string,
  { transport, requestTimeout, now }: CredentialsContext,
  form: () => Promise<Readonly<Record<string, string>>>,
): Credentials {
  const tokens = createTokenSource({ tokenUrl, form, requestTimeout }, transport, now)
  return {
    principal,
    authorization: async () => `Bearer ${await tokens.token()}`,
    reject(authorization) {
      if (authorization !== null) tokens.reject(authorization.slice('Bearer '.length))
      return true
    },
  }
}

/** Asking again with the same header would only bring an account nearer to being locked. */
function unchanging(principal: string, authorization: string | null): Credentials {
  return { principal, authorization: () => Promise.resolve(authorization), reject: () => false }
}

/** Tells tokens apart without showing them. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 12)
}
