import type { Database } from '../common/database.js'
import { openDatabase, transaction } from '../common/database.js'
import { SETTING_STATEMENT, isUnfilled, openClock } from '../common/clock.js'
import { Faults } from '../common/faults.js'
import { Metrics } from '../common/metrics.js'
import { VERSION_STATEMENT } from '../common/records.js'
import { schemaStatements } from '../common/schema-statements.js'
import type { RunningServer, ServerParts } from '../common/server.js'
import { startServer } from '../common/server.js'
import type { Directory } from '../common/directory.js'
import type { Tokens } from '../common/tokens.js'
import { Access } from './access.js'
import { SERIES_STATEMENT } from './number-series.js'
import { Notifier } from './notifier.js'
import { NOTIFICATION_STATEMENTS, SUBSCRIPTIONS } from './subscriptions-table.js'
import { SchemaChanges } from '../common/schema-changes.js'
import { SCHEMA_WORDS } from './schema-words.js'
import { COMPANY } from './company.js'
import { businessCentralSystem } from './system.js'
import { COMPANIES, COMPANY_TABLES } from './tables.js'

export interface BusinessCentralOptions {
  readonly databaseUrl: string
  /** 0: any free port. */
  readonly port: number
  readonly tokens: Tokens
  readonly directory: Directory
  /** A DELETE without If-Match is refused. */
  readonly strictDelete?: boolean
  /** Fills a database that holds no customers yet. */
  readonly seed?: (database: Database, now: number) => Promise<void>
}

export interface RunningBusinessCentral {
  /** Ends in `/api/v2.0`. */
  readonly url: string
  readonly origin: string
  readonly companyId: string
  close(): Promise<void>
}

/** Opens the database, creates what is missing and starts the server. Throws when the port is taken. */
export async function startBusinessCentral(options: BusinessCentralOptions): Promise<RunningBusinessCentral> {
  const database = await openDatabase(options.databaseUrl, 'Business Central')
  let server: RunningServer
  let notifier: Notifier
  try {
    await createSchema(database)
    const clock = await openClock(database)
    if (options.seed !== undefined && (await isUnfilled(database, 'customers')))
      await options.seed(database, clock.now())
    const faults = new Faults()
    const metrics = new Metrics()
    const strictDelete = options.strictDelete ?? false
    notifier = new Notifier(database, clock, reportNotifier)
    const system = businessCentralSystem({
      database,
      clock,
      faults,
      metrics,
      company: COMPANY,
      access: new Access(options.directory),
      schema: new SchemaChanges(COMPANY_TABLES, SCHEMA_WORDS),
      notifier,
      strictDelete,
    })
    const parts: ServerParts = {
      system,
      clock,
      tokens: options.tokens,
      directory: options.directory,
      faults,
      metrics,
    }
    server = await startServer(parts, options.port, '--business-central-port')
  } catch (error) {
    await database.end()
    throw error
  }
  // An earlier process may have left something untold.
  notifier.wake()
  return {
    url: `${server.origin}/api/v2.0`,
    origin: server.origin,
    companyId: COMPANY.id,
    async close() {
      await server.close()
      await notifier.close()
      await database.end()
    },
  }
}

function reportNotifier(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`Business Central sandbox: no notifications were sent: ${text}\n`)
}

async function createSchema(database: Database): Promise<void> {
  await transaction(database, async (connection) => {
    // Two processes may start on one database at the same moment.
    await connection.query(`select pg_advisory_xact_lock(hashtext('sandbox schema'))`)
    const statements = [
      SETTING_STATEMENT,
      VERSION_STATEMENT,
      SERIES_STATEMENT,
      ...schemaStatements([COMPANIES, ...COMPANY_TABLES, SUBSCRIPTIONS]),
      ...NOTIFICATION_STATEMENTS,
    ]
    await connection.query(statements.join(';\n'))
    await connection.query(
      `insert into companies (id, "systemVersion", name, "displayName", "systemCreatedAt", "systemModifiedAt", "recordVersion")
       values ($1, '26.0.30643.0', $2, $2, now(), now(), nextval('record_version')) on conflict do nothing`,
      [COMPANY.id, COMPANY.name],
    )
    await connection.query(
      `insert into "companyInformation" (id, "displayName", city, country, "currencyCode", "lastModifiedDateTime", "recordVersion")
       values ($1, $2, 'Seattle', 'US', $3, now(), nextval('record_version')) on conflict do nothing`,
      [COMPANY.id, COMPANY.name, COMPANY.currencyCode],
    )
  })
}
