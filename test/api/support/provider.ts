import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import OidcProvider from 'oidc-provider'

export const CLIENT_ID = 'accord'
export const CLIENT_SECRET = 'a-secret-of-accord-at-the-provider'
export const AUDIENCE = 'api://accord'
/** A program with the right to get access tokens for itself. */
const ROBOT = { id: 'robot', secret: 'a-secret-of-the-robot-at-the-provider' }

export interface Person {
  readonly name: string
  readonly email: string
  /** Left out: nothing is claimed. */
  readonly roles?: readonly string[]
  readonly email_verified?: boolean
}

/** A provider of OpenID Connect on this machine, whose sign-in page lets in whoever the test says sits before it. */
export interface TestProvider {
  readonly issuer: string
  /** Subjects, and what is claimed about them. */
  readonly people: Record<string, Person>
  /** The subject that signs in next; null: he declines. */
  before: string | null
  /** What is answered at a path in place of what should be; null: the connection is dropped. */
  readonly faults: Map<string, { readonly status: number; readonly body: string } | null>
  /** An access token of the robot for `audience`, issued by the provider. */
  tokenOf(audience: string): Promise<string>
  /** A token signed with the provider's own key, of whatever claims. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
  close(): Promise<void>
}

/** `redirectUri`: where the client Accord may be sent back to; asked when somebody signs in. */
export async function startProvider(redirectUri: () => string): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'test', alg: 'RS256', use: 'sig' }
  const test: TestProvider = {
    issuer,
    people: {},
    before: null,
    faults: new Map(),
    async tokenOf(audience) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${ROBOT.id}:${ROBOT.secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience }),
      })
      const { access_token: token } = (await response.json()) as { readonly access_token?: string }
      if (token === undefined) throw new Error(`The provider issued no token (${response.status}).`)
      return token
    },
    sign: (claims) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'test' }).sign(privateKey),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
  let provider: OidcProvider | null = null
  const made = (): OidcProvider =>
    (provider ??= new OidcProvider(issuer, configure(test, key, redirectUri())))
  server.on('request', (request, response) => {
    const fault = test.faults.get(new URL(request.url ?? '/', issuer).pathname)
    if (fault === null) return void response.destroy()
    if (fault !== undefined) return void response.writeHead(fault.status).end(fault.body)
    const answer =
      request.url?.startsWith('/interaction/') === true
        ? made().interactionFinished(
            request,
            response,
            test.before === null
              ? { error: 'access_denied', error_description: 'He declined.' }
              : { login: { accountId: test.before } },
          )
        : made().callback()(request, response)
    answer.catch((error: unknown) => response.destroy(error as Error))
  })
  return test
}

function configure(test: TestProvider, key: object, redirectUri: string): object {
  return {
    jwks: { keys: [key] },
    cookies: { keys: ['cookies-of-the-test-provider'] },
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
      {
        client_id: ROBOT.id,
        client_secret: ROBOT.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'roles'], email: ['email', 'email_verified'] },
    interactions: { url: (_context: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...test.people[id] }),
    }),
    loadExistingGrant: async ({
      oidc,
    }: {
      readonly oidc: {
        readonly client: { readonly clientId: string }
        readonly session: { readonly accountId: string }
        readonly provider: OidcProvider
      }
    }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, audience: string) => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_context: unknown, token: { readonly clientId: string }) =>
      test.people[token.clientId],
  }
}
