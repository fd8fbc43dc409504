import { randomUUID } from 'node:crypto'
import { planItemOf } from '../domain/plan.js'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { Plan } from '../persistence/entities/plan.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { addCounts, NO_COUNTS, type Counts } from '../persistence/queries/jobs.js'
import { assertLease, closePage, leasePage, pageById, pageDecisions } from '../persistence/queries/pages.js'
import {
  completePlan,
  ensurePlan,
  plannedElsewhere,
  savePlanItems,
  type NamedPlanItem,
} from '../persistence/queries/plans.js'
import { run as execute, sql } from '../persistence/sql.js'
import type { PageInput } from './compare-timestamps.js'
import type { ActivityDependencies } from './dependencies.js'
import { loadMappingOfRun, nameOf, type MappingContext } from './mapping-context.js'
import { loadPage } from './page-context.js'
import type { DecidedPage, DecidedRow } from './page-format.js'

/**
 * Lists what a page's decisions would do, in place of doing it. What the other pass deals with already is left out, as a real
 * run would find it done. Safe to repeat: a page's items replace those of an earlier attempt, in the transaction that closes it.
 */
export async function recordPlan(dependencies: ActivityDependencies, input: PageInput): Promise<void> {
  const em = dependencies.database.em.fork()
  if ((await pageById(em, input.pageId)).state !== 'COMPARED') return
  const lease = randomUUID()
  await leasePage(em, input.pageId, lease)
  const { job, run, context } = await loadPage(dependencies, input.pageId)
  const { rows } = await pageDecisions<DecidedPage>(em, input.pageId)
  await em.transactional(async (transaction) => {
    await assertLease(transaction, input.pageId, lease)
    await ensurePlan(transaction, run.id)
    const elsewhere = await plannedElsewhere(transaction, run.id, job.direction, input.pageId, rows)
    const listed = rows.filter((row) => !elsewhere.has(row.sourceId))
    const side = sourceOf(job.direction)
    await savePlanItems(
      transaction,
      run.id,
      input.pageId,
      listed.flatMap((row) => namedItem(context, job.direction, side, row)),
    )
    await addCounts(transaction, job.id, countsOf(rows, elsewhere))
    await closePage(transaction, input.pageId)
  })
}

function namedItem(
  context: MappingContext,
  direction: Parameters<typeof planItemOf>[0]['direction'],
  side: Side,
  row: DecidedRow,
): readonly NamedPlanItem[] {
  const { decision } = row
  if (
    decision.row === 'busy' ||
    decision.row === 'refused' ||
    decision.row === 'undone' ||
    decision.outcome === 'deferred' ||
    decision.outcome === 'notApplicable'
  )
    return []
  const item = planItemOf({ ...row, direction, decision })
  if (item === null) return []
  const [local, integration] =
    side === Side.local ? [row.source, row.destination] : [row.destination, row.source]
  return [
    {
      item,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
    },
  ]
}

/** What the counters of a run would say. */
function countsOf(rows: readonly DecidedRow[], elsewhere: ReadonlySet<string>): Counts {
  const counts = { ...NO_COUNTS, ignored: {} as Record<string, number> }
  for (const { sourceId, decision } of rows) {
    if (elsewhere.has(sourceId)) {
      counts.unchanged += 1
      continue
    }
    switch (decision.outcome) {
      case 'inserted':
      case 'restored':
        counts.inserted += 1
        break
      case 'modified':
        counts.modified += 1
        break
      case 'deleted':
      case 'uncoupled':
      case 'deletedOther':
        counts.deleted += 1
        break
      case 'conflict':
      case 'changedSince':
      case 'destinationChanged':
        counts.conflicts += 1
        break
      case 'failed':
        counts.failed += 1
        break
      case 'skipped':
        counts.skipped += 1
        break
      case 'ignored':
        counts.ignored[decision.reason] = (counts.ignored[decision.reason] ?? 0) + 1
        break
      default:
        counts.unchanged += 1
    }
  }
  return counts
}

export interface CompletePlanInput {
  readonly runId: string
}

/** Closes a plan: hash, calls and time that carrying it out would take. Changes nothing else; safe to repeat. */
export async function finishPlan(
  dependencies: ActivityDependencies,
  input: CompletePlanInput,
): Promise<void> {
  const em = dependencies.database.em.fork()
  await em.transactional(async (transaction) => {
    await ensurePlan(transaction, input.runId)
    const { hash, extent } = await completePlan(transaction, input.runId)
    const plan = await transaction.findOneOrFail(Plan, { runId: input.runId })
    const { connectors, rate } = await costsOf(dependencies, input.runId)
    const calls = (side: Side, writes: number): number =>
      Math.ceil(writes / connectors[side].recordsPerCall) +
      Math.ceil(extent.records / connectors[side].recordsPerCall)
    plan.hash = hash
    plan.estimate = {
      localCalls: calls(Side.local, extent.localWrites),
      integrationCalls: calls(Side.integration, extent.integrationWrites),
      seconds: rate === null ? null : Math.ceil(extent.records / rate),
    }
    await transaction.flush()
  })
}

async function costsOf(dependencies: ActivityDependencies, runId: string) {
  const em = dependencies.database.em.fork()
  const run = await em.findOneOrFail(SynchRun, { id: runId })
  const { connectors } = await loadMappingOfRun(dependencies, run)
  const [latest] = await execute<{ rate: number | null }>(
    em,
    sql`select sum(inserted + modified)::float8 / greatest(sum(extract(epoch from finish - start)), 0.001)::float8 as rate from (
          select j.* from synch_job j join synch_run r on r.id = j.run_id
          where j.mapping_id = ${run.mappingId} and j.status = 'COMPLETED' and r.kind <> 'PLAN' and j.inserted + j.modified >= 50
          order by j.start desc limit 4) as jobs`,
  )
  return { connectors, rate: latest?.rate ?? null }
}
