import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config.js'
import { writeBackup } from './backup/write-backup.js'
import { ExpectedError } from './exit-codes.js'
import { printLine } from './output.js'
import { withState } from './state-access.js'
import { readVersion } from './version.js'

/**
 * Writes all state to a file, while Accord runs or not.
 * @throws ExpectedError when the file exists, or there is no state to write
 */
export async function runBackup(config: Config, file: string): Promise<void> {
  const target = resolve(file)
  if (existsSync(target))
    throw new ExpectedError(`${target} exists already. Choose another name, or delete it.`)
  const rows = await withState(config, 'read', (client) => writeBackup(client, target, readVersion()))
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
  printLine(`${total} rows of ${Object.keys(rows).length} tables are written to ${target}.`)
  printLine('It holds business data: keep it where only its readers can read it.')
}
