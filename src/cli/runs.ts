import { setTimeout as delay } from 'node:timers/promises'
import type { PassDirection } from '../domain/mapping.js'
import { isFinished, type RunMode, type RunStatus } from '../domain/run.js'
import { callApi, type ApiAddress } from './api-client.js'
import { CAPTIONED_MAPPING, type CaptionedMapping } from './system-names.js'

/** A run as the API tells it. */
export interface RunRow {
  readonly id: string
  readonly status: RunStatus
  /** What stopped it, if it did not complete. */
  readonly message: string | null
  readonly temporalUrl: string | null
  readonly mapping: CaptionedMapping
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
  id status message temporalUrl ${CAPTIONED_MAPPING}
  jobs { direction status inserted modified deleted unchanged skipped failed conflicts ignored }
`
const POLL_MILLISECONDS = 500

export interface RunRequest {
  readonly mode: RunMode
  readonly direction: PassDirection | null
  /** Needed once there are several connections with a mapping of that name. */
  readonly connection: string | null
}

/** Asks for a run of a mapping. @throws ExpectedError with what the API says, as for an unknown mapping */
export async function requestRun(api: ApiAddress, mapping: string, request: RunRequest): Promise<RunRow> {
  const answer = await callApi<{ synchronizeMapping: RunRow }>(
    api,
    `mutation Synchronize($name: String!, $mode: RunMode!, $direction: PassDirection, $connection: String) {
      synchronizeMapping(name: $name, mode: $mode, direction: $direction, connection: $connection) { ${RUN_FIELDS} }
    }`,
    { name: mapping, mode: request.mode, direction: request.direction, connection: request.connection },
  )
  return answer.synchronizeMapping
}

/**
 * Waits until a run has ended.
 * @throws what `signal` was aborted with, when that comes first
 */
export async function waitForRun(
  api: ApiAddress,
  run: RunRow | { readonly id: string },
  signal?: AbortSignal,
): Promise<RunRow> {
  let latest = 'status' in run ? run : await readRun(api, run.id)
  while (!isFinished(latest.status)) {
    await delay(POLL_MILLISECONDS, null, signal === undefined ? {} : { signal })
    latest = await readRun(api, run.id)
  }
  return latest
}

async function readRun(api: ApiAddress, id: string): Promise<RunRow> {
  const { synchRun } = await callApi<{ synchRun: RunRow }>(
    api,
    `query Run($id: ID!) { synchRun(id: $id) { ${RUN_FIELDS} } }`,
    { id },
  )
  return synchRun
}
