import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import { RunStatus } from '../../domain/run.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { isHeld, markRuns } from '../../persistence/holds.js'
import { assertConnectionsEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'

/** Pauses or resumes a mapping: nothing of it starts by itself, a run under way waits between two pages; what something else holds goes on waiting. */
export async function setMappingPaused(context: ApiContext, id: string, paused: boolean): Promise<void> {
  const runs = await inTransaction(context, async (em) => {
    const mapping = await em.findOneOrFail(Mapping, { id })
    mark(context, mapping, paused)
    await em.flush()
    return markRuns(em, { mappingIds: [id] }, paused)
  })
  await tellRuns(context, runs, paused)
}

/** Pauses or resumes all mappings of the connections; a mapping that was paused by itself stays so. */
export async function setConnectionsPaused(
  context: ApiContext,
  ids: readonly string[],
  paused: boolean,
): Promise<void> {
  const runs = await inTransaction(context, async (em) => {
    for (const connection of await em.find(Connection, { id: { $in: [...ids] } }))
      mark(context, connection, paused)
    await em.flush()
    const mappings = await em.find(Mapping, { connectionId: { $in: [...ids] } })
    return markRuns(em, { mappingIds: mappings.map((mapping) => mapping.id) }, paused)
  })
  await tellRuns(context, runs, paused)
}

/** Pauses or resumes one run. Throws NOT_FOUND; CONFLICTING_STATE when it is not under way. */
export async function setRunPaused(context: ApiContext, id: string, paused: boolean): Promise<void> {
  const run = await inTransaction(context, async (em) => {
    const found = await em.findOne(SynchRun, { id })
    if (found === null) throw apiError(ErrorCode.notFound, `There is no synch. run ${id}.`)
    if (found.status !== RunStatus.running) {
      throw apiError(
        ErrorCode.conflictingState,
        `The run is ${found.status}; only a run that is RUNNING can be ${paused ? 'paused' : 'resumed'}.`,
      )
    }
    if (!paused) await assertNotPaused(em, await em.findOneOrFail(Mapping, { id: found.mappingId }))
    found.pausedAt = paused ? (found.pausedAt ?? new Date()) : null
    await em.flush()
    return { id: found.id, held: await isHeld(em, found.id) }
  })
  if (paused || !run.held) await tellRuns(context, [run.id], paused)
}

/**
 * Throws CONFLICTING_STATE while the mapping or its connection is paused, naming who paused it and how to go on, and while the
 * connection is disabled.
 */
export async function assertNotPaused(em: EntityManager, mapping: Mapping): Promise<void> {
  await assertConnectionsEnabled(em, [mapping.connectionId])
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const paused = mapping.pausedAt ? mapping : connection.pausedAt ? connection : null
  if (paused === null) return
  const [what, mutation] =
    paused === mapping
      ? [`The mapping ${mapping.name}`, 'resumeIntegrationTableMapping']
      : [`The connection ${connection.name}`, 'resumeConnection']
  throw apiError(
    ErrorCode.conflictingState,
    `${what} has been paused by ${paused.pausedBy ?? 'someone'} since ${paused.pausedAt?.toISOString() ?? ''}, so nothing was started. Resume it first (${mutation}).`,
  )
}

function mark({ audit, principal }: ApiContext, target: Mapping | Connection, paused: boolean): void {
  const before = { pausedAt: target.pausedAt ?? null }
  target.pausedAt = paused ? (target.pausedAt ?? new Date()) : null
  target.pausedBy = paused ? (target.pausedBy ?? principal.name) : null
  const kind = target instanceof Mapping ? 'mapping' : 'connection'
  const { id, name } = target
  audit.changed({ kind, id, name, before, after: { pausedAt: target.pausedAt ?? null } })
}

/** Tells workflows that their runs are to wait or to go on. What was asked for stands in the rows; Temporal being away delays it until the workflow looks there. */
export async function tellRuns(
  context: ApiContext,
  runIds: readonly string[],
  paused: boolean,
): Promise<void> {
  const { runControl, logger } = context
  const sent = await Promise.allSettled(
    runIds.map((id) => (paused ? runControl.pause(id) : runControl.resume(id))),
  )
  for (const result of sent) {
    if (result.status === 'rejected') {
      logger.error({ err: result.reason as unknown }, 'Temporal could not be reached')
      throw apiError(
        ErrorCode.engineUnavailable,
        `It is noted, but Temporal cannot be reached, so a run under way has not been told. Start Temporal, then ask again.`,
      )
    }
  }
}
