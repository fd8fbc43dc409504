import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

export interface ServerProcessOptions {
  /** For messages: "PostgreSQL". */
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
  readonly workingDirectory?: string
  /** User and group to run as; only root may ask for that. */
  readonly userId?: number
  readonly groupId?: number
  /** Both output streams are appended here, so that they outlive this process. */
  readonly logFile: string
  /** The signal that asks for an orderly end. */
  readonly stopSignal: NodeJS.Signals
  /** Removed by the guard when this process dies without stopping the server; for throw-away data. */
  readonly temporaryDirectory?: string
}

export interface ServerProcess {
  readonly processId: number
  /** Settles with a description when the server has ended, whoever ended it. */
  readonly ended: Promise<string>
  hasEnded(): boolean
  /** Ends the server in order; kills it after `seconds`. Returns once it is gone. May be called twice. */
  stop(seconds?: number): Promise<void>
  /** The last lines of its log, for an error message. */
  logTail(): string
}

/**
 * Waits for the end of its input. A word on it means the server was stopped in order; an end without a word means the
 * process that started the server is dead, and the server has to go as well.
 */
const GUARD_SCRIPT = `
read -r word && exit 0
kill -s "$1" "$2" 2>/dev/null || exit 0
count=0
while kill -0 "$2" 2>/dev/null && [ "$count" -lt 100 ]; do sleep 0.1; count=$((count + 1)); done
kill -s KILL "$2" 2>/dev/null
if [ -n "$3" ]; then rm -rf "$3"; fi
`

/**
 * Starts a server in a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor, which ends
 * its servers in order. A guard ends the server when this process is killed.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a')
  let child: ChildProcess
  try {
    child = spawn(options.command, options.arguments, {
      detached: true,
      stdio: ['ignore', log, log],
      env: options.environment ?? process.env,
      ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
      ...(options.userId === undefined ? {} : { uid: options.userId }),
      ...(options.groupId === undefined ? {} : { gid: options.groupId }),
    })
    await once(child, 'spawn')
  } catch (error) {
    throw new Error(`${options.name} could not be started from ${options.command}`, { cause: error })
  } finally {
    closeSync(log)
  }
  const processId = child.pid
  if (processId === undefined) throw new Error(`${options.name} was started without a process id`)
  const guard = startGuard(processId, options)

  let endedAs: string | null = null
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      endedAs = signal === null ? `exit code ${code}` : `signal ${signal}`
      guard?.stdin?.end('stopped\n')
      resolve(endedAs)
    })
  })

  return {
    processId,
    ended,
    hasEnded: () => endedAs !== null,
    logTail: () => readFileSync(options.logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n'),
    stop: async (seconds = 20) => {
      if (endedAs !== null) return
      child.kill(options.stopSignal)
      const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Windows has neither `sh` nor the signals: there the next start takes over what was left behind. */
function startGuard(processId: number, options: ServerProcessOptions): ChildProcess | null {
  if (process.platform === 'win32') return null
  const guard = spawn(
    'sh',
    [
      '-c',
      GUARD_SCRIPT,
      'accord-guard',
      options.stopSignal.replace(/^SIG/, ''),
      String(processId),
      options.temporaryDirectory ?? '',
    ],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' },
  )
  // The guard must not keep this process alive: its end is what the guard waits for.
  guard.unref()
  const line = guard.stdin as Socket
  line.unref()
  // When the guard itself was killed its pipe is closed; there is nobody left to tell.
  line.on('error', () => undefined)
  return guard
}
