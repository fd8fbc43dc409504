import type { EntityManager } from '@mikro-orm/postgresql'
import type { BulkSettlement } from '../domain/bulk-action.js'
import type { ResolveChoice } from '../domain/choice.js'
import type { RunScope } from '../domain/run.js'
import { assertNever, Side } from '../domain/value.js'
import type { BulkAction } from '../persistence/entities/bulk-action.js'
import { leaveToRun, type TargetResult } from '../persistence/queries/bulk-actions.js'
import type { SettlementTarget } from '../persistence/queries/bulk-settlements.js'
import { couplingsById } from '../persistence/queries/couplings.js'
import { liftStates } from '../persistence/queries/lift-states.js'
import { requestRecordsRun, requestRetries } from '../persistence/runs.js'
import { deleteCouplings } from '../persistence/uncouple.js'
import { recommendedFor, type Settlement } from './bulk-recommended.js'

/** A target of which both records are known. */
type Coupled = SettlementTarget & { readonly couplingId: string }

/**
 * Does one thing with a page of skipped synch. records of one mapping: what needs a system is left to a run, which is bound to the
 * versions that were known when the action was asked for. Returns what is known at once. Must be called inside a transaction.
 */
export async function settlePage(
  em: EntityManager,
  action: BulkAction,
  kind: BulkSettlement,
  page: readonly SettlementTarget[],
): Promise<readonly TargetResult[]> {
  const results: TargetResult[] = []
  const open: SettlementTarget[] = []
  for (const target of page) {
    const told = refusal(kind, target)
    if (told === null) open.push(target)
    else results.push({ number: target.number, ...told })
  }
  if (kind !== 'AS_RECOMMENDED') {
    const settlement = { kind, fields: action.fields ?? {} }
    return [...results, ...(await settle(em, action, settlement, open))]
  }
  const { groups, undecided } = await recommendedFor(em, open)
  for (const { number } of undecided) results.push({ number, outcome: 'FAILED', message: UNDECIDED })
  for (const { settlement, targets } of groups)
    results.push(...(await settle(em, action, settlement, targets)))
  return results
}

/** Does the same with all of them. */
async function settle(
  em: EntityManager,
  action: BulkAction,
  settlement: Settlement,
  targets: readonly SettlementTarget[],
): Promise<readonly TargetResult[]> {
  const { kind } = settlement
  if (kind === 'RETRY') return retry(em, action, targets)
  const results: TargetResult[] = []
  const coupled: Coupled[] = []
  for (const target of targets) {
    if (target.couplingId === null)
      results.push({ number: target.number, outcome: 'FAILED', message: NOT_COUPLED })
    else coupled.push({ ...target, couplingId: target.couplingId })
  }
  const [first] = coupled
  if (first === undefined) return results
  if (kind === 'DELETE_COUPLINGS') return [...results, ...(await uncouple(em, action, first, coupled))]
  const run = await requestRecordsRun(em, {
    mappingId: first.mappingId,
    scope: scopeOf({ ...settlement, kind }, coupled),
    direction: null,
    requestedBy: action.requestedBy,
  })
  await leaveToRun(
    em,
    action.id,
    coupled.map(({ number }) => number),
    run.id,
  )
  return results
}

const UNDECIDED = 'Nothing tells which side is right. Open the record, compare the values, then choose.'

const NOT_COUPLED =
  'The record is not coupled, so there is only one. Put right what its error names, then retry it.'

const SETTLED_MEANWHILE = 'It had been settled meanwhile.'

/** What is told of a record that is no longer as it was selected; null: it is. A retry decides on what stands then. */
function refusal(
  kind: BulkSettlement,
  { status, moved }: SettlementTarget,
): Pick<TargetResult, 'outcome' | 'message'> | null {
  switch (status) {
    case 'SETTLED':
      return { outcome: 'UNCHANGED', message: SETTLED_MEANWHILE }
    case 'LIFTED':
      return { outcome: 'UNCHANGED', message: 'Its skip had been lifted: a run tries it again.' }
    case 'AGAIN':
    case 'SKIPPED':
      return status === 'SKIPPED' && (kind === 'RETRY' || !moved)
        ? null
        : {
            outcome: 'CHANGED_SINCE',
            message:
              'A run has met the record in another state since the action was asked for, so nothing was done. Look at it again, then decide.',
          }
    default:
      return assertNever(status)
  }
}

/** Nobody looked at each record, so deletions among them are counted and reviewed as those of a pass. */
async function retry(
  em: EntityManager,
  action: BulkAction,
  targets: readonly SettlementTarget[],
): Promise<readonly TargetResult[]> {
  const lifted = await liftStates(
    em,
    targets.map(({ stateId }) => stateId),
  )
  // They were settled since they were read just now.
  if (lifted.length === 0)
    return targets.map(({ number }) => ({ number, outcome: 'UNCHANGED', message: SETTLED_MEANWHILE }))
  for (const run of await requestRetries(em, lifted, action.requestedBy, false))
    await leaveToRun(
      em,
      action.id,
      targets.map(({ number }) => number),
      run.id,
    )
  return []
}

async function uncouple(
  em: EntityManager,
  action: BulkAction,
  { mappingId }: Coupled,
  targets: readonly Coupled[],
): Promise<readonly TargetResult[]> {
  const ids = targets.map(({ couplingId }) => couplingId)
  await deleteCouplings(em, [{ mappingId, ids }], action.requestedBy)
  const left = new Set((await couplingsById(em, ids)).map(({ id }) => id))
  return targets.map(({ number, couplingId }) =>
    left.has(couplingId)
      ? {
          number,
          outcome: 'FAILED',
          message: 'A write to one of the two records is under way. Try again in a moment.',
        }
      : { number, outcome: 'SUCCEEDED', message: null },
  )
}

function scopeOf(
  { kind, fields }: Settlement & { readonly kind: Exclude<Settlement['kind'], 'RETRY' | 'DELETE_COUPLINGS'> },
  targets: readonly Coupled[],
): RunScope {
  const couplingIds = targets.map(({ couplingId }) => couplingId)
  switch (kind) {
    // Takes nothing from anybody: what is left is copied as it is then.
    case 'RESTORE_RECORDS':
      return { kind: 'restore', couplingIds }
    case 'DELETE_RECORDS':
      return {
        kind: 'delete',
        couplingIds,
        // Of a pair of which one is gone exactly one version is known; where none is, nothing was read.
        seenBy: Object.fromEntries(
          targets.flatMap(({ couplingId, seen }) =>
            (seen.local === null) === (seen.integration === null) ? [] : [[couplingId, seen]],
          ),
        ),
      }
    case 'KEEP_LOCAL':
    case 'KEEP_INTEGRATION':
    case 'MERGE':
    case 'KEEP_FIELDS':
      return {
        kind: 'resolve',
        couplingIds,
        choice: choiceOf(kind, fields),
        seen: Object.fromEntries(targets.map(({ couplingId, seen }) => [couplingId, seen])),
      }
    default:
      return assertNever(kind)
  }
}

function choiceOf(
  kind: 'KEEP_LOCAL' | 'KEEP_INTEGRATION' | 'MERGE' | 'KEEP_FIELDS',
  fields: Settlement['fields'],
): ResolveChoice {
  switch (kind) {
    case 'KEEP_LOCAL':
      return { kind: 'side', keep: Side.local }
    case 'KEEP_INTEGRATION':
      return { kind: 'side', keep: Side.integration }
    // No field is named: each side keeps what it alone changed.
    case 'MERGE':
      return { kind: 'fields', fields: {} }
    case 'KEEP_FIELDS':
      return { kind: 'fields', fields }
    default:
      return assertNever(kind)
  }
}
