import { join } from 'node:path'
import { pino } from 'pino'
import type { Config } from '../config.js'
import { waitForStopRequest } from './child-process.js'
import { Cleanup } from './cleanup.js'
import { ensureDataFolder } from './data-folder.js'
import { assertPortsFree, postgresPort, sandboxPorts, stopLeftovers } from './leftovers.js'
import { openLogFile } from './log-files.js'
import { formatTable, printLine, printTrouble } from './output.js'
import type { SandboxFacts } from './runtime-file.js'
import { sandboxChild, sandboxFactsOf } from './sandbox.js'
import { usePostgres } from './servers.js'
import { SupervisedChild } from './supervised-child.js'
import { lockDataDirectory } from './supervisor-lock.js'

export interface SandboxWords {
  /** Enforce the documented limits of both services. */
  readonly limits?: true
  /** Switches as the sandboxes' own command line takes them. */
  readonly switch?: readonly string[]
  /** `name:password` of accounts that may sign in with a password. */
  readonly user?: readonly string[]
  /** Write one line of JSON instead of a screen. */
  readonly json?: true
}

/**
 * Starts both sandboxes without Accord, with data of their own below the data folder, shows how to reach them and keeps them
 * running until this process is asked to end.
 * @throws ExpectedError that says what could not be started
 */
export async function runSandboxAlone(config: Config, words: SandboxWords): Promise<void> {
  const own = { ...config, dataDirectory: join(config.dataDirectory, 'sandbox') }
  const cleanup = new Cleanup()
  const stopRequest = waitForStopRequest()
  try {
    await ensureDataFolder(config.dataDirectory)
    await ensureDataFolder(own.dataDirectory)
    cleanup.add(null, await lockDataDirectory(own.dataDirectory))
    const logger = pino(
      { level: config.logLevel },
      pino.destination({ dest: await openLogFile(own.dataDirectory, 'up'), sync: true }),
    )
    // Of Temporal this command starts nothing.
    await stopLeftovers({ ...own, temporal: { ...own.temporal, address: 'none' } }, logger)
    await assertPortsFree([...postgresPort(own), ...sandboxPorts(own)])
    const postgres = await usePostgres(own, logger)
    cleanup.add(null, () => postgres.stop())
    const definition = await sandboxChild({ ...own, databaseUrl: postgres.databaseUrl })
    const child = new SupervisedChild(
      { ...definition, arguments: [...definition.arguments, ...argumentsOf(words)] },
      {
        onCrash: (_, how, seconds) =>
          printTrouble(
            `${definition.title} ended unexpectedly (${how}); they start again in ${seconds} s. Log: ${definition.logFile}`,
          ),
        onReady: () => printTrouble(`${definition.title} work again.`),
      },
    )
    const facts = sandboxFactsOf(await child.start())
    cleanup.add(null, () => child.stop())
    if (words.json === true) printLine(JSON.stringify(facts))
    else for (const line of describeSandboxes(facts, words.limits === true)) printLine(line)
    const failure = await Promise.race([
      stopRequest.then(() => null),
      postgres.ended.then((how) => `PostgreSQL ended unexpectedly (${how}).`),
    ])
    if (failure !== null) throw new Error(failure)
  } finally {
    await cleanup.run()
  }
}

function argumentsOf({ limits, switch: switches = [], user: users = [] }: SandboxWords): string[] {
  const all = [...(limits === true ? ['dataverse limits {}', 'business-central limits {}'] : []), ...switches]
  return [...all.flatMap((text) => ['--switch', text]), ...users.flatMap((text) => ['--user', text])]
}

/** Addresses, credentials and the first calls, to be pasted into a terminal. */
export function describeSandboxes(facts: SandboxFacts, limits: boolean): string[] {
  const { businessCentral, dataverse, tokenUrl, clientId, clientSecret } = facts
  const customers = `${businessCentral.url}/companies(${businessCentral.companyId})/customers`
  const origin = new URL(dataverse.url).origin
  return [
    '',
    `The sandboxes run${limits ? ' under the documented limits' : ''}. Ctrl-C stops them; their data stays.`,
    '',
    ...formatTable([
      ['Business Central', businessCentral.url],
      ['  company', businessCentral.companyId],
      ['Dataverse', dataverse.url],
      ['Token URL', tokenUrl],
      ['  client id', clientId],
      ['  client secret', clientSecret],
      ['  scope', 'https://api.businesscentral.dynamics.com/.default, or of Dataverse:'],
      ['', `${origin}/.default`],
    ]).map((line) => `  ${line}`),
    '',
    'To try, in another terminal:',
    '',
    `  TOKEN=$(curl -s '${tokenUrl}' -d grant_type=client_credentials -d client_id=${clientId} \\`,
    `    -d client_secret=${clientSecret} -d scope=${origin}/.default | jq -r .access_token)`,
    `  curl -s -H "Authorization: Bearer $TOKEN" '${customers}?$top=1' | jq`,
    `  curl -s -H "Authorization: Bearer $TOKEN" '${dataverse.url}/accounts?$select=name&$top=1' | jq`,
    '',
    '  # The next read of customers is throttled; sandbox/README.md has the other switches.',
    `  curl -s ${new URL(businessCentral.url).origin}/sandbox/faults -d '{"path":"customers","action":{"kind":"status","status":429}}'`,
    '',
  ]
}
