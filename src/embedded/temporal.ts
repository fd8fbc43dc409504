import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Connection } from '@temporalio/client'
import type { EmbeddedLogger } from './logger.js'
import { commandOf, isAlive, stopForeignProcess } from './running-process.js'
import { startServerProcess, type ServerProcess } from './server-process.js'
import { findTemporalBinary } from './temporal-binary.js'
import { waitUntil } from './wait.js'

export interface EmbeddedTemporalOptions {
  /** Holds the server's SQLite file and its log. Created when missing. */
  readonly dataDirectory: string
  /** On 127.0.0.1, for gRPC. Has to be free. */
  readonly port: number
  /** On 127.0.0.1, for the web pages; `null` for none. */
  readonly uiPort: number | null
  /** `false` keeps everything in memory. Default: true. */
  readonly persistent?: boolean
  /** The whole data directory is removed at the end, also when this process is killed. Default: false. */
  readonly temporary?: boolean
  readonly namespace?: string
  /** Where a downloaded or built server program is kept for the next start. */
  readonly cacheDirectory: string
  readonly logger: EmbeddedLogger
  /** Is told in words how the search for the binary goes, which may take minutes the first time. */
  readonly onProgress?: (message: string) => void
  /** Gives up a download or a build of the program under way. */
  readonly signal?: AbortSignal
}

export interface EmbeddedTemporal {
  /** `127.0.0.1:7233` */
  readonly address: string
  readonly uiUrl: string | null
  readonly processId: number
  /** Settles with a description when the server has ended, whoever ended it. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

const PROCESS_FILE = 'temporal.pid'

/**
 * Starts a Temporal development server and returns once it is healthy and knows its namespace.
 * @throws Error with the end of the server's log when it does not start, or with what to install when there is no
 * binary for it and none can be had
 */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  const home = resolve(options.dataDirectory)
  await mkdir(home, { recursive: true })
  const binary = await findTemporalBinary({
    cacheDirectory: options.cacheDirectory,
    onProgress: options.onProgress ?? ((message) => options.logger.info({}, message)),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  const databaseFile = join(home, 'temporal.db')
  const processFile = join(home, PROCESS_FILE)
  await stopLeftoverTemporal(home, options.logger)

  const namespace = options.namespace ?? 'default'
  const server = await startServerProcess({
    name: 'Temporal',
    command: binary.path,
    arguments: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(options.port),
      ...(options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
      ...(options.persistent === false ? [] : ['--db-filename', databaseFile]),
      ...(namespace === 'default' ? [] : ['--namespace', namespace]),
      '--log-level',
      'warn',
    ],
    workingDirectory: home,
    logFile: join(home, 'temporal.log'),
    stopSignal: 'SIGINT',
    ...(options.temporary === true ? { temporaryDirectory: home } : {}),
  })
  await writeFile(processFile, String(server.processId))
  const address = `127.0.0.1:${options.port}`
  try {
    await waitForHealth(address, namespace, server)
  } catch (error) {
    await server.stop()
    throw error
  }
  return {
    address,
    uiUrl: options.uiPort === null ? null : `http://127.0.0.1:${options.uiPort}`,
    processId: server.processId,
    ended: server.ended,
    stop: async () => {
      await server.stop()
      await rm(processFile, { force: true })
      if (options.temporary === true) await rm(home, { recursive: true, force: true })
    },
  }
}

/**
 * Stops the server that a killed supervisor left running on this data directory, if there is one: two on one SQLite
 * file would damage it.
 */
export async function stopLeftoverTemporal(dataDirectory: string, logger: EmbeddedLogger): Promise<void> {
  const home = resolve(dataDirectory)
  const processFile = join(home, PROCESS_FILE)
  const text = await readFile(processFile, 'utf8').catch(() => null)
  if (text === null) return
  const processId = Number(text)
  if (processId > 0 && isAlive(processId) && commandOf(processId)?.includes(home) === true) {
    logger.warn({ processId }, 'Stopping the Temporal server that an earlier start left running')
    await stopForeignProcess(processId, 'SIGINT', 30)
  }
  await rm(processFile, { force: true })
}

async function waitForHealth(address: string, namespace: string, server: ServerProcess): Promise<void> {
  let failure: Error | null = null
  await waitUntil(`Temporal on ${address} to know the namespace ${namespace}`, 60, async () => {
    if (server.hasEnded()) {
      failure = new Error(`Temporal ended at once (${await server.ended}):\n${server.logTail()}`)
      return true
    }
    const connection = await Connection.connect({ address, connectTimeout: '2s' })
    try {
      await connection.workflowService.describeNamespace({ namespace })
      return true
    } finally {
      await connection.close()
    }
  })
  if (failure !== null) throw failure
}
