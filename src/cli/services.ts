import type { Config, ResolvedConfig } from '../config.js'
import { announceReady, runUntilStopped, type Service } from './child-process.js'
import { prepareState } from './prepare-state.js'
import { resolveConfig } from './resolve-config.js'

interface ApiModule {
  readonly runApi: (config: ResolvedConfig) => Promise<Service & { readonly url: string }>
}

interface WorkerModule {
  readonly runWorker: (config: ResolvedConfig) => Promise<Service>
}

/** Loaded late: each process loads only the part it runs. */
async function load<T>(path: string): Promise<T> {
  return (await import(new URL(path, import.meta.url).href)) as T
}

/** Runs the GraphQL API until this process is asked to end. */
export async function runServe(config: Config): Promise<void> {
  const resolved = await resolveConfig(config)
  await prepareState(resolved.databaseUrl)
  const { runApi } = await load<ApiModule>('../serve.js')
  const service = await runApi(resolved)
  announceReady({ url: service.url })
  await runUntilStopped(service)
}

/** Runs one worker until this process is asked to end. */
export async function runWorkerProcess(config: Config): Promise<void> {
  const resolved = await resolveConfig(config)
  await prepareState(resolved.databaseUrl)
  const { runWorker } = await load<WorkerModule>('../worker.js')
  const service = await runWorker(resolved)
  announceReady()
  await runUntilStopped(service)
}
