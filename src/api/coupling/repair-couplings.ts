import { inTransaction } from '../in-transaction.js'
import { ErrorClass } from '../../domain/failure.js'
import { PendingReason } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { run as execute, sql, texts } from '../../persistence/sql.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { readRun, startRun, waitForRuns } from '../synch-run/run-engine.js'
import { assertMatchRules } from './couple-by-matching.js'
import type { RepairedCouplingsType } from './coupling-change.type.js'

/** What a coupling waits for, or is skipped for, that lacks one of its records. */
const LACKS_A_RECORD: readonly string[] = [
  PendingReason.deletion,
  PendingReason.deletionReview,
  PendingReason.deletionAllowed,
  ErrorClass.deletedRecord,
]

/** Couplings that one run looks at; the rest is looked at by the next. */
const MOST = 20_000

/**
 * Gives the survivors of couplings that lack one side to the one free record that matches them: one that was restored under another
 * id. `ids` null: all couplings that are known to lack one. Waits for it. Throws BAD_USER_INPUT without match rules,
 * ENGINE_UNAVAILABLE.
 */
export async function repairCouplings(
  context: ApiContext,
  mapping: Mapping,
  ids: readonly string[] | null,
): Promise<RepairedCouplingsType> {
  assertMatchRules(mapping, 'name')
  await assertEnabled(context.em, [mapping.id])
  const couplings = await execute<{ id: string }>(
    context.em,
    ids === null
      ? sql`select coupling_id as id from record_state
            where mapping_id = ${mapping.id} and coupling_id is not null and reason = any(${texts(LACKS_A_RECORD)})
            order by id limit ${MOST}`
      : sql`select id from coupling where mapping_id = ${mapping.id} and id = any(${texts(ids)}::uuid[])`,
  )
  if (couplings.length === 0) return { examined: 0, repaired: 0, run: null }
  const { id } = await inTransaction(context, (em) =>
    requestRecordsRun(em, {
      mappingId: mapping.id,
      scope: { kind: 'repair', couplingIds: couplings.map((coupling) => coupling.id) },
      direction: null,
      requestedBy: context.principal.name,
    }),
  )
  await startRun(context, id)
  await waitForRuns(context, [id])
  const jobs = await context.loaders.jobsOfRun.load(id)
  return {
    examined: couplings.length,
    repaired: jobs.reduce((sum, job) => sum + job.coupled, 0),
    run: await readRun(context, id),
  }
}
