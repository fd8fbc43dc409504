import type { EntityManager } from '@mikro-orm/postgresql'
import type { Role } from '../domain/role.js'
import { run, sql } from './sql.js'

export interface ValidToken {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly connectionId: string | null
  /** Milliseconds until it expires, when it was read; null: it does not. */
  readonly validFor: number | null
}

/** The token of that hash, unless it is revoked or has expired; notes that it was used, once a minute. */
export async function useAccessToken(em: EntityManager, hash: string): Promise<ValidToken | null> {
  const [found] = await run<ValidToken & { readonly isFresh: boolean }>(
    em,
    sql`select id, name, role, connection_id as "connectionId",
          (extract(epoch from expires_at - now()) * 1000)::float8 as "validFor",
          coalesce(last_used_at > now() - interval '1 minute', false) as "isFresh"
        from access_token
        where hash = ${hash} and revoked_at is null and (expires_at is null or expires_at > now())`,
  )
  if (found === undefined) return null
  const { isFresh, ...token } = found
  if (!isFresh) await run(em, sql`update access_token set last_used_at = now() where id = ${token.id}`)
  return token
}
