import { isRunByNpm } from './child-process.js'

const LOOK_MILLISECONDS = 1000

/**
 * Resolves when the npm that runs this process is gone: a killed npm tells its script nothing, and nobody would be left
 * to stop it. Never resolves when npm does not run this process.
 */
export async function waitForEndOfNpm(): Promise<string> {
  return await new Promise((resolve) => {
    if (!isRunByNpm()) return
    const npm = process.ppid
    const timer = setInterval(() => {
      // An orphan is handed to another parent.
      if (process.ppid === npm) return
      clearInterval(timer)
      resolve('npm is gone')
    }, LOOK_MILLISECONDS)
    timer.unref()
  })
}
