import type { Decision } from '../domain/decision.js'
import { carries, passFrom, sourceOf } from '../domain/mapping.js'
import type { MappingDefinition, PassDirection } from '../domain/mapping.js'
import type { ReadById } from '../domain/record.js'
import { PendingReason, type RunScope } from '../domain/run.js'
import { otherSide, Side } from '../domain/value.js'
import type { StoredState } from '../persistence/queries/record-states.js'
import type { Survivor } from './made-again.js'
import type { EngineDecision, PageRow } from './page-format.js'

/** A coupled row with what was read of both sides. */
export interface CoupledRead {
  readonly row: PageRow
  readonly destination: ReadById | undefined
  readonly state: StoredState | null
  readonly skipped: boolean
}

/** The side that is gone where the other one is there; null otherwise. */
export function goneSide(
  { row, destination }: Pick<CoupledRead, 'row' | 'destination'>,
  pass: PassDirection,
): Side | null {
  const source = sourceOf(pass)
  if (row.read.kind === 'gone') return destination?.kind === 'found' ? source : null
  return row.read.kind === 'found' && destination?.kind === 'gone' ? otherSide(source) : null
}

/** Of coupled rows of which exactly one side is gone, the record that is left. */
export function survivorsOf(
  rows: readonly PageRow[],
  destinations: ReadonlyMap<string, ReadById>,
  pass: PassDirection,
): readonly Survivor[] {
  return rows.flatMap((row): readonly Survivor[] => {
    const destination = destinations.get(row.id)
    const gone = goneSide({ row, destination }, pass)
    if (gone === null) return []
    const read = row.read.kind === 'found' ? row.read : destination
    return read?.kind === 'found' ? [{ rowId: row.id, side: otherSide(gone), record: read.record }] : []
  })
}

export const DELETION_REASONS: ReadonlySet<string> = new Set([
  PendingReason.deletion,
  PendingReason.deletionReview,
  PendingReason.deletionAllowed,
])

/**
 * What a run does with a coupled record of which one side is gone. A pass notes it and decides when all of them are known; what
 * waits for review waits on; a person's work on chosen records is decided at once. Null: the decision table decides.
 */
export function decideBereft(
  read: CoupledRead,
  gone: Side,
  scope: RunScope | null,
  definition: MappingDefinition,
): EngineDecision | null {
  if (scope?.kind === 'delete') return deleteSurvivor(read, gone, definition)
  if (scope?.kind === 'restore' || read.skipped || read.row.origin === 'deletion') return null
  const isOneOfMany = scope === null || (scope.kind === 'retry' && scope.asked === false)
  if (!isOneOfMany) return null
  return read.state?.reason === PendingReason.deletionReview
    ? { row: 4, partner: null, outcome: 'ignored', reason: 'DELETION_REVIEW' }
    : { row: 4, partner: null, outcome: 'deferred', gone }
}

/** A person's Delete Records: the survivor, whatever became of it since the last synchronisation; it is he who says so. */
function deleteSurvivor(read: CoupledRead, gone: Side, definition: MappingDefinition): EngineDecision {
  const { row, destination } = read
  const survivor =
    row.read.kind === 'found' ? row.read.record : destination?.kind === 'found' ? destination.record : null
  if (survivor === null) throw new Error(`Record ${row.id} has no survivor.`)
  if (!carries(definition, passFrom(gone))) {
    return notApplicable(
      'The mapping carries changes in one direction only, and its source is never deleted. Delete the coupling instead.',
    )
  }
  return {
    row: 4,
    partner: null,
    outcome: 'deletedOther',
    side: otherSide(gone),
    version: survivor.version,
  } satisfies Decision
}

/** A person's Restore Records or Delete Records of a pair that does not lack exactly one side. */
export function refuseAction(kind: 'restore' | 'delete'): EngineDecision {
  return notApplicable(
    kind === 'restore'
      ? 'Both records exist, so there is nothing to restore. Retry the record instead.'
      : 'Both records exist. Only the record that is left of a pair can be deleted here.',
  )
}

function notApplicable(message: string): EngineDecision {
  return { row: 4, partner: null, outcome: 'notApplicable', message }
}
