import type { EntityManager } from '@mikro-orm/postgresql'
import type { BulkTarget, TargetResult } from '../persistence/queries/bulk-actions.js'
import { lockErrorGroups, resolveWhere } from '../persistence/queries/error-groups.js'
import { RUN_KEY } from '../persistence/queries/errors.js'
import { postponeStates, skipStates } from '../persistence/queries/lift-states.js'
import { savePendingUnlessKnown } from '../persistence/queries/record-states.js'
import { run, sql, texts } from '../persistence/sql.js'

const OF_A_RUN = 'It is the failure of a whole run, of no record in particular.'

/** Retry with back-off: the records are left to the next runs of the mapping, which wait longer after each failure. */
export async function postponeTargets(
  em: EntityManager,
  targets: readonly BulkTarget[],
): Promise<readonly TargetResult[]> {
  const ofRecords = targets.filter(({ recordKey }) => recordKey !== RUN_KEY)
  await postponeStates(
    em,
    ofRecords.flatMap(({ stateId }) => stateId ?? []),
  )
  const [first] = ofRecords
  if (first !== undefined) {
    await savePendingUnlessKnown(
      em,
      first.mappingId,
      ofRecords.flatMap(({ stateId, couplingId, side, recordId, errorId }) =>
        stateId !== null || side === null || recordId === null
          ? []
          : [
              {
                couplingId,
                side,
                recordId,
                state: 'PENDING' as const,
                direction: null,
                reason: 'RETRY' as const,
                attempts: 0,
                dueAtRun: 0,
                localVersion: null,
                integrationVersion: null,
                detail: null,
                errorId,
              },
            ],
      ),
    )
  }
  return targets.map(({ number, recordKey }) =>
    recordKey === RUN_KEY
      ? {
          number,
          outcome: 'UNCHANGED',
          message: `${OF_A_RUN} The next run of the mapping begins anew anyway.`,
        }
      : { number, outcome: 'SUCCEEDED', message: null },
  )
}

/** Skip: the records are left alone until somebody lifts it. */
export async function skipTargets(
  em: EntityManager,
  targets: readonly BulkTarget[],
): Promise<readonly TargetResult[]> {
  const found = await skipStates(
    em,
    targets.flatMap(({ stateId, errorId }) => (stateId === null ? [] : [{ stateId, errorId }])),
  )
  return targets.map(({ number, recordKey, stateId }) => {
    if (recordKey === RUN_KEY)
      return {
        number,
        outcome: 'FAILED',
        message: `${OF_A_RUN} Put right what it names, or pause the mapping.`,
      }
    const now = stateId === null ? undefined : found.get(stateId)
    if (now === undefined)
      return {
        number,
        outcome: 'FAILED',
        message: 'Its record is neither pending nor skipped, so no run tries it. Resolve the error instead.',
      }
    if (now === 'DELETION')
      return {
        number,
        outcome: 'FAILED',
        message: 'One of the two records is gone. Decide on its deletion: allow, reject, or restore it.',
      }
    return now === 'SKIPPED'
      ? { number, outcome: 'SUCCEEDED', message: null }
      : { number, outcome: 'UNCHANGED', message: 'It was skipped already.' }
  })
}

/** Assign: who looks after the errors; null: nobody. */
export async function assignTargets(
  em: EntityManager,
  targets: readonly BulkTarget[],
  assignee: string | null,
): Promise<readonly TargetResult[]> {
  await run(
    em,
    sql`update integration_synch_error set assignee = ${assignee}
        where id = any(${texts(targets.map(({ errorId }) => errorId))}::uuid[])`,
  )
  return targets.map(({ number }) => ({ number, outcome: 'SUCCEEDED', message: null }))
}

/** Resolve by hand: the entries are closed; records that are pending or skipped stay so, and fail as new entries. */
export async function resolveTargets(
  em: EntityManager,
  targets: readonly BulkTarget[],
  by: string,
): Promise<readonly TargetResult[]> {
  await lockErrorGroups(
    em,
    targets.map(({ mappingId }) => mappingId),
  )
  await resolveWhere(em, sql`e.id = any(${texts(targets.map(({ errorId }) => errorId))}::uuid[])`, by)
  return targets.map(({ number }) => ({ number, outcome: 'SUCCEEDED', message: null }))
}
