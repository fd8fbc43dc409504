import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import * as openid from 'openid-client'
import type { Logger } from 'pino'
import { readClaims, type ClaimedIdentity } from './claims.js'
import type { ProviderOptions } from './options.js'
import { ProviderUnavailableError } from './provider-unavailable.js'

/** What is remembered between sending somebody to the provider and his coming back. */
export interface SignInChecks {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

const SECONDS_TO_ANSWER = 10
/** Signatures by a key pair alone: what only the provider can make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 30

interface Discovered {
  readonly configuration: openid.Configuration
  readonly keys: JWTVerifyGetKey
}

/** A provider of OpenID Connect. It is asked for its addresses when somebody signs in first, so that Accord starts without it. */
export class Provider {
  private discovered: Promise<Discovered> | null = null

  /** Whether the log was told last that they cannot be read. */
  private keysFail = false

  constructor(
    readonly options: ProviderOptions,
    private readonly logger: Logger,
  ) {}

  newChecks(): SignInChecks {
    return {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
    }
  }

  /** Where to send a browser. Throws {@link ProviderUnavailableError}. */
  async authorizationUrl(redirectUri: string, { state, nonce, codeVerifier }: SignInChecks): Promise<URL> {
    const { configuration } = await this.discover()
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.options.scope,
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    })
  }

  /**
   * Who came back from there with `url`. Throws {@link ProviderUnavailableError}, and other errors when he did not sign in, or what came
   * back does not fit what was remembered.
   */
  async identify(url: URL, { state, nonce, codeVerifier }: SignInChecks): Promise<ClaimedIdentity> {
    const { configuration } = await this.discover()
    const tokens = await openid.authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (claims === undefined) throw new Error('The provider sent no ID token.')
    const more = this.options.roleClaim in claims ? {} : await this.userInfo(tokens.access_token, claims.sub)
    // All has been asked for: what is not said now he does not have.
    return { ...readClaims(this.options, claims.sub, { ...more, ...claims }), isRoleTold: true }
  }

  /** Who an access token of the provider speaks for; null: it is none, or none for Accord. Throws {@link ProviderUnavailableError}. */
  async verify(token: string): Promise<ClaimedIdentity | null> {
    const { issuer, audience } = this.options
    if (audience === null || !mayBeOurs(token, issuer, audience)) return null
    const { keys } = await this.discover().catch((error: unknown) => {
      this.tellOfKeys(error)
      throw error
    })
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE,
        requiredClaims: ['sub', 'exp'],
      })
      this.tellOfKeys(null)
      // An ID token says who somebody is to the page he signed in to; it is no key.
      if (payload['nonce'] !== undefined || payload['at_hash'] !== undefined) return null
      return readClaims(this.options, payload.sub ?? '', payload)
    } catch (error) {
      if (isWrongToken(error)) return null
      this.tellOfKeys(error)
      throw new ProviderUnavailableError(
        'The keys of the provider of sign-in cannot be read, so no token of it can be judged. Try again later.',
        { cause: error },
      )
    }
  }

  /** Told once, not with every token that comes meanwhile, whoever sends it; null: they were read. */
  private tellOfKeys(error: unknown): void {
    const [before, now] = [this.keysFail, error !== null]
    this.keysFail = now
    if (before === now) return
    if (now)
      this.logger.error({ err: withoutTokens(error) }, 'The keys of the provider of sign-in cannot be read')
    else this.logger.info('The keys of the provider of sign-in can be read again')
  }

  /** Providers may keep claims out of ID tokens. Nobody is signed in with half of what is said about him: he would lose his role. */
  private async userInfo(accessToken: string, subject: string): Promise<Readonly<Record<string, unknown>>> {
    const { configuration } = await this.discover()
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return {}
    try {
      return await openid.fetchUserInfo(configuration, accessToken, subject)
    } catch (error) {
      throw new ProviderUnavailableError(
        'The provider of sign-in did not tell what you may do: its userinfo does not answer as it should.',
        { cause: error },
      )
    }
  }

  private discover(): Promise<Discovered> {
    this.discovered ??= this.askForAddresses().catch((error: unknown) => {
      this.discovered = null
      throw new ProviderUnavailableError('The provider of sign-in cannot be reached.', { cause: error })
    })
    return this.discovered
  }

  private async askForAddresses(): Promise<Discovered> {
    const { clientId, clientSecret } = this.options
    const issuer = new URL(this.options.issuer)
    const configuration = await openid.discovery(
      issuer,
      clientId,
      {},
      clientSecret === null ? openid.None() : openid.ClientSecretPost(clientSecret),
      {
        timeout: SECONDS_TO_ANSWER,
        // The settings take http:// for this machine alone.
        ...(issuer.protocol === 'http:' && { execute: [openid.allowInsecureRequests] }),
      },
    )
    const { jwks_uri: keys } = configuration.serverMetadata()
    if (keys === undefined) throw new Error('The provider of sign-in does not say where its keys are.')
    return {
      configuration,
      keys: createRemoteJWKSet(new URL(keys), { timeoutDuration: SECONDS_TO_ANSWER * 1000 }),
    }
  }
}

/** What an error of the provider is, without what was sent or answered. */
export function withoutTokens(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'unknown' }
  const code: unknown = 'code' in error ? error.code : undefined
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(error.cause instanceof Error && { cause: withoutTokens(error.cause) }),
  }
}

/** What a token itself can be at fault in. Anything else keeps from judging it: keys that are not told, or are none. */
const WRONG_TOKENS = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
]

function isWrongToken(error: unknown): boolean {
  return WRONG_TOKENS.some((type) => error instanceof type)
}

/** Before anybody is asked for keys: whether a token says of itself that it is from there, and for us. */
function mayBeOurs(token: string, issuer: string, audience: string): boolean {
  let payload: JWTPayload
  try {
    payload = decodeJwt(token)
  } catch {
    // No token of that kind; whoever sent it is told that it is wrong.
    return false
  }
  const given: readonly unknown[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud]
  return payload.iss === issuer && given.includes(audience)
}
