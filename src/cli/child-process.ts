import { printTrouble } from './output.js'

/** What a child of `accord up` says once it works. */
export interface ReadyMessage {
  readonly ready: true
  readonly [fact: string]: unknown
}

/** A part of Accord that runs until it is told to stop. */
export interface Service {
  /** Ends what is under way in order. Called once. */
  stop(): Promise<void>
  /** Settles when the service ended by itself; rejects when it ended because of a failure. */
  readonly ended?: Promise<unknown>
}

export function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'ready' in message && message.ready === true
}

/** Tells the supervisor, where there is one, that this process works, with facts about it. */
export function announceReady(facts: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ ready: true, ...facts } satisfies ReadyMessage)
}

/** The environment of a child: this process's own, with what the supervisor decided. */
export function childEnvironment(decided: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...decided }
}

/** Whether `npm start` or the like runs this process, as npm tells its scripts. */
export function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined
}

/**
 * Resolves with the reason, when this process is asked to end: by Ctrl-C, by a signal, or because its supervisor is
 * gone. From then on further requests change nothing.
 */
export async function waitForStopRequest(): Promise<string> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve(signal)
      })
    }
    process.once('disconnect', () => {
      resolve('the supervisor is gone')
    })
  })
}

/**
 * Runs a service until this process is asked to end, and stops it in order. An order that takes longer than `seconds` is
 * cut short.
 * @throws what the service ended with, when it ended by itself
 */
export async function runUntilStopped(service: Service, seconds = 30): Promise<void> {
  const stopRequested = waitForStopRequest()
  await Promise.race([stopRequested, service.ended ?? stopRequested])
  const timer = setTimeout(() => {
    printTrouble(`Not stopped in order within ${seconds} s: giving up`)
    process.exit(1)
  }, seconds * 1000)
  await service.stop()
  clearTimeout(timer)
  if (process.connected) process.disconnect()
}
