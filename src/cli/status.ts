import type { Config } from '../config.js'
import { callApi, findApi, type ApiAddress } from './api-client.js'
import type { RunStatus } from '../domain/run.js'
import { counted } from '../domain/text.js'
import { checkCommand, formatTable, printLine } from './output.js'
import { readRuntimeFacts, type RuntimeFacts } from './runtime-file.js'

interface JobRow {
  readonly direction: string
  readonly status: string
  readonly start: string
  readonly finish: string | null
  readonly inserted: number
  readonly modified: number
  readonly deleted: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
  readonly conflicts: number
  readonly coupled: number
}

interface RunRow {
  readonly status: RunStatus
  readonly requestedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly message: string | null
  readonly jobs: readonly JobRow[]
}

interface MappingRow {
  readonly name: string
  readonly direction: string
  readonly couplings: number
  readonly openErrors: number
  readonly skippedRecords: number
  readonly pendingRecords: number
  readonly pausedAt: string | null
  readonly pausedBy: string | null
  readonly connection: {
    readonly name: string
    readonly pausedAt: string | null
    readonly pausedBy: string | null
  }
  readonly lastRun: RunRow | null
  readonly lastJobs: readonly JobRow[]
}

const JOB_FIELDS =
  'direction status start finish inserted modified deleted unchanged skipped failed conflicts coupled'

const STATUS_QUERY = `
  query Status {
    integrationTableMappings {
      name direction couplings openErrors skippedRecords pendingRecords pausedAt pausedBy
      connection { name pausedAt pausedBy }
      lastRun { status requestedAt startedAt finishedAt message jobs { ${JOB_FIELDS} } }
      lastJobs { run { id } ${JOB_FIELDS} }
    }
  }
`

/** Shows addresses, and mappings with their last runs, open errors and skipped records. */
export async function runStatus(config: Config, options: { readonly json: boolean }): Promise<void> {
  const running = await readRuntimeFacts(config.dataDirectory)
  const api = await findApi(config)
  const { integrationTableMappings } = await callApi<{ integrationTableMappings: MappingRow[] }>(
    api,
    STATUS_QUERY,
  )
  // Sorted by connection alone: the mappings of one stay in the order of their dependencies.
  const mappings = integrationTableMappings.toSorted((left, right) =>
    left.connection.name.localeCompare(right.connection.name),
  )
  if (options.json) printLine(JSON.stringify(statusAsJson(config, api, running, mappings), null, 2))
  else for (const line of statusAsText(config, api, running, mappings)) printLine(line)
}

function statusAsJson(
  config: Config,
  api: ApiAddress,
  running: RuntimeFacts | null,
  mappings: readonly MappingRow[],
) {
  return {
    api,
    temporal: {
      address: running?.temporal.address ?? config.temporal.address,
      namespace: running?.temporal.namespace ?? config.temporal.namespace,
      ui: running?.temporal.ui ?? config.temporal.uiUrl,
    },
    sandbox: running?.sandbox ?? null,
    dataDirectory: config.dataDirectory,
    mappings: mappings.map(({ lastJobs, ...mapping }) => ({
      ...mapping,
      connection: mapping.connection.name,
      lastJob: latestOf(lastJobs),
      lastJobs,
    })),
    openErrors: sumOf(mappings, (mapping) => mapping.openErrors),
    skippedRecords: sumOf(mappings, (mapping) => mapping.skippedRecords),
  }
}

function statusAsText(
  config: Config,
  api: ApiAddress,
  running: RuntimeFacts | null,
  mappings: readonly MappingRow[],
): string[] {
  const temporal =
    running?.temporal.ui ?? running?.temporal.address ?? config.temporal.uiUrl ?? config.temporal.address
  const addresses = formatTable([
    ['API (GraphQL)', api.url],
    ['Temporal', temporal ?? 'not known here'],
    ...(running?.sandbox
      ? [
          ['Business Central', `${running.sandbox.businessCentral.url}  (sandbox)`],
          ['Sales', `${running.sandbox.dataverse.url}  (sandbox)`],
        ]
      : []),
  ])
  const several = new Set(mappings.map(({ connection }) => connection.name)).size > 1
  const table = formatTable([
    [
      ...(several ? ['Connection'] : []),
      'Mapping',
      'Coupled',
      'Open errors',
      'Skipped',
      'Pending',
      'Last run',
    ],
    ...mappings.map((mapping) => [
      ...(several ? [mapping.connection.name] : []),
      mapping.name,
      String(mapping.couplings),
      String(mapping.openErrors),
      String(mapping.skippedRecords),
      String(mapping.pendingRecords),
      `${describePause(mapping)}${describeLastRun(mapping.lastRun)}`,
    ]),
  ])
  return [
    ...addresses,
    '',
    ...(mappings.length === 0 ? ['There is no mapping yet.'] : table),
    ...describeFailures(mappings),
    '',
    `${counted(
      sumOf(mappings, (mapping) => mapping.openErrors),
      'open error',
    )}, ` +
      `${counted(
        sumOf(mappings, (mapping) => mapping.skippedRecords),
        'skipped record',
      )}. ` +
      `${running?.sandbox ? 'The token and the credentials of the sandboxes' : 'The token'}: accord status --json`,
  ]
}

/** Who paused a mapping, or everything, and since when: then nothing of it runs by itself. */
function describePause(mapping: MappingRow): string {
  const paused = mapping.pausedAt === null ? mapping.connection : mapping
  return paused.pausedAt === null
    ? ''
    : `paused by ${paused.pausedBy ?? 'someone'} since ${paused.pausedAt}; `
}

/** A run makes one job a direction; the one that began last speaks for the mapping. */
function latestOf(jobs: readonly JobRow[]): JobRow | null {
  return jobs.toSorted((one, other) => Date.parse(other.start) - Date.parse(one.start))[0] ?? null
}

/** What became of the last run; its jobs, one for each direction, are counted together. */
function describeLastRun(run: RunRow | null): string {
  if (run === null) return 'none yet'
  const counts = (['coupled', 'inserted', 'modified', 'deleted', 'conflicts', 'failed'] as const)
    .map((word) => [sumOf(run.jobs, (job) => job[word]), word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
  if (counts.length === 0 && run.status === 'COMPLETED') counts.push('nothing to do')
  const time = run.finishedAt ?? run.startedAt ?? run.requestedAt
  return [`${run.status.toLowerCase()} ${time}`, ...counts].join(', ')
}

/** Why the last runs failed, each reason once, and what looks further. */
function describeFailures(mappings: readonly MappingRow[]): string[] {
  const byReason = new Map<string, MappingRow[]>()
  for (const mapping of mappings) {
    if (mapping.lastRun?.status !== 'FAILED') continue
    const reason = mapping.lastRun.message ?? 'It gave no reason.'
    byReason.set(reason, [...(byReason.get(reason) ?? []), mapping])
  }
  return [...byReason].flatMap(([reason, failed]) => {
    const connections = [...new Set(failed.map(({ connection }) => connection.name))]
    return [
      '',
      `${failed.map(({ name }) => name).join(', ')} failed: ${reason}`,
      ...connections.map((name) => `  Look for the cause: ${checkCommand(name)}`),
    ]
  })
}

function sumOf<T>(rows: readonly T[], valueOf: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + valueOf(row), 0)
}
