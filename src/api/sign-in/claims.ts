import { Role } from '../../domain/role.js'
import type { ProviderOptions } from './options.js'

export type Claims = Readonly<Record<string, unknown>>

/** What a provider says about somebody. */
export interface ClaimedIdentity {
  readonly issuer: string
  readonly subject: string
  /** Null: the claims do not tell. */
  readonly name: string | null
  readonly email: string | null
  /** The provider vouches that the e-mail is his. */
  readonly isEmailVerified: boolean
  readonly role: Role | null
  /** Whether it is said at all what he may do; else `role` is null. */
  readonly isRoleTold: boolean
}

const LONGEST = 200

/** Reads claims, which have been verified. */
export function readClaims(provider: ProviderOptions, subject: string, claims: Claims): ClaimedIdentity {
  const email = textOf(claims['email'])
  return {
    issuer: provider.issuer,
    subject,
    name: textOf(claims['name']) ?? textOf(claims['preferred_username']) ?? email,
    email,
    isEmailVerified: email !== null && claims['email_verified'] === true,
    role: claimedRole(provider, claims),
    isRoleTold: Object.hasOwn(claims, provider.roleClaim),
  }
}

/** The highest role that the claims give. */
export function claimedRole({ roleClaim, values }: ProviderOptions, claims: Claims): Role | null {
  const claim: unknown = claims[roleClaim]
  const held: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  return (
    [Role.administrator, Role.operator, Role.viewer].find((role) =>
      held.some((value) => typeof value === 'string' && values[role].includes(value)),
    ) ?? null
  )
}

function textOf(claim: unknown): string | null {
  if (typeof claim !== 'string') return null
  const text = claim
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, LONGEST)
    .toWellFormed()
  return text === '' ? null : text
}
