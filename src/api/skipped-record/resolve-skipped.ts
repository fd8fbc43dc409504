import type { SeenVersions } from '../../domain/decide.js'
import { RecordStatus } from '../../domain/run.js'
import { keptSide, type ResolveChoice } from '../../domain/choice.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { inTransaction } from '../in-transaction.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { parseId } from '../identifiers.js'
import { findByIds } from '../loaders.js'
import { startRuns, waitForRuns } from '../synch-run/run-engine.js'
import { assertFields } from './assert-fields.js'
import { outcomesOf } from './resolve-outcome.js'
import { FailedType, ResolveFailure, type ResolveResult } from './resolve-result.type.js'
import type { SeenSkippedRecordInput } from './skipped-record.input.js'

/** A skipped synch. record that can be settled by choosing a side. */
export interface Choosable {
  readonly state: RecordState
  readonly couplingId: string
}

/**
 * Keeps what was chosen of every record: runs per mapping, all waited for together. One result per record, in the order
 * of the choices. Throws BAD_USER_INPUT where a seen version belongs to none of the records, or a field is not mapped;
 * ENGINE_UNAVAILABLE.
 */
export async function resolveSkipped(
  context: ApiContext,
  choices: ReadonlyMap<string, ResolveChoice>,
  seen: readonly SeenSkippedRecordInput[],
): Promise<readonly ResolveResult[]> {
  const ids = [...choices.keys()]
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
  await assertFields(context, choosable, choices)
  const groups = await requestRuns(context, choosable, choices, versions)
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
  context: ApiContext,
  choosable: readonly Choosable[],
  choices: ReadonlyMap<string, ResolveChoice>,
  versions: ReadonlyMap<string, SeenVersions>,
): Promise<readonly { readonly run: SynchRun; readonly records: readonly Choosable[] }[]> {
  const groups = [...Map.groupBy(choosable, ({ state }) => state.mappingId)].flatMap(([mappingId, records]) =>
    chosenAlike(records, choices).map((alike) => ({ mappingId, ...alike })),
  )
  const { principal } = context
  return inTransaction(context, async (transaction) => {
    await assertEnabled(
      transaction,
      groups.map(({ mappingId }) => mappingId),
    )
    const requested = []
    for (const { mappingId, records, choice, each } of groups) {
      const run = await requestRecordsRun(transaction, {
        mappingId,
        scope: {
          kind: 'resolve',
          couplingIds: records.map(({ couplingId }) => couplingId),
          choice,
          ...(each && { choices: each }),
          seen: Object.fromEntries(
            records.flatMap(({ state, couplingId }) => {
              const version = versions.get(state.id)
              return version === undefined ? [] : [[couplingId, version] as const]
            }),
          ),
        },
        direction: null,
        requestedBy: principal.name,
      })
      requested.push({ run, records })
    }
    return requested
  })
}

interface ChosenAlike {
  readonly records: readonly Choosable[]
  readonly choice: ResolveChoice
  /** By coupling id, where they are not all the same. */
  readonly each: Readonly<Record<string, ResolveChoice>> | null
}

/** Records that one run can settle: a side that is kept as a whole is where its pass reads. */
function chosenAlike(
  records: readonly Choosable[],
  choices: ReadonlyMap<string, ResolveChoice>,
): readonly ChosenAlike[] {
  const chosen = records.flatMap((record) => {
    const choice = choices.get(record.state.id)
    return choice === undefined ? [] : [{ record, choice }]
  })
  return [...Map.groupBy(chosen, ({ choice }) => keptSide(choice) ?? 'FIELDS').values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const isOne = group.every(({ choice }) => choice === first.choice || choice.kind === 'side')
    return [
      {
        records: group.map(({ record }) => record),
        choice: first.choice,
        each: isOne
          ? null
          : Object.fromEntries(group.map(({ record, choice }) => [record.couplingId, choice])),
      },
    ]
  })
}

/** By id of the skipped synch. record. Throws BAD_USER_INPUT where one belongs to none of the ids. */
export function seenVersions(
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

export function unknownRecord(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.unknownRecord,
    message: `There is no skipped synch. record ${id}.`,
    remedy: 'It may have been settled meanwhile. Read the list of skipped synch. records again.',
    runId: null,
  })
}

export function notSkipped(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notSkipped,
    message: 'The record is no longer skipped: it is tried again by a run.',
    remedy: 'Read the list of skipped synch. records again after the next run.',
    runId: null,
  })
}

export function notCoupled(id: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notCoupled,
    message: 'The record is not coupled, so there are no two sides to choose between.',
    remedy: 'Put right what its error names, then retry it.',
    runId: null,
  })
}
