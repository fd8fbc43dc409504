import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import { isFinished } from '../../domain/run.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { UndoItem } from '../../persistence/entities/undo-item.js'
import { run as execute, sql, texts } from '../../persistence/sql.js'
import { requestUndo } from '../../persistence/undo.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { assertNotPaused } from '../job-control/pausing.js'
import { oneOf, present } from '../paging/conditions.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import type { PageRequest } from '../paging/keyset.js'
import { readRun, startRun, startRuns, waitForRuns } from '../synch-run/run-engine.js'

/**
 * Undoes writes: one run per mapping. Waits for them, at most 25 seconds. All or none is begun: throws NOT_FOUND naming the ids
 * that are no writes; CONFLICTING_STATE for a paused mapping; ENGINE_UNAVAILABLE.
 */
export async function undoWrites(
  context: ApiContext,
  ids: readonly string[],
  options: { readonly overwrite: boolean; readonly both: boolean },
): Promise<readonly UndoItem[]> {
  const runIds = await inTransaction(context, async (em) => {
    const made: string[] = []
    for (const [mappingId, own] of Map.groupBy(await mappingsOf(em, ids), (write) => write.mappingId)) {
      await assertNotPaused(em, await em.findOneOrFail(Mapping, { id: mappingId }))
      const writes = { ids: own.map((write) => write.id), both: options.both }
      const requested = await requestUndo(
        em,
        { mappingId, writes },
        { overwrite: options.overwrite, requestedBy: context.principal.name },
      )
      if (requested !== null) made.push(requested.id)
    }
    return made
  })
  await startRuns(context, runIds)
  await waitForRuns(context, runIds)
  const items = await context.em.find(UndoItem, { runId: { $in: runIds } }, { disableIdentityMap: true })
  const place = new Map(ids.map((id, index) => [id, index]))
  const placeOf = (item: UndoItem) => place.get(item.writeId) ?? ids.length
  return items.toSorted((left, right) => placeOf(left) - placeOf(right))
}

async function mappingsOf(em: EntityManager, ids: readonly string[]) {
  const found = await execute<{ id: string; mappingId: string }>(
    em,
    sql`select id, mapping_id as "mappingId" from record_write where id = any(${texts(ids)}::uuid[])`,
  )
  const known = new Set(found.map((write) => write.id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length === 0) return found
  throw apiError(
    ErrorCode.notFound,
    `There is no write ${unknown.join(', ')}; it may be older than the history is kept. Nothing was undone.`,
    { ids: unknown },
  )
}

/** Undoes everything that a run has written. Throws NOT_FOUND, CONFLICTING_STATE, ENGINE_UNAVAILABLE. */
export async function undoRun(context: ApiContext, id: string, overwrite: boolean): Promise<SynchRun> {
  const undone = await readRun(context, id)
  if (!isFinished(undone.status)) {
    throw apiError(
      ErrorCode.conflictingState,
      `The run is ${undone.status} and may write more. Cancel it or wait for its end, then undo it.`,
    )
  }
  const requested = await inTransaction(context, async (em) => {
    await assertNotPaused(em, await em.findOneOrFail(Mapping, { id: undone.mappingId }))
    const made = await requestUndo(
      em,
      { mappingId: undone.mappingId, writes: { runId: id } },
      { overwrite, requestedBy: context.principal.name },
    )
    if (made !== null) return made
    throw apiError(
      ErrorCode.conflictingState,
      'The run has written nothing, or nothing that the history still holds, so there is nothing to undo.',
    )
  })
  await startRun(context, requested.id)
  return readRun(context, requested.id)
}

/** What a run that undoes did with each write. Throws BAD_USER_INPUT. */
export function undoItemsOf(
  em: EntityManager,
  runId: string,
  outcome: readonly string[] | null,
  request: Omit<PageRequest, 'order'>,
): Promise<Page<UndoItem & { readonly id: string }>> {
  return page(
    em,
    {
      from: sql`undo_item u`,
      id: sql`u.write_id`,
      conditions: present([sql`u.run_id = ${runId}`, oneOf(sql`u.outcome`, outcome)]),
    },
    { key: sql`u.write_id`, keyType: KeyType.none, descending: false },
    { ...request, order: 'ID' },
    async (ids) => {
      const items = await em.find(
        UndoItem,
        { runId, writeId: { $in: [...ids] } },
        { disableIdentityMap: true },
      )
      return items.map((item) => Object.assign(item, { id: item.writeId }))
    },
  )
}
