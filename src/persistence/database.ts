import { MikroORM } from '@mikro-orm/postgresql'
import { Migrator } from '@mikro-orm/migrations'
import pg from 'pg'
import { BulkAction, BulkActionTarget } from './entities/bulk-action.js'
import { AccessToken } from './entities/access-token.js'
import { AppUser } from './entities/app-user.js'
import { AuditEntry } from './entities/audit-entry.js'
import { ConnectionCheck } from './entities/connection-check.js'
import { ConnectionTableList } from './entities/connection-table-list.js'
import { ConnectionTable } from './entities/connection-table.js'
import { Connection } from './entities/connection.js'
import { CouplingRecord } from './entities/coupling.js'
import { DeletionReview } from './entities/deletion-review.js'
import { ErrorGroup, ErrorGroupEvent } from './entities/error-group.js'
import { MappingVersion } from './entities/mapping-version.js'
import { FullSynch, FullSynchLine } from './entities/full-synch.js'
import { Mapping } from './entities/mapping.js'
import { Plan, PlanItemRecord } from './entities/plan.js'
import { Reconciliation, ReconciliationItem } from './entities/reconciliation.js'
import { RecordResult } from './entities/record-result.js'
import { RecordWrite } from './entities/record-write.js'
import { Rehearsal } from './entities/rehearsal.js'
import { UndoItem } from './entities/undo-item.js'
import { RecordState } from './entities/record-state.js'
import { SynchError } from './entities/synch-error.js'
import { SynchJob } from './entities/synch-job.js'
import { SynchRun } from './entities/synch-run.js'
import { MIGRATIONS } from './migrations/index.js'

export type Database = MikroORM

/**
 * For a process that answers many at once: none of them takes several cores, compiles what it runs once, or finds a row again since the list
 * of them was too long.
 */
const MANY_AT_ONCE = '-c max_parallel_workers_per_gather=0 -c jit=off -c work_mem=16MB'

const MIGRATION_LOCK = 7_203_441_001

/** The database was made by a newer Accord than this one. */
export class SchemaTooNewError extends Error {
  constructor(readonly unknown: readonly string[]) {
    super(
      `The database has a newer schema than this version of Accord knows (${unknown.join(', ')}). ` +
        'Start the newer version of Accord, or restore a backup made by this one.',
    )
    this.name = 'SchemaTooNewError'
  }
}

/** The database has not been migrated to this version yet. */
export class SchemaTooOldError extends Error {
  constructor(readonly missing: readonly string[]) {
    super(
      `The database's schema is older than this version of Accord (missing ${missing.join(', ')}). ` +
        'Start `accord up`, `accord serve` or `accord worker` of this version once: each brings the schema up to date.',
    )
    this.name = 'SchemaTooOldError'
  }
}

/**
 * Opens Accord's database. Does not migrate; call {@link migrate} first, or {@link assertSchema}. `statementSeconds`: how long one
 * statement may take; left out: any time.
 */
export async function openDatabase(url: string, statementSeconds?: number): Promise<Database> {
  return MikroORM.init({
    clientUrl: url,
    entities: [
      BulkAction,
      BulkActionTarget,
      ErrorGroup,
      ErrorGroupEvent,
      AccessToken,
      AppUser,
      AuditEntry,
      ConnectionCheck,
      ConnectionTable,
      ConnectionTableList,
      FullSynch,
      Plan,
      PlanItemRecord,
      Reconciliation,
      ReconciliationItem,
      FullSynchLine,
      MappingVersion,
      Connection,
      Mapping,
      CouplingRecord,
      DeletionReview,
      SynchRun,
      SynchJob,
      RecordState,
      SynchError,
      RecordResult,
      RecordWrite,
      UndoItem,
      Rehearsal,
    ],
    extensions: [Migrator],
    migrations: {
      migrationsList: [...MIGRATIONS],
      snapshot: false,
      silent: true,
      transactional: true,
      allOrNothing: true,
    },
    pool: { min: 0, max: 20 },
    driverOptions: {
      onPoolCreated: lendNoneAtTheEnd,
      // A server that vanished without a word is noticed; a step that waits for it shows signs of life for ever.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...(statementSeconds === undefined
        ? {}
        : { statement_timeout: statementSeconds * 1000, options: MANY_AT_ONCE }),
    },
    forceUtcTimezone: true,
    ensureDatabase: false,
  })
}

/**
 * A connection that is made while the pool ends is given back at once. Kysely 0.29 drops one that it receives then, and the pool would
 * wait for it for ever.
 */
function lendNoneAtTheEnd(pool: pg.Pool): void {
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>
  const lend = async (): Promise<pg.PoolClient> => {
    const client = await connect()
    if (!pool.ending) return client
    client.release()
    throw new Error('The database is being closed.')
  }
  pool.connect = lend as typeof pool.connect
}

/**
 * Brings the schema up to date, once, under an advisory lock: of several processes one migrates and the others wait.
 * Throws {@link SchemaTooNewError} before touching anything.
 */
export async function migrate(database: Database, url: string): Promise<void> {
  const lock = new pg.Client({ connectionString: url })
  await lock.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await assertNotNewer(database)
    await database.migrator.up()
  } finally {
    await lock.end()
  }
}

/** Refuses a database of another version: {@link SchemaTooNewError}, {@link SchemaTooOldError}. */
export async function assertSchema(database: Database): Promise<void> {
  await assertNotNewer(database)
  const applied = new Set(await appliedMigrations(database))
  const missing = MIGRATIONS.map((migration) => migration.name).filter((name) => !applied.has(name))
  if (missing.length > 0) throw new SchemaTooOldError(missing)
}

async function assertNotNewer(database: Database): Promise<void> {
  const known = new Set(MIGRATIONS.map((migration) => migration.name))
  const unknown = (await appliedMigrations(database)).filter((name) => !known.has(name))
  if (unknown.length > 0) throw new SchemaTooNewError(unknown)
}

async function appliedMigrations(database: Database): Promise<readonly string[]> {
  const [found] = await database.em
    .fork()
    .execute<{ present: boolean }[]>("select to_regclass('mikro_orm_migrations') is not null as present")
  if (found?.present !== true) return []
  const rows = await database.em
    .fork()
    .execute<{ name: string }[]>('select name from mikro_orm_migrations order by id')
  return rows.map((row) => row.name)
}
