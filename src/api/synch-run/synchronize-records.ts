import { isFinished, RecordResultOutcome, RecordStatus } from '../../domain/run.js'
import { assertNever } from '../../domain/value.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { RecordResult } from '../../persistence/entities/record-result.js'
import type { ApiContext } from '../context.js'
import { findByIds } from '../loaders.js'
import { conflictField, versionsOf } from '../record/conflict.js'
import {
  requestSynchronization,
  type RequestedSynchronization,
  type SynchronizationRequest,
} from './request-synchronization.js'
import { DESTINATION_CHANGED } from './synchronize-record.js'
import type {
  SelectedOutcome,
  SynchronizedRecordsType,
  SynchronizedRecordType,
} from './synchronize-records.type.js'

/**
 * Synchronizes a selection: what is not coupled, skipped, or changed at the destination is skipped, as in Business Central; a
 * single record is synchronized although it is a skipped one. One result per id. Throws as {@link requestSynchronization}.
 */
export async function synchronizeRecords(
  context: ApiContext,
  ids: readonly string[],
  request: SynchronizationRequest,
): Promise<SynchronizedRecordsType> {
  const couplings = await findByIds(context.em, CouplingRecord, ids)
  const states = await context.loaders.stateOfCoupling.loadMany(ids)
  const isSkipped = new Set(
    states.flatMap((state) =>
      state !== null && !(state instanceof Error) && state.state === RecordStatus.skipped
        ? [state.couplingId ?? '']
        : [],
    ),
  )
  const results = new Map<string, SynchronizedRecordType>()
  const coupled = new Set(couplings.map((coupling) => coupling.id))
  for (const id of ids) {
    if (!coupled.has(id)) results.set(id, left(id, 'The records are not coupled (any more).'))
    else if (ids.length > 1 && isSkipped.has(id)) {
      results.set(
        id,
        left(id, 'A skipped synch. record waits for a decision. Choose which changes to keep, or retry it.'),
      )
    }
  }
  const requested = await requestSynchronization(
    context,
    couplings.filter((coupling) => !results.has(coupling.id)),
    request,
  )
  for (const group of requested)
    for (const record of await recordsOf(context, group)) results.set(record.couplingId, record)
  return summary(
    ids.flatMap((id) => results.get(id) ?? []),
    requested.map(({ runId }) => runId),
  )
}

async function recordsOf(
  context: ApiContext,
  { runId, couplings }: RequestedSynchronization,
): Promise<readonly SynchronizedRecordType[]> {
  const [found, run] = await Promise.all([
    context.loaders.resultsOfRun.load(runId),
    context.loaders.run.load(runId),
  ])
  const byCoupling = new Map(found.map((result) => [result.couplingId, result]))
  const hasEnded = run === null || isFinished(run.status)
  return couplings.map(({ id }) => {
    const result = byCoupling.get(id)
    if (result !== undefined) return recordOf(id, result)
    return hasEnded
      ? told(
          id,
          'FAILED',
          run?.message ?? 'The run ended before it reached this record. Nothing was written.',
        )
      : told(
          id,
          'RUNNING',
          `The synch. run ${runId} has not ended yet; its record results say what becomes of it.`,
        )
  })
}

function recordOf(id: string, result: RecordResult): SynchronizedRecordType {
  const { outcome } = result
  const message = result.message ?? null
  switch (outcome) {
    case RecordResultOutcome.applied:
      return told(id, 'APPLIED', message)
    case RecordResultOutcome.unchanged:
    case RecordResultOutcome.coupled:
      return told(id, 'UNCHANGED', message)
    case RecordResultOutcome.failed:
      return told(id, 'FAILED', message)
    case RecordResultOutcome.changedSince:
    case RecordResultOutcome.destinationChanged: {
      const detail = result.detail ?? null
      return {
        ...told(id, 'SKIPPED', message ?? DESTINATION_CHANGED),
        versions: detail === null ? null : versionsOf(detail),
        fields: detail === null ? [] : detail.fields.map(conflictField),
      }
    }
    default:
      return assertNever(outcome)
  }
}

function left(couplingId: string, message: string): SynchronizedRecordType {
  return told(couplingId, 'SKIPPED', message)
}

function told(couplingId: string, outcome: SelectedOutcome, message: string | null): SynchronizedRecordType {
  return { couplingId, outcome, message, versions: null, fields: [] }
}

function summary(
  records: readonly SynchronizedRecordType[],
  runIds: readonly string[],
): SynchronizedRecordsType {
  const count = (outcome: SelectedOutcome) => records.filter((record) => record.outcome === outcome).length
  const [failed, skipped, total] = [count('FAILED'), count('SKIPPED'), records.length]
  const scheduled = total - failed - skipped
  return {
    message: `The synchronization has been scheduled for ${scheduled} of ${total} records. ${failed} records failed. ${skipped} records were skipped.`,
    total,
    scheduled,
    failed,
    skipped,
    records,
    runIds,
  }
}
