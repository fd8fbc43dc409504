import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import { defaultCacheDirectory } from '../src/embedded/cache-directory.js'
import { findFreePort } from '../src/embedded/port.js'
import { startEmbeddedPostgres } from '../src/embedded/postgres.js'
import { startEmbeddedTemporal } from '../src/embedded/temporal.js'
import type { Cleanup } from './cleanup.js'

/** PostgreSQL and Temporal of the benchmark: durable as for a user, in a folder that is removed at the end. */
export interface Servers {
  readonly home: string
  readonly temporalAddress: string
  readonly postgresVersion: string
  /** Creates an empty database and returns its address. */
  createDatabase(name: string): Promise<string>
  dropDatabase(name: string): Promise<void>
}

export async function startServers(cleanup: Cleanup): Promise<Servers> {
  const logger = pino({ level: 'warn' })
  const home = await mkdtemp(join(tmpdir(), 'accord-bench-'))
  cleanup.add(() => rm(home, { recursive: true, force: true }))
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(home, 'postgres'),
    port: await findFreePort(),
    logger,
    temporary: true,
  })
  cleanup.add(() => postgres.stop())
  const temporal = await startEmbeddedTemporal({
    dataDirectory: join(home, 'temporal'),
    port: await findFreePort(),
    uiPort: null,
    temporary: true,
    cacheDirectory: defaultCacheDirectory(process.env['XDG_CACHE_HOME']),
    logger,
    onProgress: (message) => process.stderr.write(`${message}\n`),
  })
  cleanup.add(() => temporal.stop())

  const [version] = await query<{ version: string }>(postgres.adminUrl, 'show server_version', [], (row) => ({
    version: String(row['server_version']),
  }))
  return {
    home,
    temporalAddress: temporal.address,
    postgresVersion: version?.version ?? '',
    async createDatabase(name) {
      await query(postgres.adminUrl, `create database "${name}" template template0`)
      const url = new URL(postgres.adminUrl)
      url.pathname = `/${name}`
      return url.href
    },
    async dropDatabase(name) {
      await query(postgres.adminUrl, `drop database if exists "${name}" with (force)`)
    },
  }
}

/** One statement on a connection of its own. */
export async function query<Row = Readonly<Record<string, unknown>>>(
  url: string,
  statement: string,
  parameters: readonly unknown[] = [],
  read: (row: Readonly<Record<string, unknown>>) => Row = (row) => row as Row,
): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(statement, [...parameters])
    return result.rows.map(read)
  } finally {
    await client.end()
  }
}
