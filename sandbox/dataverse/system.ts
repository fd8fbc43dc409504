import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer } from '../common/answer.js'
import { isBadValue } from '../common/database.js'
import { executeItems } from '../common/executor.js'
import type { CommitHooks, Fault } from '../common/faults.js'
import type { SandboxSystem } from '../common/server.js'
import { SchemaChanges, schemaChangeSchema } from '../common/schema-changes.js'
import type { BatchEngine } from './batch.js'
import { answerBatch } from './batch.js'
import { DataverseError, answerError, errorAnswer } from './errors.js'
import { exchangeRateSchema, exchangeRateSwitch } from './exchange-rate-switch.js'
import { DOCUMENTED_LIMITS, limitAnswer, limitHeaders } from './limits.js'
import { SCHEMA_WORDS } from './schema-words.js'
import { isServicePath, parseRoute } from './route.js'
import { DATAVERSE_TABLES } from './tables.js'
import { addSwitch } from '../common/switches.js'
import { principalOf } from '../common/tokens.js'
import { Callers } from './identity/callers.js'
import { UserPermissions, permissionsSchema } from './identity/permissions.js'
import { SYSTEM_ADMINISTRATOR } from './identity/roles.js'
import { userSchema, userSwitch } from './identity/user-switch.js'
import { Service, serviceSchema } from './service.js'
import { createEngine } from './engine.js'
import { WORDS } from './fault-words.js'
import type { DataverseParts } from './parts.js'
import { webClientPage } from './web-client.js'

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
    webClientPage: (url) => webClientPage(parts, url),
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
