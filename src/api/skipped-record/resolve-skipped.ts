import type { EntityManager } from '@mikro-orm/postgresql'
import type { SeenVersions } from '../../domain/decide.js'
import { RecordStatus } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { REQUESTED_BY, type ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { parseId } from '../identifiers.js'
import { findByIds } from '../loaders.js'
import { startRuns, waitForRuns } from '../synch-run/run-engine.js'
import { outcomesOf } from './resolve-outcome.js'
import { FailedType, ResolveFailure, type ResolveResult } from './resolve-result.type.js'
import type { SeenSkippedRecordInput } from './skipped-record.input.js'

/** A skipped synch. record that can be settled by choosing a side. */
export interface Choosable {
  readonly state: RecordState
  readonly couplingId: string
}

/**
 * Keeps one side's changes for every record: one run per mapping, all waited for together. One result per id, in the order
 * of the ids. Throws BAD_USER_INPUT where a seen version belongs to none of the ids; ENGINE_UNAVAILABLE.
 */
export async function resolveSkipped(
  context: ApiContext,
  ids: readonly string[],
  keep: Side,
  seen: readonly SeenSkippedRecordInput[],
): Promise<readonly ResolveResult[]> {
  const versions = seenVersions(ids, seen)
  const states = new Map((await findByIds(context.em, RecordState, ids)).map((state) => [state.id, state]))
  const results = new Map<string, ResolveResult>()
  const choosable: Choosable[] = []
  for (const id of ids) {
    const state = states.get(id)
    const couplingId = state?.couplingId ?? null
    if (state === undefined) results.set(id, unknownRecord(id))
    else if (state.state !== RecordStatus.skipped) results.set(id, notSkipped(id))
    else if (couplingId === null) results.set(id, notCoupled(id))
    else choosable.push({ state, couplingId })
  }
  const groups = await requestRuns(context.em, keep, choosable, versions)
  const runIds = groups.map(({ run }) => run.id)
  await startRuns(context, runIds)
  await waitForRuns(context, runIds)
  for (const { run, records } of groups) {
    const outcomes = await outcomesOf(context, run.id, records)
    for (const outcome of outcomes) results.set(outcome.id, outcome)
  }
  return ids.flatMap((id) => results.get(id) ?? [])
}

/** All runs or none: a choice is not half recorded. */
async function requestRuns(
  em: EntityManager,
  keep: Side,
  choosable: readonly Choosable[],
  versions: ReadonlyMap<string, SeenVersions>,
): Promise<readonly { readonly run: SynchRun; readonly records: readonly Choosable[] }[]> {
  const groups = [...Map.groupBy(choosable, ({ state }) => state.mappingId)]
  return em.fork().transactional(async (transaction) => {
    const requested = []
    for (const [mappingId, records] of groups) {
      const run = await requestRecordsRun(transaction, {
        mappingId,
        scope: {
          kind: 'resolve',
          couplingIds: records.map(({ couplingId }) => couplingId),
          choice: { kind: 'side', keep },
          seen: Object.fromEntries(
            records.flatMap(({ state, couplingId }) => {
              const version = versions.get(state.id)
              return version === undefined ? [] : [[couplingId, version] as const]
            }),
          ),
        },
        direction: null,
        requestedBy: REQUESTED_BY,
      })
      requested.push({ run, records })
    }
    return requested
  })
}

function seenVersions(
  ids: readonly string[],
  seen: readonly SeenSkippedRecordInput[],
): ReadonlyMap<string, SeenVersions> {
  return new Map(
    seen.map((entry, index) => {
      const argument = `seenVersions[${index}].id`
      const id = parseId(entry.id, argument)
      if (!ids.includes(id)) {
        throw badUserInput([{ argument, message: `Expected one of the ids given, got ${id}.` }])
      }
      return [id, { local: entry.local ?? null, integration: entry.integration ?? null }]
    }),
  )
}

function unknownRecord(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.unknownRecord,
    message: `There is no skipped synch. record ${id}.`,
    remedy: 'It may have been settled meanwhile. Read the list of skipped synch. records again.',
    runId: null,
  })
}

function notSkipped(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notSkipped,
    message: 'The record is no longer skipped: it is tried again by a run.',
    remedy: 'Read the list of skipped synch. records again after the next run.',
    runId: null,
  })
}

function notCoupled(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notCoupled,
    message: 'The record is not coupled, so there are no two sides to choose between.',
    remedy: 'Put right what its error names, then retry it.',
    runId: null,
  })
}
