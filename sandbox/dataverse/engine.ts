import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer, jsonAnswer } from '../common/answer.js'
import type { Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import { mapReads, metered } from '../common/executor.js'
import type { CommitHooks } from '../common/faults.js'
import type { SchemaChanges } from '../common/schema-changes.js'
import { statusAnswer } from '../common/fault-answers.js'
import type { BatchEngine } from './batch.js'
import type { Tracking } from './tracking-links.js'
import { answerError } from './errors.js'
import type { Operation, PlanContext } from './plan.js'
import { planRequest } from './plan.js'
import { SERVICE_ROOT } from './route.js'
import type { DataverseTable } from './tables.js'
import { SYSTEM_USERS } from './tables.js'
import type { Callers } from './identity/callers.js'
import { guarded, tableOf } from './identity/guard.js'
import type { UserPermissions } from './identity/permissions.js'
import type { Service } from './service.js'
import { WORDS } from './fault-words.js'
import type { DataverseParts, Organization } from './parts.js'
import type { Write, WriteContext } from './write.js'
import { answerWrites, writeRecords } from './write.js'

/** Carries out what requests come to. */
export function createEngine(
  parts: DataverseParts,
  callers: Callers,
  permissions: UserPermissions,
  service: Service,
  schema: SchemaChanges<DataverseTable>,
): BatchEngine {
  const { database, organization, clock } = parts
  const context: WriteContext = {
    faults: parts.faults,
    baseCurrency: organization.baseCurrency,
    businessUnit: organization.businessUnitId,
    choices: parts.optionSets,
    now: () => clock.now(),
    userOf: async (request) => (await callers.userOf(request)).id,
  }
  const tracking = (): Tracking => ({ now: clock.now(), expiryDays: organization.trackingExpiryDays })
  const planContext: PlanContext = {
    database,
    tracking,
    optionSets: parts.optionSets,
    tableNow: (table) => service.tableNow(schema.tableNow(table)),
    identity: { database, permissions, businessUnitId: organization.businessUnitId },
    whoAmI: async (sent) => whoAmI(organization, (await callers.userOf(sent)).id, sent),
  }
  const shownAnswers = (answers: readonly Answer[], writes: readonly Write[]): Answer[] =>
    answers.map((answer, index) => {
      const table = writes[index]?.table
      return schema.quiet || table === undefined ? answer : schema.outgoing(table, answer)
    })
  const noteUsers = (writes: readonly Write[]): void => {
    if (writes.some((write) => write.table === SYSTEM_USERS)) callers.forget()
  }
  const writeTogether = async (writes: readonly Write[], hooks: CommitHooks): Promise<readonly Answer[]> => {
    try {
      return await together(database, context, writes, hooks)
    } finally {
      noteUsers(writes)
    }
  }
  return {
    plan(request) {
      if (schema.quiet)
        return guarded(metered(planRequest(planContext, request), request), request, callers, permissions)
      const table = tableOf(request)
      if (table === null)
        return guarded(metered(planRequest(planContext, request), request), request, callers, permissions)
      const inner = schema.incoming(table, request)
      const plan = guarded(metered(planRequest(planContext, inner), inner), inner, callers, permissions)
      return mapReads(plan, (answer) => schema.outgoing(table, answer))
    },
    async write(operations, stopOnError, hooks) {
      for (const operation of operations)
        countWork(operation.kind === 'bulk' ? operation.writes : [operation.write])
      const [first] = operations
      if (first?.kind === 'bulk') return [bulkAnswer(first, await writeTogether(first.writes, hooks))]
      const writes = operations.flatMap((operation) => (operation.kind === 'single' ? [operation.write] : []))
      const answers = await transaction(database, async (connection) => {
        const { outcomes, store } = await writeRecords(
          connection,
          writes,
          stopOnError,
          context,
          hooks.beforeCommit,
        )
        return answerWrites(connection, writes, outcomes, store)
      })
      noteUsers(writes)
      await hooks.afterCommit()
      return shownAnswers(answers, writes)
    },
    async writeTogether(writes, hooks) {
      countWork(writes)
      return shownAnswers(await writeTogether(writes, hooks), writes)
    },
    answerError,
    answerFault: (fault) => statusAnswer(WORDS, fault),
  }
}

/** Every row is charged, also one that is refused. */
function countWork(writes: readonly Write[]): void {
  for (const { request } of writes) if (request.work !== undefined) request.work.written += 1
}

/** Carries an answer out of a transaction that is to be undone. */
class Undo extends Error {
  constructor(readonly answer: Answer) {
    super('undone')
  }
}

/** All of the writes, or the answer of the first that was refused. */
async function together(
  database: Database,
  context: WriteContext,
  writes: readonly Write[],
  hooks: CommitHooks,
): Promise<readonly Answer[]> {
  try {
    const answers = await transaction(database, async (connection) => {
      const { outcomes, store } = await writeRecords(connection, writes, true, context, async (decided) => {
        for (const outcome of decided) if (outcome.kind === 'refused') throw new Undo(outcome.answer)
        await hooks.beforeCommit()
      })
      return answerWrites(connection, writes, outcomes, store)
    })
    await hooks.afterCommit()
    return answers
  } catch (error) {
    if (error instanceof Undo) return [error.answer]
    throw error
  }
}

function bulkAnswer(operation: Extract<Operation, { kind: 'bulk' }>, answers: readonly Answer[]): Answer {
  const refused = answers.find((answer) => answer.status >= 400)
  if (refused !== undefined) return refused
  if (operation.action !== 'CreateMultiple') return emptyAnswer(204, { 'odata-version': '4.0' })
  const context = `${operation.request.origin}${SERVICE_ROOT}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`
  const body = JSON.stringify({ '@odata.context': context, Ids: operation.writes.map((write) => write.id) })
  return jsonAnswer(200, body, { 'odata-version': '4.0' }, operation.writes.length)
}

function whoAmI(organization: Organization, user: string, request: ApiRequest): Answer {
  const body = {
    '@odata.context': `${request.origin}${SERVICE_ROOT}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: organization.businessUnitId,
    UserId: user,
    OrganizationId: organization.id,
  }
  return jsonAnswer(200, JSON.stringify(body))
}
