import { inTransaction } from '../in-transaction.js'
import { counted } from '../../domain/text.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { deleteCouplings as uncouple, type Uncoupled } from '../../persistence/uncouple.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { findByIds } from '../loaders.js'
import type { DeletedCouplingsType } from './coupling-change.type.js'

/** Delete Couplings, by id; they may belong to several mappings. */
export async function deleteCouplings(
  context: ApiContext,
  ids: readonly string[],
): Promise<DeletedCouplingsType> {
  return inTransaction(context, async (em) => {
    const couplings = await findByIds(em, CouplingRecord, ids)
    const known = new Set(couplings.map((coupling) => coupling.id))
    const groups = [...Map.groupBy(couplings, (coupling) => coupling.mappingId)].map(
      ([mappingId, group]) => ({
        mappingId,
        ids: group.map(({ id }) => id),
      }),
    )
    return {
      ...summed(await uncouple(em, groups, context.principal.name)),
      unknown: ids.filter((id) => !known.has(id)),
    }
  })
}

/** Delete Couplings of a whole mapping. Throws CONFIRMATION_REQUIRED, saying how many there are, unless confirmed. */
export async function deleteCouplingsOfMapping(
  context: ApiContext,
  mapping: Mapping,
  confirm: boolean,
): Promise<DeletedCouplingsType> {
  if (!confirm) {
    const couplings = await context.em.count(CouplingRecord, { mappingId: mapping.id })
    throw apiError(
      ErrorCode.confirmationRequired,
      `${mapping.name} has ${counted(couplings, 'coupling')}, which would be deleted; the records in both systems, the history and the log stay. Ask again with confirm: true.`,
      { couplings },
    )
  }
  const done = await inTransaction(context, (em) =>
    uncouple(em, [{ mappingId: mapping.id, ids: null }], context.principal.name),
  )
  return { ...summed(done), unknown: [] }
}

function summed(done: ReadonlyMap<string, Uncoupled>): Omit<DeletedCouplingsType, 'unknown'> {
  const all = [...done.values()]
  return {
    removed: all.reduce((sum, { removed }) => sum + removed, 0),
    busy: all.reduce((sum, { busy }) => sum + busy, 0),
    runIds: all.flatMap(({ runId }) => runId ?? []),
  }
}
