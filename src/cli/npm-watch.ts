import { readFileSync } from 'node:fs'
import { isRunByNpm } from './child-process.js'

const LOOK_MILLISECONDS = 1000

/**
 * Resolves when the npm that runs this process is gone. npm puts a shell in between, which dies of a signal without
 * handing it on; nobody would then be left to stop this process. Never resolves when npm does not run it.
 */
export async function waitForEndOfNpm(): Promise<string> {
  const runByNpm = isRunByNpm()
  return await new Promise((resolve) => {
    if (!runByNpm || process.platform === 'win32') return
    const shell = process.ppid
    const npm = parentOf(shell)
    const timer = setInterval(() => {
      if (process.ppid === shell && parentOf(shell) === npm) return
      clearInterval(timer)
      resolve('npm is gone')
    }, LOOK_MILLISECONDS)
    timer.unref()
  })
}

/** The parent of a process where the system tells, else `null`. */
function parentOf(processId: number): number | null {
  if (process.platform !== 'linux') return null
  try {
    const status = readFileSync(`/proc/${processId}/stat`, 'utf8')
    // After the name, which may hold blanks and brackets: state, parent.
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // The process ended this moment; the caller sees another parent of its own.
    return null
  }
}
