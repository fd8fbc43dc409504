import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { Mapping } from './entities/mapping.js'
import { Reconciliation } from './entities/reconciliation.js'
import { lockMapping } from './queries/mapping-locks.js'
import { pruneReconciliations } from './queries/reconciliation.js'

/** `isNew`: the row was made now and its workflow must be started by the caller, after the transaction. */
export interface RequestedReconciliation {
  readonly reconciliation: Reconciliation
  readonly isNew: boolean
}

/**
 * Asks for a reconciliation of a mapping; one that is under way is returned. It runs beside synch runs. Must be called inside a
 * transaction.
 */
export async function requestReconciliation(
  em: EntityManager,
  request: { readonly mappingId: string; readonly requestedBy: string },
): Promise<RequestedReconciliation> {
  const { mappingId, requestedBy } = request
  await lockMapping(em, mappingId)
  const running = await em.findOne(Reconciliation, { mappingId, status: 'RUNNING' })
  if (running !== null) return { reconciliation: running, isNew: false }
  await pruneReconciliations(em, mappingId)
  const id = randomUUID()
  const reconciliation = em.create(Reconciliation, {
    id,
    mappingId,
    mappingVersion: (await em.findOneOrFail(Mapping, { id: mappingId })).version,
    status: 'RUNNING',
    requestedBy,
    requestedAt: new Date(),
    workflowId: reconciliationWorkflowIdOf(id),
    localStep: 0,
    localDone: false,
    localRecords: 0,
    integrationStep: 0,
    integrationDone: false,
    integrationRecords: 0,
    examineStep: 0,
    examined: 0,
  })
  await em.persist(reconciliation).flush()
  return { reconciliation, isNew: true }
}

/** The public name of a reconciliation's workflow. Changing it needs an ADR and a replay test. */
export function reconciliationWorkflowIdOf(id: string): string {
  return `reconcile/${id}`
}
