import { randomUUID } from 'node:crypto'
import { keepDecisions, leasePage, pageById, storedDecisions } from '../persistence/queries/pages.js'
import { compareRows, type PageInput } from './compare-timestamps.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { loadPage } from './page-context.js'
import type { DecidedPage } from './page-format.js'
import { recordRows, type RequestedRuns } from './record-outcomes.js'
import { writeRows } from './write-changes.js'

/**
 * Compares, writes and records a page that was read, with its rows in memory all the way. Safe to repeat: what was decided is stored
 * in the transaction that commits the intents. Before that nothing outside has changed, so the page is compared anew; after it the
 * intents and their answers are found.
 */
export async function synchronizePage(
  dependencies: ActivityDependencies,
  input: PageInput,
): Promise<RequestedRuns> {
  const em = dependencies.database.em.fork()
  if ((await pageById(em, input.pageId)).state === 'RECORDED') return { requested: [] }
  return withHeartbeat(async (heartbeat, signal) => {
    const lease = randomUUID()
    await leasePage(em, input.pageId, lease)
    const loaded = await loadPage(dependencies, input.pageId)
    // Another attempt came to the end between the two looks.
    if (loaded.page.state === 'RECORDED') return { requested: [] }
    const stored = await storedDecisions<DecidedPage>(em, input.pageId)
    const decided = stored?.rows ?? (await compareRows(em, loaded))
    await keepDecisions(em, input.pageId, lease, 'COMPARED')
    const written = await writeRows(dependencies, em, loaded, decided, { lease, heartbeat, signal })
    await keepDecisions(em, input.pageId, lease, 'WRITTEN')
    return recordRows(dependencies, em, loaded, written, lease)
  })
}
