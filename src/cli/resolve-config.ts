import type { Config, ResolvedConfig } from '../config.js'
import { ensureApiToken } from './data-folder.js'
import { ExpectedError } from './exit-codes.js'
import { readRuntimeFacts } from './runtime-file.js'

/**
 * Completes the settings of a process that runs beside others: what the environment leaves open comes from the
 * `accord up` that runs on the same data folder.
 * @throws ExpectedError that names the missing setting
 */
export async function resolveConfig(config: Config): Promise<ResolvedConfig> {
  const running = await readRuntimeFacts(config.dataDirectory)
  const databaseUrl = config.databaseUrl ?? running?.databaseUrl
  const address = config.temporal.address ?? running?.temporal.address
  if (databaseUrl === undefined || address === undefined) {
    const missing = [
      ...(databaseUrl === undefined ? ['ACCORD_DATABASE_URL'] : []),
      ...(address === undefined ? ['TEMPORAL_ADDRESS'] : []),
    ]
    throw new ExpectedError(
      `${missing.join(' and ')} must be set, because no "accord up" runs on ${config.dataDirectory}. ` +
        'Set what is missing, or start everything on this machine with "accord up".',
    )
  }
  return {
    ...config,
    databaseUrl,
    temporal: {
      ...config.temporal,
      address,
      uiUrl: config.temporal.uiUrl ?? running?.temporal.ui ?? null,
    },
    api: { ...config.api, token: await ensureApiToken(config) },
  }
}
