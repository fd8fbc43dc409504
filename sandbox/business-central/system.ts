import type { Answer, ApiRequest } from '../common/answer.js'
import { preferences } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import { isBadValue, transaction } from '../common/database.js'
import type { Engine } from '../common/executor.js'
import { executeItems, mapReads, metered } from '../common/executor.js'
import type { CommitHooks, Fault, Faults } from '../common/faults.js'
import { answersItself, commitHooks } from '../common/faults.js'
import type { Metrics } from '../common/metrics.js'
import type { SandboxSystem } from '../common/server.js'
import { schemaChangeSchema } from '../common/schema-changes.js'
import { statusAnswer } from '../common/fault-answers.js'
import { addSwitch } from '../common/switches.js'
import { batchAnswer, readBatch } from './batch.js'
import { BusinessCentralError, answerError, errorAnswer, methodNotAllowed } from './errors.js'
import { exchangeRateSwitch, exchangeRatesSchema } from './exchange-rate-switch.js'
import { DOCUMENTED_LIMITS, limitAnswer } from './limits.js'
import type { Route } from './route.js'
import { parseRoute, serviceRoot } from './route.js'
import { WORDS } from './fault-words.js'
import type { BusinessCentralParts } from './parts.js'
import { planRequest, tableOf } from './plan.js'
import { webClientPage } from './web-client.js'
import { addWebhookRoutes } from './webhook-routes.js'
import type { Write } from './write.js'
import { writeRecords } from './write.js'

/** API v2.0 over the sandbox's database. */
export function businessCentralSystem(parts: BusinessCentralParts): SandboxSystem {
  return {
    name: 'Business Central',
    isApi: (path) => serviceRoot(path) !== null,
    webClientPage: (url) => webClientPage(parts.database, url),
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
      if (table === null) return metered(planRequest(parts, target, request), request)
      const plan = metered(planRequest(parts, target, schema.incoming(table, request)), request)
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
