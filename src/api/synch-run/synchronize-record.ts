import type { SeenVersions } from '../../domain/decide.js'
import type { PassDirection } from '../../domain/mapping.js'
import { RecordResultOutcome } from '../../domain/run.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { RecordResult } from '../../persistence/entities/record-result.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { conflictField, stampsOf } from '../record/conflict.js'
import { requestSynchronization } from './request-synchronization.js'
import { readRun } from './run-engine.js'
import { DestinationChangedType } from './synch-run.type.js'

export interface RecordRequest {
  readonly couplingId: string
  readonly direction: PassDirection
  readonly overwrite: boolean
  readonly seen: SeenVersions | null
}

/**
 * Synchronizes one coupled record in the direction asked for, and waits for it. Throws NOT_FOUND; BAD_USER_INPUT for a
 * direction in which the mapping carries nothing.
 */
export async function synchronizeRecord(
  context: ApiContext,
  request: RecordRequest,
): Promise<SynchRun | DestinationChangedType> {
  const { couplingId } = request
  const coupling = await context.em.findOne(CouplingRecord, { id: couplingId }, { disableIdentityMap: true })
  if (coupling === null) throw apiError(ErrorCode.notFound, `There is no coupling ${couplingId}.`)
  const [requested] = await requestSynchronization(context, [coupling], request)
  if (requested === undefined) throw new Error(`No run was asked for coupling ${couplingId}.`)
  const results = await context.loaders.resultsOfRun.load(requested.runId)
  const result = results.find((candidate) => candidate.couplingId === couplingId)
  return result?.outcome === RecordResultOutcome.destinationChanged
    ? destinationChanged(result)
    : readRun(context, requested.runId)
}

/** What a person is told whose write would have lost an edit. */
export const DESTINATION_CHANGED =
  'The destination record was changed since it was last synchronized, so nothing was written. Synchronize again with overwrite to replace its changes, or synchronize in the other direction.'

function destinationChanged(result: RecordResult): DestinationChangedType {
  const detail = result.detail ?? null
  return new DestinationChangedType({
    couplingId: result.couplingId ?? '',
    runId: result.runId,
    message: result.message ?? DESTINATION_CHANGED,
    versions: { local: detail?.localVersion ?? null, integration: detail?.integrationVersion ?? null },
    stamps:
      detail === null
        ? {
            local: null,
            integration: null,
            lastSynchModifiedOn: null,
            lastSynchCrmModifiedOn: null,
            editedLast: null,
          }
        : stampsOf(detail),
    fields: detail === null ? [] : detail.fields.map(conflictField),
  })
}
