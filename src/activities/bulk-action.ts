import { Context } from '@temporalio/activity'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { BULK_PAGE, BulkActionStatus, isSettlement, type BulkErrorAction } from '../domain/bulk-action.js'
import { assertNever } from '../domain/value.js'
import { BulkAction } from '../persistence/entities/bulk-action.js'
import {
  awaitedRuns,
  callOff,
  leaveToRun,
  letGo,
  nextErrorTargets,
  saveTargetResults,
  settleErrorTargets,
  type AwaitedRun,
  type BulkTarget,
  type TargetResult,
} from '../persistence/queries/bulk-actions.js'
import { nextSettlementTargets, settleSettlementTargets } from '../persistence/queries/bulk-settlements.js'
import { assignTargets, postponeTargets, resolveTargets, skipTargets } from './bulk-changes.js'
import { settlePage } from './bulk-settlement.js'
import type { ActivityDependencies } from './dependencies.js'
import { requestRetriesOf } from './bulk-retry.js'

/** How often a run that is waited for is looked at, milliseconds. */
const LOOK = 500

const RESOLVED_MEANWHILE = 'It had been resolved meanwhile.'

/** `cancel`: it is called off, by Temporal's own tools. */
export interface BulkActionInput {
  readonly actionId: string
  readonly cancel?: true
}

/**
 * `start`: runs whose workflows are to be started; `cancel`: those to be told that they were called off. NEXT: there is more; WAIT: first
 * for runs; OVER: it has ended.
 */
export interface BulkStep {
  readonly state: 'NEXT' | 'WAIT' | 'OVER'
  readonly start: readonly string[]
  readonly cancel?: readonly string[]
}

/**
 * Takes a bulk action one page further, in one transaction: what the runs of the page before have brought is noted, then the next page is
 * carried out or given to a run. One that is called off calls off the runs that it has asked for, and ends when they have. Safe to repeat:
 * a page that was taken up is not taken up again.
 */
export async function advanceBulkAction(
  dependencies: ActivityDependencies,
  { actionId, cancel }: BulkActionInput,
): Promise<BulkStep> {
  return dependencies.database.em.fork().transactional(async (em) => {
    const action = await em.findOne(BulkAction, { id: actionId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (action === null || action.status !== BulkActionStatus.running) return { state: 'OVER', start: [] }
    if (cancel === true) {
      action.cancelRequestedAt ??= new Date()
      await em.flush()
    }
    if (action.cancelRequestedAt) await letGo(em, actionId)
    const awaited = await awaitedRuns(em, actionId)
    const [ended, underWay] = [awaited.filter((one) => one.hasEnded), awaited.filter((one) => !one.hasEnded)]
    const settle = isSettlement(action.kind) ? settleSettlementTargets : settleErrorTargets
    await settle(
      em,
      actionId,
      ended.map(({ id }) => id),
    )
    if (underWay.length > 0)
      return {
        ...waitFor(underWay),
        ...(action.cancelRequestedAt && { cancel: await callOff(em, underWay) }),
      }
    if (action.cancelRequestedAt) return end(em, action, BulkActionStatus.cancelled)
    if (!(await takePage(em, action))) return end(em, action, BulkActionStatus.completed)
    const asked = await awaitedRuns(em, actionId)
    return asked.length > 0 ? waitFor(asked) : { state: 'NEXT', start: [] }
  })
}

/** Also what an earlier attempt has asked for, which may have died before it could start it; starting twice is harmless. */
function waitFor(runs: readonly AwaitedRun[]): BulkStep {
  return { state: 'WAIT', start: runs.filter(({ starts }) => starts).map(({ id }) => id) }
}

async function end(
  em: EntityManager,
  action: BulkAction,
  status: typeof BulkActionStatus.completed | typeof BulkActionStatus.cancelled,
): Promise<BulkStep> {
  action.status = status
  action.finishedAt = new Date()
  await em.flush()
  return { state: 'OVER', start: [] }
}

/** Carries out the next page; false: there is none. Of what needs a system: asks for runs, and leaves the targets to them. */
async function takePage(em: EntityManager, action: BulkAction): Promise<boolean> {
  const { id, kind, position } = action
  if (isSettlement(kind)) {
    const page = await nextSettlementTargets(em, id, position, BULK_PAGE)
    if (!(await takeUp(em, action, page))) return false
    await saveTargetResults(em, id, await settlePage(em, action, kind, page))
    return true
  }
  const page = await nextErrorTargets(em, id, position, BULK_PAGE)
  if (!(await takeUp(em, action, page))) return false
  await carryOut(em, action, kind, page)
  return true
}

/** Notes that a page is taken up, so that it is not taken up again; false: it is empty. */
async function takeUp(
  em: EntityManager,
  action: BulkAction,
  page: readonly { readonly number: number }[],
): Promise<boolean> {
  const last = page.at(-1)
  if (last === undefined) return false
  action.position = last.number
  await em.flush()
  return true
}

async function carryOut(
  em: EntityManager,
  action: BulkAction,
  kind: BulkErrorAction,
  page: readonly BulkTarget[],
): Promise<void> {
  const open = page.filter(({ isOpen }) => isOpen)
  const resolved = page
    .filter(({ isOpen }) => !isOpen)
    .map(({ number }) => ({ number, outcome: 'UNCHANGED', message: RESOLVED_MEANWHILE }) as const)
  const results = await changeTargets(em, action, kind, open)
  await saveTargetResults(em, action.id, [...resolved, ...results])
}

async function changeTargets(
  em: EntityManager,
  action: BulkAction,
  kind: BulkErrorAction,
  open: readonly BulkTarget[],
): Promise<readonly TargetResult[]> {
  switch (kind) {
    case 'RETRY_NOW': {
      const retries = await requestRetriesOf(em, open, action.requestedBy)
      for (const { runId, numbers } of retries) await leaveToRun(em, action.id, numbers, runId)
      return []
    }
    case 'RETRY_WITH_BACK_OFF':
      return postponeTargets(em, open)
    case 'SKIP':
      return skipTargets(em, open)
    case 'ASSIGN':
      return assignTargets(em, open, action.assignee ?? null)
    case 'RESOLVE':
      return resolveTargets(em, open, action.requestedBy)
    default:
      return assertNever(kind)
  }
}

/** Waits until the runs of the page at hand have ended, or somebody calls the action off. Changes nothing. */
export async function followBulkAction(
  dependencies: ActivityDependencies,
  { actionId }: BulkActionInput,
): Promise<void> {
  const { cancellationSignal } = Context.current()
  for (;;) {
    const em = dependencies.database.em.fork()
    const runs = await awaitedRuns(em, actionId)
    if (cancellationSignal.aborted || runs.every(({ hasEnded }) => hasEnded)) return
    const { cancelRequestedAt } = await em.findOneOrFail(BulkAction, { id: actionId })
    if (cancelRequestedAt && runs.some(({ hasEnded, isCalledOff }) => !hasEnded && !isCalledOff)) return
    await Context.current().sleep(LOOK)
  }
}
