import { inTransaction } from '../in-transaction.js'
import { changeErrorGroup, type ErrorGroupChange } from '../../persistence/error-group-changes.js'
import { ErrorGroup } from '../../persistence/entities/error-group.js'
import type { ApiContext } from '../context.js'
import { badUserInput, echo, type InputProblem } from '../errors.js'
import { parseIds } from '../identifiers.js'
import { findByIds } from '../loaders.js'
import type { ErrorGroupVersionInput } from './error-group.input.js'
import {
  ErrorGroupChangedSinceType,
  ErrorGroupChangedType,
  ErrorGroupUnknownType,
  type ErrorGroupResult,
} from './error-group.type.js'

const LONGEST_NAME = 200
const LONGEST_TAG = 50
const LONGEST_NOTE = 10_000
const MOST_TAGS = 20

/** Each group by itself: one that has changed since keeps no other from its change. In the order asked for. Throws BAD_USER_INPUT. */
export async function changeGroups(
  context: ApiContext,
  groups: readonly ErrorGroupVersionInput[],
  change: ErrorGroupChange,
): Promise<readonly ErrorGroupResult[]> {
  const ids = parseIds(
    groups.map(({ id }) => id),
    'groups',
  )
  assertChange(change)
  const versions = new Map(groups.map(({ id, version }) => [id.toLowerCase(), version ?? null]))
  const before = new Map((await findByIds(context.em, ErrorGroup, ids)).map((group) => [group.id, group]))
  const outcomes = new Map<string, 'CHANGED' | 'CHANGED_SINCE' | 'UNKNOWN'>()
  for (const id of ids) {
    const known = before.get(id)
    if (known === undefined) continue
    const target = { id, mappingId: known.mappingId, version: versions.get(id) ?? null }
    const outcome = await inTransaction(context, (em) =>
      changeErrorGroup(em, target, change, context.principal.name),
    )
    outcomes.set(id, outcome)
  }
  const after = new Map((await findByIds(context.em, ErrorGroup, ids)).map((group) => [group.id, group]))
  for (const [id, outcome] of outcomes) {
    const [old, now] = [before.get(id), after.get(id)]
    if (outcome !== 'CHANGED' || old === undefined || now === undefined) continue
    context.audit.changed({
      kind: 'error group',
      id,
      name: now.message,
      before: shown(old),
      after: shown(now),
    })
  }
  return ids.map((id) => resultOf(id, outcomes.get(id), after.get(id)))
}

/** What people change about a group. */
function shown({ assignee, snoozedUntil, resolvedAt, tags }: ErrorGroup): unknown {
  return {
    assignee: assignee ?? null,
    snoozedUntil: snoozedUntil?.toISOString() ?? null,
    resolvedAt: resolvedAt?.toISOString() ?? null,
    tags,
  }
}

function resultOf(
  id: string,
  outcome: 'CHANGED' | 'CHANGED_SINCE' | 'UNKNOWN' | undefined,
  group: ErrorGroup | undefined,
): ErrorGroupResult {
  if (group === undefined || outcome === undefined || outcome === 'UNKNOWN') {
    return new ErrorGroupUnknownType({ id, message: `There is no error group ${id}.` })
  }
  return outcome === 'CHANGED'
    ? new ErrorGroupChangedType({ group })
    : new ErrorGroupChangedSinceType({
        group,
        message:
          'Somebody has changed the group since it was looked at, or it was resolved or came back by itself.',
      })
}

/** Throws BAD_USER_INPUT naming every problem. */
function assertChange(change: ErrorGroupChange): void {
  const problems: InputProblem[] = []
  const length = (text: string, argument: string, longest: number): void => {
    if (text.trim() !== '' && text.length <= longest) return
    problems.push({ argument, message: `Expected 1 to ${longest} characters, got ${echo(text)}.` })
  }
  if (change.kind === 'assign' && change.assignee !== null) length(change.assignee, 'assignee', LONGEST_NAME)
  if (change.kind === 'note') length(change.text, 'text', LONGEST_NOTE)
  if (change.kind === 'tag') {
    change.add.forEach((tag, index) => length(tag, `add[${index}]`, LONGEST_TAG))
    if (change.add.length > MOST_TAGS)
      problems.push({
        argument: 'add',
        message: `Expected at most ${MOST_TAGS} tags, got ${change.add.length}.`,
      })
  }
  if (change.kind === 'snooze' && change.until !== null && change.until.getTime() <= Date.now())
    problems.push({
      argument: 'until',
      message: `Expected a time to come, got ${change.until.toISOString()}.`,
    })
  if (problems.length > 0) throw badUserInput(problems)
}
