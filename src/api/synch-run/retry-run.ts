import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import { ErrorClass } from '../../domain/failure.js'
import { isFinished, type RunScope } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { liftStates } from '../../persistence/queries/lift-states.js'
import { readRun, startRun } from './run-engine.js'

/** Only a person's choice lifts these (engine rule 6); trying again decides nothing. */
const WAIT_FOR_A_PERSON: readonly string[] = [ErrorClass.conflict, ErrorClass.deletedRecord]

/**
 * A new run over the failed and pending records of a run that has ended: those with an open error that it was the last to
 * see, and those it left pending. Throws NOT_FOUND, CONFLICTING_STATE, NOTHING_TO_RETRY.
 */
export async function retryRun(context: ApiContext, id: string): Promise<SynchRun> {
  const original = await readRun(context, id)
  if (!isFinished(original.status)) {
    throw apiError(
      ErrorCode.conflictingState,
      `The synch. run ${id} has not ended yet: ${original.status}. Retry when it has, or cancel it first.`,
      { status: original.status },
    )
  }
  const requested = await inTransaction(context, async (em) => {
    await assertEnabled(em, [original.mappingId])
    const scope = await scopeOf(em, original)
    if (scope.couplingIds.length === 0 && scope.records.length === 0) {
      throw apiError(
        ErrorCode.nothingToRetry,
        `The synch. run ${id} left no failed or pending record behind. Start a new run with synchronizeMapping; conflicts are settled with resolveSkippedSynchRecords.`,
      )
    }
    return requestRecordsRun(em, {
      mappingId: original.mappingId,
      scope,
      direction: null,
      // What match-based coupling left alone is matched again, and not synchronized in another way.
      ...(original.mode === 'COUPLE' && { mode: original.mode }),
      ...(original.coupling && { coupling: original.coupling }),
      requestedBy: context.principal.name,
      retryOf: original.id,
    })
  })
  await startRun(context, requested.id)
  return readRun(context, requested.id)
}

async function scopeOf(
  em: EntityManager,
  original: SynchRun,
): Promise<Extract<RunScope, { readonly kind: 'retry' }>> {
  const states = await run<{ id: string }>(
    em,
    sql`select s.id from record_state s left join integration_synch_error e on e.id = s.error_id
        where s.mapping_id = ${original.mappingId} and s.reason <> all(${texts(WAIT_FOR_A_PERSON)})
          and (e.run_id = ${original.id}
               or (s.state = 'PENDING' and s.changed_at between ${timestamp(original.startedAt ?? original.requestedAt)}
                                                            and ${timestamp(original.finishedAt ?? new Date())}))`,
  )
  const lifted = await liftStates(
    em,
    states.map((state) => state.id),
  )
  const failed = await run<{ coupling_id: string | null; side: Side | null; record_id: string | null }>(
    em,
    sql`select distinct c.id as coupling_id, case when e.coupling_id is null then e.source_side end as side,
               case when e.coupling_id is null then e.source_id end as record_id
        from integration_synch_error e left join coupling c on c.id = e.coupling_id
        where e.run_id = ${original.id} and e.resolved_at is null
          and e.error_class <> all(${texts(WAIT_FOR_A_PERSON)})`,
  )
  const couplingIds = new Set(lifted.flatMap((state) => state.couplingId ?? []))
  const records = new Map(
    lifted
      .filter((state) => state.couplingId === null)
      .map((state) => [`${state.side}:${state.recordId}`, { side: state.side, id: state.recordId }]),
  )
  for (const row of failed) {
    if (row.coupling_id !== null) couplingIds.add(row.coupling_id)
    else if (row.side !== null && row.record_id !== null) {
      records.set(`${row.side}:${row.record_id}`, { side: row.side, id: row.record_id })
    }
  }
  return { kind: 'retry', couplingIds: [...couplingIds], records: [...records.values()] }
}

function timestamp(date: Date): ReturnType<typeof sql> {
  return sql`${date.toISOString()}::timestamptz`
}
