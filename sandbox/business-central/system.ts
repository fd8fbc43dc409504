import type { Answer, ApiRequest } from '../common/answer.js'
import { jsonAnswer, preferences } from '../common/answer.js'
import type { Clock } from '../common/clock.js'
import type { Connection, Database } from '../common/database.js'
import { isBadValue, transaction } from '../common/database.js'
import type { Engine, Plan } from '../common/executor.js'
import { executeItems, mapReads } from '../common/executor.js'
import type { CommitHooks, Fault, Faults } from '../common/faults.js'
import { answersItself, commitHooks } from '../common/faults.js'
import { isObject } from '../common/json.js'
import type { Metrics } from '../common/metrics.js'
import type { SandboxSystem } from '../common/server.js'
import type { SchemaChanges } from '../common/schema-changes.js'
import { schemaChangeSchema } from '../common/schema-changes.js'
import { statusAnswer } from '../common/server.js'
import { addSwitch } from '../common/switches.js'
import type { Access } from './access.js'
import { Right } from './access.js'
import { batchAnswer, parseBody, readBatch } from './batch.js'
import { BusinessCentralError, answerError, entityChanged, errorAnswer, methodNotAllowed } from './errors.js'
import { exchangeRateSwitch, exchangeRatesSchema } from './exchange-rate-switch.js'
import { DOCUMENTED_LIMITS, limitAnswer } from './limits.js'
import { metadataDocument, serviceDocument } from './metadata.js'
import type { Notifier } from './notifier.js'
import { contextUrl, readRecords, readSet } from './read.js'
import type { Company, Route } from './route.js'
import { companyNotFound, parseRoute, serviceRoot } from './route.js'
import { answerSubscriptions } from './subscriptions.js'
import type { BusinessCentralTable } from './table.js'
import { addWebhookRoutes } from './webhook-routes.js'
import type { Write } from './write.js'
import { writeRecords } from './write.js'

export interface BusinessCentralParts {
  readonly database: Database
  readonly clock: Clock
  readonly faults: Faults
  readonly metrics: Metrics
  readonly company: Company
  readonly access: Access
  readonly schema: SchemaChanges<BusinessCentralTable>
  readonly notifier: Notifier
  /** A DELETE without If-Match is refused; by default it passes. */
  readonly strictDelete: boolean
}

/** API v2.0 over the sandbox's database. */
export function businessCentralSystem(parts: BusinessCentralParts): SandboxSystem {
  return {
    name: 'Business Central',
    isApi: (path) => serviceRoot(path) !== null,
    async answer(request, hooks, fault) {
      try {
        return await answerRequest(parts, request, hooks, fault)
      } finally {
        // Also when the connection was cut after the commit.
        if (request.method !== 'GET') parts.notifier.wake()
      }
    },
    addAdminRoutes(routes) {
      addWebhookRoutes(routes, parts.notifier)
      parts.access.addSwitches(routes)
      addSwitch(routes, 'schema', schemaChangeSchema, parts.schema.switch)
      addSwitch(
        routes,
        'exchange-rates',
        exchangeRatesSchema,
        exchangeRateSwitch(parts.database, () => parts.clock.now()),
      )
    },
    closed: () => parts.access.closed(),
    acceptsBasic: () => parts.access.onPremises,
    authorize: (caller) => (parts.access.isRejected(caller) ? rejected(false) : null),
    unauthorized: () => rejected(parts.access.onPremises),
    documentedLimits: DOCUMENTED_LIMITS,
    limitAnswer,
    ...WORDS,
    failure(error) {
      if (error instanceof BusinessCentralError) return errorAnswer(error.status, error.code, error.message)
      if (isBadValue(error)) return errorAnswer(400, 'BadRequest', 'A value of the request is out of range.')
      return errorAnswer(500, 'Internal_ServerError', 'An unexpected error occurred in the sandbox.')
    },
  }
}

/** On premises a browser is told to ask for a name and a key. */
function rejected(askForPassword: boolean): Answer {
  const answer = errorAnswer(
    401,
    'Authentication_InvalidCredentials',
    'The server has rejected the client credentials.',
  )
  return askForPassword
    ? { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm=""' } }
    : answer
}

async function answerRequest(
  parts: BusinessCentralParts,
  request: ApiRequest,
  hooks: CommitHooks,
  fault: Fault | null,
): Promise<Answer> {
  const engine = engineOn(parts, parts.database)
  try {
    const route = parseRoute(request.url, '', parts.company, request.headers['company'])
    if (route.target.kind === 'batch') return await answerBatch(parts, request, route, hooks, fault)
  } catch (error) {
    return answerError(error)
  }
  const answers = await executeItems(engine, [request], {
    stopOnError: true,
    hooks,
    faults: NOTHING,
    metrics: IGNORED,
  })
  const [answer] = answers
  if (answer === undefined) throw new Error('A request was left without an answer.')
  return answer
}

/** The outer request's fault was taken already, and it is counted as a call. */
const NOTHING: Pick<Faults, 'calm' | 'take'> = { calm: true, take: () => null }
const IGNORED: Pick<Metrics, 'item'> = { item: () => undefined }

async function answerBatch(
  parts: BusinessCentralParts,
  request: ApiRequest,
  route: Route,
  hooks: CommitHooks,
  fault: Fault | null,
): Promise<Answer> {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, '$batch')
  const items = readBatch(request, `${request.origin}${route.root}`)
  const requests = items.map((item) => item.request)
  const stopOnError = preferences(request.headers).get('odata.continue-on-error') === undefined
  const options = { stopOnError, hooks, faults: parts.faults, metrics: parts.metrics }
  if (/^snapshot$/i.test(request.headers['isolation'] ?? '')) {
    return batchAnswer(items, await answerSnapshot(parts, requests, options))
  }
  const engine = engineOn(parts, parts.database)
  const before = fault?.afterItems
  if (fault === null || before === undefined || before >= requests.length) {
    return batchAnswer(items, await executeItems(engine, requests, options))
  }
  const done = await executeItems(engine, requests.slice(0, before), options)
  if (stopOnError && done.some((answer) => answer.status >= 400)) return batchAnswer(items, done)
  if (answersItself(fault.action)) return statusAnswer(WORDS, fault)
  const acts = commitHooks(fault.action)
  await acts?.beforeCommit()
  await acts?.afterCommit()
  const rest = await executeItems(engine, requests.slice(before), options)
  return batchAnswer(items, [...done, ...rest])
}

/** Everything in one transaction; a refusal undoes all, though the answers of the items before it stay as they were. */
async function answerSnapshot(
  parts: BusinessCentralParts,
  requests: readonly ApiRequest[],
  options: Parameters<typeof executeItems>[2],
): Promise<Answer[]> {
  let answers: Answer[] = []
  try {
    await transaction(parts.database, async (connection) => {
      answers = await executeItems(engineOn(parts, connection), requests, {
        ...options,
        hooks: { ...options.hooks, afterCommit: async () => undefined },
      })
      if (answers.some((answer) => answer.status >= 400)) throw new Undo()
    })
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  }
  await options.hooks.afterCommit()
  return answers
}

class Undo extends Error {}

/** On a connection the writes join its transaction, on the database each has its own. */
function engineOn(parts: BusinessCentralParts, target: Database | Connection): Engine<Write> {
  const context = {
    company: parts.company,
    faults: parts.faults,
    strictDelete: parts.strictDelete,
    now: () => parts.clock.now(),
  }
  return {
    plan(request) {
      const { schema } = parts
      const table = schema.quiet ? null : tableOf(parts, request)
      if (table === null) return planRequest(parts, target, request)
      const plan = planRequest(parts, target, schema.incoming(table, request))
      return mapReads(plan, (answer) => schema.outgoing(table, answer))
    },
    async write(writes, stopOnError, hooks) {
      // Every row is charged, also one that is refused.
      for (const { request } of writes) if (request.work !== undefined) request.work.written += 1
      if (target !== parts.database) {
        const answers = await writeRecords(target as Connection, writes, stopOnError, context)
        return shownAnswers(parts, answers, writes)
      }
      const answers = await transaction(parts.database, async (connection) => {
        const written = await writeRecords(connection, writes, stopOnError, context)
        await hooks.beforeCommit()
        return written
      })
      await hooks.afterCommit()
      return shownAnswers(parts, answers, writes)
    },
    answerError,
    answerFault: (fault) => statusAnswer(WORDS, fault),
  }
}

/** Answers in the names that clients know after somebody changed the schema. */
function shownAnswers(
  { schema }: BusinessCentralParts,
  answers: readonly Answer[],
  writes: readonly Write[],
): Answer[] {
  return answers.map((answer, index) => {
    const table = writes[index]?.table
    return schema.quiet || table === undefined ? answer : schema.outgoing(table, answer)
  })
}

/** The table that a request is about; null for anything else. Throws BusinessCentralError or QueryError. */
function tableOf(parts: BusinessCentralParts, request: ApiRequest): BusinessCentralTable | null {
  const { target } = parseRoute(request.url, '', parts.company, request.headers['company'])
  return target.kind === 'set' || target.kind === 'record' ? target.table : null
}

function planRequest(
  parts: BusinessCentralParts,
  target: Database | Connection,
  request: ApiRequest,
): Plan<Write> {
  const route = parseRoute(request.url, '', parts.company, request.headers['company'])
  const { method } = request
  const place = route.target
  if (place.kind === 'batch')
    throw new BusinessCentralError(400, 'BadRequest', 'A batch must not hold another batch.')
  if (place.kind === 'service' || place.kind === 'metadata') {
    if (method !== 'GET') throw methodNotAllowed(method, '/')
    const answer =
      place.kind === 'service'
        ? serviceDocument(route.api, `${request.origin}${route.root}`)
        : metadataDocument(route.api, (shown) => parts.schema.tableNow(shown))
    return { kind: 'read', run: async () => answer }
  }
  if (place.kind === 'subscriptions') {
    const context = { ...parts, database: target, now: () => parts.clock.now() }
    return { kind: 'read', run: () => answerSubscriptions(context, request, route, place.id) }
  }
  const { table } = place
  if (!parts.access.quiet) {
    if (!parts.access.seesCompanies(request.caller)) return companyHidden(parts, request, route, table)
    parts.access.check(request.caller, table, rightFor(method))
  }
  if (method === 'GET') {
    if (place.kind === 'set') return { kind: 'read', run: () => readSet(target, request, route, table) }
    const group = `${route.root}${route.scope}${table.name}?${route.options.get('$select') ?? ''}`
    return {
      kind: 'readOne',
      group,
      id: place.id,
      runAll: (ids) => readRecords(target, request, route, table, ids),
    }
  }
  const fits = place.kind === 'set' ? method === 'POST' : method === 'PATCH' || method === 'DELETE'
  if (!fits || !table.writable) throw methodNotAllowed(method, table.name)
  const id = place.kind === 'set' ? null : place.id
  return {
    kind: 'write',
    // Two entity sets of one name may show different parts of a record.
    group: `${route.api.path}/${table.name}`,
    touches: id,
    write: { request, route, table, method: method as Write['method'], id, body: () => readObject(request) },
  }
}

/** Who may see no company gets an empty list of them, and nothing of any. Throws BusinessCentralError. */
function companyHidden(
  parts: BusinessCentralParts,
  request: ApiRequest,
  route: Route,
  table: BusinessCentralTable,
): Plan<Write> {
  if (table.name !== 'companies' || route.target.kind !== 'set' || request.method !== 'GET')
    throw companyNotFound(parts.company.id)
  const context = contextUrl(request, route, table, null)
  return {
    kind: 'read',
    run: async () => jsonAnswer(200, JSON.stringify({ '@odata.context': context, value: [] })),
  }
}

function rightFor(method: string): Right {
  switch (method) {
    case 'POST':
      return Right.insert
    case 'PATCH':
      return Right.modify
    case 'DELETE':
      return Right.delete
    default:
      return Right.read
  }
}

function readObject(request: ApiRequest): ReturnType<Write['body']> {
  const body = parseBody(request)
  if (!isObject(body))
    throw new BusinessCentralError(400, 'BadRequest', 'The body of the request must be a JSON object.')
  return body
}

const FAULT_CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['Authentication_InvalidCredentials', 'The server has rejected the client credentials.'],
  403: [
    'Internal_ServerError',
    'Sorry, the current permissions prevented the action. (TableData 18 Customer Modify: Base Application)',
  ],
  429: ['Application_TooManyRequests', 'Too many requests reached. Actual (101). Maximum (100).'],
  503: ['Internal_TenantUnavailable', 'The tenant is not available.'],
}

function faultAnswer(status: number, code: string | undefined, message: string | undefined): Answer {
  const [usualCode, usualMessage] = FAULT_CODES[status] ?? [
    'Unknown',
    `The sandbox was told to answer ${status}.`,
  ]
  return errorAnswer(status, code ?? usualCode, message ?? usualMessage)
}

/** How faults are worded. There are no delta tokens here that could expire. */
const WORDS = {
  faultAnswer,
  staleAnswer: () => answerError(entityChanged()),
  expiredTokenAnswer: () => faultAnswer(400, undefined, undefined),
}
