import type { Command } from 'commander'
import type { Config } from '../config.js'
import type { Finding } from '../domain/finding.js'
import { callApi, findApi } from './api-client.js'
import { ExpectedError } from './exit-codes.js'
import { formatTable, printLine } from './output.js'

interface CheckRow {
  readonly id: string
  readonly checkedAt: string
  readonly requestedBy: string
  readonly findings: readonly Finding[]
}

const CHECK_FIELDS = `id checkedAt requestedBy
  findings { code severity side what cause remedy evidence correlationIds { name value } link }`

/** In this order they are shown. */
const SEVERITIES = ['ERROR', 'WARNING', 'INFORMATION'] as const

/** `accord check`: what would keep a connection from working. */
export function addCheckCommand(program: Command, readConfig: () => Config): void {
  program
    .command('check')
    .description(
      'look for everything that would keep a connection from working, and tell cause and remedy; fails on errors',
    )
    .argument('[connection]', 'name of the connection; without it, the only one there is')
    .option('--json', 'write what was found as JSON')
    .action((connection: string | undefined, words: { readonly json?: true }) =>
      check(readConfig(), connection ?? null, words.json === true),
    )
}

/** @throws ExpectedError when something was found that keeps mappings from working, or nobody could check */
async function check(config: Config, connection: string | null, json: boolean): Promise<void> {
  const api = await findApi(config)
  const { checkConnection } = await callApi<{ checkConnection: CheckRow }>(
    api,
    `mutation Check($connection: String) { checkConnection(connection: $connection) { ${CHECK_FIELDS} } }`,
    { connection },
  )
  if (json) printLine(JSON.stringify(checkConnection, null, 2))
  else for (const line of describe(checkConnection.findings)) printLine(line)
  const errors = checkConnection.findings.filter(({ severity }) => severity === 'ERROR').length
  if (errors > 0) throw new ExpectedError(`${errors === 1 ? '1 error was' : `${errors} errors were`} found.`)
}

function describe(findings: readonly Finding[]): string[] {
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  const isGood = sorted.every(({ severity }) => severity === 'INFORMATION')
  return [...describeFindings(sorted), isGood ? 'The connection works: nothing is to be mended.' : ''].filter(
    (line, index, lines) => line !== '' || index < lines.length - 1,
  )
}

/** Each with what, cause and remedy on lines of their own. */
export function describeFindings(findings: readonly Finding[]): string[] {
  return findings.flatMap(describeFinding)
}

function describeFinding(finding: Finding): string[] {
  const { severity, code, side, what, cause, remedy, evidence, correlationIds, link } = finding
  const head = [severity.toLowerCase(), code, side === null ? '' : `(${side.toLowerCase()})`]
  if (severity === 'INFORMATION') return [`${head.filter(Boolean).join('  ')}  ${what}`, '']
  const rows = [
    ['  What', what],
    ['  Cause', cause],
    ['  Remedy', remedy],
    ...(evidence === null ? [] : [['  Evidence', evidence]]),
    ...(correlationIds.length === 0
      ? []
      : [['  Ids', correlationIds.map(({ name, value }) => `${name} ${value}`).join(', ')]]),
    ...(link === null ? [] : [['  See', link]]),
  ]
  return [head.filter(Boolean).join('  '), ...formatTable(rows), '']
}
