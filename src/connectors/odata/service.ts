import { encodePredicate, keyPredicate } from '../../domain/record-key.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { ServiceClient, Throttling } from '../http/service-client.js'
import type { HttpRequest, HttpResponse } from '../http/transport.js'
import { findBatchForm } from './operations.js'
import type { BatchForm, ODataSettings } from './settings.js'

/**
 * One request, whatever its status; a refused token is renewed once. `throttledIn`: whether parts of an answer are throttled. Throws
 * ConnectorError where no answer came.
 */
export type Send = (
  request: HttpRequest,
  throttledIn?: (response: HttpResponse) => Throttling | null,
) => Promise<HttpResponse>

/** What is known of one OData service. What a service can do is learned from its answers and holds until the connector is closed. */
export interface ODataService {
  readonly system: string
  readonly url: string
  readonly settings: ODataSettings
  /** Of every operation. */
  readonly headers: Readonly<Record<string, string>>
  readonly now: () => number
  /** Sends in a slot of its own. */
  readonly send: Send
  /** For how long what is throttled of such a call is put back and sent again, milliseconds. */
  readonly throttlePatience: number
  /** The form of batch that the service takes, found out once. Throws ConnectorError. */
  batchForm(send: Send): Promise<BatchForm>
  /** An entity set that is in use, by which it may be found out what the service takes. */
  use(table: TableDefinition): void
  /** By entity set: whether its rows come with ETags, once that is known. */
  readonly hasETags: Map<string, boolean>
  /** By entity set and kind of test: the way of asking for several values that the service has answered last. */
  readonly queryStyles: Map<string, string>
  /** By entity set and filter: whether the service understands it. */
  readonly provenFilters: Map<string, boolean>
  /** The service gives more rows at once than a page, and no link: pages are asked for. */
  asksForPages: boolean
}

export function createODataService(client: ServiceClient, settings: ODataSettings): ODataService {
  let form: Promise<BatchForm> | null = settings.batch === undefined ? null : Promise.resolve(settings.batch)
  let usedSet: string | null = null
  const service: ODataService = {
    system: client.system,
    url: client.url,
    settings,
    headers: { accept: 'application/json', 'odata-maxversion': '4.0', 'odata-version': '4.0' },
    now: client.now,
    send: (request, throttledIn) => client.read(request, throttledIn),
    throttlePatience: client.throttlePatience,
    batchForm(send) {
      if (form !== null) return form
      const set = usedSet
      if (set === null) return Promise.resolve('none')
      const finding = findBatchForm(service, send, set)
      form = finding
      finding.catch(() => {
        if (form === finding) form = null
      })
      return finding
    },
    use(table) {
      usedSet = pathOf(service, table)
    },
    hasETags: new Map(),
    queryStyles: new Map(),
    provenFilters: new Map(),
    asksForPages: settings.paging === 'client',
  }
  return service
}

/** The path of an entity set below the service root. */
export function pathOf(service: ODataService, table: TableDefinition): string {
  const { path } = service.settings
  return path === undefined ? table.name : `${path}/${table.name}`
}

/** The path of a record below the service root; null where the id is no key of the table. */
export function recordPath(service: ODataService, table: TableDefinition, id: string): string | null {
  const predicate = keyPredicate(table, id)
  return predicate === null ? null : `${pathOf(service, table)}(${encodePredicate(predicate)})`
}
