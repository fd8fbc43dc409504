import type { ApiRequest } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import type { Plan } from '../common/executor.js'
import { isObject } from '../common/json.js'
import { Right } from './access.js'
import { parseBody } from './batch.js'
import { BusinessCentralError, methodNotAllowed } from './errors.js'
import { metadataDocument, serviceDocument } from './metadata.js'
import { contextUrl, readRecords, readSet } from './read.js'
import type { Route } from './route.js'
import { companyNotFound, parseRoute } from './route.js'
import { answerSubscriptions } from './subscriptions.js'
import type { BusinessCentralTable } from './table.js'
import type { BusinessCentralParts } from './parts.js'
import type { Write } from './write.js'

/** The table that a request is about; null for anything else. Throws BusinessCentralError or QueryError. */
export function tableOf(parts: BusinessCentralParts, request: ApiRequest): BusinessCentralTable | null {
  const { target } = parseRoute(request.url, '', parts.company, request.headers['company'])
  return target.kind === 'set' || target.kind === 'record' ? target.table : null
}

/** What a request comes to. Throws BusinessCentralError or QueryError. */
export function planRequest(
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
