import { GraphQLError } from '../graphql.js'
import { ErrorClass } from '../../domain/failure.js'
import { withRule, type Rule } from '../../domain/rule.js'
import { RecordStatus, RunStatus } from '../../domain/run.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import { showAction } from '../action/action.type.js'
import type { ActionType } from '../action/action.type.js'
import type { ApiContext } from '../context.js'
import { badUserInput, ErrorCode } from '../errors.js'
import { changeMapping, isSame } from '../mapping/change-mapping.js'
import { diffDocuments } from '../mapping/document/diff-documents.js'
import { toDocument } from '../mapping/document/mapping-document.js'
import { showChange } from '../mapping/versions.js'
import { readRehearsal, rehearseMapping } from '../rehearsal/rehearsal.js'
import { RuleAppliedType, RuleNotAppliedType, RuleRefusal, type RehearsedRuleType } from './rule.type.js'

/** Rehearses a mapping with a rule, without giving it the rule. Throws BAD_USER_INPUT, ENGINE_UNAVAILABLE. */
export async function rehearseRule(
  context: ApiContext,
  mapping: Mapping,
  rule: Rule,
  last: number,
): Promise<RehearsedRuleType> {
  const ruled = withRule(mapping.definition, rule)
  if ('problems' in ruled) {
    throw badUserInput(
      ruled.problems.map(({ field, message }) => ({
        argument: field === null ? 'mapping' : 'fields',
        message,
      })),
    )
  }
  const document = toDocument(ruled.definition)
  const changes = diffDocuments(toDocument(mapping.definition), document).map(showChange)
  const waiting = await context.em.count(RecordState, {
    mappingId: mapping.id,
    state: RecordStatus.skipped,
    reason: ErrorClass.conflict,
  })
  if (changes.length === 0) return { changes, rehearsal: null, waiting, nextStep: null }
  const rehearsal = await rehearseMapping(context, mapping, document, last)
  const text = `Gives ${mapping.name} the rule, as a new version; not if it was changed since this rehearsal.`
  return {
    changes,
    rehearsal,
    waiting,
    nextStep: showAction({ mutation: 'applyRule', variables: { rehearsalId: rehearsal.id }, text }),
  }
}

/**
 * Gives a mapping what was rehearsed, as a new version; not if it was changed since. Throws NOT_FOUND; BAD_USER_INPUT where other mappings
 * or tables changed so that it no longer fits.
 */
export async function applyRule(
  context: ApiContext,
  rehearsalId: string,
  note: string | null,
): Promise<RuleAppliedType | RuleNotAppliedType> {
  const rehearsal = await readRehearsal(context, rehearsalId)
  const refused = (reason: RuleRefusal, message: string, remedy: string) =>
    new RuleNotAppliedType({ reason, rehearsalId, message, remedy })
  if (rehearsal.status === RunStatus.running || rehearsal.status === RunStatus.queued) {
    const remedy = 'Ask rehearsal(id) until it is COMPLETED, look at its report, then apply it.'
    return refused(RuleRefusal.notRehearsed, 'The rehearsal has not ended yet.', remedy)
  }
  if (rehearsal.status !== RunStatus.completed) {
    const message = `The rehearsal is ${rehearsal.status}: ${rehearsal.message ?? 'it has no report.'}`
    return refused(RuleRefusal.rehearsalFailed, message, 'Rehearse the rule again.')
  }
  const { definition, mappingId, mappingVersion } = rehearsal
  const before = await context.em.findOneOrFail(Mapping, { id: mappingId }, { disableIdentityMap: true })
  if (isSame(before.definition, definition)) {
    const message = `${before.name} has what was rehearsed already, in version ${before.version}.`
    return refused(RuleRefusal.alreadyApplied, message, 'Nothing needs to be done.')
  }
  const changes = diffDocuments(toDocument(before.definition), toDocument(definition)).map(showChange)
  try {
    const mapping = await changeMapping(
      context,
      mappingId,
      { author: null, note: note ?? `Rule, rehearsed as ${rehearsalId}`, version: mappingVersion },
      (path) => path,
      () => ({ read: { value: definition, problems: [] } }),
    )
    return new RuleAppliedType({
      mapping,
      version: mapping.version,
      changes,
      nextStep: retryConflicts(mapping),
    })
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions['code'] !== ErrorCode.conflictingState)
      throw error
    return refused(
      RuleRefusal.mappingChanged,
      error.message,
      'Rehearse the rule again on the mapping as it is now.',
    )
  }
}

function retryConflicts(mapping: Mapping): ActionType {
  return showAction({
    mutation: 'retryAllSkippedSynchRecords',
    variables: { filter: { mapping: mapping.name, errorClass: [ErrorClass.conflict] } },
    text: 'Tries every record in conflict again; the rule decides those that it covers, the others are skipped again.',
  })
}
