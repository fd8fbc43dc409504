import { randomUUID } from 'node:crypto'
import type { Answer, ApiRequest } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import type { Plan } from '../common/executor.js'
import { isTracked, countTracked, readTracked } from './change-tracking.js'
import type { Tracking } from './tracking-links.js'
import type { IdentityContext } from './identity/associations.js'
import { expandAnswer, readAssociation, userPrivileges } from './identity/associations.js'
import { badRequest, methodNotAllowed, notImplemented } from './errors.js'
import { readPrecondition } from './etag.js'
import { answerDefinitions } from './metadata/answer.js'
import { csdlAnswer } from './metadata/csdl.js'
import { runOptionAction } from './metadata/option-actions.js'
import type { OptionSets } from './options.js'
import { countSet, readRecords, readSet } from './read.js'
import type { BulkAction, Route } from './route.js'
import { SERVICE_ROOT, parseRoute } from './route.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'
import { chosenId, planBulk, readBody } from './plan-bulk.js'
import type { Write } from './write.js'

/** Something that changes records: one of them, or the targets of a bulk call, all or none. */
export type Operation =
  | { readonly kind: 'single'; readonly write: Write }
  | {
      readonly kind: 'bulk'
      readonly action: BulkAction
      readonly request: ApiRequest
      readonly writes: readonly Write[]
    }

export interface PlanContext {
  readonly database: Database | Connection
  readonly tracking: () => Tracking
  readonly optionSets: OptionSets
  /** A table as the environment has it now. */
  readonly tableNow: (table: DataverseTable) => DataverseTable
  readonly identity: IdentityContext
  readonly whoAmI: (request: ApiRequest) => Promise<Answer>
}

/** What a request comes to. Throws DataverseError or QueryError. */
export function planRequest(context: PlanContext, request: ApiRequest): Plan<Operation> {
  const route = parseRoute(request.url)
  const place = route.target
  const { method } = request
  switch (place.kind) {
    case 'batch':
      throw badRequest('A batch must not hold another batch.')
    case 'service':
      requireGet(method, '/')
      return { kind: 'read', run: async () => serviceDocument(request) }
    case 'whoAmI':
      requireGet(method, 'WhoAmI')
      return { kind: 'read', run: () => context.whoAmI(request) }
    case 'csdl':
      requireGet(method, '$metadata')
      return { kind: 'read', run: async () => csdlAnswer() }
    case 'definitions':
      if (method !== 'GET') throw notImplemented('The sandbox does not change the definitions of tables.')
      return {
        kind: 'read',
        run: async () =>
          answerDefinitions(request, place.segments, route.options, context.optionSets, context.tableNow),
      }
    case 'optionAction': {
      if (method !== 'POST') throw methodNotAllowed(method, place.action)
      const body = readBody(request)
      return { kind: 'read', run: () => runOptionAction(place.action, body, request, context.optionSets) }
    }
    case 'count':
      requireGet(method, `${place.table.name}/$count`)
      return { kind: 'read', run: () => count(context, route, place.table) }
    case 'association':
      requireGet(method, place.name)
      return {
        kind: 'read',
        run: () =>
          readAssociation(context.identity, request, place.table, place.id, place.name, route.options),
      }
    case 'userPrivileges':
      requireGet(method, 'RetrieveUserPrivileges')
      return { kind: 'read', run: () => userPrivileges(context.identity, request, place.id) }
    case 'bulk':
      if (method !== 'POST') throw methodNotAllowed(method, place.table.name)
      return planBulk(request, place.table, place.action)
    case 'set':
      return planSet(context, request, route, place.table)
    case 'record':
      return planRecord(context, request, route, place.table, place.id)
  }
}

function count(context: PlanContext, route: Route, table: DataverseTable): Promise<Answer> {
  if (route.options.has('$deltatoken'))
    return countTracked(context.database, route, tracked(context, table), context.tracking())
  return countSet(context.database, route, table)
}

function planSet(
  context: PlanContext,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
): Plan<Operation> {
  if (request.method === 'GET') {
    if (isTracked(request, route)) {
      return {
        kind: 'read',
        run: () => readTracked(context.database, request, route, tracked(context, table), context.tracking()),
      }
    }
    const { expand, rest } = withoutExpand(route, table)
    const run = (): Promise<Answer> => readSet(context.database, request, rest, table)
    return { kind: 'read', run: expand === null ? run : () => expandRead(context, table, expand, run) }
  }
  if (request.method !== 'POST') throw methodNotAllowed(request.method, table.name)
  if (!table.creatable) throw notImplemented(`The sandbox does not create records of '${table.name}'.`)
  const body = readBody(request)
  return single({
    request,
    table,
    kind: 'create',
    id: chosenId(table, body) ?? randomUUID(),
    precondition: { kind: 'mustNotExist' },
    body,
    select: route.options.get('$select'),
  })
}

function planRecord(
  context: PlanContext,
  request: ApiRequest,
  route: Route,
  table: DataverseTable,
  id: string,
): Plan<Operation> {
  const select = route.options.get('$select')
  switch (request.method) {
    case 'GET': {
      const { expand, rest } = withoutExpand(route, table)
      if (expand !== null) {
        const readOne = async (): Promise<Answer> =>
          onlyAnswer(await readRecords(context.database, [request], rest, table, [id]))
        return { kind: 'read', run: () => expandRead(context, table, expand, readOne) }
      }
      const group = `${table.name}?${select ?? ''}#${request.headers['prefer'] ?? ''}#${request.headers['if-none-match'] ?? ''}`
      return {
        kind: 'readOne',
        group,
        id,
        runAll: (ids) =>
          readRecords(
            context.database,
            ids.map(() => request),
            route,
            table,
            ids,
          ),
      }
    }
    case 'PATCH': {
      if (!table.changeable) throw notImplemented(`The sandbox does not change records of '${table.name}'.`)
      return single({
        request,
        table,
        kind: 'save',
        id,
        precondition: readPrecondition(request.headers),
        body: readBody(request),
        select,
      })
    }
    case 'DELETE': {
      if (!table.creatable) throw notImplemented(`The sandbox does not delete records of '${table.name}'.`)
      return single({
        request,
        table,
        kind: 'delete',
        id,
        precondition: readPrecondition(request.headers),
        body: {},
        select,
      })
    }
    case 'PUT':
      throw notImplemented('The sandbox does not serve PUT.')
    default:
      throw methodNotAllowed(request.method, table.name)
  }
}

/** Records are read as they are stored, whatever else the environment shows of their table. */
function tracked(context: PlanContext, table: DataverseTable): DataverseTable {
  return { ...table, tracksChanges: context.tableNow(table).tracksChanges }
}

/** Of users and teams their roles and teams can be expanded; of other records nothing, which reading them refuses. */
function withoutExpand(
  route: Route,
  table: DataverseTable,
): { readonly expand: string | null; readonly rest: Route } {
  const expand = route.options.get('$expand')
  if (expand === undefined || (table.name !== 'systemusers' && table.name !== 'teams'))
    return { expand: null, rest: route }
  const options = new Map(route.options)
  options.delete('$expand')
  return { expand, rest: { ...route, options } }
}

async function expandRead(
  context: PlanContext,
  table: DataverseTable,
  expand: string,
  read: () => Promise<Answer>,
): Promise<Answer> {
  return expandAnswer(context.identity, table, expand, await read())
}

function onlyAnswer(answers: readonly Answer[]): Answer {
  const [answer] = answers
  if (answer === undefined) throw new Error('A request was left without an answer.')
  return answer
}

function single(write: Write): Plan<Operation> {
  return {
    kind: 'write',
    group: 'records',
    touches: `${write.table.name}(${write.id})`,
    write: { kind: 'single', write },
  }
}

function requireGet(method: string, place: string): void {
  if (method !== 'GET') throw methodNotAllowed(method, place)
}

function serviceDocument(request: ApiRequest): Answer {
  const value = DATAVERSE_TABLES.map((table) => ({ name: table.name, kind: 'EntitySet', url: table.name }))
  return jsonAnswer(
    200,
    JSON.stringify({ '@odata.context': `${request.origin}${SERVICE_ROOT}/$metadata`, value }),
  )
}
