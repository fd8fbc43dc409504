import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import type { CheckedTable, CheckRequest } from '../connector.js'
import { checkSignIn } from '../http/check-sign-in.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import { attempt, findingOfFailure, notExamined } from '../http/find-failure.js'
import { queryOption } from '../http/odata.js'
import type { ServiceClient } from '../http/service-client.js'
import { checkIdentity } from './check-identity.js'
import { checkPrivileges, readPrivileges } from './check-privileges.js'
import type { ReadRows } from './definitions.js'
import { textOf } from './definitions.js'

export interface DataverseCheck {
  readonly client: ServiceClient
  /** Service root. */
  readonly url: string
  /** An object below the service root. Throws {@link ConnectorError}. */
  readonly readObject: (path: string) => Promise<ExactJsonObject>
  /** Rows of a path below the service root, to the last page. Throws {@link ConnectorError}. */
  readonly readRows: ReadRows
  /** Whether rows of a path can be read: the first page and no more. Throws {@link ConnectorError}. */
  readonly readFirst: (path: string) => Promise<void>
}

/** What would keep these tables from being synchronized with Dataverse; see {@link Connector.check}. */
export async function checkDataverse(
  context: DataverseCheck,
  request: CheckRequest,
): Promise<readonly Finding[]> {
  const { client, url, readObject } = context
  const expected = { audiences: [new URL(url).origin], tenant: null, role: null }
  const { findings, answer } = await checkSignIn(client, expected, () => readObject('WhoAmI'))
  if (answer === null) return findings
  const userId = textOf(answer['UserId'])
  const identity = await checkIdentity(context, userId)
  const tables = request.tables.filter(({ table }) => table.optionColumn === undefined)
  const denied: Finding[] = []
  for (const table of tables) {
    request.signal?.throwIfAborted()
    denied.push(...(await checkReading(context, table)))
  }
  request.signal?.throwIfAborted()
  const granted = await attempt(() => readPrivileges(context, userId))
  const privileges =
    'failure' in granted
      ? [
          notExamined(
            'The privileges of the user were not compared with what the mappings need.',
            granted.failure,
          ),
        ]
      : await checkPrivileges(context, granted.result, tables, denied)
  return [...findings, ...identity, ...denied, ...privileges, ...(await checkTracking(context, tables))]
}

async function checkReading(
  { readFirst }: DataverseCheck,
  { table }: CheckedTable,
): Promise<readonly Finding[]> {
  const read = await attempt(() =>
    readFirst(`${table.name}?${queryOption('$select', table.keyField)}&${queryOption('$top', '1')}`),
  )
  if (!('failure' in read)) return []
  if (read.failure.status !== 404) return [findingOfFailure(read.failure)]
  return [
    diagnose(DiagnosisCode.tableMissing, {
      what: `Dataverse has no table ${table.name}.`,
      evidence: `HTTP 404 ${read.failure.code ?? ''}`.trim(),
    }),
  ]
}

/** Whether changes of the tables are tracked, which is how changes and deletions are found. */
async function checkTracking(
  { readRows }: DataverseCheck,
  tables: readonly CheckedTable[],
): Promise<readonly Finding[]> {
  if (tables.length === 0) return []
  const query = [
    queryOption('$select', 'LogicalName,EntitySetName,ChangeTrackingEnabled'),
    queryOption('$filter', 'IsIntersect eq false'),
  ].join('&')
  const read = await attempt(() => readRows(`EntityDefinitions?${query}`))
  if ('failure' in read) return [notExamined('Whether changes are tracked was not looked at.', read.failure)]
  return tables.flatMap(({ table }) => {
    const entity = read.result.find((row) => row['EntitySetName'] === table.name)
    if (entity?.['ChangeTrackingEnabled'] !== false) return []
    // A table that was described without tracking is read by its stamps: only its deletions are found late.
    const byStamp = table.tracksChanges === false
    return [
      diagnose(DiagnosisCode.changeTrackingOff, {
        what: `Dataverse does not track changes of the table ${table.caption}.`,
        severity: byStamp ? 'WARNING' : 'ERROR',
        evidence: `ChangeTrackingEnabled of ${textOf(entity['LogicalName'])} is false`,
      }),
    ]
  })
}
