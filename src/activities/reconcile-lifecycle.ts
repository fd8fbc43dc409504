import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConnectorError } from '../connectors/connector.js'
import type { Failure } from '../domain/failure.js'
import { attemptsWithin } from '../domain/patience.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { Reconciliation } from '../persistence/entities/reconciliation.js'
import { isHeldByFullSynch } from '../persistence/queries/full-synch.js'
import { countFindings, forgetSettledSides } from '../persistence/queries/reconciliation.js'
import { requestReconciliation } from '../persistence/reconciliations.js'
import { run as execute, sql } from '../persistence/sql.js'
import type { ActivityDependencies } from './dependencies.js'

/** `reconciliationId` null: the schedule asks for a reconciliation of `mappingId`. */
export interface StartReconciliationInput {
  readonly reconciliationId: string | null
  readonly mappingId: string | null
  readonly workflowId: string
  readonly workflowRunId: string
}

/**
 * `attempts`: of each step while a system is unavailable. `workerTimeout`: milliseconds without a sign of life after which another
 * worker takes a step over; an earlier version did not say. Null: there is nothing to do.
 */
export type ReconciliationPlan = {
  readonly reconciliationId: string
  readonly attempts: number
  readonly workerTimeout?: number
} | null

/**
 * Takes a reconciliation up; the schedule's is made here, unless one is under way or the mapping is paused. Safe to repeat: what this
 * workflow has taken up is returned as it is.
 */
export async function startReconciliation(
  dependencies: ActivityDependencies,
  input: StartReconciliationInput,
): Promise<ReconciliationPlan> {
  const { workflowId, workflowRunId } = input
  return dependencies.database.em.fork().transactional(async (em) => {
    const found =
      input.reconciliationId === null
        ? ((await em.findOne(Reconciliation, { workflowId, workflowRunId })) ??
          (await madeBySchedule(dependencies, em, input.mappingId)))
        : await em.findOne(
            Reconciliation,
            { id: input.reconciliationId },
            { lockMode: LockMode.PESSIMISTIC_WRITE },
          )
    if (found === null || found.status !== 'RUNNING') return null
    found.workflowId = workflowId
    found.workflowRunId = workflowRunId
    found.message = null
    await em.flush()
    // The database's clock: couplings are stamped by it.
    await execute(
      em,
      sql`update reconciliation set started_at = coalesce(started_at, clock_timestamp()) where id = ${found.id}`,
    )
    const { patience, workerTimeout } = dependencies.settings
    return { reconciliationId: found.id, attempts: attemptsWithin(patience), workerTimeout }
  })
}

async function madeBySchedule(
  dependencies: ActivityDependencies,
  em: EntityManager,
  mappingId: string | null,
): Promise<Reconciliation | null> {
  if (!dependencies.settings.schedules || mappingId === null) return null
  const mapping = await em.findOne(Mapping, { id: mappingId })
  if (mapping === null || mapping.pausedAt) return null
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  if (connection.pausedAt || (await isHeldByFullSynch(em, mappingId))) return null
  const { reconciliation, isNew } = await requestReconciliation(em, { mappingId, requestedBy: 'schedule' })
  return isNew ? reconciliation : null
}

/** While a system is in trouble the reconciliation says so; nothing where the workflow is not one. */
export async function noteReconciliationTrouble(
  em: EntityManager,
  workflowId: string,
  { failure }: ConnectorError,
  attempt: number,
): Promise<void> {
  await em.nativeUpdate(
    Reconciliation,
    { workflowId, status: 'RUNNING' },
    { message: `${failure.message} ${failure.remedy} (attempt ${attempt})` },
  )
}

export interface FinishReconciliationInput {
  readonly reconciliationId: string
  readonly status: 'COMPLETED' | 'FAILED' | 'CANCELLED'
  readonly failure: Failure | null
}

/** Ends a reconciliation with its counts. Safe to repeat: it ends once. */
export async function finishReconciliation(
  dependencies: ActivityDependencies,
  input: FinishReconciliationInput,
): Promise<void> {
  await dependencies.database.em.fork().transactional(async (em) => {
    const found = await em.findOne(
      Reconciliation,
      { id: input.reconciliationId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    if (found?.status === 'RUNNING') {
      const { pairs, counts } = await countFindings(em, { ...found, startedAt: found.startedAt ?? null })
      found.status = input.status
      found.finishedAt = new Date()
      found.message = input.failure === null ? null : `${input.failure.message} ${input.failure.remedy}`
      found.pairs = pairs
      found.counts = counts
      await em.flush()
    }
    await forgetSettledSides(em, input.reconciliationId)
  })
}
