import type { Role } from '../../domain/role.js'

/** A provider of sign-in by OpenID Connect. */
export interface ProviderOptions {
  /** As its tokens name it. */
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, by PKCE alone. */
  readonly clientSecret: string | null
  readonly scope: string
  /** What access tokens must be issued for to be taken as bearer tokens; null: none is. */
  readonly audience: string | null
  /** The claim that says what somebody may do: `roles`, `groups`. */
  readonly roleClaim: string
  /** Values of that claim that give a role. */
  readonly values: Readonly<Record<Role, readonly string[]>>
}

export interface SignInOptions {
  readonly provider: ProviderOptions | null
  /** Hours until a session ends. */
  readonly sessionHours: number
  /** Where people reach the API, without a trailing slash; null: at the address that it listens on. */
  readonly publicUrl: string | null
}

export const NO_PROVIDER: SignInOptions = { provider: null, sessionHours: 12, publicUrl: null }
