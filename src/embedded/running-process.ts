import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { waitUntil } from './wait.js'

/** Whether a process with this id exists. A process of another user counts. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return !isZombie(processId)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A finished process nobody has collected yet still answers to signals; it holds no port and no file. */
function isZombie(processId: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    const status = readFileSync(`/proc/${processId}/stat`, 'utf8')
    return status.slice(status.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    // No such entry: the process is gone, which is what the caller's next signal will say as well.
    return false
  }
}

/** The command line of a process, words joined by blanks; `null` when it cannot be told. */
export function commandOf(processId: number): string | null {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${processId}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(processId)], { encoding: 'utf8' }).trim()
  } catch {
    // The process ended meanwhile, or belongs to someone whose processes are hidden.
    return null
  }
}

/**
 * Asks a process that is no child of this one to end, and kills it when it has not done so in time.
 * Returns once it is gone.
 * @throws Error when it survives even that.
 */
export async function stopForeignProcess(
  processId: number,
  signal: NodeJS.Signals,
  seconds: number,
): Promise<void> {
  if (!isAlive(processId)) return
  const gone = () => Promise.resolve(isAlive(processId) ? null : true)
  process.kill(processId, signal)
  try {
    await waitUntil(`process ${processId} to end`, seconds, gone)
  } catch {
    // It ignored the request: the next step is the one that cannot be ignored.
    process.kill(processId, 'SIGKILL')
    await waitUntil(`process ${processId} to end after SIGKILL`, 10, gone)
  }
}
