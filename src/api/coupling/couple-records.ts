import { inTransaction } from '../in-transaction.js'
import type { CoupleSynchronize } from '../../domain/choice.js'
import { isFinished, RecordResultOutcome } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordResult } from '../../persistence/entities/record-result.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { conflictField, versionsOf } from '../record/conflict.js'
import { readRun, startRun, waitForRuns } from '../synch-run/run-engine.js'
import { assertCarried } from '../synch-run/synchronize-mapping.js'
import { RecordsCoupledType, RecordsNotCoupledType } from './coupling-change.type.js'

export interface CoupleRequest {
  readonly localId: string
  readonly integrationId: string
  readonly synchronize: CoupleSynchronize
  readonly recouple: boolean
}

/**
 * Couples two records, and synchronizes them where asked; waits for it. Throws BAD_USER_INPUT for a direction in which the mapping
 * carries nothing; ENGINE_UNAVAILABLE.
 */
export async function coupleRecords(
  context: ApiContext,
  mapping: Mapping,
  request: CoupleRequest,
): Promise<RecordsCoupledType | RecordsNotCoupledType> {
  const { localId, integrationId, synchronize, recouple } = request
  if (synchronize === 'TO_INTEGRATION_TABLE' || synchronize === 'FROM_INTEGRATION_TABLE')
    assertCarried(mapping, synchronize, 'synchronize')
  await assertEnabled(context.em, [mapping.id])
  const { id } = await inTransaction(context, (em) =>
    requestRecordsRun(em, {
      mappingId: mapping.id,
      scope: {
        kind: 'couple',
        couplingIds: [],
        pairs: [{ localId, integrationId }],
        synchronize,
        recouple,
      },
      direction: null,
      requestedBy: context.principal.name,
    }),
  )
  await startRun(context, id)
  await waitForRuns(context, [id])
  const [result] = await context.loaders.resultsOfRun.load(id)
  return result === undefined ? unknownOutcome(context, id, request) : outcomeOf(result, request)
}

function outcomeOf(
  result: RecordResult,
  { localId, integrationId }: CoupleRequest,
): RecordsCoupledType | RecordsNotCoupledType {
  const { runId, outcome } = result
  const couplingId = result.couplingId ?? null
  if (couplingId === null) {
    const detail = result.detail ?? null
    return new RecordsNotCoupledType({
      localId,
      integrationId,
      message: result.message ?? CLASH,
      runId,
      versions: detail === null ? null : versionsOf(detail),
      fields: detail === null ? [] : detail.fields.map(conflictField),
    })
  }
  const failed = outcome === RecordResultOutcome.failed
  const waits = outcome === RecordResultOutcome.coupled
  return new RecordsCoupledType({
    couplingId,
    written: outcome === RecordResultOutcome.applied,
    synchronized: !failed && !waits,
    message: waits ? 'The next run of the mapping compares the two records.' : (result.message ?? null),
    runId,
  })
}

const CLASH =
  'Both records hold a value of their own in the fields told here, so nothing was done. Couple them again with the direction whose values are to win, or without synchronizing.'

async function unknownOutcome(
  context: ApiContext,
  runId: string,
  { localId, integrationId }: CoupleRequest,
): Promise<RecordsNotCoupledType> {
  const run = await readRun(context, runId)
  const message = isFinished(run.status)
    ? (run.message ?? 'The run ended before it reached these records. Nothing was done.')
    : `The run has not ended yet; ask for the synch. run ${runId} until it has. Its record results say what became of it.`
  return new RecordsNotCoupledType({ localId, integrationId, message, runId, versions: null, fields: [] })
}
