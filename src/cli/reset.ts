import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { pino } from 'pino'
import type { Config } from '../config.js'
import { ExpectedError, UsageError } from './exit-codes.js'
import { stopLeftovers } from './leftovers.js'
import { printLine } from './output.js'
import { lockDataDirectory } from './supervisor-lock.js'

/** What `accord up` makes in its data folder. Anything else there is somebody else's, and stays. */
const OWN_ENTRIES: ReadonlySet<string> = new Set([
  'postgres',
  'temporal',
  'logs',
  'api-token',
  'sandbox-client-secret',
  'runtime.json',
  'runtime.json.new',
  'up.lock',
])

/**
 * Deletes what Accord keeps in the data folder, after asking. A database named by ACCORD_DATABASE_URL is not touched.
 * @throws ExpectedError while `accord up` runs there
 * @throws UsageError when there is nobody to ask and `yes` was not given
 */
export async function runReset(config: Config, options: { readonly yes: boolean }): Promise<void> {
  const { dataDirectory } = config
  const present = await readdir(dataDirectory).catch(() => [])
  const own = present.filter((entry) => OWN_ENTRIES.has(entry))
  if (own.length === 0) {
    printLine(`There is nothing to delete in ${dataDirectory}.`)
    return
  }
  if (!options.yes && !(await isConfirmed(dataDirectory))) {
    printLine('Nothing was deleted.')
    return
  }
  const release = await lockDataDirectory(dataDirectory)
  try {
    await stopLeftovers(config, pino({ level: 'silent' }))
    for (const entry of own) {
      if (entry !== 'up.lock') await rm(join(dataDirectory, entry), { recursive: true, force: true })
    }
  } finally {
    await release()
  }
  printLine(`Everything of Accord in ${dataDirectory} is deleted. The next start begins anew.`)
  if (config.databaseUrl !== null) {
    printLine('The database of ACCORD_DATABASE_URL was not touched.')
  }
}

async function isConfirmed(dataDirectory: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`Deleting everything in ${dataDirectory} needs a confirmation: add --yes.`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`Delete all data of Accord in ${dataDirectory}? Type yes: `)
    return answer.trim().toLowerCase() === 'yes'
  } catch (error) {
    throw new ExpectedError('The question was not answered; nothing was deleted.', { cause: error })
  } finally {
    terminal.close()
  }
}
