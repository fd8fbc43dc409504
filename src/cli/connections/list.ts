import type { Config } from '../../config.js'
import { findApi } from '../api-client.js'
import { formatTable, printLine } from '../output.js'
import { fetchConnections, type ShownConnection, type ShownSystem } from './connections-api.js'

/** @throws ExpectedError */
export async function runList(config: Config, options: { readonly json: boolean }): Promise<void> {
  const connections = await fetchConnections(await findApi(config))
  if (options.json) printLine(JSON.stringify(connections, null, 2))
  else if (connections.length === 0) printLine('There is no connection yet: accord connections add --help')
  else {
    const rows = connections.map((connection) => [
      connection.name,
      connection.localSystem.caption,
      connection.integrationSystem.caption,
      stateOf(connection),
      String(connection.mappings.length),
    ])
    const table = formatTable([['Connection', 'Local', 'Integration', 'State', 'Mappings'], ...rows])
    for (const line of table) printLine(line)
  }
}

/** @throws ExpectedError */
export async function runShow(
  config: Config,
  name: string,
  options: { readonly json: boolean },
): Promise<void> {
  const [connection] = await fetchConnections(await findApi(config), [name])
  if (connection === undefined) return
  if (options.json) printLine(JSON.stringify(connection, null, 2))
  else for (const line of describe(connection)) printLine(line)
}

function describe(connection: ShownConnection): string[] {
  const { changedAt, changedBy, forcedReason, mappings, version } = connection
  return [
    ...formatTable([
      ['Connection', connection.name],
      ['State', stateOf(connection)],
      ...(forcedReason === null ? [] : [['Enabled without a check', forcedReason]]),
      ['Version', `${version}, by ${changedBy} at ${changedAt}`],
      ['Mappings', mappings.map((mapping) => mapping.name).join(', ') || 'none'],
    ]),
    '',
    ...describeSystem('local', connection.localSystem),
    '',
    ...describeSystem('integration', connection.integrationSystem),
  ]
}

function describeSystem(end: string, { caption, kind, secrets, settings }: ShownSystem): string[] {
  const rows = [
    ...leaves(settings).map(([path, value]) => [`${end}.${path}`, shown(value)]),
    ...secrets.map(({ member, reference, rotatedAt }) => [
      `${end}.${member}`,
      `${reference ?? '(stored, not shown)'}${rotatedAt === null ? '' : `, entered ${rotatedAt}`}`,
    ]),
  ]
  return [`${caption} (${kind})`, ...formatTable(rows).map((line) => `  ${line}`)]
}

function leaves(settings: Readonly<Record<string, unknown>>, under = ''): [string, unknown][] {
  return Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leaves(value as Readonly<Record<string, unknown>>, `${under}${name}.`)
      : [[`${under}${name}`, value]],
  )
}

/** Certificates have many lines; the first is enough. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const [first = '', ...rest] = text.split('\n')
  return rest.length === 0 ? first : `${first} ...`
}

export function stateOf({
  disabledAt,
  disabledBy,
  pausedAt,
  pausedBy,
}: Pick<ShownConnection, 'disabledAt' | 'disabledBy' | 'pausedAt' | 'pausedBy'>): string {
  if (disabledAt !== null)
    return disabledBy === null ? 'not enabled yet' : `disabled by ${disabledBy} since ${disabledAt}`
  return pausedAt === null ? 'enabled' : `paused by ${pausedBy ?? 'someone'} since ${pausedAt}`
}
