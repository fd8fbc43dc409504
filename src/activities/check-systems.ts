import { ConnectorSettingsError } from '../connectors/create-connector.js'
import { ConnectorError, type Connector } from '../connectors/connector.js'
import { notExamined } from '../connectors/http/find-failure.js'
import { tableUses, type MappedTables, type TableUse } from '../domain/checked-tables.js'
import { DiagnosisCode } from '../domain/diagnosis/code.js'
import { examineColumns } from '../domain/diagnosis/columns.js'
import { diagnose, hidesTheRest } from '../domain/diagnosis/diagnose.js'
import type { Finding } from '../domain/finding.js'
import { Side } from '../domain/value.js'
import { checkCurrencies } from './check-currencies.js'
import type { ActivityDependencies, ConnectedSystems } from './dependencies.js'

/**
 * Both systems of a connection, with what these mappings need of them. What hides other findings comes first. Nothing is changed
 * there. Throws the reason of `signal` when that is aborted.
 */
export async function checkSystems(
  { connectors, now }: Pick<ActivityDependencies, 'connectors' | 'now'>,
  connection: ConnectedSystems,
  mappings: readonly MappedTables[],
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const uses = {
    [Side.local]: tableUses(mappings, Side.local),
    [Side.integration]: tableUses(mappings, Side.integration),
  }
  const check = async (side: Side) =>
    checkSide(() => connectors.of(connection, side, null), side, uses[side], signal)
  const [local, integration] = await Promise.all([check(Side.local), check(Side.integration)])
  signal?.throwIfAborted()
  const both =
    local.connector === null || integration.connector === null
      ? []
      : await checkCurrencies(
          { [Side.local]: local.connector, [Side.integration]: integration.connector },
          uses,
          now(),
        )
  return distinct([...local.findings, ...integration.findings, ...both])
}

/** One cause that several steps have met is told once. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [
    ...new Map(
      findings.map((finding) => [`${finding.side} ${finding.code} ${finding.what}`, finding]),
    ).values(),
  ]
}

/** `connector` null: nothing more can be asked of it. */
async function checkSide(
  connect: () => Connector,
  side: Side,
  uses: readonly TableUse[],
  signal: AbortSignal | undefined,
): Promise<{ readonly findings: readonly Finding[]; readonly connector: Connector | null }> {
  let connector: Connector
  try {
    connector = connect()
  } catch (error) {
    return { findings: [unusable(error, side)], connector: null }
  }
  const request = { tables: uses, ...(signal === undefined ? {} : { signal }) }
  const found = (await connector.check(request)).map((finding) => ({ ...finding, side }))
  if (found.some(hidesTheRest)) return { findings: found, connector: null }
  const columns: Finding[] = []
  for (const use of uses) {
    signal?.throwIfAborted()
    columns.push(...(await checkColumns(connector, use, side, found)))
  }
  return { findings: [...found, ...columns], connector }
}

/** Settings that make no connector, or a secret that is not there: neither is anything that a system said. */
function unusable(error: unknown, side: Side): Finding {
  if (error instanceof ConnectorSettingsError)
    return diagnose(DiagnosisCode.settingsInvalid, { side, what: error.message })
  if (!(error instanceof ConnectorError)) throw error
  const { message, cause, remedy } = error.failure
  return diagnose(DiagnosisCode.settingsInvalid, { side, what: message, cause, remedy })
}

async function checkColumns(
  connector: Connector,
  use: TableUse,
  side: Side,
  found: readonly Finding[],
): Promise<readonly Finding[]> {
  const isToldMissing = found.some(
    ({ code, what }) => code === DiagnosisCode.tableMissing && what.includes(use.table.name),
  )
  if (isToldMissing) return []
  try {
    return examineColumns(use, await connector.describeTable(use.table.name), side)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    const { failure } = error
    if (failure.status !== undefined || failure.errorClass !== 'SETUP')
      return [{ ...notExamined(`The columns of ${use.table.name} were not looked at.`, failure), side }]
    return [diagnose(DiagnosisCode.tableMissing, { side, what: failure.message, cause: failure.cause })]
  }
}
