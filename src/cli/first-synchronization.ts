import { RunMode } from '../domain/run.js'
import { callApi, type ApiAddress } from './api-client.js'
import { requestRun, waitForRun } from './runs.js'

interface MappingRow {
  readonly name: string
  readonly connection: { readonly name: string }
  readonly lastRun: { readonly id: string } | null
}

const PATIENCE_SECONDS = 90

/**
 * Runs every mapping that has never run, in the order in which they depend on one another: a first start then shows
 * coupled records, not an empty list that waits for its schedule.
 * @returns how each ended, in words; nothing when there was nothing to do
 * @throws what `signal` was aborted with, or an error when it takes too long; the runs themselves go on
 */
export async function synchronizeForTheFirstTime(
  api: ApiAddress,
  demoConnection: string,
  signal: AbortSignal,
): Promise<string[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_SECONDS * 1000)])
  const { integrationTableMappings: mappings } = await callApi<{ integrationTableMappings: MappingRow[] }>(
    api,
    'query NeverRun { integrationTableMappings { name connection { name } lastRun { id } } }',
  )
  const outcomes: string[] = []
  for (const { connection, lastRun, name } of mappings) {
    if (connection.name !== demoConnection || lastRun !== null) continue
    const requested = await requestRun(api, name, {
      mode: RunMode.modified,
      direction: null,
      connection: connection.name,
    })
    const run = await waitForRun(api, requested, limit)
    const sum = (count: (job: (typeof run.jobs)[number]) => number): number =>
      run.jobs.reduce((total, job) => total + count(job), 0)
    outcomes.push(
      `${name} ${run.status.toLowerCase()}: ${sum((job) => job.inserted)} created, ` +
        `${sum((job) => job.modified)} updated, ${sum((job) => job.conflicts)} conflicts, ` +
        `${sum((job) => job.failed)} failed`,
    )
  }
  return outcomes
}
