import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Role } from '../domain/role.js'
import { run, sql } from './sql.js'

/** Who a session belongs to; `user` null: the administrator of this machine. */
export interface ValidSession {
  readonly id: string
  readonly user: { readonly id: string; readonly name: string; readonly role: Role } | null
}

/** Opens a session. What has expired is forgotten on the way. */
export async function openSession(
  em: EntityManager,
  session: { readonly hash: string; readonly userId: string | null; readonly hours: number },
): Promise<void> {
  await run(em, sql`delete from session where expires_at <= now()`)
  await run(
    em,
    sql`insert into session (id, hash, user_id, created_at, expires_at)
        values (${randomUUID()}, ${session.hash}, ${session.userId}, now(), now() + make_interval(hours => ${session.hours}::int))`,
  )
}

/** The session of that hash, unless it has ended, or its user may not sign in any more. */
export async function findSession(em: EntityManager, hash: string): Promise<ValidSession | null> {
  const [found] = await run<{
    id: string
    userId: string | null
    name: string | null
    role: Role | null
    disabled: boolean
  }>(
    em,
    sql`select s.id, s.user_id as "userId", u.name, coalesce(u.given_role, u.claimed_role) as role,
          u.disabled_at is not null as disabled
        from session s left join app_user u on u.id = s.user_id
        where s.hash = ${hash} and s.expires_at > now()`,
  )
  if (found === undefined) return null
  const { id, userId, name, role, disabled } = found
  if (userId === null) return { id, user: null }
  return disabled || role === null || name === null ? null : { id, user: { id: userId, name, role } }
}

export async function endSessionsOf(em: EntityManager, userId: string): Promise<void> {
  await run(em, sql`delete from session where user_id = ${userId}`)
}

/** Ends the session of that hash, if there is one. */
export async function endSessionOfHash(em: EntityManager, hash: string): Promise<void> {
  await run(em, sql`delete from session where hash = ${hash}`)
}

export async function endSession(em: EntityManager, id: string): Promise<void> {
  await run(em, sql`delete from session where id = ${id}`)
}
