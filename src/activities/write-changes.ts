import type { EntityManager } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { Direction } from '../domain/mapping.js'
import { sourceOf } from '../domain/settle.js'
import { databaseClock } from '../persistence/sql.js'
import {
  keepDecisions,
  leasePage,
  pageById,
  pageDecisions,
  saveDecisions,
} from '../persistence/queries/pages.js'
import { asPlanned } from './as-planned.js'
import type { PageInput } from './compare-timestamps.js'
import { decideRows } from './decide-rows.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { loadPage, type PageContext } from './page-context.js'
import { pageRead } from './read-rows.js'
import type { DecidedPage, DecidedRow } from './page-format.js'
import { writePage } from './write-page.js'

/**
 * Writes what was decided, in bulk calls with a result per record. Safe to repeat: every write has an intent that was
 * committed before it was sent, and answers are kept as they come (see {@link writePage}).
 */
export async function writeChanges(dependencies: ActivityDependencies, input: PageInput): Promise<void> {
  const em = dependencies.database.em.fork()
  if ((await pageById(em, input.pageId)).state !== 'COMPARED') return
  await withHeartbeat(async (heartbeat, signal) => {
    const lease = randomUUID()
    await leasePage(em, input.pageId, lease)
    const loaded = await loadPage(dependencies, input.pageId)
    const decided = (await pageDecisions<DecidedPage>(em, input.pageId)).rows
    const rows = await writeRows(dependencies, em, loaded, decided, { lease, heartbeat, signal })
    // A page without writes, of echoes for instance, comes back as it was given.
    if (rows === decided) await keepDecisions(em, input.pageId, lease, 'WRITTEN')
    else await saveDecisions(em, input.pageId, lease, 'WRITTEN', { rows } satisfies DecidedPage)
  })
}

/** An attempt that holds a page. */
export interface PageAttempt {
  readonly lease: string
  readonly heartbeat: () => void
  readonly signal: AbortSignal
}

/** Carries out the writes of a page; its rows with what came of them, or the very rows where there was nothing to write. */
export function writeRows(
  dependencies: ActivityDependencies,
  em: EntityManager,
  loaded: PageContext,
  decided: readonly DecidedRow[],
  { lease, heartbeat, signal }: PageAttempt,
): Promise<readonly DecidedRow[]> {
  const { page, job, run, context, decideInput } = loaded
  const side = sourceOf(job.direction)
  return writePage(dependencies, context, {
    pageId: page.id,
    lease,
    jobId: job.id,
    runId: run.id,
    pass: job.direction,
    rows: decided,
    send: { heartbeat, signal, bulkUpdates: takesBulkUpdates(loaded) },
    redecide: async (sourceIds) => {
      const fetchedAt = await databaseClock(em)
      const reads = await context.connectors[side].readByIds(
        context.tables[side],
        context.fields[side],
        sourceIds,
      )
      const origins = new Map(decided.map((row) => [row.sourceId, row.origin]))
      const decidedAnew = await decideRows(context, {
        ...decideInput,
        fetchedAt,
        rows: reads.map((read, index) => {
          const id = sourceIds[index] ?? ''
          return { id, read: pageRead(read), origin: origins.get(id) ?? 'changed' }
        }),
        claimed: new Set(sourceIds),
      })
      return asPlanned(em, run, job.direction, decidedAnew)
    },
  })
}

/** Work on chosen records is bound to what was seen of them, whatever the mapping says. */
function takesBulkUpdates({ run, context: { definition } }: PageContext): boolean {
  return definition.bulkUpdates === true && definition.direction !== Direction.bidirectional && !run.scope
}
