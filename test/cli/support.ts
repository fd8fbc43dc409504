import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '../../src/embedded/wait.js'

const main = join(import.meta.dirname, '..', '..', 'dist', 'src', 'main.js')

export interface Finished {
  readonly code: number | null
  readonly output: string
  readonly trouble: string
}

/** A command line under way: the compiled program in a process of its own. */
export class RunningCommand {
  output = ''
  trouble = ''
  readonly ended: Promise<Finished>

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (data: Buffer) => {
      this.output += data.toString('utf8')
    })
    child.stderr?.on('data', (data: Buffer) => {
      this.trouble += data.toString('utf8')
    })
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => {
        resolve({ code, output: this.output, trouble: this.trouble })
      })
    })
  }

  get processId(): number {
    return this.child.pid ?? 0
  }

  /** @throws Error with what the command wrote when the text does not come, or the command ends before */
  async waitForOutput(text: string, seconds = 90): Promise<void> {
    await waitUntil(`"${text}" from the command`, seconds, () => {
      if (this.output.includes(text)) return Promise.resolve(true)
      if (this.child.exitCode === null) return Promise.resolve(null)
      return Promise.resolve(false)
    })
    if (!this.output.includes(text)) throw new Error(`The command ended:\n${this.output}\n${this.trouble}`)
  }
}

/** Starts `accord WORDS` with these settings and none of the surroundings'; `input` is what it can read. */
export function start(
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
  input: string | null = null,
): RunningCommand {
  if (!existsSync(main)) throw new Error('The program is not built: npm run build')
  const surroundings = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ACCORD_') && !name.startsWith('TEMPORAL_') && name !== 'NODE_OPTIONS',
  )
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...Object.fromEntries(surroundings), ...settings },
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  // A command that reads nothing may end before it is written.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input ?? '')
  return new RunningCommand(child)
}

/** Runs `accord WORDS` to its end. */
export function run(
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  input: string | null = null,
): Promise<Finished> {
  return start(words, settings, input).ended
}
