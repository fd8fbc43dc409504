import type { PassDirection } from '../domain/mapping.js'
import type { ReadById } from '../domain/record.js'
import type { RunScope } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { recordKey } from '../persistence/queries/errors.js'
import type { EngineDecision, PageRow } from './page-format.js'

/**
 * What keeps a run from touching a record that is no longer as its asker saw it; null: nothing does. What is forced or merged is
 * compared by the table, which tells the values; here only whether a record has gone since.
 */
export function refuseUnseen(
  scope: RunScope | null,
  pass: PassDirection,
  row: PageRow,
  couplingId: string | null,
  destination: ReadById | undefined,
): EngineDecision | null {
  if (scope === null || !('seenBy' in scope)) return null
  const side = sourceOf(pass)
  const seen = scope.seenBy?.[recordKey(couplingId, side, row.id)]
  if (seen === undefined) return null
  const source = row.read.kind === 'found' ? row.read.record.version : null
  const other = destination?.kind === 'found' ? destination.record.version : null
  const [local, integration] = side === Side.local ? [source, other] : [other, source]
  const isLeftToTable = scope.kind === 'forced' || scope.kind === 'merge'
  const moved = (before: string | null, now: string | null) =>
    isLeftToTable ? before !== null && now === null : before !== now
  if (!moved(seen.local, local) && !moved(seen.integration, integration)) return null
  return {
    row: 'given',
    partner: null,
    outcome: 'notApplicable',
    changedSince: true,
    message:
      'A record was changed, created or deleted since it was looked at, so nothing was done. Look again, then decide.',
  }
}
