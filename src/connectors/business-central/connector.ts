import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import { recordUrl } from '../../domain/record-url.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { Failure } from '../../domain/failure.js'
import type { Filter } from '../../domain/filter.js'
import type { ChangePage, Connector, IdPage, ReadChanges, SystemFacts } from '../connector.js'
import { checkBusinessCentral } from './check.js'
import { ConnectorError } from '../connector.js'
import { countMatching } from '../http/count-matching.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import { clockOf, countOf, idsOf, queryOption, readPage, unreadable } from '../http/odata.js'
import type { ConnectorDependencies } from '../http/service-client.js'
import { createServiceClient } from '../http/service-client.js'
import type { HttpResponse } from '../http/transport.js'
import { decodeBatch, encodeBatch, LARGEST_BATCH } from '../http/json-batch.js'
import { writeInChunks } from '../http/write-in-chunks.js'
import type { ReferredRecords } from './codes.js'
import { resultsWithIds, searchedValues, withCodes, withIds } from './codes.js'
import { createCompanyLookup } from './company.js'
import { readError, readErrorText, toConnectorError, translateError } from './errors.js'
import { pushFilter } from './push-filter.js'
import type { BusinessCentralReads } from './reads.js'
import { readByIds, readByValues, readRows } from './reads.js'
import { createRoutes } from './routes.js'
import type { BusinessCentralSettings } from './settings.js'
import { createWebhooks } from './webhooks.js'
import { selectOf } from './wire.js'
import { createWriteProtocol } from './write-protocol.js'

/** Rows in a page; Business Central online gives no more. */
const LARGEST_PAGE = 20_000
/** Requests of one user that Business Central carries out at the same time; more are queued. */
const LARGEST_CONCURRENCY = 5

/**
 * Business Central through API v2.0. Changes are found by their stamp; deletions are not reported by this system. Ids are
 * assigned by the server, so a creation is made safe to repeat by the key we assign.
 */
export function createBusinessCentralConnector(
  settings: BusinessCentralSettings,
  dependencies: ConnectorDependencies = {},
): Connector {
  const url = settings.url.replace(/\/+$/, '')
  const concurrency = Math.min(settings.concurrency, LARGEST_CONCURRENCY)
  const tenant = settings.tenant === undefined ? {} : { query: { tenant: settings.tenant } }
  const client = createServiceClient(
    'Business Central',
    { ...settings, url, concurrency, ...tenant },
    dependencies,
  )
  const headers = { accept: 'application/json', 'accept-language': 'en-US' }
  const company = createCompanyLookup(settings.companyId, listCompanies)

  async function get(address: string, prefer?: string): Promise<HttpResponse> {
    const request = {
      method: 'GET',
      url: address,
      headers: prefer === undefined ? headers : { ...headers, prefer },
    } as const
    const response = await client.read(request)
    if (response.status === 200) return response
    throw toConnectorError(readErrorText(response.status, response.text), response.headers, client.now())
  }

  async function listCompanies(): Promise<readonly ExactJsonObject[]> {
    const response = await get(`${url}/companies?${queryOption('$select', 'id,name')}`)
    return readPage(response.text, client.system).rows
  }

  const custom = settings.customApi === undefined ? null : url.replace(/v2\.0$/, settings.customApi)
  const routes = createRoutes(url, custom, async (address) => {
    const metadata = { ...headers, accept: 'application/xml' }
    const response = await client.read({ method: 'GET', url: address, headers: metadata })
    if (response.status === 200) return response.text
    const error = toConnectorError(
      readErrorText(response.status, response.text),
      response.headers,
      client.now(),
    )
    throw custom !== null && address.startsWith(custom)
      ? notPublished(error, settings.customApi ?? '')
      : error
  })

  async function reads(table: TableDefinition, fields: readonly string[]): Promise<BusinessCentralReads> {
    const [root, parent] = await Promise.all([routes.rootOf(table.name), company.path()])
    return { client, url: root, path: `${parent}/${table.name}`, headers, table, fields }
  }

  const referred: ReferredRecords = {
    byCodes: async (table, field, codes) => readByValues(await reads(table, [field]), field, codes),
    async byIds(table, field, ids) {
      const answers = await readByIds(await reads(table, [field]), ids)
      return answers.flatMap((answer) => (answer.kind === 'found' ? [answer.record] : []))
    },
  }

  async function readChanges(request: ReadChanges): Promise<ChangePage> {
    const { table, fields, from } = request
    const context = await reads(table, fields)
    const pageSize = Math.min(request.pageSize, LARGEST_PAGE)
    const address =
      from.kind === 'next' ? from.next : `${context.url}/${context.path}?${changesQuery(request)}`
    const response = await get(address, `odata.maxpagesize=${pageSize}`)
    const page = readPage(response.text, client.system)
    const records = await withIds(table, readRows(context, page.rows), referred)
    return {
      changes: records.map((record) => ({ kind: 'changed', record })),
      next: page.nextLink,
      token: null,
    }
  }

  async function readIds(table: TableDefinition, next: string | null): Promise<IdPage> {
    const address =
      next ??
      `${await routes.rootOf(table.name)}/${await company.path()}/${table.name}?${queryOption('$select', table.keyField)}`
    const response = await get(address, `odata.maxpagesize=${LARGEST_PAGE}`)
    const page = readPage(response.text, client.system)
    return { ids: idsOf(table, page.rows, client.system), next: page.nextLink }
  }

  async function countRecords(table: TableDefinition, filter: Filter | null): Promise<number> {
    const pushed = pushFilter(table, filter)
    if (filter !== null && pushed?.exact !== true)
      return countMatching(readChanges, table, filter, LARGEST_PAGE)
    const query = [
      queryOption('$select', table.keyField),
      queryOption('$count', 'true'),
      ...(pushed === null ? [] : [queryOption('$filter', pushed.text)]),
    ].join('&')
    const response = await get(
      `${await routes.rootOf(table.name)}/${await company.path()}/${table.name}?${query}`,
      'odata.maxpagesize=1',
    )
    return countOf(response.text, client.system) ?? countMatching(readChanges, table, filter, LARGEST_PAGE)
  }

  /** One change in a batch by itself, as changes are sent. */
  async function tryToChange(
    table: TableDefinition,
    id: string,
    etag: string,
    body: Readonly<Record<string, string | boolean>>,
  ): Promise<Failure | null> {
    const { url: root, path } = await reads(table, [])
    const operation = {
      method: 'PATCH',
      url: `${path}(${id})`,
      headers: { 'content-type': 'application/json', 'if-match': etag },
      body,
    } as const
    const response = await client.read({
      method: 'POST',
      url: `${root}/$batch`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: encodeBatch([operation]),
    })
    if (response.status !== 200)
      throw toConnectorError(readErrorText(response.status, response.text), response.headers, client.now())
    const [answer] = decodeBatch(response.text, 1)
    if (answer === undefined || answer.status < 400) return null
    return translateError(readError(answer.status, answer.body), table)
  }

  async function readFacts(): Promise<SystemFacts> {
    const query = queryOption('$select', 'id,currencyCode')
    const response = await get(`${url}/${await company.path()}/companyInformation?${query}`)
    const [row] = readPage(response.text, client.system).rows
    const code = row?.['currencyCode']
    if (typeof code !== 'string') throw unreadable(client.system, 'companyInformation has no currencyCode')
    return { baseCurrency: null, localCurrencyCode: code.trim() === '' ? null : code.trim() }
  }

  return {
    kind: 'BUSINESS_CENTRAL',
    creation: () => 'assignedKey',
    newIds: () => Promise.reject(new Error('Business Central assigns the ids of its records itself.')),
    hints: createWebhooks({ client, headers, url, companyPath: () => company.path() }),
    check: (request) =>
      checkBusinessCentral(
        {
          client,
          companyId: settings.companyId,
          signInKind: settings.signIn.kind,
          listCompanies,
          async readFirst(table, query) {
            const { url: root, path } = await reads(table, [])
            const response = await get(`${root}/${path}?${query}`)
            return readPage(response.text, client.system).rows[0] ?? null
          },
          tryToChange,
        },
        request,
      ),
    changeFeed: () => 'stamp',
    recordsPerCall: LARGEST_BATCH,
    maximumFlight: settings.maximumFlight,
    async readClock() {
      const response = await get(`${url}/companies?${queryOption('$select', 'id')}`)
      return { at: clockOf(response, client.system), readAt: client.now() }
    },
    readChanges,
    async readByIds(table, fields, ids) {
      const answers = await readByIds(await reads(table, fields), ids)
      const found = answers.flatMap((answer) => (answer.kind === 'found' ? [answer.record] : []))
      const records = new Map((await withIds(table, found, referred)).map((record) => [record.id, record]))
      return answers.map((answer) =>
        answer.kind === 'found'
          ? { ...answer, record: records.get(answer.record.id) ?? answer.record }
          : answer,
      )
    },
    async readByValues(table, fields, field, values) {
      const searched = await searchedValues(table, field, values, referred)
      return withIds(table, await readByValues(await reads(table, fields), field, searched), referred)
    },
    readIds,
    countRecords,
    listTables: () => routes.list(),
    describeTable: (name) => routes.describe(name),
    async write(table, requests, options) {
      const context = await reads(table, options.returnFields)
      const { requests: sendable, refused } = await withCodes(table, requests, referred)
      if (refused.length > 0) await options.onResults(refused)
      const protocol = createWriteProtocol({
        table,
        path: context.path,
        batchUrl: `${context.url}/$batch`,
        headers,
        returnFields: options.returnFields,
        now: client.now,
      })
      await writeInChunks(client, protocol, sendable, {
        ...options,
        onResults: async (results) => options.onResults(await resultsWithIds(table, results, referred)),
      })
    },
    readFacts,
    recordUrl(table, id) {
      const known = { ...settings, url, companyId: company.knownId() }
      return (
        recordUrl({ kind: 'BUSINESS_CENTRAL', settings: known }, table, id) ?? `${url}/${table.name}(${id})`
      )
    },
    close: () => client.close(),
  }
}

function changesQuery(request: ReadChanges): string {
  const { table, fields, from } = request
  const select = queryOption('$select', selectOf(table, fields))
  const pushed = pushFilter(table, request.filter ?? null)?.text
  switch (from.kind) {
    case 'beginning':
      return pushed === undefined ? select : [select, queryOption('$filter', pushed)].join('&')
    case 'stamp': {
      const since = `${table.stampField} ge ${new Date(from.atOrAfter).toISOString()}`
      const filter = pushed === undefined ? since : `${since} and ${pushed}`
      return [select, queryOption('$filter', filter), queryOption('$orderby', table.stampField)].join('&')
    }
    case 'token':
    case 'next':
      throw new Error('Business Central has no delta tokens, and a next page is read by its link.')
  }
}

/** Without the custom API's metadata it cannot be told which tables it serves. */
function notPublished(error: ConnectorError, customApi: string): ConnectorError {
  if (error.failure.errorClass !== 'SETUP') return error
  return new ConnectorError({
    ...error.failure,
    message: `The custom API ${customApi} cannot be read: ${error.failure.message}`,
    ...explained(DiagnosisCode.customApiMissing),
  })
}
