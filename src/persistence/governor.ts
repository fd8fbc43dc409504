import type { GovernedPrincipal, GovernorState } from '../domain/governor-state.js'
import type { GovernorChange, GovernorStore } from '../domain/governor-store.js'
import type { Database } from './database.js'
import { databaseClock, run, sql } from './sql.js'

/** One row a principal, locked while it is changed. By the database's clock, which all processes share. */
export class PostgresGovernorStore implements GovernorStore {
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
