import { inTransaction } from '../in-transaction.js'
import type { SeenVersions } from '../../domain/decide.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { RunScope } from '../../domain/run.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { findByIds } from '../loaders.js'
import { startRuns, waitForRuns } from './run-engine.js'
import { assertCarried } from './synchronize-mapping.js'

/** What a person wants of coupled records: a direction, or both sides' own changes. */
export type AskedDirection = PassDirection | 'MERGE'

export interface SynchronizationRequest {
  readonly direction: AskedDirection
  readonly overwrite: boolean
  /** What he saw of the one record. */
  readonly seen: SeenVersions | null
  /** What he saw of several, by coupling id. */
  readonly seenBy?: Readonly<Record<string, SeenVersions>>
}

/** A run that was asked for, with its couplings. */
export interface RequestedSynchronization {
  readonly runId: string
  readonly couplings: readonly CouplingRecord[]
}

/**
 * Synchronizes coupled records: one run per mapping, all waited for together. Throws BAD_USER_INPUT for a direction in which one of
 * the mappings carries nothing; ENGINE_UNAVAILABLE.
 */
export async function requestSynchronization(
  context: ApiContext,
  couplings: readonly CouplingRecord[],
  request: SynchronizationRequest,
): Promise<readonly RequestedSynchronization[]> {
  const groups = [...Map.groupBy(couplings, (coupling) => coupling.mappingId)]
  const { direction } = request
  if (direction !== 'MERGE') {
    const mappings = await findByIds(
      context.em,
      Mapping,
      groups.map(([mappingId]) => mappingId),
    )
    for (const mapping of mappings) assertCarried(mapping, direction)
  }
  const requested = await inTransaction(context, async (em) => {
    await assertEnabled(
      em,
      groups.map(([mappingId]) => mappingId),
    )
    const runs: RequestedSynchronization[] = []
    for (const [mappingId, group] of groups) {
      const run = await requestRecordsRun(em, {
        mappingId,
        scope: scopeOf(group, request),
        direction: direction === 'MERGE' ? null : direction,
        requestedBy: context.principal.name,
      })
      runs.push({ runId: run.id, couplings: group })
    }
    return runs
  })
  const runIds = requested.map(({ runId }) => runId)
  await startRuns(context, runIds)
  await waitForRuns(context, runIds)
  return requested
}

function scopeOf(couplings: readonly CouplingRecord[], request: SynchronizationRequest): RunScope {
  const { direction, overwrite, seen, seenBy } = request
  const chosen = {
    couplingIds: couplings.map((coupling) => coupling.id),
    seen,
    ...(seenBy !== undefined && { seenBy }),
  }
  return direction === 'MERGE' ? { kind: 'merge', ...chosen } : { kind: 'forced', overwrite, ...chosen }
}
