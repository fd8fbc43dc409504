import type { Database } from '../../persistence/database.js'
import { useAccessToken } from '../../persistence/access-tokens.js'
import { findSession } from '../../persistence/sessions.js'
import { carriesToken, bearerOf } from '../authenticate.js'
import { recentOf } from '../recent.js'
import { LOCAL_PRINCIPAL, PrincipalKind, type Principal } from './principal.js'
import { hashOf, TOKEN_MARK } from './secrets.js'

/** What a request shows to be let in. Of both the header counts. */
export interface Credentials {
  /** The header Authorization. */
  readonly authorization: string | undefined
  /** The value of the session's cookie. */
  readonly session: string | undefined
}

/** Who was let in. `sessionId`: by which session; null: by a bearer token, which no browser sends unasked. */
export interface SignedIn {
  readonly principal: Principal
  readonly sessionId: string | null
}

/** Recognizes bearer tokens that a provider of sign-in has issued. */
export interface BearerVerifier {
  /** Null: it is not valid, or whoever it belongs to may not use Accord. */
  verify(token: string): Promise<Principal | null>
}

/** Tells who sends a request. */
export class Authenticator {
  constructor(
    private readonly database: Database,
    /** The token of this machine. */
    private readonly localToken: string,
    private readonly verifier: BearerVerifier | null = null,
  ) {}

  /** Null: nobody whom Accord knows. */
  async authenticate({ authorization, session }: Credentials): Promise<SignedIn | null> {
    if (authorization !== undefined) {
      const principal = await this.ofBearer(authorization)
      return principal === null ? null : { principal, sessionId: null }
    }
    return session === undefined ? null : this.ofSession(session)
  }

  private async ofBearer(header: string): Promise<Principal | null> {
    if (carriesToken(header, this.localToken)) return LOCAL_PRINCIPAL
    const token = bearerOf(header)
    if (token === null) return null
    if (!token.startsWith(TOKEN_MARK)) return (await this.verifier?.verify(token)) ?? null
    const hash = hashOf(token)
    const { em } = this.database
    const recent = recentOf(em)
    const found = await recent.read(
      recent.tokens,
      hash,
      () => useAccessToken(em.fork(), hash),
      ({ validFor }) => validFor,
    )
    if (found === null) return null
    const { id, name, role, connectionId } = found
    return { id, name, role, connectionId, kind: PrincipalKind.token }
  }

  private async ofSession(secret: string): Promise<SignedIn | null> {
    const found = await findSession(this.database.em.fork(), hashOf(secret))
    if (found === null) return null
    const { id, user } = found
    const principal: Principal =
      user === null ? LOCAL_PRINCIPAL : { ...user, kind: PrincipalKind.user, connectionId: null }
    return { principal, sessionId: id }
  }
}
