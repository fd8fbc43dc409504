import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer, jsonAnswer } from '../common/answer.js'
import type { Clock } from '../common/clock.js'
import type { Database } from '../common/database.js'
import { isBadValue, transaction } from '../common/database.js'
import { executeItems, mapReads } from '../common/executor.js'
import type { CommitHooks, Fault, Faults } from '../common/faults.js'
import type { Metrics } from '../common/metrics.js'
import type { SandboxSystem } from '../common/server.js'
import { SchemaChanges, schemaChangeSchema } from '../common/schema-changes.js'
import { statusAnswer } from '../common/server.js'
import type { BatchEngine } from './batch.js'
import { answerBatch } from './batch.js'
import type { Tracking } from './tracking-links.js'
import { DataverseError, answerError, errorAnswer, expiredVersion, versionMismatch } from './errors.js'
import { exchangeRateSchema, exchangeRateSwitch } from './exchange-rate-switch.js'
import { DOCUMENTED_LIMITS, limitAnswer, limitHeaders } from './limits.js'
import { SCHEMA_WORDS } from './schema-words.js'
import type { OptionSets } from './options.js'
import type { Operation, PlanContext } from './plan.js'
import { planRequest } from './plan.js'
import { SERVICE_ROOT, isServicePath, parseRoute } from './route.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES, SYSTEM_USERS } from './tables.js'
import type { Directory } from '../common/directory.js'
import { addSwitch } from '../common/switches.js'
import { principalOf } from '../common/tokens.js'
import { Callers } from './identity/callers.js'
import { guarded, tableOf } from './identity/guard.js'
import { UserPermissions, permissionsSchema } from './identity/permissions.js'
import { SYSTEM_ADMINISTRATOR } from './identity/roles.js'
import { userSchema, userSwitch } from './identity/user-switch.js'
import { Service, serviceSchema } from './service.js'
import type { Write, WriteContext } from './write.js'
import { answerWrites, writeRecords } from './write.js'

export interface Organization {
  readonly id: string
  readonly businessUnitId: string
  readonly baseCurrency: string
  readonly trackingExpiryDays: number
}

export interface DataverseParts {
  readonly database: Database
  readonly clock: Clock
  readonly faults: Faults
  readonly metrics: Metrics
  readonly organization: Organization
  readonly optionSets: OptionSets
  readonly directory: Directory
  /** Clients that are applications rather than persons. */
  readonly applications: ReadonlySet<string>
}

/** Web API v9.2 over the sandbox's database. */
export function dataverseSystem(parts: DataverseParts): SandboxSystem {
  const callers = new Callers(parts.database)
  const permissions = new UserPermissions(parts.applications)
  const service = new Service()
  const schema = new SchemaChanges(DATAVERSE_TABLES, SCHEMA_WORDS)
  const engine = createEngine(parts, callers, permissions, service, schema)
  return {
    name: 'Dataverse',
    isApi: isServicePath,
    async answer(request, hooks, fault) {
      try {
        permissions.checkMember(request)
        permissions.checkCaller(request, await callers.userOf(request))
        if (service.administrationMode) checkAdministrator(permissions, request)
      } catch (error) {
        return answerError(error)
      }
      return answerRequest(parts, engine, request, hooks, fault)
    },
    unauthorized(check, request) {
      const headers = challenge(request.headers.host)
      if (check !== 'expired') return emptyAnswer(401, headers)
      const answer = errorAnswer(401, '0x8004a101', 'The authentication ticket has expired.')
      return { ...answer, headers: { ...answer.headers, ...headers } }
    },
    authorize: (caller, request) =>
      service.accepts(caller.audience) ? null : emptyAnswer(401, challenge(request.headers.host)),
    addAdminRoutes(routes) {
      addSwitch(routes, 'schema', schemaChangeSchema, schema.switch)
      addSwitch(routes, 'service', serviceSchema, service.switch)
      addSwitch(
        routes,
        'user',
        userSchema,
        userSwitch(parts.database, parts.directory.mainClientId, () => callers.forget()),
      )
      addSwitch(
        routes,
        'exchange-rates',
        exchangeRateSchema,
        exchangeRateSwitch(parts.database, () => parts.clock.now()),
      )
      addSwitch(routes, 'permissions', permissionsSchema, {
        set: (change) => {
          permissions.change(change.principal ?? parts.directory.mainClientId, change)
          return null
        },
        clear: () => permissions.clear(),
        report: () => ({ principals: permissions.report() }),
      })
    },
    documentedLimits: DOCUMENTED_LIMITS,
    limitAnswer,
    limitHeaders,
    ...WORDS,
    failure(error) {
      if (error instanceof DataverseError) return errorAnswer(error.status, error.code, error.message)
      if (isBadValue(error)) return errorAnswer(400, '0x80040203', 'A value of the request is out of range.')
      return errorAnswer(500, '0x80040216', 'An unexpected error occurred.')
    },
  }
}

function challenge(host: string | undefined): Record<string, string> {
  const origin = `http://${host ?? '127.0.0.1'}`
  return {
    'www-authenticate': `Bearer authorization_uri=${origin}/common/oauth2/authorize, resource_id=${origin}/`,
  }
}

/** Throws DataverseError. */
function checkAdministrator(permissions: UserPermissions, request: ApiRequest): void {
  const roles = permissions.rolesOf(principalOf(request.caller))
  if (roles.some((role) => role.name === SYSTEM_ADMINISTRATOR)) return
  throw new DataverseError(
    403,
    '0x8004a113',
    'The organization is in administration mode: only users with the System Administrator role may sign in.',
  )
}

async function answerRequest(
  parts: DataverseParts,
  engine: BatchEngine,
  request: ApiRequest,
  hooks: CommitHooks,
  fault: Fault | null,
): Promise<Answer> {
  const { faults, metrics } = parts
  try {
    if (parseRoute(request.url).target.kind === 'batch')
      return await answerBatch(engine, request, fault, { hooks, faults, metrics })
  } catch (error) {
    return answerError(error)
  }
  // The request's own fault was taken already, and it is counted as a call.
  const options = {
    stopOnError: true,
    hooks,
    faults: { calm: true, take: () => null },
    metrics: { item: () => undefined },
  }
  const [answer] = await executeItems(engine, [request], options)
  if (answer === undefined) throw new Error('A request was left without an answer.')
  return answer
}

function createEngine(
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
      if (schema.quiet) return guarded(planRequest(planContext, request), request, callers, permissions)
      const table = tableOf(request)
      if (table === null) return guarded(planRequest(planContext, request), request, callers, permissions)
      const inner = schema.incoming(table, request)
      const plan = guarded(planRequest(planContext, inner), inner, callers, permissions)
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

const FAULT_CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['0x8004a101', 'The authentication ticket has expired.'],
  403: [
    '0x80040220',
    `Principal user (Id=00000000-0000-0000-0000-000000000000, type=8, roleCount=1, privilegeCount=10, accessMode=4), is missing prvWriteAccount privilege (Id=44a2ed35-d8d3-4e1a-8c4e-5b6f8e0a1f3b) on OTC=1 for entity 'account'.`,
  ],
  429: ['0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
  503: ['0x80044150', 'Generic SQL error.'],
}

function faultAnswer(status: number, code: string | undefined, message: string | undefined): Answer {
  const [usualCode, usualMessage] = FAULT_CODES[status] ?? [
    '0x80040216',
    `The sandbox was told to answer ${status}.`,
  ]
  return errorAnswer(status, code ?? usualCode, message ?? usualMessage)
}

/** How faults are worded. */
const WORDS = {
  faultAnswer,
  staleAnswer: () => answerError(versionMismatch()),
  expiredTokenAnswer: () => answerError(expiredVersion()),
}
