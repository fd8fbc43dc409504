import { inTransaction } from '../in-transaction.js'
import { isFinished } from '../../domain/run.js'
import { passFrom } from '../../domain/settle.js'
import { Side } from '../../domain/value.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { recordKey } from '../../persistence/queries/errors.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { readRun, startRun, waitForRuns } from '../synch-run/run-engine.js'
import { assertCarried } from '../synch-run/synchronize-mapping.js'
import { RecordCreatedType, RecordNotCreatedType } from './coupling-change.type.js'

/**
 * Create New: makes partners on the other side for uncoupled records, whatever Synch. Only Coupled Records says; waits for it.
 * One result per id, in their order. Throws BAD_USER_INPUT where the mapping does not carry from that side; ENGINE_UNAVAILABLE.
 */
export async function createRecords(
  context: ApiContext,
  mapping: Mapping,
  request: { readonly side: Side; readonly ids: readonly string[]; readonly evenIfMatched: boolean },
): Promise<readonly (RecordCreatedType | RecordNotCreatedType)[]> {
  const { side, ids, evenIfMatched } = request
  assertCarried(mapping, passFrom(side), 'side')
  await assertEnabled(context.em, [mapping.id])
  const { id: runId } = await inTransaction(context, (em) =>
    requestRecordsRun(em, {
      mappingId: mapping.id,
      scope: { kind: 'create', couplingIds: [], side, ids, evenIfMatched },
      direction: null,
      includeUncoupled: true,
      requestedBy: context.principal.name,
    }),
  )
  await startRun(context, runId)
  await waitForRuns(context, [runId])
  const results = new Map(
    (await context.loaders.resultsOfRun.load(runId)).map((result) => [result.recordKey, result]),
  )
  const run = await readRun(context, runId)
  const unreached = isFinished(run.status)
    ? (run.message ?? 'The run ended before it reached this record. Nothing was created.')
    : `The run has not ended yet; ask for the synch. run ${runId} until it has. Its record results say what became of it.`
  return ids.map((id) => {
    const result = results.get(recordKey(null, side, id))
    const createdId = (side === Side.local ? result?.integrationId : result?.localId) ?? null
    const couplingId = result?.couplingId ?? null
    return result?.outcome === 'APPLIED' && couplingId !== null && createdId !== null
      ? new RecordCreatedType({ id, couplingId, createdId, runId })
      : new RecordNotCreatedType({ id, message: result?.message ?? unreached, runId })
  })
}
