import { join } from 'node:path'
import type { ResolvedConfig } from '../config.js'
import { packageRoot } from '../embedded/package-root.js'
import type { ReadyMessage } from './child-process.js'
import { ensureSecretFile, sandboxSecretFile } from './data-folder.js'
import { withDatabase } from './databases.js'
import { openLogFile } from './log-files.js'
import { sandboxFacts, type SandboxFacts } from './runtime-file.js'
import type { ChildDefinition } from './supervised-child.js'

/** Both sandboxes: one process, which knows nothing of Accord. Secrets reach it by its environment. */
export async function sandboxChild(
  config: Pick<ResolvedConfig, 'dataDirectory' | 'databaseUrl' | 'ports' | 'sandbox'>,
): Promise<ChildDefinition> {
  const { businessCentralDatabaseUrl, customers, dataverseDatabaseUrl } = config.sandbox
  const name = decodeURIComponent(new URL(config.databaseUrl).pathname.slice(1))
  const beside = (suffix: string): string => withDatabase(config.databaseUrl, `${name}_${suffix}`)
  return {
    title: 'The sandboxes',
    script: join(packageRoot(), 'dist', 'sandbox', 'main.js'),
    arguments: [
      '--business-central-port',
      String(config.ports.businessCentralSandbox),
      '--dataverse-port',
      String(config.ports.dataverseSandbox),
      ...(customers > 0 ? ['--customers', String(customers)] : ['--demo']),
    ],
    environment: {
      SANDBOX_BUSINESS_CENTRAL_DATABASE_URL: businessCentralDatabaseUrl ?? beside('business_central_sandbox'),
      SANDBOX_DATAVERSE_DATABASE_URL: dataverseDatabaseUrl ?? beside('dataverse_sandbox'),
      SANDBOX_CLIENT_SECRET: await ensureSecretFile(sandboxSecretFile(config.dataDirectory)),
    },
    logFile: await openLogFile(config.dataDirectory, 'sandbox'),
    // The first start fills the databases; with many customers that takes its time.
    readySeconds: 300,
    stopSeconds: 15,
  }
}

/** What the sandboxes say about themselves once they work; everything is passed on, for people who try them. */
export function sandboxFactsOf(message: ReadyMessage): SandboxFacts {
  const { ready: _ready, ...facts } = message
  return sandboxFacts.parse(facts)
}
