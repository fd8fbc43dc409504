import pg from 'pg'
import type { Logger } from 'pino'
import { endsSession } from './errors.js'
import type { PostgresSettings } from './settings.js'

/** Every value comes as the text that the server writes, so that no digit is lost. */
const AS_TEXT = { getTypeParser: () => (text: string) => text }
/** The client waits this much longer than the server, so that the server's own words are heard. Milliseconds. */
const GRACE = 5_000
const IDLE = 30_000

export type Row = readonly (string | null)[]

/** One connection to the database, in one task's hands. */
export interface Session {
  /** Rows as arrays of text. `patience`: milliseconds, where it is not that of every request. Throws what the driver throws. */
  query(text: string, parameters?: readonly unknown[], patience?: number): Promise<readonly Row[]>
}

export interface Sessions {
  /** Runs a task with a connection of the pool. */
  use<Result>(task: (session: Session) => Promise<Result>): Promise<Result>
  /** A connection of its own, for listening; the caller ends it. */
  open(): Promise<pg.Client>
  close(): Promise<void>
}

/** What the texts of values look like does not depend on the settings of the role or the database. */
const DIALECT =
  "set time zone 'UTC'; set datestyle to 'ISO, YMD'; set extra_float_digits to 1; set intervalstyle to 'iso_8601'; set standard_conforming_strings to on"

/** A pool of connections, made as they are needed. */
export function createSessions(settings: PostgresSettings, logger: Logger | undefined): Sessions {
  const options: pg.ClientConfig = {
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    ...(settings.password === undefined ? {} : { password: settings.password }),
    application_name: settings.applicationName,
    ssl: tlsOf(settings),
    keepAlive: true,
    connectionTimeoutMillis: Math.min(settings.requestTimeout, 30_000),
    statement_timeout: settings.requestTimeout,
    lock_timeout: Math.max(1, Math.floor(settings.requestTimeout / 2)),
    idle_in_transaction_session_timeout: settings.requestTimeout + GRACE,
    query_timeout: settings.requestTimeout + GRACE,
    types: AS_TEXT,
  }
  const pool = new pg.Pool({ ...options, max: settings.concurrency, idleTimeoutMillis: IDLE })
  // A connection that breaks while nobody uses it is replaced when it is needed.
  pool.on('error', (error) => logger?.debug({ err: error }, 'An idle connection to PostgreSQL broke'))
  // One that breaks while it is used fails the statement at hand; the event itself must not end the process.
  pool.on('connect', (client) => {
    client.on('error', (error) => logger?.debug({ err: error }, 'A connection to PostgreSQL broke'))
  })
  const prepared = new WeakSet<pg.ClientBase>()

  return {
    async use(task) {
      const client = await pool.connect()
      let broken = false
      // Between two statements nobody waits for an answer that would tell that the line broke.
      const onBreak = (error: Error): void => {
        broken = true
        logger?.debug({ err: error }, 'A connection to PostgreSQL broke between two statements')
      }
      client.on('error', onBreak)
      const session: Session = {
        async query(text, parameters, patience) {
          try {
            const query = {
              text,
              rowMode: 'array',
              ...(parameters === undefined ? {} : { values: [...parameters] }),
              ...(patience === undefined ? {} : { query_timeout: patience + GRACE }),
            }
            const result = await client.query<(string | null)[]>(query as pg.QueryArrayConfig)
            return result.rows
          } catch (error) {
            broken ||= endsSession(error)
            throw error
          }
        },
      }
      try {
        if (!prepared.has(client)) {
          await session.query(DIALECT)
          prepared.add(client)
        }
        return await task(session)
      } finally {
        client.release(broken)
        client.off('error', onBreak)
      }
    },
    async open() {
      const client = new pg.Client({ ...options, query_timeout: 0, statement_timeout: 0 })
      await client.connect()
      return client
    },
    close: () => pool.end(),
  }
}

/** A transaction of one task; it is rolled back where the task fails. Throws what the task throws. */
export async function inTransaction<Result>(
  session: Session,
  task: () => Promise<Result>,
  begin = 'begin',
): Promise<Result> {
  await session.query(begin)
  let result: Result
  try {
    result = await task()
  } catch (error) {
    // Where the line is broken the server rolls back by itself, and the first error is the one to tell.
    await session.query('rollback').catch(() => undefined)
    throw error
  }
  await session.query('commit')
  return result
}

function tlsOf({ tls, certificateAuthorities }: PostgresSettings): pg.ClientConfig['ssl'] {
  switch (tls) {
    case 'off':
      return false
    case 'encrypt':
      return { rejectUnauthorized: false }
    case 'verify':
      return {
        rejectUnauthorized: true,
        ...(certificateAuthorities === undefined ? {} : { ca: certificateAuthorities }),
      }
  }
}
