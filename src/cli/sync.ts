import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.js'
import type { PassDirection } from '../domain/mapping.js'
import { isFinished, type RunMode, type RunStatus } from '../domain/run.js'
import { callApi, findApi } from './api-client.js'
import { ExpectedError } from './exit-codes.js'
import { formatTable, printLine, printTrouble } from './output.js'

export interface SyncOptions {
  readonly mode: RunMode
  readonly direction: PassDirection | null
  /** Needed once there are several connections with a mapping of that name. */
  readonly connection: string | null
  readonly wait: boolean
  readonly json: boolean
}

interface RunRow {
  readonly id: string
  readonly status: RunStatus
  readonly temporalUrl: string | null
  readonly jobs: readonly {
    readonly direction: string
    readonly status: string
    readonly inserted: number
    readonly modified: number
    readonly deleted: number
    readonly unchanged: number
    readonly skipped: number
    readonly failed: number
    readonly conflicts: number
    readonly ignored: number
  }[]
}

const RUN_FIELDS = `
  id status temporalUrl
  jobs { direction status inserted modified deleted unchanged skipped failed conflicts ignored }
`
const POLL_MILLISECONDS = 500

/**
 * Asks the API for a run of a mapping, and waits for its end if told to.
 * @throws ExpectedError when the mapping is unknown, or the run that was waited for did not complete
 */
export async function runSync(config: Config, mapping: string, options: SyncOptions): Promise<void> {
  const api = await findApi(config)
  const started = await callApi<{ synchronizeMapping: RunRow }>(
    api,
    `mutation Synchronize($name: String!, $mode: RunMode!, $direction: PassDirection, $connection: String) {
      synchronizeMapping(name: $name, mode: $mode, direction: $direction, connection: $connection) { ${RUN_FIELDS} }
    }`,
    { name: mapping, mode: options.mode, direction: options.direction, connection: options.connection },
  )
  let run = started.synchronizeMapping
  if (options.wait && !isFinished(run.status)) {
    // Apart from the output, which a script may read.
    printTrouble(`Waiting for the run ${run.id}${run.temporalUrl === null ? '' : ` (${run.temporalUrl})`}`)
  }
  while (options.wait && !isFinished(run.status)) {
    await delay(POLL_MILLISECONDS)
    const answer = await callApi<{ synchRun: RunRow }>(
      api,
      `query Run($id: ID!) { synchRun(id: $id) { ${RUN_FIELDS} } }`,
      { id: run.id },
    )
    run = answer.synchRun
  }
  if (options.json) printLine(JSON.stringify(run, null, 2))
  else for (const line of describeRun(mapping, run)) printLine(line)
  if (options.wait && run.status !== 'COMPLETED') {
    throw new ExpectedError(`The run of ${mapping} ended as ${run.status.toLowerCase()}.`)
  }
}

function describeRun(mapping: string, run: RunRow): string[] {
  const link = run.temporalUrl === null ? [] : [`Details: ${run.temporalUrl}`]
  if (!isFinished(run.status)) {
    return [
      `The run ${run.id} of ${mapping} is ${run.status.toLowerCase()}. --wait waits for its end.`,
      ...link,
    ]
  }
  return [
    `The run ${run.id} of ${mapping} is ${run.status.toLowerCase()}.`,
    ...formatTable([
      ['Direction', 'Inserted', 'Modified', 'Deleted', 'Unchanged', 'Skipped', 'Conflicts', 'Failed'],
      ...run.jobs.map((job) => [
        job.direction === 'TO_INTEGRATION_TABLE' ? 'to Sales' : 'to Business Central',
        ...[
          job.inserted,
          job.modified,
          job.deleted,
          job.unchanged,
          job.skipped,
          job.conflicts,
          job.failed,
        ].map(String),
      ]),
    ]).map((line) => `  ${line}`),
    ...link,
  ]
}
