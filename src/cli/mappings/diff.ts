import type { Config } from '../../config.js'
import { findApi } from '../api-client.js'
import { ExpectedError, UsageError } from '../exit-codes.js'
import { printLine } from '../output.js'
import { applyFiles, type AppliedMapping } from './mappings-api.js'
import { readMappingFiles } from './read-mapping-files.js'

/**
 * Shows what applying the files would change.
 * @throws ExpectedError (exit code 1) when something differs, UsageError (2) when that could not be told
 */
export async function runDiff(
  config: Config,
  files: readonly string[],
  options: { readonly connection: string | null },
): Promise<void> {
  const applied = await compare(config, files, options.connection)
  for (const mapping of applied) for (const line of describeDifference(mapping)) printLine(line)
  const different = applied.filter(({ action }) => action !== 'UNCHANGED').length
  if (different > 0) {
    throw new ExpectedError(
      `${different} of ${applied.length} ${applied.length === 1 ? 'mapping' : 'mappings'} differ.`,
    )
  }
}

async function compare(
  config: Config,
  files: readonly string[],
  connection: string | null,
): Promise<readonly AppliedMapping[]> {
  try {
    const mappings = await readMappingFiles(files)
    return await applyFiles(await findApi(config), mappings, { connection, dryRun: true })
  } catch (error) {
    // A script must be able to tell "differs" from "could not be compared".
    if (error instanceof ExpectedError && !(error instanceof UsageError)) {
      throw new UsageError(error.message, { cause: error })
    }
    throw error
  }
}

function describeDifference({ name, action, changes }: AppliedMapping): string[] {
  switch (action) {
    case 'CREATED':
      return [`${name}: there is no such mapping yet`]
    case 'UNCHANGED':
      return [`${name}: equal`]
    default:
      return [`${name}:`, ...changes.map((change) => `  ${change.text}`)]
  }
}
