import { randomUUID } from 'node:crypto'
import type { Failure } from '../../domain/failure.js'
import type { Filter } from '../../domain/filter.js'
import { idOfKey, keyFieldsOf } from '../../domain/record-key.js'
import { recordUrl } from '../../domain/record-url.js'
import type { TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { Values } from '../../domain/value.js'
import { ConnectorError, type Connector } from '../connector.js'
import { countMatching } from '../http/count-matching.js'
import type { ServiceMetadata } from '../http/csdl.js'
import { readMetadata } from '../http/csdl.js'
import { LARGEST_BATCH } from '../http/json-batch.js'
import { clockOf, countOf, queryOption, unreadable } from '../http/odata.js'
import type { ConnectorDependencies } from '../http/service-client.js'
import { createServiceClient } from '../http/service-client.js'
import { writeInChunks } from '../http/write-in-chunks.js'
import { checkService } from './check.js'
import { describeSet, listSets, UnusableSetError } from './describe-table.js'
import { toConnectorError } from './errors.js'
import { answerOf } from './operations.js'
import { expectRecords, readChangePage, readEverything } from './pages.js'
import { readByIds, readByValues } from './reads.js'
import { createODataService, pathOf } from './service.js'
import type { ODataSettings } from './settings.js'
import { createWriteProtocol } from './write-protocol.js'

/** Long enough for the ids that we make up. */
const GUID_LENGTH = 36

/**
 * Any service that speaks OData version 4. Its `$metadata` tells the tables; the settings tell what no metadata does: by what changes
 * are found, and how a record is found again whose key the service assigns.
 */
export function createODataConnector(
  settings: ODataSettings,
  dependencies: ConnectorDependencies = {},
): Connector {
  const url = settings.url.replace(/\/+$/, '')
  const client = createServiceClient('OData', { ...settings, url }, dependencies)
  const service = createODataService(client, settings)

  async function metadata(): Promise<ServiceMetadata> {
    const response = await service.send({
      method: 'GET',
      url: `${url}/$metadata`,
      headers: { ...service.headers, accept: 'application/xml' },
    })
    if (response.status !== 200) throw toConnectorError(answerOf(response), service.now())
    try {
      return readMetadata(response.text)
    } catch (error) {
      if (error instanceof SyntaxError) throw unreadable(service.system, error.message)
      throw error
    }
  }

  async function describe(name: string): Promise<TableDefinition> {
    const described = await metadata()
    try {
      return describeSet(described, name, settings.sets[name])
    } catch (error) {
      if (error instanceof UnusableSetError) throw unusable(error.message)
      throw error
    }
  }

  /** The service document, without which a service answers with something else, which has a date as well. */
  async function readClock(): Promise<{ readonly at: number; readonly readAt: number }> {
    const response = await service.send({ method: 'GET', url: `${url}/`, headers: service.headers })
    if ([401, 403, 408, 429].includes(response.status) || response.status >= 500)
      throw toConnectorError(answerOf(response), service.now())
    return { at: clockOf(response, service.system), readAt: service.now() }
  }

  const readChanges: Connector['readChanges'] = (request) => {
    service.use(request.table)
    return readChangePage(service, request)
  }

  async function countRecords(table: TableDefinition, filter: Filter | null): Promise<number> {
    const count = filter === null ? await countAll(table) : null
    return count ?? countMatching(readChanges, table, filter, settings.pageSize)
  }

  async function countAll(table: TableDefinition): Promise<number | null> {
    const query = [queryOption('$select', keyFieldsOf(table).join(',')), '$count=true', '$top=1'].join('&')
    const address = `${url}/${pathOf(service, table)}?${query}`
    const response = await service.send({ method: 'GET', url: address, headers: service.headers })
    return response.status === 200 ? countOf(response.text, service.system) : null
  }

  const connector: Connector = {
    kind: 'ODATA',
    creation,
    newIds: (table, values) => Promise.resolve(values.map((value) => newId(table, value))),
    changeFeed: (table) => (table.tracksChanges === true ? 'token' : 'stamp'),
    recordsPerCall: LARGEST_BATCH,
    maximumFlight: settings.maximumFlight,
    readClock,
    readChanges,
    readByIds(table, fields, ids) {
      service.use(table)
      return readByIds(service, service.send, table, fields, ids)
    },
    readByValues(table, fields, field, values) {
      service.use(table)
      const scan = (read: readonly string[]) => readEverything(service, table, read)
      return readByValues(service, table, fields, field, values, scan)
    },
    async readIds(table, next) {
      const from = next === null ? ({ kind: 'beginning' } as const) : ({ kind: 'next', next } as const)
      const page = await readChanges({ table, fields: [], from, pageSize: settings.pageSize, track: false })
      return { ids: expectRecords(service, page), next: page.next }
    },
    countRecords,
    listTables: async () => listSets(await metadata()),
    describeTable: describe,
    async write(table, requests, options) {
      service.use(table)
      const form = await service.batchForm(service.send)
      const protocol = createWriteProtocol({ service, table, form, returnFields: options.returnFields })
      await writeInChunks(client, protocol, requests, options)
    },
    check: (request) => checkService({ service, readClock, metadata }, request),
    hints: null,
    readFacts: () => Promise.resolve({ baseCurrency: null, localCurrencyCode: null }),
    recordUrl: (table, id) =>
      recordUrl({ kind: 'ODATA', settings: { ...settings, url } }, table, id) ??
      `${url}/${pathOf(service, table)}`,
    close: () => client.close(),
  }
  return connector
}

/** We choose the key where it is a GUID, or where its values come with the record. */
function creation(table: TableDefinition): 'clientId' | 'assignedKey' {
  if (table.assignedKey !== undefined) return 'assignedKey'
  const keys = keyFieldsOf(table).map((name) => fieldOf(table, name))
  const isCounted = keys.length === 1 && keys[0]?.type.kind === 'integer'
  return isCounted || keys.some((field) => field.readOnly === true) ? 'assignedKey' : 'clientId'
}

/** Out of the values that the record brings; made up where it brings none and the key can hold a GUID. */
function newId(table: TableDefinition, values: Values): string | Failure {
  const names = keyFieldsOf(table)
  const brought = names.map((name) => values[name] ?? null)
  if (brought.every((value) => value !== null)) return idOfKey(brought.map(String))
  const [name, ...others] = names
  const type = name === undefined || others.length > 0 ? null : fieldOf(table, name).type
  if (type?.kind === 'guid' || (type?.kind === 'text' && type.maxLength >= GUID_LENGTH)) return randomUUID()
  const missing = names.filter((_, index) => brought[index] === null)
  return {
    errorClass: 'VALIDATION',
    message: `A ${table.caption} cannot be created without ${missing.join(' and ')}.`,
    cause: 'The field is part of the key of the record, and the mapping gives it no value.',
    remedy: 'Map the field, or give it a constant or default value in the mapping.',
    ...(missing[0] === undefined ? {} : { field: missing[0] }),
  }
}

function unusable(message: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message,
    cause:
      'An entity set needs a key, and the settings of the connection may only name properties that it has.',
    remedy: 'Choose another entity set, or correct what the settings of the connection say of it under sets.',
  })
}
