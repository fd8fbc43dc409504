import { isFinished, RecordResultOutcome } from '../../domain/run.js'
import { assertNever } from '../../domain/value.js'
import type { RecordResult } from '../../persistence/entities/record-result.js'
import type { ApiContext } from '../context.js'
import { conflictField, stampsOf } from '../record/conflict.js'
import {
  AppliedType,
  ChangedSinceType,
  FailedType,
  ResolveFailure,
  type ResolveResult,
} from './resolve-result.type.js'
import type { Choosable } from './resolve-skipped.js'

/** What a run did with each record that it was to settle. Rows alone say it: a wait may end for other reasons. */
export async function outcomesOf(
  context: ApiContext,
  runId: string,
  records: readonly Choosable[],
): Promise<readonly ResolveResult[]> {
  const [results, run] = await Promise.all([
    context.loaders.resultsOfRun.load(runId),
    context.loaders.run.load(runId),
  ])
  const byCoupling = new Map(results.map((result) => [result.couplingId, result]))
  return Promise.all(
    records.map(async ({ state, couplingId }) => {
      const result = byCoupling.get(couplingId)
      if (result !== undefined) return outcomeOf(context, state.id, couplingId, result)
      return run === null || isFinished(run.status)
        ? notReached(state.id, runId, run?.message ?? null)
        : stillRunning(state.id, runId)
    }),
  )
}

async function outcomeOf(
  context: ApiContext,
  id: string,
  couplingId: string,
  result: RecordResult,
): Promise<ResolveResult> {
  const { runId, outcome } = result
  switch (outcome) {
    case RecordResultOutcome.applied:
    case RecordResultOutcome.unchanged:
    case RecordResultOutcome.coupled:
      return new AppliedType({ id, couplingId, runId, written: outcome === RecordResultOutcome.applied })
    case RecordResultOutcome.changedSince:
    case RecordResultOutcome.destinationChanged: {
      const detail = result.detail ?? null
      return new ChangedSinceType({
        id,
        couplingId,
        runId,
        message:
          result.message ??
          'A record was changed since it was looked at, so nothing was written. Compare the values again, then choose.',
        versions: { local: detail?.localVersion ?? null, integration: detail?.integrationVersion ?? null },
        stamps: detail === null ? null : stampsOf(detail),
        fields: detail === null ? [] : detail.fields.map(conflictField),
      })
    }
    case RecordResultOutcome.failed: {
      const [error] = await context.loaders.openErrorsOfCoupling.load(couplingId)
      return new FailedType({
        id,
        reason: ResolveFailure.notDone,
        message: result.message ?? error?.message ?? 'The record could not be synchronized.',
        remedy:
          error?.remedy ??
          'Look at the open errors of its coupling, put right what they name, then choose again.',
        runId,
      })
    }
    default:
      return assertNever(outcome)
  }
}

function notReached(id: string, runId: string, message: string | null): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.notDone,
    message: message ?? 'The run ended before it reached this record.',
    remedy: `Look at the synch. run ${runId}, then choose again. Nothing was written.`,
    runId,
  })
}

function stillRunning(id: string, runId: string): FailedType {
  return new FailedType({
    id,
    reason: ResolveFailure.stillRunning,
    message: 'The run has not ended yet; the choice is recorded and may still be applied.',
    remedy: `Ask for the synch. run ${runId} until it has ended; its record results say what became of it.`,
    runId,
  })
}
