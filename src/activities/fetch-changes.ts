import { randomUUID } from 'node:crypto'
import type { RecordSnapshot } from '../domain/record.js'
import { sourceOf } from '../domain/settle.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { markHandled } from '../persistence/queries/handled-versions.js'
import { addCounts, NO_COUNTS } from '../persistence/queries/jobs.js'
import { insertPage, pageByNumber, type StoredPage } from '../persistence/queries/pages.js'
import { databaseClock } from '../persistence/sql.js'
import type { ActivityDependencies } from './dependencies.js'
import { dropKnown } from './drop-known.js'
import { withHeartbeat } from './failures.js'
import { loadMappingOfRun, type MappingContext } from './mapping-context.js'
import type { PagePosition } from './page-format.js'
import { PageReader } from './page-reader.js'
import { handledFrom } from './record-outcomes.js'

export interface FetchChangesInput {
  readonly jobId: string
  /** 1 for the first page. */
  readonly number: number
  /** The last part of a pass: deletions, once every page before it is recorded. */
  readonly deletions?: boolean
}

/** `pageId` null: there was nothing (more) to read. `rows`: those left to be carried out. `last`: no page follows. */
export interface FetchedPage {
  readonly pageId: string | null
  readonly rows: number
  readonly last: boolean
}

/**
 * Reads the next page of a pass: first the pending records, then the changed ones (or the records a person chose); deletions
 * when asked for. Echoes are counted here and go no further. Safe to repeat: a page is stored once under its number, with the position of the one after it.
 */
export async function fetchChanges(
  dependencies: ActivityDependencies,
  input: FetchChangesInput,
): Promise<FetchedPage> {
  const em = dependencies.database.em.fork()
  const known = await pageByNumber(em, input.jobId, input.number)
  if (known !== null) return describe(known)
  const job = await em.findOneOrFail(SynchJob, { id: input.jobId })
  const run = await em.findOneOrFail(SynchRun, { id: job.runId })
  const context = await loadMappingOfRun(dependencies, run)
  const start = await startOf(em, job, run, input)
  if (start === null) return { pageId: null, rows: 0, last: true }
  return withHeartbeat(async (beat) => {
    let position: PagePosition | null = start
    while (position !== null) {
      const { phase } = position
      const fetchedAt = await databaseClock(em)
      const page = await new PageReader(dependencies, context, job, run).read(position)
      beat()
      if (page.rows.length > 0) {
        const sorted = await dropKnown(context, job, run, page.rows)
        await em.transactional(async (transaction) => {
          const isFirst = await insertPage(transaction, {
            id: randomUUID(),
            jobId: job.id,
            number: input.number,
            phase,
            nextPosition: page.next,
            rows: sorted.rows,
            fetchedAt,
          })
          if (isFirst) await recordEchoes(transaction, dependencies, context, job, sorted.echoes)
        })
        const stored = await pageByNumber(em, job.id, input.number)
        if (stored !== null) return describe(stored)
      }
      position = page.next
    }
    return { pageId: null, rows: 0, last: true }
  })
}

/** Echoes are told and done with as soon as they are read: what a pass does not read again is marked like any other version. */
async function recordEchoes(
  em: MappingContext['em'],
  { settings }: ActivityDependencies,
  context: MappingContext,
  job: SynchJob,
  echoes: readonly RecordSnapshot[],
): Promise<void> {
  if (echoes.length === 0) return
  const from = handledFrom(job, settings)
  await markHandled(
    em,
    {
      mappingId: context.mapping.id,
      side: sourceOf(job.direction),
      jobId: job.id,
      revision: job.watermarkRevision,
    },
    from === null ? [] : echoes.filter((record) => record.stamp >= from),
  )
  await addCounts(em, job.id, { ...NO_COUNTS, unchanged: echoes.length })
}

function describe(page: StoredPage): FetchedPage {
  return { pageId: page.id, rows: page.rowCount, last: page.nextPosition === null }
}

async function startOf(
  em: MappingContext['em'],
  job: SynchJob,
  run: SynchRun,
  { number, deletions }: FetchChangesInput,
): Promise<PagePosition | null> {
  const previous = number > 1 ? await pageByNumber(em, job.id, number - 1) : null
  if (deletions === true && previous?.phase !== 'deletions') return { phase: 'deletions', after: null }
  if (number > 1) return (previous?.nextPosition ?? null) as PagePosition | null
  if (run.scope) return { phase: 'chosen', offset: 0 }
  // Match-based coupling reads everything once; what is pending is left to the next run.
  return run.mode === 'COUPLE'
    ? { phase: 'changed', next: null, fresh: false }
    : { phase: 'pending', after: null }
}
