import { isFinished, RecordResultOutcome } from '../../domain/run.js'
import { repairOf } from '../../domain/reconcile-repair.js'
import { assertNever } from '../../domain/value.js'
import type { RecordResult } from '../../persistence/entities/record-result.js'
import type { ReconciliationItem } from '../../persistence/entities/reconciliation.js'
import type { ApiContext } from '../context.js'
import type { RepairTerms } from './items.js'
import type { ItemRepairType, RepairOutcome } from './repair.type.js'

/** What the last repair of an item came to. Null: none was approved. The rows alone say it. */
export async function repairOfItem(
  context: ApiContext,
  item: ReconciliationItem,
  { direction, captions }: RepairTerms,
): Promise<ItemRepairType | null> {
  const keep = item.repairKeep ?? null
  if (keep === null) return null
  const runId = item.repairRunId ?? null
  if (runId === null) {
    const repair = repairOf(item, keep, direction, captions)
    const message = repair.kind === 'none' ? repair.reason : null
    return { keep, action: null, outcome: 'REFUSED', message, runId }
  }
  const [results, run] = await Promise.all([
    context.loaders.resultsOfRun.load(runId),
    context.loaders.run.load(runId),
  ])
  const result = results.find((candidate) => isAbout(candidate, item))
  const told = { keep, action: item.repairAction ?? null, runId }
  if (result !== undefined) return { ...told, ...outcomeOf(result) }
  if (run !== null && !isFinished(run.status)) return { ...told, outcome: 'RUNNING', message: null }
  const message = run?.message ?? 'The run ended before it reached this record. Nothing was written.'
  return { ...told, outcome: 'FAILED', message }
}

function isAbout(result: RecordResult, item: ReconciliationItem): boolean {
  if (item.couplingId) return result.recordKey === item.couplingId
  return item.localId
    ? result.localId === item.localId
    : Boolean(item.integrationId) && result.integrationId === item.integrationId
}

const CHANGED =
  'A record was changed since the reconciliation read it, so nothing was written. Reconcile again, then decide.'

function outcomeOf(result: RecordResult): {
  readonly outcome: RepairOutcome
  readonly message: string | null
} {
  const message = result.message ?? null
  switch (result.outcome) {
    case RecordResultOutcome.applied:
    case RecordResultOutcome.coupled:
      return { outcome: 'REPAIRED', message }
    case RecordResultOutcome.unchanged:
      return { outcome: 'UNCHANGED', message }
    case RecordResultOutcome.changedSince:
    case RecordResultOutcome.destinationChanged:
      return { outcome: 'CHANGED_SINCE', message: message ?? CHANGED }
    case RecordResultOutcome.failed:
      return { outcome: 'FAILED', message: message ?? 'The record could not be synchronized.' }
    default:
      return assertNever(result.outcome)
  }
}
