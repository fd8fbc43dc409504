import { Connection } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { startEmbeddedPostgres } from '../embedded/postgres.js'
import { startEmbeddedTemporal } from '../embedded/temporal.js'
import { postgresFolder, temporalFolder } from './data-folder.js'
import { ensureDatabase, withDatabase } from './databases.js'
import { ExpectedError } from './exit-codes.js'

const DATABASE = 'accord'

/** A server Accord uses: one of its own, which it has to stop, or somebody else's. */
export interface UsedServer {
  /** Ends it in order; does nothing to somebody else's. */
  stop(): Promise<void>
  /** Settles with a description when a server of Accord's own has ended; never for somebody else's. */
  readonly ended: Promise<string>
}

export interface UsedPostgres extends UsedServer {
  /** Accord's database. It exists. */
  readonly databaseUrl: string
}

export interface UsedTemporal extends UsedServer {
  readonly address: string
  readonly uiUrl: string | null
}

const somebodyElses: UsedServer = { stop: () => Promise.resolve(), ended: new Promise(() => undefined) }

/** PostgreSQL by `ACCORD_DATABASE_URL`, else one of Accord's own; Accord's database exists when it returns. */
export async function usePostgres(config: Config, logger: Logger): Promise<UsedPostgres> {
  if (config.databaseUrl !== null) {
    await ensureDatabase(config.databaseUrl, 'ACCORD_DATABASE_URL')
    return { ...somebodyElses, databaseUrl: config.databaseUrl }
  }
  const server = await startEmbeddedPostgres({
    dataDirectory: postgresFolder(config.dataDirectory),
    port: config.ports.postgres,
    logger,
  })
  try {
    const databaseUrl = withDatabase(server.adminUrl, DATABASE)
    await ensureDatabase(databaseUrl, 'ACCORD_DATABASE_URL')
    return { databaseUrl, stop: () => server.stop(), ended: server.ended }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Temporal by `TEMPORAL_ADDRESS`, else a development server of Accord's own. Healthy when it returns. */
export async function useTemporal(
  config: Config,
  logger: Logger,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<UsedTemporal> {
  const { address, namespace, uiUrl } = config.temporal
  if (address !== null) {
    await assertTemporalHealthy(address, namespace)
    return { ...somebodyElses, address, uiUrl }
  }
  const server = await startEmbeddedTemporal({
    dataDirectory: temporalFolder(config.dataDirectory),
    port: config.ports.temporal,
    uiPort: config.ports.temporalUi,
    namespace,
    cacheDirectory: config.cacheDirectory,
    logger,
    onProgress,
    signal,
  })
  return {
    address: server.address,
    uiUrl: uiUrl ?? server.uiUrl,
    stop: () => server.stop(),
    ended: server.ended,
  }
}

async function assertTemporalHealthy(address: string, namespace: string): Promise<void> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '10s' })
    try {
      await connection.workflowService.describeNamespace({ namespace })
    } finally {
      await connection.close()
    }
  } catch (error) {
    throw new ExpectedError(
      `Temporal at ${address} cannot be used with the namespace ${namespace}: ${(error as Error).message}. ` +
        'Correct TEMPORAL_ADDRESS or TEMPORAL_NAMESPACE, or start the server there.',
      { cause: error },
    )
  }
}
