import type { EntityManager } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { RunKind } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { claimRecords } from '../persistence/queries/claims.js'
import { leasePage, pageById, pageRows, saveDecisions } from '../persistence/queries/pages.js'
import { decideRows } from './decide-rows.js'
import type { ActivityDependencies } from './dependencies.js'
import { asPlanned } from './as-planned.js'
import { loadPage, type PageContext } from './page-context.js'
import type { DecidedPage, DecidedRow, PageRow } from './page-format.js'

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
  const lease = randomUUID()
  await leasePage(em, input.pageId, lease)
  const rows = await compareRows(em, await loadPage(dependencies, input.pageId))
  await saveDecisions(em, input.pageId, lease, 'COMPARED', { rows } satisfies DecidedPage)
  return { decided: rows.length }
}

/** The decisions about a page that was read; its records are claimed before. */
export async function compareRows(em: EntityManager, loaded: PageContext): Promise<readonly DecidedRow[]> {
  const { context, job, page, run } = loaded
  const rows = await pageRows<readonly PageRow[]>(em, page.id)
  const ids = rows.map((row) => row.id)
  const claimed =
    run.kind === RunKind.plan
      ? new Set(ids)
      : await claimRecords(
          em,
          {
            mappingId: context.mapping.id,
            side: sourceOf(job.direction),
            holder: page.id,
            runId: run.id,
          },
          ids,
        )
  const fresh = await decideRows(context, { ...loaded.decideInput, rows, claimed })
  return asPlanned(em, run, job.direction, fresh)
}
