import type { EntityManager } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { nextWatermark } from '../domain/watermark.js'
import type { SynchJob } from '../persistence/entities/synch-job.js'
import { assertLease, closePage, leasePage, pageById, pageDecisions } from '../persistence/queries/pages.js'
import { releaseClaims } from '../persistence/queries/claims.js'
import { forgetCalls } from '../persistence/queries/intent-calls.js'
import { reclaimSpace } from '../persistence/queries/intents.js'
import type { PageInput } from './compare-timestamps.js'
import type { ActivityDependencies, EngineSettings } from './dependencies.js'
import { loadPage, type PageContext } from './page-context.js'
import type { DecidedPage, DecidedRow } from './page-format.js'
import { recordPage } from './record-page.js'

/** Runs that a step has asked for: their workflows are still to be started. */
export interface RequestedRuns {
  readonly requested: readonly string[]
}

/** Short runs leave the tidying to autovacuum. */
const PAGES_BETWEEN_RECLAIMS = 4

/**
 * Records the outcomes of a page: couplings, states, errors, history and counters in one transaction, which also closes the
 * intents and frees the claims. Safe to repeat: the transaction checks the page's lease and closes the page; runs that it asked
 * for and nobody started are found by the housekeeping of workers.
 */
export async function recordOutcomes(
  dependencies: ActivityDependencies,
  input: PageInput,
): Promise<RequestedRuns> {
  const em = dependencies.database.em.fork()
  if ((await pageById(em, input.pageId)).state !== 'WRITTEN') return { requested: [] }
  const lease = randomUUID()
  await leasePage(em, input.pageId, lease)
  const loaded = await loadPage(dependencies, input.pageId)
  const { rows } = await pageDecisions<DecidedPage>(em, input.pageId)
  return recordRows(dependencies, em, loaded, rows, lease)
}

/** Records what came of a page and closes it. Throws {@link LeaseLostError} where another attempt has taken it over. */
export async function recordRows(
  { settings }: ActivityDependencies,
  em: EntityManager,
  { page, job, run, context }: PageContext,
  rows: readonly DecidedRow[],
  lease: string,
): Promise<RequestedRuns> {
  const requested = await em.transactional(async (transaction) => {
    await assertLease(transaction, page.id, lease)
    const released = await recordPage(transaction, context, {
      runId: run.id,
      jobId: job.id,
      pass: job.direction,
      scope: run.scope ?? null,
      rows,
      maximumAttempts: settings.maximumAttempts,
      handledFrom: handledFrom(job, settings),
      watermarkRevision: job.watermarkRevision,
    })
    await closePage(transaction, page.id)
    await forgetCalls(transaction, [page.id])
    await releaseClaims(transaction, page.id)
    return released
  })
  if (page.number % PAGES_BETWEEN_RECLAIMS === 0) await reclaimSpace(em)
  return { requested }
}

/** Versions stamped at or after this can be read again by the next pass; epoch milliseconds. Null: the pass moves no watermark. */
export function handledFrom(job: SynchJob, { commitDelay }: EngineSettings): number | null {
  const clockAt = job.clockAt?.getTime() ?? null
  return clockAt === null ? null : nextWatermark(null, clockAt, commitDelay, job.clockFall)
}
