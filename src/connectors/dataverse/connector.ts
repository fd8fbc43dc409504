import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import { randomUUID } from 'node:crypto'
import { recordUrl } from '../../domain/record-url.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { ThrottledBy } from '../../domain/governor.js'
import type { Filter } from '../../domain/filter.js'
import type { ChangePage, Connector, IdPage, ReadChanges, SystemFacts } from '../connector.js'
import { checkDataverse } from './check.js'
import { ConnectorError } from '../connector.js'
import { countMatching } from '../http/count-matching.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import { clockOf, countOf, idsOf, queryOption, readObject, readPage, unreadable } from '../http/odata.js'
import type { ConnectorDependencies } from '../http/service-client.js'
import { createServiceClient } from '../http/service-client.js'
import type { HttpResponse } from '../http/transport.js'
import type { AnyProtocol, BulkProtocol } from '../http/write-in-chunks.js'
import { writeInChunks } from '../http/write-in-chunks.js'
import { withCompanions } from './companions.js'
import { BulkMessage, createBulkRegister } from './bulk-messages.js'
import { withCreateMultiple } from './create-multiple.js'
import { describeTable, listTables } from './metadata.js'
import { readError, toConnectorError } from './errors.js'
import { preferencesOf, selectOf } from './fields.js'
import { withOptionTables } from './option-tables.js'
import { withoutNeedlessState } from './product-state.js'
import { pushFilter } from './push-filter.js'
import type { DataverseReads } from './reads.js'
import { readByIds, readByValues, readChanges } from './reads.js'
import type { DataverseSettings } from './settings.js'
import { withUpdateMultiple } from './update-multiple.js'
import type { DataverseWrites } from './write-protocol.js'
import { createWriteProtocol } from './write-protocol.js'

/** Rows in a page; Dataverse gives no more. */
const LARGEST_PAGE = 5000
/** Dataverse stops counting here. */
const LARGEST_COUNT = 5000

/**
 * How a page was asked for, kept in front of the link to the next one: only the first read of a tracked walk asks for
 * tracking, and only a tracked walk ends with a delta link.
 */
const Walk = { plain: 'plain', tracked: 'tracked', delta: 'delta' } as const
type Walk = (typeof Walk)[keyof typeof Walk]

interface Step {
  readonly walk: Walk
  readonly url: string
}

/** Dynamics 365 Sales and other Dataverse apps through the Web API. We choose the ids; changes are tracked with a delta link. */
export function createDataverseConnector(
  settings: DataverseSettings,
  dependencies: ConnectorDependencies = {},
): Connector {
  const url = settings.url.replace(/\/+$/, '')
  const client = createServiceClient('Dataverse', { ...settings, url, throttledBy }, dependencies)
  const headers = { accept: 'application/json', 'odata-maxversion': '4.0', 'odata-version': '4.0' }
  const reads = (table: TableDefinition, fields: readonly string[]): DataverseReads => ({
    client,
    url,
    headers,
    table,
    fields,
  })

  async function get(address: string, prefer?: string): Promise<HttpResponse> {
    const request = {
      method: 'GET',
      url: address,
      headers: prefer === undefined ? headers : { ...headers, prefer },
    } as const
    const response = await client.read(request)
    if (response.status === 200) return response
    throw toConnectorError(readError(response.status, response.text), response.headers, client.now())
  }

  /** Whatever Dataverse has against a delta link as a request, a full read makes a new one or shows the true reason. */
  async function getPage(request: ReadChanges, address: string, prefer: string): Promise<HttpResponse> {
    try {
      return await get(address, prefer)
    } catch (error) {
      const isRefused = error instanceof ConnectorError && [400, 404, 410].includes(error.failure.status ?? 0)
      if (!isRefused || request.from.kind !== 'token') throw error
      throw new ConnectorError(error.failure, error.retryAfter, true, { cause: error })
    }
  }

  /** Rows of a path below the service root, to the last page. */
  async function readRows(path: string): Promise<readonly ExactJsonObject[]> {
    const rows: ExactJsonObject[] = []
    let address: string | null = `${url}/${path}`
    while (address !== null) {
      const page = readPage((await get(address)).text, client.system)
      rows.push(...page.rows)
      address = page.nextLink
    }
    return rows
  }

  async function readPageOfChanges(request: ReadChanges): Promise<ChangePage> {
    const step = stepOf(url, request)
    if (request.from.kind === 'token' && client.isForeign(step.url)) throw movedToken(step.url, url)
    const preferences = [`odata.maxpagesize=${Math.min(request.pageSize, LARGEST_PAGE)}`]
    if (step.walk === Walk.tracked) preferences.unshift('odata.track-changes')
    preferences.push(...preferencesOf(request.table, request.fields))
    const response = await getPage(request, step.url, preferences.join(','))
    const page = readPage(response.text, client.system)
    if (page.nextLink === null && page.deltaLink === null && step.walk !== Walk.plain)
      throw notTracked(request.table)
    return {
      changes: readChanges(reads(request.table, request.fields), page.rows),
      next: page.nextLink === null ? null : `${step.walk} ${page.nextLink}`,
      token: page.nextLink === null ? page.deltaLink : null,
    }
  }

  async function readIds(table: TableDefinition, next: string | null): Promise<IdPage> {
    const address = next ?? `${url}/${table.name}?${queryOption('$select', table.keyField)}`
    const response = await get(address, `odata.maxpagesize=${LARGEST_PAGE}`)
    const page = readPage(response.text, client.system)
    return { ids: idsOf(table, page.rows, client.system), next: page.nextLink }
  }

  /** Dataverse counts to 5,000 and says no more then; larger tables are counted by reading. */
  async function countRecords(table: TableDefinition, filter: Filter | null): Promise<number> {
    const pushed = pushFilter(table, filter)
    if (filter === null || pushed?.exact === true) {
      const query = [
        queryOption('$select', table.keyField),
        queryOption('$count', 'true'),
        ...(pushed === null ? [] : [queryOption('$filter', pushed.text)]),
      ].join('&')
      const response = await get(`${url}/${table.name}?${query}`, 'odata.maxpagesize=1')
      const count = countOf(response.text, client.system)
      if (count !== null && count < LARGEST_COUNT) return count
    }
    return countMatching(readPageOfChanges, table, filter, LARGEST_PAGE)
  }

  async function readFacts(): Promise<SystemFacts> {
    const response = await get(`${url}/organizations?${queryOption('$select', '_basecurrencyid_value')}`)
    const [row] = readPage(response.text, client.system).rows
    const baseCurrency = row?.['_basecurrencyid_value']
    if (typeof baseCurrency !== 'string')
      throw unreadable(client.system, 'the organisation has no base currency')
    return { baseCurrency: baseCurrency.toLowerCase(), localCurrencyCode: null }
  }

  const bulkRegister = createBulkRegister(readRows)
  async function withCreations(batch: BulkProtocol, context: DataverseWrites): Promise<AnyProtocol> {
    const logicalName = await bulkRegister(context.table, BulkMessage.create)
    return logicalName === null ? batch : withCreateMultiple(batch, context, logicalName)
  }

  async function withUpdates(inner: AnyProtocol, context: DataverseWrites): Promise<AnyProtocol> {
    const logicalName = await bulkRegister(context.table, BulkMessage.update)
    if (logicalName === null) return inner
    return withUpdateMultiple(inner, context, logicalName, await readOurselves())
  }

  /** The id of the user that the application is, which stands in what it writes. */
  async function readOurselves(): Promise<string> {
    const { UserId: id } = readObject((await get(`${url}/WhoAmI`)).text, client.system)
    if (typeof id !== 'string') throw unreadable(client.system, 'WhoAmI names no user')
    return id.toLowerCase()
  }

  const connector: Connector = {
    kind: 'DATAVERSE',
    creation: () => 'clientId',
    newIds: (_table, values) => Promise.resolve(values.map(() => randomUUID())),
    hints: null,
    check: (request) =>
      checkDataverse(
        {
          client,
          url,
          readRows,
          readObject: async (path) => readObject((await get(`${url}/${path}`)).text, client.system),
          readFirst: async (path) => void (await get(`${url}/${path}`)),
        },
        request,
      ),
    changeFeed: (table) => (table.tracksChanges === false ? 'stamp' : 'token'),
    recordsPerCall: 250,
    maximumFlight: settings.maximumFlight,
    async readClock() {
      const response = await get(`${url}/WhoAmI`)
      return { at: clockOf(response, client.system), readAt: client.now() }
    },
    readChanges: readPageOfChanges,
    readByIds: (table, fields, ids) => readByIds(reads(table, fields), ids),
    readByValues: (table, fields, field, values) => readByValues(reads(table, fields), field, values),
    readIds,
    countRecords,
    listTables: () => listTables(readRows),
    describeTable: (name) => describeTable(readRows, name),
    async write(table, requests, writeOptions) {
      const { returnFields } = writeOptions
      const filled = await withCompanions(table, requests, (referring, fields, lookup, ids) =>
        readByValues(reads(referring, fields), lookup, ids),
      )
      const sendable = await withoutNeedlessState(table, filled, readRows)
      const context = { table, url, headers, returnFields, now: client.now }
      const kinds = new Set(sendable.map((request) => request.kind))
      const creation =
        settings.bulkMessages && kinds.has('create')
          ? await withCreations(createWriteProtocol(context), context)
          : createWriteProtocol(context)
      if (writeOptions.bulkUpdates !== true || !kinds.has('update'))
        return writeInChunks(client, creation, sendable, writeOptions)
      const protocol = await withUpdates(creation, context)
      // Of a kind they go together, so kinds are not mixed in calls.
      const inOrder = sendable.toSorted((one, other) => one.kind.localeCompare(other.kind))
      await writeInChunks(client, protocol, inOrder, writeOptions)
    },
    readFacts,
    recordUrl: (table, id) =>
      recordUrl({ kind: 'DATAVERSE', settings: { ...settings, url } }, table, id) ??
      `${url}/${table.name}(${id})`,
    close: () => client.close(),
  }
  return withOptionTables(connector, url, readRows)
}

function stepOf(url: string, request: ReadChanges): Step {
  const { table, fields, from } = request
  const select = queryOption('$select', selectOf(table, fields))
  const pushed = pushFilter(table, request.filter ?? null)?.text
  switch (from.kind) {
    case 'beginning': {
      // A tracked read takes no filter.
      if (request.track) return { walk: Walk.tracked, url: `${url}/${table.name}?${select}` }
      const query = pushed === undefined ? select : [select, queryOption('$filter', pushed)].join('&')
      return { walk: Walk.plain, url: `${url}/${table.name}?${query}` }
    }
    case 'stamp': {
      // Stamps are cut to whole seconds: a change half a second after the mark has a stamp before it.
      const mark = Math.floor(from.atOrAfter / table.stampResolution) * table.stampResolution
      const since = `${table.stampField} ge ${new Date(mark).toISOString()}`
      const filter = pushed === undefined ? since : `${since} and ${pushed}`
      const query = [select, queryOption('$filter', filter), queryOption('$orderby', table.stampField)].join(
        '&',
      )
      return { walk: Walk.plain, url: `${url}/${table.name}?${query}` }
    }
    case 'token':
      return { walk: Walk.delta, url: from.token }
    case 'next': {
      const space = from.next.indexOf(' ')
      const walk = Object.values(Walk).find((known) => known === from.next.slice(0, space))
      if (walk === undefined) throw new Error(`This is no link to a next page: ${from.next}`)
      return { walk, url: from.next.slice(space + 1) }
    }
  }
}

/** Its errors say which of the service protection limits is reached. */
function throttledBy(text: string): ThrottledBy | null {
  if (/0x80072322/i.test(text)) return 'requests'
  if (/0x80072321/i.test(text)) return 'execution'
  return /0x80072326/i.test(text) ? 'concurrency' : null
}

/** The organisation has another address than when the token was made; a full read makes a new one. */
function movedToken(token: string, url: string): ConnectorError {
  const from = URL.canParse(token) ? new URL(token).origin : 'an unreadable address'
  return new ConnectorError(
    {
      errorClass: 'SETUP',
      message: `The delta link belongs to ${from}, and the connection to ${new URL(url).origin}.`,
      cause: 'The address of the connection was changed since the last run.',
      remedy: 'Everything is read again; nothing needs to be done.',
    },
    undefined,
    true,
  )
}

function notTracked(table: TableDefinition): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `Dataverse gave no delta link for ${table.name}.`,
    ...explained(DiagnosisCode.changeTrackingOff),
    cause: `Change tracking is not switched on for the table ${table.caption}.`,
  })
}
