import { errorClassOf } from '../../domain/failure.js'
import { carries, passFrom } from '../../domain/mapping.js'
import { recommend } from '../../domain/recommendation.js'
import { StatusReason } from '../../domain/record-status.js'
import { assertNever, Side } from '../../domain/value.js'
import type { Action } from '../action/actions.js'
import { adviceAction } from '../skipped-record/advice-action.js'
import type { Standing } from './gather-status.js'

/** What to call next; null: nothing needs to be done, or it is done in the system itself. */
export function nextStepOf(standing: Standing): Action | null {
  const { reason, mapping, connection, coupling, state, runs, subject } = standing
  const named = { name: mapping.name, connection: connection.name }
  switch (reason) {
    case StatusReason.unknownRecord:
    case StatusReason.inSync:
      return null
    case StatusReason.connectionStopped:
      return connection.disabledAt
        ? {
            mutation: 'enableConnection',
            variables: { name: connection.name },
            text: `Enables ${connection.name}.`,
          }
        : {
            mutation: 'resumeConnection',
            variables: { name: connection.name },
            text: `Resumes ${connection.name}.`,
          }
    case StatusReason.conflict:
    case StatusReason.skipped: {
      if (state === null) return null
      const advice = recommend(mapping.inForce(), {
        errorClass: errorClassOf(state.reason),
        detail: state.detail ?? null,
        goneSide: state.goneSide ?? null,
      })
      return adviceAction(advice, {
        id: state.id,
        couplingId: coupling?.id ?? null,
        versions: state.detail
          ? { local: state.detail.localVersion, integration: state.detail.integrationVersion }
          : null,
      })
    }
    case StatusReason.deletionReview:
      return runs?.reviewId
        ? {
            mutation: 'allowDeletions',
            variables: { id: runs.reviewId },
            text: 'Allows all deletions of the review, this one among them; each is looked at again first.',
          }
        : null
    case StatusReason.filtered: {
      const setting = subject.side === Side.local ? 'localFilter' : 'integrationFilter'
      return {
        mutation: 'rehearseMapping',
        variables: { ...named, changes: { [setting]: null } },
        text: 'Shows what the mapping would do without that filter; nothing is written. Or change the record.',
      }
    }
    case StatusReason.notCoupled:
      return coupleAction(standing, named)
    case StatusReason.waitsFor: {
      const [first] = state?.waitsForMappings ?? []
      return first === undefined || !state?.waitsForSide || !state.waitsForId
        ? null
        : {
            mutation: 'createRecords',
            variables: {
              mapping: first,
              connection: connection.name,
              side: state.waitsForSide,
              ids: [state.waitsForId],
            },
            text: 'Makes a partner for the record that it waits for, unless one matches; then it is released by itself.',
          }
    }
    case StatusReason.mappingPaused:
      return {
        mutation: 'resumeIntegrationTableMapping',
        variables: named,
        text: `Resumes ${mapping.name}.`,
      }
    case StatusReason.mappingStopped:
      return {
        mutation: 'checkConnection',
        variables: { connection: connection.name },
        text: 'Checks the connection and names what stops its runs.',
      }
    case StatusReason.backOff:
    case StatusReason.pendingNextRun:
      return {
        mutation: 'synchronizeMapping',
        variables: named,
        text:
          reason === StatusReason.backOff
            ? 'Starts the next run now; a record whose turn has not come yet is left out.'
            : 'Starts the next run now.',
      }
    default:
      return assertNever(reason)
  }
}

function coupleAction(
  { mapping, subject }: Standing,
  { connection }: { readonly connection: string },
): Action | null {
  if (mapping.definition.matchRules.length > 0)
    return {
      mutation: 'coupleByMatching',
      variables: { mapping: mapping.name, connection },
      text: 'Couples every uncoupled record, this one among them, with the one free record that matches it.',
    }
  return carries(mapping.definition, passFrom(subject.side))
    ? {
        mutation: 'createRecords',
        variables: { mapping: mapping.name, connection, side: subject.side, ids: [subject.id] },
        text: 'Makes a partner for it on the other side.',
      }
    : null
}
