import { open, readFile, rm } from 'node:fs/promises'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from './exit-codes.js'
import { isSupervisor } from './runtime-file.js'

/**
 * Makes this process the only `accord up` of a data folder. Returns the release.
 * @throws ExpectedError that names the process that is
 */
export async function lockDataDirectory(dataDirectory: string): Promise<() => Promise<void>> {
  await mkdir(dataDirectory, { recursive: true })
  const file = join(dataDirectory, 'up.lock')
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''))
    if (holder > 0 && isSupervisor(holder)) {
      throw new ExpectedError(
        `Accord already runs on ${dataDirectory} (process ${holder}). "accord status" shows its addresses. ` +
          `Stop it first (Ctrl-C in its terminal, or kill ${holder}), or choose another folder with ACCORD_DATA ` +
          'and other ports.',
      )
    }
    // Left behind by a process that was killed.
    await rm(file, { force: true })
  }
  throw new ExpectedError(`The lock ${file} is contested by another start of Accord. Try again.`)
}
