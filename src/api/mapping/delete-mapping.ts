import { inTransaction } from '../in-transaction.js'
import { LockMode } from '@mikro-orm/postgresql'
import { isFinished, RunStatus } from '../../domain/run.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import { counted } from '../../domain/text.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { lockMappings } from '../../persistence/mappings.js'
import { shownMapping } from '../audit/shown.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { assertSeenVersion } from '../seen-version.js'
import { otherDefinitions } from './validate-definition.js'
import type { DeletedMappingType } from './mapping-change.type.js'

/**
 * Deletes a mapping with its couplings, jobs, errors and history; the records in both systems stay as they are. Throws
 * CONFLICTING_STATE where it was changed since it was looked at, while a run of it is under way or another mapping refers to it, CONFIRMATION_REQUIRED while it has
 * couplings, unless confirmed.
 */
export async function deleteMapping(
  context: ApiContext,
  id: string,
  { confirm, version }: { readonly confirm: boolean; readonly version: number | null },
): Promise<DeletedMappingType> {
  const { connectionId } = await context.em.findOneOrFail(Mapping, { id }, { disableIdentityMap: true })
  return inTransaction(context, async (em) => {
    await lockMappings(em, connectionId)
    const mapping = await em.findOne(Mapping, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (mapping === null) throw apiError(ErrorCode.notFound, 'The mapping was deleted meanwhile.')
    assertSeenVersion(mapping, version)
    const users = (await otherDefinitions(em, connectionId, [mapping.name]))
      .filter(
        (other) =>
          other.dependsOn.includes(mapping.name) ||
          other.fields.some((field) => field.lookupMappings?.includes(mapping.name) === true),
      )
      .map((other) => other.name)
    if (users.length > 0) {
      throw apiError(
        ErrorCode.conflictingState,
        `${users.join(', ')} ${users.length === 1 ? 'refers' : 'refer'} to ${mapping.name}, by dependsOn or lookupMappings. Remove that first.`,
        { mappings: users },
      )
    }
    const open = await em.find(SynchRun, {
      mappingId: id,
      status: { $in: Object.values(RunStatus).filter((status) => !isFinished(status)) },
    })
    if (open.length > 0) {
      throw apiError(
        ErrorCode.conflictingState,
        `A run of ${mapping.name} is under way. Cancel it, or wait for its end, then delete the mapping.`,
        { runIds: open.map((run) => run.id) },
      )
    }
    const couplings = await em.count(CouplingRecord, { mappingId: id })
    if (couplings > 0 && !confirm) {
      throw apiError(
        ErrorCode.confirmationRequired,
        `${mapping.name} has ${counted(couplings, 'coupling')}, which would be deleted with it, and its jobs, errors and history; the records in both systems stay. Ask again with confirm: true.`,
        { couplings },
      )
    }
    const before = shownMapping(mapping)
    await em.remove(mapping).flush()
    context.audit.changed({ kind: 'mapping', id, name: mapping.name, before, after: null })
    return { name: mapping.name, couplings }
  })
}
