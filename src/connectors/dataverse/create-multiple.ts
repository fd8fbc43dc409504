import type { TableDefinition } from '../../domain/schema.js'
import type { WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { WireValueError } from '../http/canonical.js'
import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { stringifyExactJson } from '../http/exact-json.js'
import { queryOption, readPage } from '../http/odata.js'
import type { HttpResponse } from '../http/transport.js'
import type {
  BulkProtocol,
  ChunkOutcome,
  Look,
  LookingProtocol,
  PreparedWrite,
} from '../http/write-in-chunks.js'
import { notSent, unknown } from '../http/write-in-chunks.js'
import { preferencesOf, selectOf } from './fields.js'
import { inFilter } from './reads.js'
import { readRecord } from './wire.js'
import type { DataverseWrites } from './write-protocol.js'

const CREATE_MULTIPLE = 'CreateMultiple'
/** A record in which the first two are equal, and the last two, was not touched since it was made. */
const ORIGIN = ['createdon', 'modifiedon', '_createdby_value', '_modifiedby_value'] as const

type ReadRows = (path: string) => Promise<readonly ExactJsonObject[]>

/** The logical name of a table on which `CreateMultiple` works, by the system's own register of messages; null where it does not. */
export function createBulkRegister(readRows: ReadRows): (table: TableDefinition) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>()
  return (table) => {
    const found = known.get(table.name) ?? find(readRows, table.name)
    known.set(table.name, found)
    // A failed read is asked again by the next caller.
    found.catch(() => known.delete(table.name))
    return found
  }
}

async function find(readRows: ReadRows, entitySet: string): Promise<string | null> {
  const [entity] = await readRows(
    `EntityDefinitions?${queryOption('$select', 'LogicalName')}&${queryOption('$filter', `EntitySetName eq '${entitySet}'`)}`,
  )
  const logicalName = entity?.['LogicalName']
  if (typeof logicalName !== 'string') return null
  const filter = `primaryobjecttypecode eq '${logicalName}' and sdkmessageid/name eq '${CREATE_MULTIPLE}'`
  const filters = await readRows(
    `sdkmessagefilters?${queryOption('$select', 'sdkmessagefilterid')}&${queryOption('$filter', filter)}`,
  )
  return filters.length === 0 ? null : logicalName
}

/**
 * Creations that go together by `CreateMultiple`, under our own ids; everything else as before. It is all or nothing: a call that is refused
 * is sent again as a batch, in which each record stands for itself. It answers with ids alone, so the records are read; one that somebody
 * has changed meanwhile is not taken for what we wrote, and is asked for later.
 */
export function withCreateMultiple(
  batch: BulkProtocol,
  context: DataverseWrites,
  logicalName: string,
): LookingProtocol {
  const { table, url, headers } = context
  return {
    ...batch,
    compose(writes) {
      if (!goTogether(writes)) return batch.compose(writes)
      const targets = writes.map(({ request, body }) => ({
        ...body,
        '@odata.type': `Microsoft.Dynamics.CRM.${logicalName}`,
        [table.keyField]: idOf(request),
      }))
      return {
        method: 'POST',
        url: `${url}/${table.name}/Microsoft.Dynamics.CRM.${CREATE_MULTIPLE}`,
        headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
        body: stringifyExactJson({ Targets: targets }),
      }
    },
    confirm: (writes) => Promise.resolve({ ready: writes, results: [] }),
    async interpret(response, writes, look) {
      const { status } = response
      if (!goTogether(writes)) return batch.interpret(response, writes)
      if (status >= 200 && status <= 299)
        return { results: await readBack(context, writes, look), stop: null }
      // Throttled, or not known whether it was carried out.
      if ([408, 429, 502, 503, 504].includes(status)) return batch.interpret(response, writes)
      return { results: writes.map(notSent), stop: null, singly: true }
    },
  }
}

/** What has to follow a creation in the same transaction cannot go this way. */
function goTogether(writes: readonly PreparedWrite[]): boolean {
  return writes.every(
    (write) => write.request.kind === 'create' && write.afterwards === undefined && write.singly !== true,
  )
}

function idOf(request: PreparedWrite['request']): string {
  if (request.id === null) throw new Error('A creation in Dataverse has the id that was chosen for it.')
  return request.id
}

async function readBack(
  context: DataverseWrites,
  writes: readonly PreparedWrite[],
  look: Look,
): Promise<ChunkOutcome['results']> {
  const { table, url, headers, returnFields } = context
  const ids = writes.map(({ request }) => idOf(request))
  const select = [...new Set([...selectOf(table, returnFields).split(','), ...ORIGIN])].join(',')
  const query = `${queryOption('$select', select)}&${queryOption('$filter', inFilter(table.keyField, ids))}`
  const prefer = preferencesOf(table, returnFields)
  const request = {
    method: 'GET',
    url: `${url}/${table.name}?${query}`,
    headers: prefer.length === 0 ? headers : { ...headers, prefer: prefer.join(',') },
  } as const
  const all = (message: string): readonly WriteResult[] => writes.map((write) => unknown(write, message))
  let response: HttpResponse
  try {
    response = await look(request)
    if (response.status !== 200)
      return all(`It was accepted, but reading it was answered ${response.status}.`)
    const rows = readPage(response.text, 'Dataverse').rows
    const byId = new Map(rows.map((row) => [textOf(row[table.keyField]).toLowerCase(), row]))
    return writes.map((write) => resultOf(context, write, byId.get(idOf(write.request).toLowerCase())))
  } catch (error) {
    if (error instanceof ConnectorError || error instanceof WireValueError)
      return all(`It was accepted, but: ${error.message}`)
    throw error
  }
}

function resultOf(
  { table, returnFields }: DataverseWrites,
  write: PreparedWrite,
  row: ExactJsonObject | undefined,
): WriteResult {
  if (row === undefined) return unknown(write, 'It was accepted, but cannot be read.')
  const [createdOn, modifiedOn, createdBy, modifiedBy] = ORIGIN.map((name) => row[name])
  if (createdOn !== modifiedOn || createdBy !== modifiedBy)
    return unknown(write, 'It was created, and changed by somebody else before it was read.')
  return { kind: 'written', ref: write.request.ref, record: readRecord(table, returnFields, row) }
}

function textOf(value: ExactJson | undefined): string {
  return typeof value === 'string' ? value : ''
}
