import { counted } from '../../domain/text.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { deleteCouplings as uncouple } from '../../persistence/uncouple.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { findByIds } from '../loaders.js'
import type { DeletedCouplingsType } from './coupling-change.type.js'

/** Delete Couplings, by id; they may belong to several mappings. */
export async function deleteCouplings(
  context: ApiContext,
  ids: readonly string[],
): Promise<DeletedCouplingsType> {
  return context.em.fork().transactional(async (em) => {
    const couplings = await findByIds(em, CouplingRecord, ids)
    const known = new Set(couplings.map((coupling) => coupling.id))
    const runIds: string[] = []
    let [removed, busy] = [0, 0]
    const groups = [...Map.groupBy(couplings, (coupling) => coupling.mappingId)].toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    )
    for (const [mappingId, group] of groups) {
      const done = await uncouple(
        em,
        mappingId,
        group.map((coupling) => coupling.id),
        context.principal.name,
      )
      removed += done.removed
      busy += done.busy
      if (done.runId !== null) runIds.push(done.runId)
    }
    return { removed, busy, unknown: ids.filter((id) => !known.has(id)), runIds }
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
  const done = await context.em
    .fork()
    .transactional((em) => uncouple(em, mapping.id, null, context.principal.name))
  return {
    removed: done.removed,
    busy: done.busy,
    unknown: [],
    runIds: done.runId === null ? [] : [done.runId],
  }
}
