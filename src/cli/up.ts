import { pino } from 'pino'
import type { Config, ResolvedConfig } from '../config.js'
import type { ApiAddress } from './api-client.js'
import { waitForStopRequest } from './child-process.js'
import { apiChild, workerChild } from './children.js'
import { Cleanup } from './cleanup.js'
import { ensureApiToken, ensureDataFolder, sandboxSecretFile } from './data-folder.js'
import { ExpectedError } from './exit-codes.js'
import { synchronizeForTheFirstTime } from './first-synchronization.js'
import { allPorts, assertPortsFree, stopLeftovers } from './leftovers.js'
import { openLogFile } from './log-files.js'
import { waitForEndOfNpm } from './npm-watch.js'
import { printLine, printTrouble } from './output.js'
import { prepareDemo, prepareState } from './prepare-state.js'
import {
  removeRuntimeFacts,
  writeRuntimeFacts,
  type RuntimeFacts,
  type SandboxFacts,
} from './runtime-file.js'
import { createSignInLink } from './people/sign-in.js'
import { sandboxChild, sandboxFactsOf } from './sandbox.js'
import { describeRunning } from './screen.js'
import { ensureSecretKey } from './secrets/key-file.js'
import { usePostgres, useTemporal } from './servers.js'
import { secretKeyFile } from '../secrets/key-ring.js'
import { SupervisedChild, type ChildDefinition } from './supervised-child.js'
import { lockDataDirectory } from './supervisor-lock.js'

/**
 * Starts everything Accord needs on this machine, in order, shows one screen of addresses, and keeps it running until
 * Ctrl-C or SIGTERM, or until one of its servers ends. Ends everything in the opposite order, also after a failure.
 * @throws ExpectedError that says what could not be started, or which server ended
 */
export async function runUp(config: Config): Promise<void> {
  const started = performance.now()
  // A terminal that was closed can show nothing more; ending everything goes on without it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const cleanup = new Cleanup()
  const stopping = new AbortController()
  const stopRequest = Promise.race([waitForStopRequest(), waitForEndOfNpm()]).then((reason) => {
    printLine(`\nStopping (${reason}):`)
    stopping.abort()
  })
  try {
    const up = new Up(config, cleanup, stopping.signal)
    const { serverEnded } = await up.start()
    if (!stopping.signal.aborted) {
      const seconds = (performance.now() - started) / 1000
      const link = await up.signInLink()
      for (const line of describeRunning(up.facts(), config.dataDirectory, seconds, link)) printLine(line)
    }
    const failure = await Promise.race([stopRequest.then(() => null), serverEnded])
    if (failure !== null) {
      printLine('\nStopping, because a server has ended:')
      throw new ExpectedError(failure)
    }
  } catch (error) {
    // What was under way when the person pressed Ctrl-C fails; that is no failure of its own.
    if (!stopping.signal.aborted) throw error
  } finally {
    await cleanup.run((name) => printLine(`  ${name}`))
  }
  if (stopping.signal.aborted) printLine('Accord has stopped.')
}

/** One start, step by step; what it started is noted in `cleanup`. */
class Up {
  private readonly children = new Map<string, SupervisedChild>()
  private written: RuntimeFacts | null = null

  constructor(
    private readonly config: Config,
    private readonly cleanup: Cleanup,
    private readonly signal: AbortSignal,
  ) {}

  /** `serverEnded` settles with a message when a server ends that nothing works without. */
  async start(): Promise<{ readonly serverEnded: Promise<string> }> {
    const { config, cleanup } = this
    await ensureDataFolder(config.dataDirectory)
    cleanup.add(null, await lockDataDirectory(config.dataDirectory))
    const logger = pino(
      { level: config.logLevel },
      pino.destination({ dest: await openLogFile(config.dataDirectory, 'up'), sync: true }),
    )
    await stopLeftovers(config, logger)
    await assertPortsFree(allPorts(config))
    const token = await ensureApiToken(config)
    if (config.secrets.key === null) await ensureSecretKey(secretKeyFile(config.dataDirectory))

    const [postgres, temporal] = await bothOrFailure(
      this.step('PostgreSQL', async () => {
        const server = await usePostgres(config, logger)
        cleanup.add('PostgreSQL', () => server.stop())
        return server
      }),
      this.step('Temporal', async () => {
        const server = await useTemporal(config, logger, printLine, this.signal)
        cleanup.add('Temporal', () => server.stop())
        return server
      }),
    )
    const resolved: ResolvedConfig = {
      ...config,
      databaseUrl: postgres.databaseUrl,
      temporal: { ...config.temporal, address: temporal.address, uiUrl: temporal.uiUrl },
      api: { ...config.api, token },
    }
    await this.step('Schema of the database', () => prepareState(resolved.databaseUrl))

    const demo = config.sandbox.demo ? await this.startDemo(resolved) : null
    await this.startChild('worker', await workerChild(resolved))
    const ready = await this.startChild('api', await apiChild(resolved))

    const api = { url: String(ready['url']), token }
    if (demo !== null) await this.firstSynchronization(api, demo.connection)
    else await this.tellOfDemo(api)

    cleanup.add(null, () => removeRuntimeFacts(config.dataDirectory))
    this.written = {
      supervisor: process.pid,
      startedAt: new Date().toISOString(),
      databaseUrl: resolved.databaseUrl,
      temporal: {
        address: temporal.address,
        namespace: config.temporal.namespace,
        ui: temporal.uiUrl,
      },
      api: { url: api.url },
      sandbox: demo?.sandbox ?? null,
      children: {},
    }
    await this.writeFacts()
    return {
      serverEnded: Promise.race([
        postgres.ended.then((how) => `PostgreSQL ended unexpectedly (${how}).`),
        temporal.ended.then((how) => `Temporal ended unexpectedly (${how}).`),
      ]),
    }
  }

  facts(): RuntimeFacts {
    if (this.written === null) throw new Error('The start is not complete')
    return this.written
  }

  /** A link that signs a browser on this machine in; null where none could be made, which is shown. */
  async signInLink(): Promise<string | null> {
    const { api } = this.facts()
    if (api === null) return null
    try {
      return await createSignInLink({ url: api.url, token: await ensureApiToken(this.config) })
    } catch (error) {
      printTrouble(`There is no sign-in link: ${(error as Error).message}`)
      return null
    }
  }

  /** Both sandboxes, and a connection between them. */
  private async startDemo(
    resolved: ResolvedConfig,
  ): Promise<{ readonly sandbox: SandboxFacts; readonly connection: string }> {
    const sandbox = sandboxFactsOf(await this.startChild('sandbox', await sandboxChild(resolved)))
    const secret = `file:${sandboxSecretFile(resolved.dataDirectory)}`
    const connection = await this.step('Demo', () => prepareDemo(resolved.databaseUrl, sandbox, secret))
    return { sandbox, connection }
  }

  private async step<T>(name: string, action: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted()
    const started = performance.now()
    const result = await action()
    printLine(`  ${name} ready (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    this.signal.throwIfAborted()
    return result
  }

  /** What fails here is shown and does not end the start: the runs go on, or can be asked for again. */
  private async firstSynchronization(api: ApiAddress, demo: string): Promise<void> {
    try {
      const outcomes = await synchronizeForTheFirstTime(api, demo, this.signal)
      for (const outcome of outcomes) printLine(`  First synchronization of ${outcome}`)
    } catch (error) {
      this.signal.throwIfAborted()
      printTrouble(`The first synchronization did not end well: ${(error as Error).message}`)
    }
  }

  private async tellOfDemo(api: ApiAddress): Promise<void> {
    const { demoLeft } = await import('./demo-left.js')
    const hint = await demoLeft(api)
    if (hint !== null) printTrouble(hint)
  }

  private async startChild(name: string, definition: ChildDefinition) {
    const child = new SupervisedChild(definition, {
      onCrash: (_, how, seconds) => {
        printTrouble(
          `${definition.title} ended unexpectedly (${how}); it starts again in ${seconds} s. Log: ${definition.logFile}`,
        )
      },
      onReady: () => {
        printTrouble(`${definition.title} works again.`)
        void this.writeFacts()
      },
    })
    this.children.set(name, child)
    const stopNow = (): void => {
      void child.stop()
    }
    this.signal.addEventListener('abort', stopNow, { once: true })
    const message = await this.step(definition.title, () => child.start())
    this.signal.removeEventListener('abort', stopNow)
    this.cleanup.add(definition.title, () => child.stop())
    return message
  }

  /** The process ids change when a child is started again. */
  private async writeFacts(): Promise<void> {
    if (this.written === null || this.signal.aborted) return
    const children = Object.fromEntries(
      [...this.children].flatMap(([name, { processId }]) => (processId === null ? [] : [[name, processId]])),
    )
    this.written = { ...this.written, children }
    await writeRuntimeFacts(this.config.dataDirectory, this.written)
  }
}

/** Waits for both even when one fails: what the other one started has to be noted before it can be ended. */
async function bothOrFailure<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}
