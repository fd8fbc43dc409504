import type { EntityManager } from '@mikro-orm/postgresql'
import type { PassDirection } from '../domain/mapping.js'
import { planItemOf } from '../domain/plan.js'
import type { SynchRun } from '../persistence/entities/synch-run.js'
import { planKeyHash, planKeyHashes, refusePlanItems } from '../persistence/queries/plans.js'
import type { DecidedRow } from './page-format.js'

/**
 * Of a run that carries out a plan: leaves alone what would be done otherwise than it was planned, or on other versions. Such
 * records are Ignored `CHANGED_SINCE_PLAN`, and their items say so; all else is returned as it is.
 */
export async function asPlanned(
  em: EntityManager,
  run: SynchRun,
  direction: PassDirection,
  rows: readonly DecidedRow[],
): Promise<readonly DecidedRow[]> {
  if (run.scope?.kind !== 'plan') return rows
  const { planId } = run.scope
  const planned = await planKeyHashes(
    em,
    planId,
    direction,
    rows.map((row) => row.sourceId),
  )
  const changed = new Set(
    rows.filter((row) => keyHashOf(row, direction) !== planned.get(row.sourceId)).map((row) => row.sourceId),
  )
  await refusePlanItems(em, planId, direction, [...changed])
  return rows.map((row) =>
    changed.has(row.sourceId)
      ? {
          ...row,
          decision: { row: 'refused', partner: null, outcome: 'ignored', reason: 'CHANGED_SINCE_PLAN' },
        }
      : row,
  )
}

function keyHashOf(row: DecidedRow, direction: PassDirection): string | null {
  const { decision } = row
  if (decision.row === 'busy' || decision.row === 'refused') return null
  if (decision.row === 'undone' || decision.outcome === 'deferred' || decision.outcome === 'notApplicable')
    return null
  const item = planItemOf({ ...row, direction, decision })
  return item === null ? null : planKeyHash(item)
}
