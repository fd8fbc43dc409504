import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Config } from '../config.js'
import { checkBackup, restoreBackup } from './backup/restore-backup.js'
import { temporalFolder } from './data-folder.js'
import { printLine } from './output.js'
import { withState } from './state-access.js'

/**
 * Replaces the state by that of a backup; the file is read to its end before anything is touched.
 * @throws ExpectedError when the file or the database does not allow it; nothing has changed then
 */
export async function runRestore(
  config: Config,
  file: string,
  options: { readonly force: boolean },
): Promise<void> {
  const source = resolve(file)
  const { header, trailer } = await checkBackup(source)
  await withState(config, 'replace', (client) => restoreBackup(client, source, header, options.force))
  // The runs Temporal remembers belong to the state that was replaced. The next start makes its schedules anew.
  if (config.temporal.address === null) {
    await rm(temporalFolder(config.dataDirectory), { recursive: true, force: true })
  }
  const total = Object.values(trailer.rows).reduce((sum, count) => sum + count, 0)
  printLine(`${total} rows of the backup of ${header.createdAt} are restored.`)
}
