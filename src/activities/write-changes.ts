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
import type { DecidedPage } from './page-format.js'
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
    const page = await loadPage(dependencies, input.pageId)
    const side = sourceOf(page.job.direction)
    const decided = await pageDecisions<DecidedPage>(em, input.pageId)
    const origins = new Map(decided.rows.map((row) => [row.sourceId, row.origin]))
    const rows = await writePage(dependencies, page.context, {
      pageId: input.pageId,
      lease,
      jobId: page.job.id,
      runId: page.run.id,
      pass: page.job.direction,
      rows: decided.rows,
      send: { heartbeat, signal, bulkUpdates: takesBulkUpdates(page) },
      redecide: async (sourceIds) => {
        const fetchedAt = await databaseClock(em)
        const reads = await page.context.connectors[side].readByIds(
          page.context.tables[side],
          page.context.fields[side],
          sourceIds,
        )
        const decidedAnew = await decideRows(page.context, {
          ...page.decideInput,
          fetchedAt,
          rows: reads.map((read, index) => {
            const id = sourceIds[index] ?? ''
            const origin = origins.get(id) ?? 'changed'
            return { id, read: pageRead(read), origin }
          }),
          claimed: new Set(sourceIds),
        })
        return asPlanned(em, page.run, page.job.direction, decidedAnew)
      },
    })
    // A page without writes, of echoes for instance, comes back as it was given.
    if (rows === decided.rows) await keepDecisions(em, input.pageId, lease, 'WRITTEN')
    else await saveDecisions(em, input.pageId, lease, 'WRITTEN', { rows } satisfies DecidedPage)
  })
}

/** Work on chosen records is bound to what was seen of them, whatever the mapping says. */
function takesBulkUpdates({ run, context: { definition } }: PageContext): boolean {
  return definition.bulkUpdates === true && definition.direction !== Direction.bidirectional && !run.scope
}
