import pg from 'pg'

/** A pool of which every value comes back in PostgreSQL's text form, so that no number passes through a JavaScript number. */
export type Database = pg.Pool
export type Connection = pg.PoolClient

const TEXT_ONLY: pg.CustomTypesConfig = { getTypeParser: () => (value: string | Buffer) => String(value) }

/** Errors that end well when the whole transaction is tried again: deadlock, serialisation, a unique value taken meanwhile. */
const REPEATABLE = new Set(['40P01', '40001', '23505'])
const ATTEMPTS = 5

/**
 * Opens the database of that URL and creates it if the server does not have it. Throws an error that names `owner` and the
 * server's address, without the password, when the server cannot be reached or refuses.
 */
export async function openDatabase(url: string, owner: string, connections = 10): Promise<Database> {
  try {
    await createIfMissing(url)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The ${owner} sandbox cannot use its database at ${withoutPassword(url)}: ${reason}`, {
      cause: error,
    })
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types: TEXT_ONLY,
    options: '-c timezone=UTC -c jit=off -c client_min_messages=warning',
  })
  // An idle connection that breaks is replaced by the pool; the next statement reports a server that is gone.
  pool.on('error', () => undefined)
  // So does one that breaks between two statements of a transaction: its next statement fails.
  pool.on('connect', (connection) => connection.on('error', () => undefined))
  return pool
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'an address that is no URL'
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}

async function createIfMissing(url: string): Promise<void> {
  const target = new URL(url)
  const name = decodeURIComponent(target.pathname.slice(1))
  if (name === '')
    throw new Error('A sandbox database URL must name a database, as in postgres://localhost/sandbox.')
  const probe = new pg.Client({ connectionString: url })
  try {
    await probe.connect()
    return
  } catch (error) {
    if (sqlState(error) !== '3D000') throw error
  } finally {
    await probe.end()
  }
  target.pathname = '/postgres'
  const admin = new pg.Client({ connectionString: target.href })
  await admin.connect()
  try {
    await createDatabase(admin, name)
  } finally {
    await admin.end()
  }
}

/** Case mapping must know all of Unicode while sorting stays cheap: the builtin C.UTF-8 locale, or the C library's. */
async function createDatabase(admin: pg.Client, name: string): Promise<void> {
  const base = `create database ${pg.escapeIdentifier(name)} template template0 encoding 'UTF8'`
  const attempts = [
    `${base} locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
    `${base} lc_collate 'C' lc_ctype 'C.UTF-8'`,
    base,
  ]
  for (const [index, statement] of attempts.entries()) {
    try {
      await admin.query(statement)
      return
    } catch (error) {
      // Somebody else may have created it at the same moment.
      if (sqlState(error) === '42P04') return
      if (index === attempts.length - 1) throw error
    }
  }
}

/** Did PostgreSQL refuse a value (out of range, not a date, ...), which is then the client's fault? */
export function isBadValue(error: unknown): boolean {
  return sqlState(error)?.startsWith('22') === true
}

export function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/**
 * Runs `work` in a transaction that is committed when it returns and rolled back when it throws. Deadlocks and unique
 * values taken meanwhile by somebody else make it run again from the start, so `work` must have no effect but its SQL.
 */
export async function transaction<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await database.connect()
    let broken: Error | undefined
    try {
      await connection.query('begin')
      const result = await work(connection)
      await connection.query('commit')
      return result
    } catch (error) {
      try {
        await connection.query('rollback')
      } catch (rollbackError) {
        broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError))
      }
      const state = sqlState(error)
      if (broken !== undefined || state === null || !REPEATABLE.has(state) || attempt === ATTEMPTS)
        throw error
    } finally {
      connection.release(broken)
    }
  }
}
