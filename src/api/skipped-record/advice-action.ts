import type { SeenVersions } from '../../domain/choice.js'
import { Advice, type Recommendation } from '../../domain/recommendation.js'
import { assertNever, Side } from '../../domain/value.js'
import type { Action } from '../action/actions.js'

/** What to call to do what is recommended with a skipped synch. record; null: a person has to choose or mend something first. */
export function adviceAction(
  { advice, fields }: Recommendation,
  skipped: {
    readonly id: string
    readonly couplingId: string | null
    /** Those that the recommendation was made on. */
    readonly versions: SeenVersions | null
  },
): Action | null {
  const { id, couplingId, versions } = skipped
  const seen = versions === null ? {} : { seenVersions: [{ id, ...versions }] }
  switch (advice) {
    case Advice.keepLocal:
    case Advice.keepIntegration: {
      const keep = advice === Advice.keepLocal ? Side.local : Side.integration
      return {
        mutation: 'resolveSkippedSynchRecords',
        variables: { ids: [id], keep, ...seen },
        text: `Keeps the changes of ${keep === Side.local ? 'the local record' : 'the integration record'}.`,
      }
    }
    case Advice.merge:
      return {
        mutation: 'resolveSkippedSynchRecords',
        variables: { ids: [id], merge: true, ...seen },
        text: 'Merges: each side keeps the changes of its own.',
      }
    case Advice.perField:
      return {
        mutation: 'resolveSkippedSynchRecords',
        variables: {
          ids: [id],
          fields: fields.flatMap(({ name, keep, clashes }) =>
            keep === null || !clashes ? [] : { name, keep },
          ),
          ...seen,
        },
        text: 'Keeps of each field that both sides changed what is recommended, and merges the rest.',
      }
    case Advice.restoreRecords:
      return {
        mutation: 'restoreRecords',
        variables: { ids: [id] },
        text: 'Makes the deleted record anew from the one that is left.',
      }
    case Advice.deleteCoupling:
      return couplingId === null
        ? null
        : {
            mutation: 'deleteCouplings',
            variables: { ids: [couplingId] },
            text: 'Removes the coupling; the record that is left stays.',
          }
    case Advice.fixAndRetry:
      return {
        mutation: 'retrySkippedSynchRecords',
        variables: { ids: [id] },
        text: 'Tries it again, once what the error names is put right.',
      }
    case Advice.retry:
      return { mutation: 'retrySkippedSynchRecords', variables: { ids: [id] }, text: 'Tries it again.' }
    case Advice.choose:
      return null
    default:
      return assertNever(advice)
  }
}
