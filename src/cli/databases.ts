import { Client, DatabaseError, escapeIdentifier } from 'pg'
import { ExpectedError } from './exit-codes.js'

/** The address of another database on the same server. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(database)}`
  return changed.href
}

/** An address without its password, for a message. */
export function withoutPassword(url: string): string {
  const changed = new URL(url)
  changed.password = ''
  return changed.href
}

/** Error code of PostgreSQL: the database does not exist. */
const UNKNOWN_DATABASE = '3D000'
/** Error code of PostgreSQL: somebody else created it meanwhile. */
const DUPLICATE_DATABASE = '42P04'

/**
 * Makes sure that the database exists and can be reached, creating it when it is missing.
 * @param setting the environment variable the address came from, for the message
 * @throws ExpectedError that says what is wrong with the address
 */
export async function ensureDatabase(url: string, setting: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    return
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === UNKNOWN_DATABASE)) {
      throw unreachable(url, setting, error)
    }
  } finally {
    await client.end()
  }
  await createDatabase(url, setting)
}

/**
 * Connects to a database that has to exist.
 * @param setting the environment variable the address came from, for the message
 * @throws ExpectedError that says what is wrong with the address
 */
export async function connect(url: string, setting: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    return client
  } catch (error) {
    throw unreachable(url, setting, error)
  }
}

async function createDatabase(url: string, setting: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const administrator = new Client({ connectionString: withDatabase(url, 'postgres') })
  try {
    await administrator.connect()
    await administrator.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`)
  } catch (error) {
    if (error instanceof DatabaseError && error.code === DUPLICATE_DATABASE) return
    throw new ExpectedError(
      `The database ${name} of ${setting} does not exist and could not be created: ${(error as Error).message}. ` +
        'Create it, or name one that exists.',
      { cause: error },
    )
  } finally {
    await administrator.end()
  }
}

function unreachable(url: string, setting: string, error: unknown): ExpectedError {
  const reason = error instanceof AggregateError ? String(error.errors[0]) : (error as Error).message
  return new ExpectedError(
    `The database at ${withoutPassword(url)} cannot be used: ${reason}. ` +
      `Correct the address in ${setting}, or start the server there.`,
    { cause: error },
  )
}
