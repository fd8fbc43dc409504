import { deletionConflict, type DeletionCause } from './conflict.js'
import type { Coupling } from './coupling.js'
import type { Outcome } from './decision.js'
import { sideChanged } from './field-state.js'
import type { TransferContext } from './field-transfer.js'
import { matchesFilter } from './filter.js'
import { createValues } from './insert.js'
import { carries, passFrom, sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { fieldOf } from './schema.js'
import { assertNever, otherSide, Side } from './value.js'

/** A coupled pair of which one side is gone. */
export interface Bereft {
  readonly mapping: MappingDefinition
  readonly context: TransferContext
  readonly pass: PassDirection
  readonly coupling: Coupling
  readonly gone: Side
  /** Null: it was not read. */
  readonly survivor: RecordSnapshot | null
}

/**
 * Row 4, by Resolve Deletion Conflicts. A run neither restores from nor deletes a survivor outside its filter, and writes no
 * source of a one-way mapping; it deletes no record that was changed since the last synchronisation. There the conflict
 * stands.
 */
export function decideDeletion(bereft: Bereft): Outcome {
  const policy = bereft.mapping.deletionConflictPolicy
  switch (policy) {
    case 'NONE':
      return standing(bereft, 'noPolicy')
    case 'DELETE_COUPLING':
      return { outcome: 'uncoupled' }
    case 'RESTORE_RECORDS':
      return restore(bereft)
    case 'DELETE_OTHER_RECORD':
      return deleteOther(bereft)
    default:
      return assertNever(policy)
  }
}

function restore(bereft: Bereft): Outcome {
  const { mapping, gone, survivor, context } = bereft
  const pass = passFrom(otherSide(gone))
  if (!carries(mapping, pass)) return standing(bereft, 'oneWay')
  if (survivor === null) return standing(bereft, 'notRead')
  if (!isInFilter(bereft, survivor)) return standing(bereft, 'outOfFilter')
  const created = createValues(mapping, pass, survivor, context)
  return created.kind === 'failed'
    ? { outcome: 'failed', failure: created.failure }
    : { outcome: 'restored', side: gone, values: created.values }
}

function deleteOther(bereft: Bereft): Outcome {
  const { mapping, gone, survivor, context, coupling } = bereft
  const side = otherSide(gone)
  if (!carries(mapping, passFrom(gone))) return standing(bereft, 'oneWay')
  if (survivor === null) return standing(bereft, 'notRead')
  if (!isInFilter(bereft, survivor)) return standing(bereft, 'outOfFilter')
  if (coupling.base === null || sideChanged(mapping, coupling, side, survivor, context))
    return standing(bereft, 'changed')
  return { outcome: 'deletedOther', side, version: survivor.version }
}

function isInFilter({ mapping, gone, context }: Bereft, survivor: RecordSnapshot): boolean {
  const [filter, table] =
    gone === Side.local
      ? [mapping.integrationFilter, context.integrationTable]
      : [mapping.localFilter, context.localTable]
  return matchesFilter(filter, survivor.values, (name) => fieldOf(table, name).type)
}

/** The deletion conflict of this pass. */
function standing({ pass, gone, survivor, context }: Bereft, cause: DeletionCause): Outcome {
  const captions = {
    [Side.local]: context.localTable.caption,
    [Side.integration]: context.integrationTable.caption,
  }
  const of = (side: Side) => (gone === side ? null : survivor)
  return {
    outcome: 'conflict',
    failure: deletionConflict(captions[otherSide(sourceOf(pass))], captions[gone], cause),
    detail: {
      firstContact: false,
      localStamp: of(Side.local)?.stamp ?? null,
      integrationStamp: of(Side.integration)?.stamp ?? null,
      localVersion: of(Side.local)?.version ?? null,
      integrationVersion: of(Side.integration)?.version ?? null,
      coupledLocalStamp: null,
      coupledIntegrationStamp: null,
      editedLast: null,
      fields: [],
    },
  }
}
