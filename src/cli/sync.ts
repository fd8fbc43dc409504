import type { Config } from '../config.js'
import { isFinished } from '../domain/run.js'
import { findApi } from './api-client.js'
import { ExpectedError } from './exit-codes.js'
import { checkCommand, formatTable, printLine, printTrouble } from './output.js'
import { requestRun, waitForRun, type RunRequest, type RunRow } from './runs.js'
import { systemNames } from './system-names.js'

export interface SyncOptions extends RunRequest {
  readonly wait: boolean
  readonly json: boolean
}

/**
 * Asks the API for a run of a mapping, and waits for its end if told to.
 * @throws ExpectedError when the mapping is unknown, or the run that was waited for did not complete
 */
export async function runSync(config: Config, mapping: string, options: SyncOptions): Promise<void> {
  const api = await findApi(config)
  let run = await requestRun(api, mapping, options)
  if (options.wait && !isFinished(run.status)) {
    // Apart from the output, which a script may read.
    printTrouble(`Waiting for the run ${run.id}${run.temporalUrl === null ? '' : ` (${run.temporalUrl})`}`)
    run = await waitForRun(api, run)
  }
  if (options.json) printLine(JSON.stringify(run, null, 2))
  else for (const line of describeRun(mapping, run)) printLine(line)
  if (options.wait && run.status !== 'COMPLETED') {
    throw new ExpectedError(describeEnd(mapping, run))
  }
}

/** Why a run did not complete, and what looks further. */
export function describeEnd(
  name: string,
  run: Pick<RunRow, 'status' | 'message' | 'mapping'>,
  what = 'run',
): string {
  const reason = run.message === null ? '.' : `: ${run.message}`
  const further =
    run.status === 'FAILED' ? `\nLook for the cause: ${checkCommand(run.mapping.connection.name)}` : ''
  return `The ${what} of ${name} ended as ${run.status.toLowerCase()}${reason}${further}`
}

/** A run with its counters, for the person at the terminal. */
export function describeRun(mapping: string, run: RunRow): string[] {
  const link = run.temporalUrl === null ? [] : [`Details: ${run.temporalUrl}`]
  if (!isFinished(run.status)) {
    return [
      `The run ${run.id} of ${mapping} is ${run.status.toLowerCase()}. --wait waits for its end.`,
      ...link,
    ]
  }
  const { integration, local } = systemNames(run.mapping)
  return [
    `The run ${run.id} of ${mapping} is ${run.status.toLowerCase()}.`,
    ...formatTable([
      ['Direction', 'Inserted', 'Modified', 'Deleted', 'Unchanged', 'Skipped', 'Conflicts', 'Failed'],
      ...run.jobs.map((job) => [
        job.direction === 'TO_INTEGRATION_TABLE' ? `to ${integration}` : `to ${local}`,
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
