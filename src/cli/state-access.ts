import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { pino } from 'pino'
import type { Config } from '../config.js'
import { ensureDataFolder, postgresFolder } from './data-folder.js'
import { connect, ensureDatabase } from './databases.js'
import { ExpectedError } from './exit-codes.js'
import { assertPortsFree, postgresPort, stopLeftovers } from './leftovers.js'
import { prepareState } from './prepare-state.js'
import { readRuntimeFacts } from './runtime-file.js'
import { usePostgres } from './servers.js'
import { lockDataDirectory } from './supervisor-lock.js'

/**
 * Gives `action` a connection to Accord's database: to the one of ACCORD_DATABASE_URL, to that of a running
 * `accord up`, or to the one of the data folder, whose server is started for as long as it takes.
 * @param purpose `replace` needs a database nobody uses, and creates it when it is missing
 * @throws ExpectedError when there is no database, or `accord up` runs and the state is to be replaced
 */
export async function withState<T>(
  config: Config,
  purpose: 'read' | 'replace',
  action: (client: Client) => Promise<T>,
): Promise<T> {
  const running = await readRuntimeFacts(config.dataDirectory)
  if (running !== null) {
    if (purpose === 'read') return await withClient(running.databaseUrl, action)
    throw new ExpectedError(
      `Accord runs on ${config.dataDirectory} (process ${running.supervisor}). Stop it before its state is replaced.`,
    )
  }
  if (config.databaseUrl !== null) {
    if (purpose === 'replace') {
      await ensureDatabase(config.databaseUrl, 'ACCORD_DATABASE_URL')
      await prepareState(config.databaseUrl)
    }
    return await withClient(config.databaseUrl, action)
  }
  if (purpose === 'read' && !existsSync(join(postgresFolder(config.dataDirectory), 'cluster'))) {
    throw new ExpectedError(
      `There is no state to write: ${config.dataDirectory} holds no database, and ACCORD_DATABASE_URL names none.`,
    )
  }
  return await withOwnServer(config, async (databaseUrl) => {
    if (purpose === 'replace') await prepareState(databaseUrl)
    return await withClient(databaseUrl, action)
  })
}

async function withOwnServer<T>(config: Config, action: (databaseUrl: string) => Promise<T>): Promise<T> {
  await ensureDataFolder(config.dataDirectory)
  const release = await lockDataDirectory(config.dataDirectory)
  try {
    const logger = pino({ level: 'warn' }, pino.destination(2))
    await stopLeftovers(config, logger)
    await assertPortsFree(postgresPort(config))
    const server = await usePostgres(config, logger)
    try {
      return await action(server.databaseUrl)
    } finally {
      await server.stop()
    }
  } finally {
    await release()
  }
}

async function withClient<T>(url: string, action: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url, 'ACCORD_DATABASE_URL')
  try {
    return await action(client)
  } finally {
    await client.end()
  }
}
