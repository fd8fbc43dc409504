import type { Connection, Database } from './database.js'

/** The clock of one sandbox: the computer's time plus an offset that is kept in the sandbox's database. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Milliseconds by which this clock is ahead of the computer's. */
  offset(): number
  setOffset(milliseconds: number): Promise<void>
}

/** Reads the offset that an earlier process may have set. Needs the table that {@link SETTING_STATEMENT} creates. */
export async function openClock(database: Database): Promise<Clock> {
  const stored = await database.query<{ value: string }>(
    `select value from sandbox_setting where name = 'clockOffset'`,
  )
  let offset = Number(stored.rows[0]?.value ?? '0')
  return {
    now: () => Date.now() + offset,
    offset: () => offset,
    async setOffset(milliseconds) {
      await database.query(
        `insert into sandbox_setting (name, value) values ('clockOffset', $1)
         on conflict (name) do update set value = excluded.value`,
        [String(milliseconds)],
      )
      offset = milliseconds
    },
  }
}

export const SETTING_STATEMENT =
  'create table if not exists sandbox_setting (name text primary key, value text not null)'

/** Has nothing filled this database yet? `table` must also be empty. */
export async function isUnfilled(database: Database, table: string): Promise<boolean> {
  const result = await database.query<{ unfilled: string }>(
    `select (not exists (select 1 from sandbox_setting where name = 'filledWith')
       and not exists (select 1 from "${table}"))::text as unfilled`,
  )
  return result.rows[0]?.unfilled === 'true'
}

/** Remembers, in the transaction that fills a database, that it was filled; it is not filled again. */
export async function markFilled(connection: Connection, content: string): Promise<void> {
  await connection.query(`insert into sandbox_setting (name, value) values ('filledWith', $1)`, [content])
}
