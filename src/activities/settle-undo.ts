import type { EntityManager } from '@mikro-orm/postgresql'
import type { UndoResult } from '../domain/undo.js'
import { isCreation, type Intent } from '../persistence/queries/intents.js'
import { undoRunsAmong, undoTargets, saveUndoResults } from '../persistence/queries/undo.js'
import type { MappingContext } from './mapping-context.js'
import { recordUndone, type CoupledPair, type UndoneRecord } from './record-undo.js'
import type { IntentOutcome } from './send-intents.js'
import { asSent } from './write-page.js'

/** Of open writes those that undo something; they are recorded otherwise than what a run carries. */
export async function undoingAmong(
  em: EntityManager,
  intents: readonly Intent[],
): Promise<ReadonlySet<Intent>> {
  const runs = await undoRunsAmong(em, [...new Set(intents.map((intent) => intent.runId))])
  return new Set(intents.filter((intent) => runs.has(intent.runId)))
}

const INTERRUPTED = 'The run was interrupted before this could be undone. Undo it again.'

/**
 * Records what settling found of writes that undo something: what landed is told as undone, the rest as not done. Returns what was
 * coupled again.
 */
export async function recordSettledUndo(
  em: EntityManager,
  context: MappingContext,
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<readonly CoupledPair[]> {
  const made: CoupledPair[] = []
  for (const [jobId, own] of Map.groupBy(intents, (intent) => intent.jobId)) {
    const [first] = own
    if (first === undefined) continue
    const at = { runId: first.runId, jobId }
    const landed = own.flatMap((intent) => landedOf(intent, outcomes.get(intent.id)) ?? [])
    made.push(...(await recordUndone(em, context, at, landed)))
    await saveUndoResults(em, at.runId, await resultsOf(em, own, outcomes))
  }
  return made
}

function landedOf(intent: Intent, outcome: IntentOutcome | undefined): UndoneRecord | null {
  if (outcome?.kind !== 'written' && outcome?.kind !== 'deleted') return null
  const record = outcome.kind === 'written' ? outcome.record : null
  const held = { values: intent.before ?? {}, version: intent.version ?? '' }
  return {
    intentId: intent.id,
    side: intent.side,
    kind: record === null ? 'DELETE' : isCreation(intent) ? 'CREATE' : 'UPDATE',
    recordId: record?.id ?? intent.recordId ?? '',
    partnerId: intent.sourceId,
    // Without a version it stands for one that was gone.
    partner: intent.source.version === '' ? null : intent.source,
    couplingId: intent.couplingId,
    values: intent.values,
    before: isCreation(intent) ? null : held,
    after:
      record !== null && outcome.kind === 'written' && outcome.adopted
        ? asSent(record, intent.values, isCreation(intent) ? null : held.values)
        : record,
  }
}

/** Of a record that was set back, the fields that the write carried are; what else was asked of it was told to nobody. */
async function resultsOf(
  em: EntityManager,
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<readonly UndoResult[]> {
  const results: UndoResult[] = []
  for (const intent of intents) {
    const outcome = outcomes.get(intent.id)
    const isLanded = outcome?.kind === 'written' || outcome?.kind === 'deleted'
    const targets = await undoTargets(em, intent.runId, intent.side, [intent.sourceId])
    for (const { id, fields } of targets.get(intent.sourceId)?.writes ?? []) {
      const isWhole = intent.kind !== 'UPDATE' || fields.every(({ field }) => field in intent.values)
      results.push({
        writeId: id,
        outcome: !isLanded ? 'NOT_POSSIBLE' : isWhole ? 'UNDONE' : 'CHANGED_SINCE',
        message: isLanded
          ? isWhole
            ? null
            : 'Fields that had been changed since were left as they are.'
          : outcome?.kind === 'refused'
            ? `${outcome.failure.message} ${outcome.failure.remedy}`
            : INTERRUPTED,
        fields: [],
      })
    }
  }
  return results
}
