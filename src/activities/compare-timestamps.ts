import { randomUUID } from 'node:crypto'
import { RunKind } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { claimRecords } from '../persistence/queries/claims.js'
import { leasePage, pageById, pageRows, saveDecisions } from '../persistence/queries/pages.js'
import { decideRows } from './decide-rows.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { asPlanned } from './as-planned.js'
import { loadPage } from './page-context.js'
import type { DecidedPage, PageRow } from './page-format.js'

export interface PageInput {
  readonly pageId: string
}

/**
 * Claims the records of a page, compares both sides and stores what is to be done. Safe to repeat: claims are the page's
 * own, nothing outside is changed, and a page that was decided already stays as it is.
 */
export async function compareTimestamps(
  dependencies: ActivityDependencies,
  input: PageInput,
): Promise<{ readonly decided: number }> {
  const em = dependencies.database.em.fork()
  const stored = await pageById(em, input.pageId)
  if (stored.state !== 'FETCHED') return { decided: stored.rowCount }
  return withHeartbeat(async () => {
    const lease = randomUUID()
    await leasePage(em, input.pageId, lease)
    const page = await loadPage(dependencies, input.pageId)
    const rows = await pageRows<readonly PageRow[]>(em, input.pageId)
    const isPlan = page.run.kind === RunKind.plan
    const claimed = isPlan
      ? new Set(rows.map((row) => row.id))
      : await claimRecords(
          em,
          {
            mappingId: page.context.mapping.id,
            side: sourceOf(page.job.direction),
            holder: input.pageId,
            runId: page.run.id,
          },
          rows.map((row) => row.id),
        )
    const fresh = await decideRows(page.context, { ...page.decideInput, rows, claimed })
    const decided = await asPlanned(em, page.run, page.job.direction, fresh)
    await saveDecisions(em, input.pageId, lease, 'COMPARED', { rows: decided } satisfies DecidedPage)
    return { decided: decided.length }
  })
}
