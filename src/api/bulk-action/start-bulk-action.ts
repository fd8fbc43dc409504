import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import {
  mappingsOfBulkAction,
  requestBulkAction,
  type RequestedBulkAction,
} from '../../persistence/bulk-actions.js'
import { BulkAction } from '../../persistence/entities/bulk-action.js'
import { ErrorGroup } from '../../persistence/entities/error-group.js'
import { changeErrorGroup } from '../../persistence/error-group-changes.js'
import { run, sql, storable, texts } from '../../persistence/sql.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, echo, ErrorCode, type InputProblem } from '../errors.js'
import { parseIds } from '../identifiers.js'
import { principalKey } from '../sign-in/principal.js'
import { findByIds } from '../loaders.js'
import { allOf } from '../paging/keyset.js'
import { errorConditions } from '../synch-error/list-errors.js'
import type { StartBulkActionInput } from './bulk-action.input.js'
import {
  BulkActionRefusedType,
  BulkActionStartedType,
  type StartBulkActionResult,
} from './bulk-action.type.js'

const LONGEST_KEY = 200
const LONGEST_NAME = 200

/**
 * Writes down which errors are meant and starts the workflow. Throws BAD_USER_INPUT, NOT_FOUND, CONFLICTING_STATE; ENGINE_UNAVAILABLE, with
 * nothing done.
 */
export async function startBulkAction(
  context: ApiContext,
  input: StartBulkActionInput,
): Promise<StartBulkActionResult> {
  assertInput(input)
  const requested = await inTransaction(context, (em) => request(em, context, input))
  return startRequested(context, requested, 'open error')
}

/** Starts what was asked for, and tells what became of the request; `what` could have been selected. Throws ENGINE_UNAVAILABLE. */
export async function startRequested(
  context: ApiContext,
  requested: RequestedBulkAction,
  what: string,
): Promise<StartBulkActionResult> {
  if (requested.kind === 'EMPTY') {
    return new BulkActionRefusedType({
      reason: 'NOTHING_SELECTED',
      message: `No ${what} is selected, so there is nothing to do.`,
    })
  }
  if (requested.kind === 'OTHER') {
    return new BulkActionRefusedType({
      reason: 'KEY_USED_OTHERWISE',
      message: `The bulk action ${requested.id} was asked for under this key, and it is about something else. Take another key.`,
    })
  }
  if (requested.kind === 'NEW') await start(context, requested.id)
  const bulkAction = await readBulkAction(context, requested.id)
  return new BulkActionStartedType({ bulkAction, isNew: requested.kind === 'NEW' })
}

async function request(
  em: EntityManager,
  context: ApiContext,
  input: StartBulkActionInput,
): Promise<RequestedBulkAction> {
  const { condition, selection } = await selectionOf(em, input)
  const requestedBy = context.principal.name
  const assignee = input.assignee ? storable(input.assignee) : null
  const { key, ...asked } = input
  const requested = await requestBulkAction(
    em,
    {
      kind: input.action,
      key: key ?? null,
      asked,
      selection,
      assignee,
      principal: principalKey(context.principal),
      requestedBy,
    },
    condition,
  )
  if (requested.kind !== 'NEW') return requested
  if (input.action === 'RETRY_NOW') await assertEnabled(em, await mappingsOfBulkAction(em, requested.id))
  if (input.action === 'ASSIGN' && input.groups) {
    const groups = await findByIds(em, ErrorGroup, parseIds(input.groups, 'input.groups'))
    for (const { id, mappingId } of groups.toSorted((a, b) => a.mappingId.localeCompare(b.mappingId)))
      await changeErrorGroup(em, { id, mappingId, version: null }, { kind: 'assign', assignee }, requestedBy)
  }
  return requested
}

/** Conditions on `integration_synch_error e`, and what they mean in words. Throws BAD_USER_INPUT, NOT_FOUND. */
async function selectionOf(
  em: EntityManager,
  { groups, errors, filter }: StartBulkActionInput,
): Promise<{ readonly condition: RawBuilder<unknown>; readonly selection: string }> {
  if (groups) {
    const ids = parseIds(groups, 'input.groups')
    return {
      condition: sql`e.group_id = any(${texts(ids)}::uuid[])`,
      selection: ids.length === 1 ? `the error group ${ids[0]}` : `${ids.length} error groups`,
    }
  }
  if (errors) {
    const ids = parseIds(errors, 'input.errors')
    return { condition: sql`e.id = any(${texts(ids)}::uuid[])`, selection: `${ids.length} chosen errors` }
  }
  const conditions = await errorConditions(em, filter)
  return {
    condition: allOf(conditions),
    selection: `open errors of ${storable(JSON.stringify(filter ?? {}))}`,
  }
}

/** Throws BAD_USER_INPUT naming every problem. */
function assertInput({ action, groups, errors, filter, key, assignee }: StartBulkActionInput): void {
  const problems: InputProblem[] = []
  const given = [groups, errors, filter].filter((one) => one !== null && one !== undefined)
  if (given.length !== 1)
    problems.push({
      argument: 'input',
      message: `Expected exactly one of groups, errors and filter, got ${given.length}.`,
    })
  problems.push(...keyProblems(key))
  if (typeof assignee === 'string' && action !== 'ASSIGN')
    problems.push({ argument: 'input.assignee', message: `Expected none with the action ${action}.` })
  if (typeof assignee === 'string' && (assignee.trim() === '' || assignee.length > LONGEST_NAME))
    problems.push({
      argument: 'input.assignee',
      message: `Expected 1 to ${LONGEST_NAME} characters, got ${echo(assignee)}.`,
    })
  if (problems.length > 0) throw badUserInput(problems)
}

/** What is wrong with an idempotency key. */
export function keyProblems(key: string | null | undefined): readonly InputProblem[] {
  return typeof key === 'string' && (key.trim() === '' || key.length > LONGEST_KEY || storable(key) !== key)
    ? [{ argument: 'input.key', message: `Expected 1 to ${LONGEST_KEY} characters, got ${echo(key)}.` }]
    : []
}

/** Its asker is told that nothing happens, so it is called off where its workflow cannot be started. */
async function start(context: ApiContext, id: string): Promise<void> {
  try {
    await context.runControl.startBulkAction(id)
  } catch (error) {
    context.logger.error({ err: error, bulkActionId: id }, 'Temporal could not be reached')
    const message =
      'Temporal cannot be reached, so nothing was done. Start Temporal and a worker, then ask again, under another key.'
    await run(
      context.em,
      sql`update bulk_action set status = 'FAILED', finished_at = clock_timestamp(), message = ${message}
          where id = ${id} and status = 'RUNNING' and position = 0`,
    )
    throw apiError(ErrorCode.engineUnavailable, message, { bulkActionId: id })
  }
}

/** Asks it to end after the page at hand. Throws NOT_FOUND, CONFLICTING_STATE when it has ended. */
export async function cancelBulkAction(context: ApiContext, id: string): Promise<BulkAction> {
  const found = await readBulkAction(context, id)
  if (found.status !== 'RUNNING') {
    throw apiError(
      ErrorCode.conflictingState,
      `The bulk action ${id} has ended already: ${found.status}. There is nothing to call off.`,
      { status: found.status },
    )
  }
  await run(
    context.em,
    sql`update bulk_action set cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
        where id = ${id} and status = 'RUNNING'`,
  )
  return readBulkAction(context, id)
}

/** Throws NOT_FOUND. */
export async function readBulkAction({ em }: ApiContext, id: string): Promise<BulkAction> {
  const found = await em.findOne(BulkAction, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no bulk action ${id}.`)
  return found
}
