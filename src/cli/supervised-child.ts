import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { childEnvironment, isReadyMessage, type ReadyMessage } from './child-process.js'
import { ExpectedError } from './exit-codes.js'
import { readLogTail } from './log-files.js'

export interface ChildDefinition {
  /** For messages: "The worker". */
  readonly title: string
  /** A script for this Node, and its words. */
  readonly script: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
  readonly readySeconds: number
  readonly stopSeconds: number
}

export interface ChildEvents {
  /** The child ended by itself and is started again after `seconds`. */
  onCrash(child: SupervisedChild, how: string, seconds: number): void
  /** The child works, for the first time or again. */
  onReady(child: SupervisedChild): void
}

const FIRST_PAUSE_SECONDS = 1
const LONGEST_PAUSE_SECONDS = 30
/** A child that worked this long is not one that crashes at its start: the pause begins anew. */
const STEADY_SECONDS = 60

/**
 * A child process of `accord up` that is started again when it crashes, after a pause that doubles. It runs in a process
 * group of its own, so that Ctrl-C in the terminal reaches the supervisor alone, which ends its children in order; the
 * children end by themselves when the channel to the supervisor breaks.
 */
export class SupervisedChild {
  private current: ChildProcess | null = null
  private readonly stopping = new AbortController()
  private keepingAlive: Promise<void> = Promise.resolve()

  constructor(
    readonly definition: ChildDefinition,
    private readonly events: ChildEvents,
  ) {}

  get processId(): number | null {
    return this.current?.pid ?? null
  }

  /**
   * Starts the child and waits until it says that it works.
   * @throws ExpectedError with the end of its log when it ends before that, or takes too long
   */
  async start(): Promise<ReadyMessage> {
    const { title, logFile, readySeconds } = this.definition
    const started = performance.now()
    const child = this.spawn()
    const end = endOf(child)
    try {
      const message = await readinessOf(child, end, readySeconds)
      this.keepingAlive = this.keepAlive(end, started)
      return message
    } catch (error) {
      child.kill('SIGKILL')
      await end
      throw new ExpectedError(
        `${title} did not start: ${(error as Error).message}. The end of ${logFile}:\n${readLogTail(logFile)}`,
        { cause: error },
      )
    }
  }

  /** Ends the child in order; kills it when that takes too long. Returns once it is gone. */
  async stop(): Promise<void> {
    this.stopping.abort()
    const child = this.current
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const end = endOf(child)
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), this.definition.stopSeconds * 1000)
      await end
      clearTimeout(timer)
    }
    await this.keepingAlive
  }

  private spawn(): ChildProcess {
    const { script, arguments: words, environment, logFile } = this.definition
    const log = openSync(logFile, 'a')
    try {
      this.current = spawn(process.execPath, ['--enable-source-maps', script, ...words], {
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
        env: childEnvironment(environment),
      })
      return this.current
    } finally {
      closeSync(log)
    }
  }

  private async keepAlive(firstEnd: Promise<string>, firstStart: number): Promise<void> {
    const { signal } = this.stopping
    let end = firstEnd
    let started = firstStart
    let pause = FIRST_PAUSE_SECONDS
    for (;;) {
      const how = await end
      if (signal.aborted) return
      if (performance.now() - started > STEADY_SECONDS * 1000) pause = FIRST_PAUSE_SECONDS
      this.events.onCrash(this, how, pause)
      // The pause ends early, by a rejection, when the child is to be stopped for good.
      await delay(pause * 1000, null, { signal }).catch(() => null)
      if (signal.aborted) return
      pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)
      started = performance.now()
      const child = this.spawn()
      end = endOf(child)
      try {
        await readinessOf(child, end, this.definition.readySeconds)
        this.events.onReady(this)
      } catch {
        // Ended or hangs: the next round reports it and tries again.
        child.kill('SIGKILL')
      }
    }
  }
}

/** How a child ended, in words. A child that could not be started at all has ended as well. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`)
    })
    child.once('error', (error) => {
      resolve(error.message)
    })
  })
}

async function readinessOf(
  child: ChildProcess,
  end: Promise<string>,
  seconds: number,
): Promise<ReadyMessage> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`it was not ready within ${seconds} s`))
    }, seconds * 1000)
    child.on('message', (message) => {
      if (!isReadyMessage(message)) return
      clearTimeout(timer)
      resolve(message)
    })
    void end.then((how) => {
      clearTimeout(timer)
      reject(new Error(`it ended with ${how}`))
    })
  })
}
