import type { Config } from '../../config.js'
import { findApi } from '../api-client.js'
import { printLine } from '../output.js'
import { userOfThisMachine } from '../user.js'
import { applyFiles, type AppliedMapping } from './mappings-api.js'
import { readMappingFiles } from './read-mapping-files.js'

export interface ApplyOptions {
  readonly connection: string | null
  /** Null: the user of this machine. */
  readonly author: string | null
  readonly note: string | null
  readonly dryRun: boolean
}

/**
 * Makes the mappings what the files say, all of them or none.
 * @throws UsageError with every problem at its place in its file, ExpectedError
 */
export async function runApply(
  config: Config,
  files: readonly string[],
  options: ApplyOptions,
): Promise<void> {
  const mappings = await readMappingFiles(files)
  const applied = await applyFiles(await findApi(config), mappings, {
    connection: options.connection,
    dryRun: options.dryRun,
    author: options.author ?? userOfThisMachine(),
    note: options.note,
  })
  for (const mapping of applied) {
    for (const line of describeApplied(mapping, options.dryRun)) printLine(line)
  }
  if (options.dryRun) printLine('Nothing was changed: this was a dry run.')
}

function describeApplied(mapping: AppliedMapping, dryRun: boolean): string[] {
  return [
    `${mapping.name}: ${describeAction(mapping, dryRun)}`,
    ...mapping.changes.map((change) => `  ${change.text}`),
    ...mapping.consequences.map((sentence) => `  Note: ${sentence}`),
    ...mapping.warnings.map(({ path, message }) => `  Warning: ${path === '' ? '' : `${path}: `}${message}`),
  ]
}

function describeAction({ action, version }: AppliedMapping, dryRun: boolean): string {
  switch (action) {
    case 'CREATED':
      return dryRun ? 'would be created' : 'created'
    case 'UNCHANGED':
      return `unchanged, version ${version}`
    default:
      return dryRun ? `would become version ${version}` : `now version ${version}`
  }
}
