import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'

export interface ChildOptions {
  readonly title: string
  /** A script for this Node, and its words. */
  readonly script: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
}

const STOP_MILLISECONDS = 30_000

/**
 * A process of the benchmark, with its memory. It has a process group of its own and ends by itself when this process is
 * gone, because its channel breaks then.
 */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    private readonly options: ChildOptions,
    /** What the child said when it was ready. */
    readonly ready: unknown,
  ) {}

  /** Starts it and waits until it says that it works. Throws with the end of its log when it ends before that. */
  static async start(options: ChildOptions): Promise<Child> {
    const log = openSync(options.logFile, 'a')
    const child = spawn(process.execPath, [options.script, ...options.arguments], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...options.environment },
    })
    closeSync(log)
    const ready = await new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('error', reject)
      child.once('exit', () => {
        reject(new Error(`${options.title} did not start:\n${tailOf(options.logFile)}`))
      })
    })
    return new Child(child, options, ready)
  }

  /** Fails when the process has ended. */
  assertAlive(): void {
    if (this.process.exitCode === null && this.process.signalCode === null) return
    throw new Error(`${this.options.title} ended:\n${tailOf(this.options.logFile)}`)
  }

  /** Begins a new measurement of the peak; only Linux can. */
  async resetPeak(): Promise<void> {
    if (process.platform === 'linux') await writeFile(`/proc/${this.process.pid}/clear_refs`, '5')
  }

  /** Largest resident memory since `resetPeak`, in MiB; null where the system does not tell. */
  async peakMebibytes(): Promise<number | null> {
    if (process.platform !== 'linux') return null
    const status = await readFile(`/proc/${this.process.pid}/status`, 'utf8')
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
    return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1024)
  }

  /** Seconds of processor time used so far; null where the system does not tell. */
  async processorSeconds(): Promise<number | null> {
    if (process.platform !== 'linux') return null
    const stat = await readFile(`/proc/${this.process.pid}/stat`, 'utf8')
    const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // utime and stime, in hundredths of a second.
    return (Number(columns[11]) + Number(columns[12])) / 100
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MILLISECONDS)
    await ended
    clearTimeout(timer)
  }
}

function tailOf(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n')
}
