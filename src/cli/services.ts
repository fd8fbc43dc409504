import type { Config } from '../config.js'
import { announceReady, runUntilStopped } from './child-process.js'
import { ensureDatabase } from './databases.js'
import { prepareState } from './prepare-state.js'
import { resolveConfig } from './resolve-config.js'

/** Runs the GraphQL API until this process is asked to end. */
export async function runServe(config: Config): Promise<void> {
  const resolved = await resolveConfig(config)
  await ensureDatabase(resolved.databaseUrl, 'ACCORD_DATABASE_URL')
  await prepareState(resolved.databaseUrl)
  // Loaded late: each process loads only the part it runs.
  const { runApi } = await import('../serve.js')
  const service = await runApi(resolved)
  announceReady({ url: `${service.url}/graphql` })
  await runUntilStopped(service)
}

/** Runs one worker until this process is asked to end. */
export async function runWorkerProcess(config: Config): Promise<void> {
  const resolved = await resolveConfig(config)
  await ensureDatabase(resolved.databaseUrl, 'ACCORD_DATABASE_URL')
  await prepareState(resolved.databaseUrl)
  const { runWorker } = await import('../worker.js')
  const service = await runWorker(resolved)
  announceReady()
  await runUntilStopped(service)
}
