import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Client } from './directory.js'

/** Who sends a request: the client its token was issued to, or the user who signed in through it. */
export interface Caller {
  readonly clientId: string
  /** Null: the application itself. */
  readonly username: string | null
  /** For whom the token was issued; null without a token. */
  readonly audience: string | null
  /** The application permissions in it. */
  readonly roles: readonly string[]
}

/** The name under which switches know who sends a request. */
export function principalOf({ username, clientId }: Caller): string {
  return (username ?? clientId).toLowerCase()
}

/**
 * Issues and checks bearer tokens. Tokens are signed with a key derived from the clients' secrets: a sandbox that was
 * restarted with the same secrets accepts them, and both systems accept each other's.
 */
export interface Tokens {
  /** Seconds. */
  readonly lifetime: number
  issue(caller: Caller, tenant: string): string
  verify(token: string): TokenCheck
}

export type TokenCheck =
  | { readonly kind: 'valid'; readonly caller: Caller }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' }

interface Claims {
  readonly aud: string
  readonly appid: string
  readonly exp: number
  readonly upn?: string
  readonly roles?: readonly string[]
}

export function createTokens(clients: readonly Client[], lifetime: number): Tokens {
  const key = createHash('sha256')
  for (const client of clients) key.update(`${client.id}\0${client.secret}\0`)
  const signingKey = key.digest()
  const sign = (text: string): string => createHmac('sha256', signingKey).update(text).digest('base64url')
  return {
    lifetime,
    issue({ clientId, username, audience, roles }, tenant) {
      const now = Math.floor(Date.now() / 1000)
      const subject = username === null ? { roles } : { upn: username, scp: 'user_impersonation' }
      const claims = {
        aud: audience,
        tid: tenant,
        appid: clientId,
        ...subject,
        iat: now,
        nbf: now,
        exp: now + lifetime,
      }
      const text = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`
      return `${text}.${sign(text)}`
    },
    verify(token) {
      const [header, payload, signature, ...rest] = token.split('.')
      if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
        return { kind: 'invalid' }
      }
      const expected = Buffer.from(sign(`${header}.${payload}`))
      const received = Buffer.from(signature)
      if (expected.length !== received.length || !timingSafeEqual(expected, received))
        return { kind: 'invalid' }
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
      if (claims.exp * 1000 <= Date.now()) return { kind: 'expired' }
      return {
        kind: 'valid',
        caller: {
          clientId: claims.appid,
          username: claims.upn ?? null,
          audience: claims.aud,
          roles: claims.roles ?? [],
        },
      }
    },
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
