import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Finding } from '../domain/finding.js'
import { ConnectionCheck } from './entities/connection-check.js'
import { run, sql, texts } from './sql.js'

/** So many checks of a connection are kept. */
const KEPT = 50

/** Keeps what a check found, and forgets checks of the connection that are long past. */
export async function storeCheck(
  em: EntityManager,
  check: {
    readonly connectionId: string
    readonly requestedBy: string
    readonly checkedAt: Date
    readonly findings: readonly Finding[]
  },
): Promise<ConnectionCheck> {
  const stored = em.create(ConnectionCheck, { id: randomUUID(), ...check })
  em.persist(stored)
  await em.flush()
  await run(
    em,
    sql`delete from connection_check where id in (
          select id from connection_check where connection_id = ${check.connectionId}
            order by checked_at desc, id offset ${KEPT})`,
  )
  return stored
}

/** The checks of these connections that were made last. */
export async function lastChecks(
  em: EntityManager,
  connectionIds: readonly string[],
): Promise<readonly ConnectionCheck[]> {
  const latest = await run<{ id: string }>(
    em,
    sql`select distinct on (connection_id) id from connection_check where connection_id = any(${texts(connectionIds)}::uuid[])
        order by connection_id, checked_at desc, id`,
  )
  return em.find(ConnectionCheck, { id: { $in: latest.map((row) => row.id) } }, { disableIdentityMap: true })
}

/** Enabled connections whose last check, or beginning, lies further back than so many hours. */
export async function connectionsToCheck(em: EntityManager, hours: number): Promise<readonly string[]> {
  const rows = await run<{ id: string }>(
    em,
    sql`select c.id from connection c
          left join lateral (select max(checked_at) as checked_at from connection_check where connection_id = c.id) as last on true
        where c.disabled_at is null and coalesce(last.checked_at, c.created_at) < clock_timestamp() - make_interval(hours => ${hours}::integer)
        order by c.id`,
  )
  return rows.map((row) => row.id)
}
