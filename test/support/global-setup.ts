import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { defaultCacheDirectory } from '../../src/embedded/cache-directory.js'
import { findFreePort } from '../../src/embedded/port.js'
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js'
import { startEmbeddedTemporal } from '../../src/embedded/temporal.js'

declare module 'vitest' {
  export interface ProvidedContext {
    ACCORD_TEST_DATABASE_URL: string
    ACCORD_TEST_TEMPORAL_ADDRESS: string
  }
}

/**
 * One PostgreSQL cluster and one Temporal server for a whole run of the tests, on free ports, with data that is thrown
 * away. Both end with the run; when the run is killed their guards end them.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const logger = pino({ level: 'warn' })
  const home = await mkdtemp(join(tmpdir(), 'accord-test-'))
  const stops: (() => Promise<void>)[] = [() => rm(home, { recursive: true, force: true })]
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop()
  }
  try {
    const postgres = await startEmbeddedPostgres({
      dataDirectory: join(home, 'postgres'),
      port: await findFreePort(),
      logger,
      durable: false,
      temporary: true,
    })
    stops.push(() => postgres.stop())
    const temporal = await startEmbeddedTemporal({
      dataDirectory: join(home, 'temporal'),
      port: await findFreePort(),
      uiPort: null,
      persistent: false,
      temporary: true,
      cacheDirectory: defaultCacheDirectory(process.env['XDG_CACHE_HOME']),
      logger,
      onProgress: (message) => process.stdout.write(`${message}\n`),
    })
    stops.push(() => temporal.stop())
    project.provide('ACCORD_TEST_DATABASE_URL', postgres.adminUrl)
    project.provide('ACCORD_TEST_TEMPORAL_ADDRESS', temporal.address)
  } catch (error) {
    await stopAll()
    throw error
  }
  return stopAll
}
