import { randomUUID } from 'node:crypto'
import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer } from '../common/answer.js'
import type { Connection, Database } from '../common/database.js'
import { rowJson } from '../common/odata/page.js'
import { insertRows, nextVersions } from '../common/records.js'
import type { Row } from '../common/table.js'
import { blankRow } from '../common/table.js'
import { parseBody } from './batch.js'
import { readChanges } from './changes.js'
import type { Changes } from './changes.js'
import { outputMembers } from './dialect.js'
import { BusinessCentralError, methodNotAllowed } from './errors.js'
import { checkIfMatch, checkIfMatchForm, etagOf } from './etag.js'
import { shakeHands } from './handshake.js'
import { contextUrl, entityAnswer, readSet } from './read.js'
import type { Company, Route } from './route.js'
import { parseRoute } from './route.js'
import { NOTIFIED_SETS, SUBSCRIPTIONS } from './subscriptions-table.js'
import { VERSION } from './table.js'
import { isObject } from '../common/json.js'

/** Milliseconds after which a subscription that is not renewed ends. */
const LIFE = 3 * 24 * 60 * 60 * 1000
const MOST = 200

export interface SubscriptionContext {
  readonly database: Database | Connection
  readonly company: Company
  readonly strictDelete: boolean
  readonly now: () => number
}

/** Answers a request for subscriptions, or for one when `id` is given. Throws BusinessCentralError or QueryError. */
export async function answerSubscriptions(
  context: SubscriptionContext,
  request: ApiRequest,
  route: Route,
  id: string | null,
): Promise<Answer> {
  const { method } = request
  if (id === null) {
    if (method === 'GET') return readSet(context.database, request, route, SUBSCRIPTIONS)
    if (method === 'POST') return create(context, request, route)
  } else {
    if (method === 'GET') return shown(context, request, route, await find(context, id), 200)
    if (method === 'PATCH') return renew(context, request, route, id)
    if (method === 'DELETE') return end(context, request, id)
  }
  throw methodNotAllowed(method, SUBSCRIPTIONS.name)
}

async function create(context: SubscriptionContext, request: ApiRequest, route: Route): Promise<Answer> {
  const changes = readSubscription(request, true)
  const notificationUrl = required(changes, 'notificationUrl')
  const resource = canonicalResource(required(changes, 'resource'), route, context.company)
  const known = await context.database.query<{ count: string }>(
    'select count(*)::text as count from subscriptions',
  )
  if (Number(known.rows[0]?.count ?? '0') >= MOST)
    throw new BusinessCentralError(400, 'BadRequest', `There can be at most ${MOST} subscriptions.`)
  await shakeHands(notificationUrl)
  const now = new Date(context.now()).toISOString()
  const row: Row = {
    ...blankRow(SUBSCRIPTIONS),
    subscriptionId: randomUUID().replaceAll('-', ''),
    notificationUrl,
    resource,
    clientState: changes.get('clientState') ?? '',
    systemCreatedAt: now,
    ...(await touched(context)),
  }
  await insertRows(context.database, SUBSCRIPTIONS, [row])
  return shown(context, request, route, row, 201)
}

/** A change renews the subscription; who is to be told must answer again. */
async function renew(
  context: SubscriptionContext,
  request: ApiRequest,
  route: Route,
  id: string,
): Promise<Answer> {
  const ifMatch = request.headers['if-match']
  checkIfMatchForm('PATCH', ifMatch, context.strictDelete)
  const changes = readSubscription(request, false)
  const before = await find(context, id)
  checkIfMatch('PATCH', ifMatch, before, context.strictDelete)
  const row: Row = { ...before, ...Object.fromEntries(changes), ...(await touched(context)) }
  row['resource'] = canonicalResource(row['resource'] ?? '', route, context.company)
  await shakeHands(row['notificationUrl'] ?? '')
  const updated = await context.database.query(
    `update subscriptions set "notificationUrl" = $3, resource = $4, "clientState" = $5, "expirationDateTime" = $6,
       "lastModifiedDateTime" = $7, "systemModifiedAt" = $7, "recordVersion" = $8
     where "subscriptionId" = $1 and "recordVersion" = $2`,
    [
      id,
      before[VERSION],
      ...[
        'notificationUrl',
        'resource',
        'clientState',
        'expirationDateTime',
        'lastModifiedDateTime',
        VERSION,
      ].map((member) => row[member]),
    ],
  )
  if (updated.rowCount === 0)
    throw new BusinessCentralError(
      409,
      'Request_EntityChanged',
      'Another user has already changed the record.',
    )
  return shown(context, request, route, row, 200)
}

async function end(context: SubscriptionContext, request: ApiRequest, id: string): Promise<Answer> {
  const ifMatch = request.headers['if-match']
  checkIfMatchForm('DELETE', ifMatch, context.strictDelete)
  checkIfMatch('DELETE', ifMatch, await find(context, id), context.strictDelete)
  await context.database.query('delete from subscriptions where "subscriptionId" = $1', [id])
  return emptyAnswer(204)
}

function readSubscription(request: ApiRequest, creating: boolean): Changes {
  const body = parseBody(request)
  if (!isObject(body))
    throw new BusinessCentralError(400, 'BadRequest', 'The body of the request must be a JSON object.')
  return readChanges(SUBSCRIPTIONS, body, creating)
}

function required(changes: Changes, member: string): string {
  const value = changes.get(member) ?? ''
  if (value !== '') return value
  throw new BusinessCentralError(
    400,
    'BadRequest_RequiredParamNotProvided',
    `The field '${member}' must not be blank.`,
  )
}

/** An entity set as notifications name it: `api/v2.0/companies(ID)/customers`. Throws for one of which there are none. */
function canonicalResource(resource: string, route: Route, company: Company): string {
  const rooted = /^(?:https?:\/\/|\/)/i.test(resource)
    ? resource
    : /^api\//i.test(resource)
      ? `/${resource}`
      : `${route.root}/${resource}`
  const named = parseRoute(rooted, '', company, undefined)
  const name = named.target.kind === 'set' ? named.target.table.name : ''
  if (named.api !== route.api || !NOTIFIED_SETS.some((set) => set === name)) {
    throw new BusinessCentralError(
      400,
      'BadRequest',
      `The entity set '${resource}' does not support webhooks.`,
    )
  }
  return `api/${route.api.path}/companies(${company.id})/${name}`
}

/** Members that every write of a subscription sets. */
async function touched(context: SubscriptionContext): Promise<Row> {
  const now = context.now()
  const [version] = await nextVersions(context.database, 1)
  return {
    expirationDateTime: new Date(now + LIFE).toISOString(),
    lastModifiedDateTime: new Date(now).toISOString(),
    systemModifiedAt: new Date(now).toISOString(),
    [VERSION]: version ?? null,
  }
}

async function find(context: SubscriptionContext, id: string): Promise<Row> {
  const found = await context.database.query<Row>('select * from subscriptions where "subscriptionId" = $1', [
    id,
  ])
  const [row] = found.rows
  if (row !== undefined) return row
  throw new BusinessCentralError(
    404,
    'Internal_RecordNotFound',
    `The ${SUBSCRIPTIONS.caption} does not exist. Identification fields and values: Subscription Id='${id}'`,
  )
}

async function shown(
  context: SubscriptionContext,
  request: ApiRequest,
  route: Route,
  row: Row,
  status: number,
): Promise<Answer> {
  const found = await context.database.query<{ json: string }>(
    `select ${rowJson(outputMembers(SUBSCRIPTIONS, null))} as json from subscriptions t where t."subscriptionId" = $1`,
    [row['subscriptionId']],
  )
  const place = `${contextUrl(request, route, SUBSCRIPTIONS, null)}/$entity`
  return entityAnswer(status, place, found.rows[0]?.json ?? '{}', { etag: etagOf(row) })
}
