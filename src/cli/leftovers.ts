import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { assertPortFree, PortTakenError } from '../embedded/port.js'
import { stopLeftoverPostgres } from '../embedded/postgres.js'
import { commandOf, isAlive, stopForeignProcess } from '../embedded/running-process.js'
import { stopLeftoverTemporal } from '../embedded/temporal.js'
import { postgresFolder, temporalFolder } from './data-folder.js'
import { ExpectedError } from './exit-codes.js'
import { readLastRuntimeFacts, removeRuntimeFacts } from './runtime-file.js'

/**
 * Ends what an `accord up` that was killed left running on this data folder. Only a process that still is what was
 * written down is touched. Call it with the folder's lock held.
 */
export async function stopLeftovers(config: Config, logger: Logger): Promise<void> {
  const facts = await readLastRuntimeFacts(config.dataDirectory)
  for (const [name, processId] of Object.entries(facts?.children ?? {})) {
    if (!isAlive(processId) || commandOf(processId)?.includes('main.js') !== true) continue
    logger.warn({ name, processId }, 'Stopping a process that an earlier start left running')
    await stopForeignProcess(processId, 'SIGTERM', 15)
  }
  await removeRuntimeFacts(config.dataDirectory)
  if (config.temporal.address === null) {
    await stopLeftoverTemporal(temporalFolder(config.dataDirectory), logger)
  }
  if (config.databaseUrl === null) await stopLeftoverPostgres(postgresFolder(config.dataDirectory), logger)
}

/** A port `accord up` opens, what for, and the setting that chooses another one. */
export interface WantedPort {
  readonly port: number
  readonly purpose: string
  readonly setting: string
}

/** None for somebody else's server. */
export function postgresPort({ databaseUrl, ports }: Config): WantedPort[] {
  return databaseUrl === null
    ? [{ port: ports.postgres, purpose: 'PostgreSQL', setting: 'ACCORD_POSTGRES_PORT' }]
    : []
}

function temporalPorts({ temporal, ports }: Config): WantedPort[] {
  if (temporal.address !== null) return []
  return [
    { port: ports.temporal, purpose: 'Temporal', setting: 'ACCORD_TEMPORAL_PORT' },
    { port: ports.temporalUi, purpose: "Temporal's web pages", setting: 'ACCORD_TEMPORAL_UI_PORT' },
  ]
}

/** Those of the sandboxes. */
export function sandboxPorts({ ports }: Config): WantedPort[] {
  return [
    {
      port: ports.businessCentralSandbox,
      purpose: 'the Business Central sandbox',
      setting: 'ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT',
    },
    {
      port: ports.dataverseSandbox,
      purpose: 'the Dataverse sandbox',
      setting: 'ACCORD_DATAVERSE_SANDBOX_PORT',
    },
  ]
}

/** Every port `accord up` needs. */
export function allPorts(config: Config): WantedPort[] {
  const { api, sandbox } = config
  return [
    ...postgresPort(config),
    ...temporalPorts(config),
    ...(sandbox.demo ? sandboxPorts(config) : []),
    { port: api.port, purpose: 'the API', setting: 'ACCORD_API_PORT' },
  ]
}

/**
 * Makes sure that ports are free.
 * @throws ExpectedError that names every taken port, who holds it and the setting for another one
 */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  const problems: string[] = []
  const settings = new Map<number, string>()
  for (const { port, purpose, setting } of wanted) {
    const other = settings.get(port)
    if (other !== undefined) {
      problems.push(`Port ${port} is chosen twice, by ${other} and by ${setting}. Change one of them.`)
      continue
    }
    settings.set(port, setting)
    try {
      await assertPortFree(port, purpose, setting)
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length > 0) throw new ExpectedError(problems.join('\n'))
}
