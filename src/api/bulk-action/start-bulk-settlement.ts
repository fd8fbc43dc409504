import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FieldChoice } from '../../domain/choice.js'
import {
  mappingsOfBulkAction,
  requestBulkSettlement,
  type RequestedBulkAction,
} from '../../persistence/bulk-actions.js'
import { sql, storable, texts } from '../../persistence/sql.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { badUserInput, type InputProblem } from '../errors.js'
import { parseIds } from '../identifiers.js'
import { allOf } from '../paging/keyset.js'
import { principalKey } from '../sign-in/principal.js'
import { assertChoices } from '../skipped-record/assert-fields.js'
import { SKIPPED_RECORDS, skippedConditions } from '../skipped-record/list-skipped.js'
import { readFieldChoices } from '../skipped-record/read-choices.js'
import type { StartBulkActionResult } from './bulk-action.type.js'
import type { StartBulkSettlementInput } from './bulk-settlement.input.js'
import { keyProblems, startRequested } from './start-bulk-action.js'

/**
 * Writes down which skipped synch. records are meant, with the versions that are known of them, and starts the workflow. Throws
 * BAD_USER_INPUT, NOT_FOUND, CONFLICTING_STATE; ENGINE_UNAVAILABLE, with nothing done.
 */
export async function startBulkSettlement(
  context: ApiContext,
  input: StartBulkSettlementInput,
): Promise<StartBulkActionResult> {
  const fields = readFields(input)
  const requested = await inTransaction(context, (em) => request(em, context, input, fields))
  return startRequested(context, requested, 'skipped synch. record')
}

async function request(
  em: EntityManager,
  context: ApiContext,
  input: StartBulkSettlementInput,
  fields: Readonly<Record<string, FieldChoice>> | null,
): Promise<RequestedBulkAction> {
  const { key, ...asked } = input
  const ids = input.ids ? parseIds(input.ids, 'input.ids') : null
  const conditions = await skippedConditions(em, input.filter)
  const requested = await requestBulkSettlement(
    em,
    {
      kind: input.action,
      key: key ?? null,
      asked,
      selection:
        ids === null
          ? `skipped synch. records of ${storable(JSON.stringify(input.filter ?? {}))}`
          : `${ids.length} chosen skipped synch. records`,
      assignee: null,
      ...(fields && { fields }),
      principal: principalKey(context.principal),
      requestedBy: context.principal.name,
    },
    SKIPPED_RECORDS,
    allOf(ids === null ? conditions : [...conditions, sql`s.id = any(${texts(ids)}::uuid[])`]),
  )
  if (requested.kind !== 'NEW') return requested
  const mappings = await mappingsOfBulkAction(em, requested.id)
  if (input.action !== 'DELETE_COUPLINGS') await assertEnabled(em, mappings)
  if (fields !== null)
    await assertChoices(em, new Map(mappings.map((id) => [id, [{ kind: 'fields', fields }]])))
  return requested
}

/** Throws BAD_USER_INPUT naming every problem. */
function readFields(input: StartBulkSettlementInput): Readonly<Record<string, FieldChoice>> | null {
  const { action, ids, filter, fields, key } = input
  const problems: InputProblem[] = []
  const given = [ids, filter].filter((one) => one !== null && one !== undefined)
  if (given.length !== 1)
    problems.push({
      argument: 'input',
      message: `Expected exactly one of ids and filter, got ${given.length}.`,
    })
  problems.push(...keyProblems(key))
  if (action !== 'KEEP_FIELDS' && fields)
    problems.push({ argument: 'input.fields', message: `Expected none with the action ${action}.` })
  const chosen = action === 'KEEP_FIELDS' ? readFieldChoices(fields ?? [], 'input.', problems) : null
  if (problems.length > 0) throw badUserInput(problems)
  return chosen
}
