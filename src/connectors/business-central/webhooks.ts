import type { TableDefinition } from '../../domain/schema.js'
import { ConnectorError, type Hints, type HintSubscription } from '../connector.js'
import { isJsonObject, parseExactJson, type ExactJsonObject } from '../http/exact-json.js'
import { readPage, unreadable } from '../http/odata.js'
import type { ServiceClient } from '../http/service-client.js'
import type { HttpResponse } from '../http/transport.js'
import { isAboutEnvironment, readErrorText, toConnectorError } from './errors.js'

/**
 * Entity sets of API v2.0 of which Business Central sends notifications, as Microsoft documents them. Contacts and salespeople are not
 * among them: their changes are found by asking.
 */
const NOTIFIED: ReadonlySet<string> = new Set(
  (
    'accounts companyInformation countriesRegions currencies customerPaymentJournals customers dimensions employees ' +
    'generalLedgerEntries itemCategories items journals paymentMethods paymentTerms purchaseInvoices salesCreditMemos ' +
    'salesInvoices salesOrders salesQuotes shipmentMethods unitsOfMeasure vendors'
  ).split(' '),
)

/** What a company is reached by, and how: of the standard API, which notifies of a set whichever API its records are read through. */
export interface WebhookRoutes {
  readonly client: ServiceClient
  readonly headers: Readonly<Record<string, string>>
  /** Root of API v2.0. */
  readonly url: string
  /** `companies(ID)`. */
  companyPath(): Promise<string>
}

/**
 * Notifications of Business Central. A subscription ends after three days unless it is renewed, and is deleted when its receiver
 * answers with a refusal; an environment has 200 of them at most.
 */
export function createWebhooks(routes: WebhookRoutes): Extract<Hints, { readonly kind: 'webhook' }> {
  const { client, headers, url } = routes
  const root = `${url}/subscriptions`
  const addressOf = (id: string): string => `${root}('${id.replaceAll("'", "''")}')`

  const send = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    address: string,
    version: string | null,
    body?: object,
  ): Promise<HttpResponse> =>
    client.read({
      method,
      url: address,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(version !== null && { 'if-match': version }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  const failureOf = (response: HttpResponse): ConnectorError =>
    toConnectorError(readErrorText(response.status, response.text), response.headers, client.now())

  const isGone = (response: HttpResponse): boolean =>
    response.status === 404 && !isAboutEnvironment(readErrorText(response.status, response.text))

  /** One that is there already for this address and set, of which we have forgotten. */
  async function findForgotten(notificationUrl: string, set: string): Promise<HintSubscription | null> {
    const response = await send('GET', root, null)
    if (response.status !== 200) throw failureOf(response)
    const { rows } = readPage(response.text, client.system)
    const row = rows.find(
      ({ notificationUrl: address, resource }) =>
        address === notificationUrl && typeof resource === 'string' && resource.endsWith(`/${set}`),
    )
    return row === undefined ? null : readSubscription(row, client.system)
  }

  /** Null: it is gone. Whoever changed it meanwhile is followed once. */
  async function change(
    method: 'PATCH' | 'DELETE',
    known: HintSubscription,
    body?: object,
  ): Promise<HttpResponse | null> {
    const first = await send(method, addressOf(known.id), known.version, body)
    if (isGone(first)) return null
    if (first.status !== 409 && first.status !== 412) return first
    const read = await send('GET', addressOf(known.id), null)
    if (isGone(read)) return null
    if (read.status !== 200) throw failureOf(read)
    const { version } = readSubscription(readObject(read.text, client.system), client.system)
    const second = await send(method, addressOf(known.id), version, body)
    return isGone(second) ? null : second
  }

  return {
    kind: 'webhook',
    supported: (tables) => Promise.resolve(tables.filter((table) => NOTIFIED.has(table.name))),
    async subscribe(table: TableDefinition, notificationUrl, clientState, known) {
      const resource = `${await routes.companyPath()}/${table.name}`
      const body = { notificationUrl, resource, clientState }
      const standing = known ?? (await findForgotten(notificationUrl, resource))
      if (standing !== null) {
        const renewed = await change('PATCH', standing, body)
        if (renewed?.status === 200)
          return readSubscription(readObject(renewed.text, client.system), client.system)
        if (renewed !== null) throw failureOf(renewed)
      }
      const made = await send('POST', root, null, body)
      if (made.status !== 201) throw failureOf(made)
      return readSubscription(readObject(made.text, client.system), client.system)
    },
    async unsubscribe(subscription) {
      const ended = await change('DELETE', subscription)
      if (ended !== null && ended.status !== 204) throw failureOf(ended)
    },
  }
}

function readObject(text: string, system: string): ExactJsonObject {
  const parsed = parseExactJson(text)
  if (!isJsonObject(parsed)) throw unreadable(system, 'a subscription is no object')
  return parsed
}

function readSubscription(row: ExactJsonObject, system: string): HintSubscription {
  const { subscriptionId: id, expirationDateTime, '@odata.etag': version } = row
  const expiresAt = typeof expirationDateTime === 'string' ? Date.parse(expirationDateTime) : Number.NaN
  if (typeof id !== 'string' || typeof version !== 'string' || Number.isNaN(expiresAt))
    throw unreadable(system, 'a subscription lacks its id, its version or its end')
  return { id, version, expiresAt }
}
