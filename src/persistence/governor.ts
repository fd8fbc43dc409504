import type { GovernedPrincipal, GovernorState } from '../domain/governor-state.js'
import type { GovernorChange, GovernorStore } from '../domain/governor-store.js'
import type { Database } from './database.js'
import { announce } from './events.js'
import { databaseClock, run, sql } from './sql.js'

/** Milliseconds between two announcements of a process: calls may be hundreds a second. */
const ANNOUNCED_AGAIN = 1_000

/** One row a principal, locked while it is changed. By the database's clock, which all processes share. */
export class PostgresGovernorStore implements GovernorStore {
  private announcedAt = 0

  constructor(private readonly database: Database) {}

  change<Result>(
    { endpoint, principal }: GovernedPrincipal,
    change: GovernorChange<Result>,
  ): Promise<Result> {
    return this.database.em.fork().transactional(async (em) => {
      const find = sql<{ state: GovernorState | null }>`
        select state from governor where endpoint = ${endpoint} and principal = ${principal} for update`
      let [row] = await run(em, find)
      if (row === undefined) {
        await run(
          em,
          sql`insert into governor (endpoint, principal) values (${endpoint}, ${principal}) on conflict do nothing`,
        )
        ;[row] = await run(em, find)
      }
      // Asked for after the lock was obtained: time never runs backwards from one change to the next.
      const { state, result } = change(row?.state ?? null, await databaseClock(em))
      await run(
        em,
        sql`update governor set state = ${JSON.stringify(state)}::jsonb, changed_at = clock_timestamp()
          where endpoint = ${endpoint} and principal = ${principal}`,
      )
      // What changes within the second is seen by those who read again after a while, as they do anyway.
      if (Date.now() - this.announcedAt >= ANNOUNCED_AGAIN) {
        this.announcedAt = Date.now()
        await announce(em, { topic: 'governor' })
      }
      return result
    })
  }
}

export interface KnownPrincipal extends GovernedPrincipal {
  readonly state: GovernorState
}

/** Principals in whose name somebody has called during the last day, and the time by the clock that their times are of, epoch ms. */
export async function governedPrincipals(
  database: Database,
): Promise<{ readonly principals: readonly KnownPrincipal[]; readonly now: number }> {
  const em = database.em.fork()
  const principals = await run(
    em,
    sql<KnownPrincipal>`
      select endpoint, principal, state from governor
      where state is not null and changed_at > clock_timestamp() - interval '1 day'
      order by endpoint, principal`,
  )
  return { principals, now: await databaseClock(em) }
}
