import type { EntityManager } from '@mikro-orm/postgresql'
import { json, run, sql } from './sql.js'

/** Hours for which a key is known. */
const KEPT_HOURS = 24
/** Seconds without a sign of life after which nobody carries out any more what was asked for. */
const LIFELESS_SECONDS = 30

export interface KeyedRequest {
  /** Whose key it is: what others call so is something else. */
  readonly principal: string
  readonly key: string
  readonly mutation: string
  /** Tells what was asked for from anything else: a hash of the arguments. */
  readonly request: string
}

/**
 * NEW: the caller carries it out, then calls {@link finishKey} or {@link releaseKey}, and {@link keepKeyAlive} meanwhile. RUNNING: somebody
 * does. DONE: with this result. UNKNOWN: nobody can tell what became of it. OTHER: something else was asked for under this key.
 */
export type ClaimedKey =
  | { readonly kind: 'NEW' | 'RUNNING' | 'UNKNOWN' }
  | { readonly kind: 'DONE'; readonly result: unknown }
  | { readonly kind: 'OTHER'; readonly mutation: string }

/** Claims a key for a request, or tells what was asked for under it. */
export async function claimKey(em: EntityManager, asked: KeyedRequest): Promise<ClaimedKey> {
  const { principal, key, mutation, request } = asked
  const [made] = await run(
    em,
    sql`insert into idempotency_key as known (principal, key, mutation, request, status)
        values (${principal}, ${key}, ${mutation}, ${request}, 'RUNNING')
        on conflict (principal, key) do update
          set mutation = excluded.mutation, request = excluded.request, status = 'RUNNING', result = null,
            created_at = now(), alive_at = now()
          where known.created_at < now() - make_interval(hours => ${KEPT_HOURS}::int)
        returning key`,
  )
  if (made !== undefined) return { kind: 'NEW' }
  const [known] = await run<{
    mutation: string
    request: string
    status: 'RUNNING' | 'DONE' | 'UNKNOWN'
    result: unknown
    isAlive: boolean
  }>(
    em,
    sql`select mutation, request, status, result,
          alive_at > clock_timestamp() - make_interval(secs => ${LIFELESS_SECONDS}::int) as "isAlive"
        from idempotency_key where principal = ${principal} and key = ${key}`,
  )
  // It was released in between: asked again it is claimed.
  if (known === undefined) return { kind: 'RUNNING' }
  if (known.mutation !== mutation || known.request !== request)
    return { kind: 'OTHER', mutation: known.mutation }
  if (known.status === 'DONE') return { kind: 'DONE', result: known.result }
  return { kind: known.status === 'RUNNING' && known.isAlive ? 'RUNNING' : 'UNKNOWN' }
}

/** A sign of life of who carries out what a key stands for. */
export async function keepKeyAlive(em: EntityManager, { principal, key }: KeyedRequest): Promise<void> {
  await run(
    em,
    sql`update idempotency_key set alive_at = clock_timestamp() where principal = ${principal} and key = ${key}`,
  )
}

/** Keeps what a request has answered; `undefined`: nobody can tell what became of it. */
export async function finishKey(
  em: EntityManager,
  { principal, key }: KeyedRequest,
  result: unknown,
): Promise<void> {
  const [status, kept] = result === undefined ? ['UNKNOWN', null] : ['DONE', json(result)]
  await run(
    em,
    sql`update idempotency_key set status = ${status}, result = ${kept}::json where principal = ${principal} and key = ${key}`,
  )
}

/** Forgets a key under which nothing was done. */
export async function releaseKey(em: EntityManager, { principal, key }: KeyedRequest): Promise<void> {
  await run(em, sql`delete from idempotency_key where principal = ${principal} and key = ${key}`)
}

/** Forgets keys that have expired, at most `most` of them; returns how many there were. */
export async function purgeKeys(em: EntityManager, most: number): Promise<number> {
  const gone = await run(
    em,
    sql`delete from idempotency_key where (principal, key) in (
          select principal, key from idempotency_key
          where created_at < now() - make_interval(hours => ${KEPT_HOURS}::int) order by created_at limit ${most})
        returning key`,
  )
  return gone.length
}
