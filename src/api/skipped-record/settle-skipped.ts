import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { SeenVersions } from '../../domain/choice.js'
import { RecordStatus } from '../../domain/run.js'
import { assertNever, Side } from '../../domain/value.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import { liftStates } from '../../persistence/queries/lift-states.js'
import { requestRetries } from '../../persistence/runs.js'
import { deleteCouplings } from '../../persistence/uncouple.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { actOnBereft } from '../deletion/act-on-bereft.js'
import { graphqlEnum } from '../enums.js'
import { findByIds } from '../loaders.js'
import { conflictField, stampsOf } from '../record/conflict.js'
import { startRuns, waitForRuns } from '../synch-run/run-engine.js'
import { outcomesOf } from './resolve-outcome.js'
import {
  AppliedType,
  ChangedSinceType,
  FailedType,
  ResolveFailure,
  type ResolveResult,
} from './resolve-result.type.js'
import { notCoupled, notSkipped, seenVersions, unknownRecord, type Choosable } from './resolve-skipped.js'
import type { SeenSkippedRecordInput } from './skipped-record.input.js'

/** What is done with skipped synch. records besides choosing values. */
export const SkippedAction = {
  retry: 'RETRY',
  restoreRecords: 'RESTORE_RECORDS',
  deleteRecords: 'DELETE_RECORDS',
  deleteCouplings: 'DELETE_COUPLINGS',
} as const
export type SkippedAction = (typeof SkippedAction)[keyof typeof SkippedAction]

export const SkippedActionEnum = graphqlEnum(
  'SkippedAction',
  SkippedAction,
  'What is done with skipped synch. records.',
  {
    RETRY: 'Lifts the skip and tries the record again.',
    RESTORE_RECORDS: 'Of a pair of which one record was deleted: makes that anew from the other.',
    DELETE_RECORDS: 'Of a pair of which one record was deleted: deletes the other, and the coupling.',
    DELETE_COUPLINGS: 'Removes the coupling; both records stay.',
  },
)

/**
 * Does one thing with skipped synch. records; one result per id, in the order of the ids. Waits at most 25 seconds. Throws
 * CONFLICTING_STATE while a connection is disabled; ENGINE_UNAVAILABLE.
 */
export async function settleSkipped(
  context: ApiContext,
  action: SkippedAction,
  ids: readonly string[],
  seen: readonly SeenSkippedRecordInput[],
): Promise<readonly ResolveResult[]> {
  switch (action) {
    case SkippedAction.restoreRecords:
      return actOnBereft(context, 'restore', ids, seen)
    case SkippedAction.deleteRecords:
      return actOnBereft(context, 'delete', ids, seen)
    case SkippedAction.deleteCouplings:
      return uncouple(context, ids, seen)
    case SkippedAction.retry:
      return retry(context, ids)
    default:
      return assertNever(action)
  }
}

async function uncouple(
  context: ApiContext,
  ids: readonly string[],
  seen: readonly SeenSkippedRecordInput[],
): Promise<readonly ResolveResult[]> {
  const versions = seenVersions(ids, seen)
  return inTransaction(context, async (em) => {
    const { results, skipped } = await readSkipped(em, ids)
    const chosen: Choosable[] = []
    for (const state of skipped) {
      const [couplingId, own] = [state.couplingId ?? null, versions.get(state.id)]
      if (couplingId === null) results.set(state.id, notCoupled(state.id))
      else if (own !== undefined && moved(state, own)) results.set(state.id, changedSince(state, couplingId))
      else chosen.push({ state, couplingId })
    }
    const groups = Map.groupBy(chosen, ({ state }) => state.mappingId)
    const removed = await deleteCouplings(
      em,
      [...groups].map(([mappingId, records]) => ({
        mappingId,
        ids: records.map(({ couplingId }) => couplingId),
      })),
      context.principal.name,
    )
    for (const [mappingId, records] of groups) {
      const couplingIds = records.map(({ couplingId }) => couplingId)
      const runId = removed.get(mappingId)?.runId ?? null
      const left = new Set((await findByIds(em, CouplingRecord, couplingIds)).map(({ id }) => id))
      for (const { state, couplingId } of records) {
        const done = !left.has(couplingId)
        results.set(
          state.id,
          done
            ? new AppliedType({ id: state.id, couplingId, runId, written: false })
            : failed(
                state.id,
                'A write to one of the two records is under way.',
                'Try again in a moment.',
                null,
              ),
        )
      }
    }
    return ids.flatMap((id) => results.get(id) ?? [])
  })
}

/** Tells by the versions that are stored with it whether a record was met in another state since it was looked at. */
function moved({ detail, localVersion, integrationVersion }: RecordState, seen: SeenVersions): boolean {
  const [local, integration] = [
    detail?.localVersion ?? localVersion,
    detail?.integrationVersion ?? integrationVersion,
  ]
  const differs = (before: string | null, now: string | null | undefined) =>
    before !== null && now !== null && now !== undefined && before !== now
  return differs(seen.local, local) || differs(seen.integration, integration)
}

function changedSince(state: RecordState, couplingId: string): ChangedSinceType {
  const detail = state.detail ?? null
  return new ChangedSinceType({
    id: state.id,
    couplingId,
    runId: null,
    message: 'A run has met the record in another state since it was looked at, so nothing was done.',
    versions: {
      local: detail?.localVersion ?? state.localVersion ?? null,
      integration: detail?.integrationVersion ?? state.integrationVersion ?? null,
    },
    stamps: detail === null ? null : stampsOf(detail),
    fields: detail === null ? [] : detail.fields.map(conflictField),
  })
}

async function retry(context: ApiContext, ids: readonly string[]): Promise<readonly ResolveResult[]> {
  const { results, runs, skipped } = await inTransaction(context, async (em) => {
    const read = await readSkipped(em, ids)
    await assertEnabled(
      em,
      read.skipped.map((state) => state.mappingId),
    )
    const lifted = await liftStates(
      em,
      read.skipped.map((state) => state.id),
    )
    return { ...read, runs: await requestRetries(em, lifted, context.principal.name) }
  })
  const runIds = runs.map((run) => run.id)
  await startRuns(context, runIds)
  await waitForRuns(context, runIds)
  const left = await findByIds(
    context.em,
    RecordState,
    skipped.map((state) => state.id),
  )
  for (const run of runs) {
    const own = skipped.filter((state) => state.mappingId === run.mappingId)
    const coupled = own.flatMap((state) =>
      state.couplingId ? [{ state, couplingId: state.couplingId }] : [],
    )
    for (const outcome of await outcomesOf(context, run.id, coupled)) results.set(outcome.id, outcome)
    for (const state of own.filter(({ couplingId }) => !couplingId))
      results.set(
        state.id,
        await retried(context, run.id, state, left.find(({ id }) => id === state.id) ?? null),
      )
  }
  return ids.flatMap((id) => results.get(id) ?? [])
}

/** What became of a record that was not coupled: `left` is its state now. */
async function retried(
  context: ApiContext,
  runId: string,
  state: RecordState,
  left: RecordState | null,
): Promise<ResolveResult> {
  const { id, mappingId, side, recordId } = state
  if (left !== null) {
    const error = left.errorId ? await context.loaders.error.load(left.errorId) : null
    const message = error?.message ?? 'The record is not settled yet.'
    return failed(id, message, error?.remedy ?? `Look at the synch. run ${runId}.`, runId)
  }
  const coupling = await context.em.findOne(
    CouplingRecord,
    { mappingId, ...(side === Side.local ? { localId: recordId } : { integrationId: recordId }) },
    { disableIdentityMap: true },
  )
  return coupling === null
    ? failed(id, 'The run left the record alone.', 'Ask recordStatus why.', runId)
    : new AppliedType({ id, couplingId: coupling.id, runId, written: true })
}

async function readSkipped(
  em: EntityManager,
  ids: readonly string[],
): Promise<{ readonly results: Map<string, ResolveResult>; readonly skipped: readonly RecordState[] }> {
  const states = new Map((await findByIds(em, RecordState, ids)).map((state) => [state.id, state]))
  const results = new Map<string, ResolveResult>()
  const skipped: RecordState[] = []
  for (const id of ids) {
    const state = states.get(id)
    if (state === undefined) results.set(id, unknownRecord(id))
    else if (state.state !== RecordStatus.skipped) results.set(id, notSkipped(id))
    else skipped.push(state)
  }
  return { results, skipped }
}

function failed(id: string, message: string, remedy: string, runId: string | null): FailedType {
  return new FailedType({ id, reason: ResolveFailure.notDone, message, remedy, runId })
}
