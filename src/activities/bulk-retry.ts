import type { EntityManager } from '@mikro-orm/postgresql'
import { isWhole, RunKind } from '../domain/run.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import type { BulkTarget } from '../persistence/queries/bulk-actions.js'
import { RUN_KEY } from '../persistence/queries/errors.js'
import { liftStates } from '../persistence/queries/lift-states.js'
import { requestRetries, requestRun } from '../persistence/runs.js'

/** A run that tries targets again, by their numbers. */
export interface RetryOfTargets {
  readonly runId: string
  readonly numbers: readonly number[]
}

/**
 * Another attempt at open errors of one mapping, now: a run over exactly their records; for a failure of a whole run another run of its
 * mapping, as that one was asked for. Must be called inside a transaction.
 */
export async function requestRetriesOf(
  em: EntityManager,
  targets: readonly BulkTarget[],
  requestedBy: string,
): Promise<readonly RetryOfTargets[]> {
  const ofRuns = targets.filter(({ recordKey }) => recordKey === RUN_KEY)
  const ofRecords = targets.filter(({ recordKey }) => recordKey !== RUN_KEY)
  return [...(await retryRecords(em, ofRecords, requestedBy)), ...(await repeatRun(em, ofRuns, requestedBy))]
}

async function retryRecords(
  em: EntityManager,
  targets: readonly BulkTarget[],
  requestedBy: string,
): Promise<readonly RetryOfTargets[]> {
  await liftStates(
    em,
    targets.flatMap(({ stateId }) => stateId ?? []),
  )
  // One record may have an error in each direction.
  const records = new Map(
    targets.flatMap(({ mappingId, couplingId, side, recordId }) =>
      side === null || recordId === null
        ? []
        : [[couplingId ?? `${side}:${recordId}`, { mappingId, couplingId, side, recordId }] as const],
    ),
  )
  const runs = await requestRetries(em, [...records.values()], requestedBy, false)
  return runs.map((run) => ({
    runId: run.id,
    numbers: targets.filter(({ mappingId }) => mappingId === run.mappingId).map(({ number }) => number),
  }))
}

async function repeatRun(
  em: EntityManager,
  targets: readonly BulkTarget[],
  requestedBy: string,
): Promise<readonly RetryOfTargets[]> {
  const [first] = targets
  if (first === undefined) return []
  const failed = first.runId === null ? null : await em.findOne(SynchRun, { id: first.runId })
  const asked = failed !== null && isWhole(failed.kind) ? failed : null
  const { run } = await requestRun(em, {
    mappingId: first.mappingId,
    kind: RunKind.manual,
    mode: asked?.mode ?? 'MODIFIED',
    direction: null,
    includeUncoupled: asked?.includeUncoupled ?? false,
    ...(asked?.coupling && { coupling: asked.coupling }),
    requestedBy,
  })
  return [{ runId: run.id, numbers: targets.map(({ number }) => number) }]
}
