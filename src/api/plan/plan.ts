import { inTransaction } from '../in-transaction.js'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import type { PassDirection } from '../../domain/mapping.js'
import { RunStatus, type RunMode } from '../../domain/run.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { Plan, PlanItemRecord } from '../../persistence/entities/plan.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestPlan, requestRecordsRun } from '../../persistence/runs.js'
import { run as execute, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { assertMatchRules, couplingOptions } from '../coupling/couple-by-matching.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { assertNotPaused } from '../job-control/pausing.js'
import { containsText, oneOf, present } from '../paging/conditions.js'
import { allOf, assertPageSize } from '../paging/keyset.js'
import { readRun, startRun, waitForRuns } from '../synch-run/run-engine.js'
import { itemType, wordsOf } from './item-type.js'
import type { PlanItemConnection, PlanItemFilter, PlanType } from './plan.type.js'

/** Makes a plan: a run that writes nothing. Waits for it, at most 25 seconds. Throws ENGINE_UNAVAILABLE. */
export async function planMapping(
  context: ApiContext,
  mapping: Mapping,
  request: {
    readonly mode: RunMode
    readonly direction: PassDirection | null
    readonly includeUncoupled: boolean
    /** Of mode COUPLE; what is null is as the mapping says. */
    readonly createNew: boolean | null
    readonly synchronizeAfterwards: boolean | null
  },
): Promise<PlanType> {
  const { createNew, synchronizeAfterwards, ...extent } = request
  const couples = request.mode === 'COUPLE'
  if (couples) assertMatchRules(mapping, 'mode')
  const { id } = await inTransaction(context, (em) =>
    requestPlan(em, {
      mappingId: mapping.id,
      ...extent,
      ...(couples && { coupling: couplingOptions(mapping, { createNew, synchronizeAfterwards }) }),
      requestedBy: context.principal.name,
    }),
  )
  await startRun(context, id)
  await waitForRuns(context, [id])
  return readPlan(context, id)
}

/** Throws NOT_FOUND. */
export async function readPlan(context: ApiContext, id: string): Promise<PlanType> {
  const run = await readRun(context, id)
  if (run.kind !== 'PLAN') throw apiError(ErrorCode.notFound, `There is no plan ${id}.`)
  return planType(run, await context.em.findOne(Plan, { runId: id }, { disableIdentityMap: true }))
}

/** Plans of a mapping, the latest first. */
export async function listPlans(context: ApiContext, mappingId: string, first: number): Promise<PlanType[]> {
  assertPageSize(first)
  const runs = await context.em.find(
    SynchRun,
    { mappingId, kind: 'PLAN' },
    { orderBy: { requestedAt: 'desc' }, limit: first, disableIdentityMap: true },
  )
  const plans = await context.em.find(
    Plan,
    { runId: { $in: runs.map((run) => run.id) } },
    { disableIdentityMap: true },
  )
  return runs.map((run) => planType(run, plans.find((plan) => plan.runId === run.id) ?? null))
}

function planType(run: SynchRun, plan: Plan | null): PlanType {
  return {
    id: run.id,
    status: run.status,
    mode: run.mode,
    mappingVersion: run.mappingVersion,
    requestedBy: run.requestedBy,
    requestedAt: run.requestedAt,
    message: run.message ?? null,
    hash: run.status === RunStatus.completed ? (plan?.hash ?? null) : null,
    estimate: plan?.estimate ?? null,
  }
}

/**
 * Carries out a plan: its records, as they were planned; what has changed since is left alone and counted as Ignored
 * CHANGED_SINCE_PLAN. Throws NOT_FOUND; CONFLICTING_STATE when it is not whole, not the one that was looked at, was carried out
 * before, or its mapping was changed since.
 */
export async function applyPlan(
  context: ApiContext,
  id: string,
  hash: string,
  allowDeletions: boolean,
): Promise<SynchRun> {
  const runId = await inTransaction(context, async (em) => {
    const planned = await em.findOne(SynchRun, { id, kind: 'PLAN' })
    const plan = await em.findOne(Plan, { runId: id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (planned === null) throw apiError(ErrorCode.notFound, `There is no plan ${id}.`)
    const refuse = (message: string) => apiError(ErrorCode.conflictingState, message)
    if (plan === null || planned.status !== RunStatus.completed || plan.hash === null) {
      throw refuse(`The plan is ${planned.status}; only one that is COMPLETED can be carried out.`)
    }
    if (plan.hash !== hash) {
      throw refuse(
        'The hash is not that of this plan, so it is not the plan that was looked at. Read it again.',
      )
    }
    if (plan.appliedByRun) {
      throw refuse(`The plan was carried out before, by run ${plan.appliedByRun}. Make a new one.`)
    }
    const mapping = await em.findOneOrFail(Mapping, { id: planned.mappingId })
    await assertNotPaused(em, mapping)
    if (mapping.version !== planned.mappingVersion) {
      throw refuse(
        `The mapping ${mapping.name} was changed since: the plan goes by version ${planned.mappingVersion}, in force is version ${mapping.version}. Make a new plan.`,
      )
    }
    if (!allowDeletions) await assertFewDeletions(em, mapping, id)
    const made = await requestRecordsRun(em, {
      mappingId: mapping.id,
      scope: { kind: 'plan', couplingIds: [], planId: id },
      direction: planned.direction ?? null,
      mode: planned.mode,
      includeUncoupled: planned.includeUncoupled,
      ...(planned.coupling ? { coupling: planned.coupling } : {}),
      requestedBy: context.principal.name,
    })
    plan.appliedByRun = made.id
    await em.flush()
    return made.id
  })
  await startRun(context, runId)
  return readRun(context, runId)
}

/** Deletions that a run would put before a person are carried out by a plan only when he says so. Throws CONFIRMATION_REQUIRED. */
async function assertFewDeletions(em: EntityManager, mapping: Mapping, planId: string): Promise<void> {
  const [counts] = await execute<{ deletions: number; couplings: number }>(
    em,
    sql`select (select count(*) from plan_item
                where plan_id = ${planId} and action in ('CREATE', 'UNCOUPLE', 'DELETE') and item->>'row' = '4')::integer as deletions,
               (select count(*) from coupling where mapping_id = ${mapping.id})::integer as couplings`,
  )
  const { deletions, couplings } = counts ?? { deletions: 0, couplings: 0 }
  const { percent, minimum } = mapping.definition.deletionReview
  if (deletions < minimum || deletions * 100 <= couplings * percent) return
  throw apiError(
    ErrorCode.confirmationRequired,
    `The plan acts on ${deletions} deletions among ${couplings} couplings; a run would let them wait for review. Nothing was done. Pass allowDeletions: true to carry them out.`,
    { deletions },
  )
}

/** One page of a plan's items, in their order. Throws BAD_USER_INPUT. */
export async function planItems(
  context: ApiContext,
  plan: PlanType,
  request: {
    readonly first: number
    readonly after: string | null
    readonly filter: PlanItemFilter | null
  },
): Promise<PlanItemConnection> {
  const { first, after, filter } = request
  assertPageSize(first)
  if (after !== null && !/^\d{1,9}$/.test(after)) {
    throw badUserInput([{ argument: 'after', message: 'Expected the endCursor of the page before.' }])
  }
  const conditions = present([
    sql`i.plan_id = ${plan.id}`,
    sql`i.number > ${Number(after ?? 0)}`,
    oneOf(sql`i.action`, filter?.action),
    filter?.direction ? sql`i.direction = ${filter.direction}` : null,
    containsText(
      [sql`i.local_name`, sql`i.integration_name`, sql`i.source_id`, sql`i.destination_id`],
      filter?.text,
    ),
  ])
  const numbers = await execute<{ number: number }>(
    context.em,
    sql`select i.number from plan_item i where ${allOf(conditions)} order by i.number limit ${first + 1}`,
  )
  const shown = numbers.slice(0, first).map((row) => row.number)
  const records = await context.em.find(
    PlanItemRecord,
    { planId: plan.id, number: { $in: shown } },
    { orderBy: { number: 'asc' }, disableIdentityMap: true },
  )
  const words = await wordsOf(
    context,
    plan.id,
    records.flatMap(({ item }) => item.changes),
  )
  const last = shown.at(-1)
  return {
    nodes: records.map((record) => itemType(record, words)),
    endCursor: numbers.length > first && last !== undefined ? String(last) : null,
  }
}
