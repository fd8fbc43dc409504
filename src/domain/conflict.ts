import { ErrorClass, type Failure } from './failure.js'
import type { Value } from './value.js'

/** One field of a conflict, as the person who settles it must see it. */
export interface ConflictField {
  readonly name: string
  readonly localField: string
  readonly integrationField: string
  readonly localCaption: string
  readonly integrationCaption: string
  readonly direction: string
  readonly base: { readonly local: Value; readonly integration: Value } | null
  readonly local: Value
  readonly integration: Value
  readonly localChanged: boolean
  readonly integrationChanged: boolean
  /** Whether the two sides agree on it. */
  readonly equal: boolean
}

/** Everything that was known when the conflict was found; stays with the skipped record until it is settled. */
export interface ConflictDetail {
  readonly firstContact: boolean
  readonly localStamp: number | null
  readonly integrationStamp: number | null
  readonly localVersion: string | null
  readonly integrationVersion: string | null
  /** Stamps of the last synchronisation. */
  readonly coupledLocalStamp: number | null
  readonly coupledIntegrationStamp: number | null
  /** Which side was edited last, judged by the stamps; null when equal or unknown. */
  readonly editedLast: 'LOCAL' | 'INTEGRATION' | null
  readonly fields: readonly ConflictField[]
}

/** The fields over which two records conflict, by name, sorted: both sides hold a value of their own in them. */
export function clashingFields({ firstContact, fields }: ConflictDetail): readonly string[] {
  return fields
    .filter(({ equal, direction }) => !equal && direction === 'BIDIRECTIONAL')
    .filter((field) =>
      firstContact
        ? field.local !== null && field.integration !== null
        : field.localChanged && field.integrationChanged,
    )
    .map(({ name }) => name)
    .sort()
}

const CONFLICT_CAUSES = {
  firstContact: (source: string, destination: string) =>
    `Nothing that the ${source} and the ${destination} once agreed on says which value is right, and the mapping does not say which side wins.`,
  bothChanged: (source: string, destination: string) =>
    `Both the ${source} and the ${destination} were changed since they were last synchronized, and the mapping does not say which side wins.`,
  tooClose: (source: string, destination: string) =>
    `Both the ${source} and the ${destination} were changed since they were last synchronized, and the clocks of the two systems cannot tell which change is the newer one.`,
} as const

/** The documented message, destination first (engine rule 5); where the two have never agreed, no date says anything, so another. */
export function updateConflict(
  destinationCaption: string,
  sourceCaption: string,
  reason: keyof typeof CONFLICT_CAUSES,
): Failure {
  return {
    errorClass: ErrorClass.conflict,
    message:
      reason === 'firstContact'
        ? `Cannot update the ${destinationCaption} record because it and the ${sourceCaption} record hold different values and were never synchronized.`
        : `Cannot update the ${destinationCaption} record because it has a later modified date than the ${sourceCaption} record.`,
    cause: CONFLICT_CAUSES[reason](sourceCaption, destinationCaption),
    remedy:
      'Open the skipped synch. record, compare the values, choose which changes to keep, and synchronize again. Or set Resolve Update Conflicts on the mapping.',
  }
}

const DELETION_CAUSES = {
  noPolicy: 'the mapping does not say what to do with deletions',
  oneWay: 'the mapping is one-way and never writes its source',
  outOfFilter: 'the other record lies outside the filter of the mapping',
  changed: 'the other record was changed since the last synchronization, so it is not deleted',
  notRead: 'the other record could not be read',
  rejected: 'a person has rejected the deletion, one of many at once',
} as const
/** Why a deletion conflict stands. */
export type DeletionCause = keyof typeof DELETION_CAUSES

/** The documented message; it names the destination of the pass, as Business Central does (engine rule 7). */
export function deletionConflict(
  destinationCaption: string,
  deletedCaption: string,
  reason: keyof typeof DELETION_CAUSES,
): Failure {
  return {
    errorClass: ErrorClass.deletedRecord,
    message: `The ${destinationCaption} record cannot be updated because it is coupled to a deleted record.`,
    cause: `The ${deletedCaption} of this coupling was deleted, and ${DELETION_CAUSES[reason]}.`,
    remedy: `Restore the ${deletedCaption}, then retry; or remove the coupling.`,
  }
}
