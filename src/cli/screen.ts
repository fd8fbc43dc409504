import { relative } from 'node:path'
import { withoutPassword } from './databases.js'
import { formatTable } from './output.js'
import type { RuntimeFacts } from './runtime-file.js'

/** The one screen of `accord up`: where everything is, and what to try. */
export function describeRunning(
  facts: RuntimeFacts,
  dataDirectory: string,
  seconds: number,
  /** Null: none could be made. */
  signInLink: string | null,
): string[] {
  const folder = relative(process.cwd(), dataDirectory)
  const shownFolder = folder === '' || folder.startsWith('..') ? dataDirectory : folder
  const rows: string[][] = [
    ['API (GraphQL)', facts.api?.url ?? 'does not run'],
    ...(signInLink === null
      ? []
      : [['Sign in', `${signInLink}  (once, within 10 minutes; npx accord sign-in shows another)`]]),
    ['Temporal', facts.temporal.ui ?? facts.temporal.address],
    ['PostgreSQL', shownDatabase(facts.databaseUrl)],
    ...(facts.sandbox === null
      ? []
      : [
          ['Business Central', `${facts.sandbox.businessCentral.url}  (sandbox)`],
          ['Sales', `${facts.sandbox.dataverse.url}  (sandbox)`],
        ]),
    ['Data and logs', shownFolder],
  ]
  return [
    '',
    `Accord runs (ready after ${seconds.toFixed(1)} s). Ctrl-C stops everything.`,
    '',
    ...formatTable(rows).map((line) => `  ${line}`),
    '',
    'To try, in another terminal:',
    '',
    ...formatTable([
      ...(facts.sandbox === null
        ? [['npx accord connections add --help', 'connects systems of your own; README, "Your own systems"']]
        : []),
      [
        'npx accord status',
        facts.sandbox === null
          ? 'mappings, open errors, skipped records; --json adds the token'
          : 'mappings, open errors, skipped records; --json adds the token and the credentials',
      ],
      ...(facts.sandbox === null
        ? []
        : [['npx accord sync CUSTOMER --wait', 'carries the changes of customers and accounts now']]),
      ['npx accord --help', 'everything else'],
    ]).map((line) => `  ${line}`),
    '',
  ]
}

/** Whoever uses the address must know that its password is not in it. */
function shownDatabase(url: string): string {
  return new URL(url).password === ''
    ? withoutPassword(url)
    : `${withoutPassword(url)}  (password not shown; it is in runtime.json of the data folder)`
}
