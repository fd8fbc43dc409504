import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Role } from '../domain/role.js'
import { run, sql } from './sql.js'

/** Who somebody is here. */
export interface KnownUser {
  readonly id: string
  readonly name: string
  /** Null: nobody has given him one. */
  readonly role: Role | null
  readonly isDisabled: boolean
}

/**
 * Notes somebody whom the provider vouches for, and what it says about him; returns who he is here. What claims do not tell (a name, an e-mail, the
 * role, where `isRoleTold` is false) stays as it is known; a role of which
 * the provider has not told for so many hours is forgotten.
 */
export async function admitUser(
  em: EntityManager,
  claimed: {
    readonly issuer: string
    readonly subject: string
    readonly name: string | null
    readonly email: string | null
    readonly isEmailVerified: boolean
    readonly role: Role | null
    readonly isRoleTold: boolean
  },
  hours: number,
): Promise<KnownUser> {
  const { issuer, subject, name, email, isEmailVerified, role, isRoleTold } = claimed
  const isForgotten = sql`not ${isRoleTold}::boolean and app_user.claimed_role is not null
            and app_user.role_told_at < now() - make_interval(hours => ${hours})`
  const [user] = await run<KnownUser>(
    em,
    sql`with stored as (
          insert into app_user (id, issuer, subject, name, email, is_email_verified, claimed_role, role_told_at, created_at, last_seen_at)
          values (${randomUUID()}, ${issuer}, ${subject}, coalesce(${name}, ${subject}), ${email}, ${isEmailVerified}, ${role}, now(), now(), now())
          on conflict (issuer, subject) do update set
            name = coalesce(${name}, app_user.name), email = coalesce(${email}, app_user.email),
            is_email_verified = case when ${email}::text is null then app_user.is_email_verified else ${isEmailVerified} end,
            claimed_role = case when ${isRoleTold} then ${role} when ${isForgotten} then null else app_user.claimed_role end,
            role_told_at = case when ${isRoleTold} then now() else app_user.role_told_at end, last_seen_at = now()
          where app_user.last_seen_at < now() - interval '1 minute' or (${isForgotten})
            or (${isRoleTold} and app_user.role_told_at < now() - interval '1 minute')
            or (${isRoleTold} and app_user.claimed_role is distinct from ${role})
            or (${email}::text is not null and app_user.is_email_verified <> ${isEmailVerified})
            or app_user.name <> coalesce(${name}, app_user.name)
            or app_user.email is distinct from coalesce(${email}, app_user.email)
          returning id, name, given_role, claimed_role, disabled_at
        ), known as (
          select * from stored union all
          select id, name, given_role, claimed_role, disabled_at from app_user
          where issuer = ${issuer} and subject = ${subject} and not exists (select from stored)
        )
        select id, name, coalesce(given_role, claimed_role) as role, disabled_at is not null as "isDisabled" from known`,
  )
  if (user === undefined) throw new Error('A user who was stored was not found.')
  return user
}
