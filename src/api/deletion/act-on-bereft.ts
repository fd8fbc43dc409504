import { inTransaction } from '../in-transaction.js'
import { RecordStatus } from '../../domain/run.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { findByIds } from '../loaders.js'
import { outcomesOf } from '../skipped-record/resolve-outcome.js'
import { FailedType, ResolveFailure, type ResolveResult } from '../skipped-record/resolve-result.type.js'
import { seenVersions, type Choosable } from '../skipped-record/resolve-skipped.js'
import type { SeenSkippedRecordInput } from '../skipped-record/skipped-record.input.js'
import { startRuns, waitForRuns } from '../synch-run/run-engine.js'

/**
 * Restore Records, Delete Records: of skipped synch. records of which exactly one of the two records is left. One run a mapping,
 * all waited for together; one result per id, in the order of the ids. Bound to the versions that were seen, where they are given.
 * Throws BAD_USER_INPUT where seen versions belong to none of the ids; ENGINE_UNAVAILABLE.
 */
export async function actOnBereft(
  context: ApiContext,
  kind: 'restore' | 'delete',
  ids: readonly string[],
  seen: readonly SeenSkippedRecordInput[],
): Promise<readonly ResolveResult[]> {
  const versions = seenVersions(ids, seen)
  const states = new Map((await findByIds(context.em, RecordState, ids)).map((state) => [state.id, state]))
  const results = new Map<string, ResolveResult>()
  const chosen: Choosable[] = []
  for (const id of ids) {
    const state = states.get(id)
    const couplingId = state?.couplingId ?? null
    if (state === undefined || state.state !== RecordStatus.skipped) results.set(id, notSkipped(id))
    else if (couplingId === null) results.set(id, notCoupled(id))
    else chosen.push({ state, couplingId })
  }
  const groups = await inTransaction(context, async (em) => {
    await assertEnabled(
      em,
      chosen.map(({ state }) => state.mappingId),
    )
    const requested = []
    for (const [mappingId, records] of Map.groupBy(chosen, ({ state }) => state.mappingId)) {
      const run = await requestRecordsRun(em, {
        mappingId,
        scope: {
          kind,
          couplingIds: records.map(({ couplingId }) => couplingId),
          seenBy: Object.fromEntries(
            records.flatMap(({ state, couplingId }) => {
              const own = versions.get(state.id)
              return own === undefined ? [] : [[couplingId, own]]
            }),
          ),
        },
        direction: null,
        requestedBy: context.principal.name,
      })
      requested.push({ run, records })
    }
    return requested
  })
  const runIds = groups.map(({ run }) => run.id)
  await startRuns(context, runIds)
  await waitForRuns(context, runIds)
  for (const { run, records } of groups)
    for (const outcome of await outcomesOf(context, run.id, records)) results.set(outcome.id, outcome)
  return ids.flatMap((id) => results.get(id) ?? [])
}

function notSkipped(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notSkipped,
    message: `There is no skipped synch. record ${id}.`,
    remedy: 'It may have been settled or lifted meanwhile. Read the list of skipped synch. records again.',
    runId: null,
  })
}

function notCoupled(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notCoupled,
    message: 'The record is not coupled, so there is no record that was deleted.',
    remedy: 'Put right what its error names, then retry it.',
    runId: null,
  })
}
