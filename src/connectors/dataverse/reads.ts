import { randomUUID } from 'node:crypto'
import type { Change, ReadById, RecordSnapshot } from '../../domain/record.js'
import { fieldOf, type TableDefinition } from '../../domain/schema.js'
import { WireValueError } from '../http/canonical.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import {
  canBeStored,
  piecesByLength,
  piecesOf,
  queryOption,
  readObject,
  readPage,
  spellingsOf,
  unreadable,
} from '../http/odata.js'
import { readByIdsWith } from '../http/read-by-ids.js'
import { readParts } from '../http/read-parts.js'
import type { ServiceClient } from '../http/service-client.js'
import type { HttpResponse } from '../http/transport.js'
import { readError, toConnectorError } from './errors.js'
import type { BatchAnswer } from '../http/multipart.js'
import { boundaryOf, decodeMultipart, encodeMultipart } from '../http/multipart.js'
import { preferencesOf, selectOf } from './fields.js'
import { readChange, readRecord } from './wire.js'

/** Ids in one `In`: some 12 KB of URL, of the 64 KB that a GET inside a batch may have. */
const IDS_IN_FILTER = 300
/** Encoded length of the values in one `In`. */
const LONGEST_FILTER = 30_000
/** List GETs in one batch: 1,500 ids, so that a page of several thousand is read by several batches side by side. */
const LISTS_IN_BATCH = 5
const GETS_IN_BATCH = 200

export interface DataverseReads {
  readonly client: ServiceClient
  /** Service root. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly table: TableDefinition
  readonly fields: readonly string[]
}

/** Lists by `In` on the key, then by itself what they do not show: {@link readByIdsWith}. */
export function readByIds(context: DataverseReads, ids: readonly string[]): Promise<readonly ReadById[]> {
  const { table } = context
  const query = queryOption('$select', selectOf(table, context.fields))
  return readByIdsWith(ids, {
    list: (wanted) =>
      readFilters(
        context,
        piecesOf(wanted, IDS_IN_FILTER).map((piece) => inFilter(table.keyField, piece)),
      ),
    single: (missing) =>
      readInBatches(
        context,
        missing.map((id) => `${table.name}(${id})?${query}`),
        GETS_IN_BATCH,
      ),
    judge: (id, answer) => judgeMissing(context, id, answer),
  })
}

/** Every record whose field equals one of the values; Dataverse compares text without case. `In` takes logical names, also of lookups. */
export async function readByValues(
  context: DataverseReads,
  field: string,
  values: readonly string[],
): Promise<readonly RecordSnapshot[]> {
  const part = field === context.table.keyField ? undefined : fieldOf(context.table, field).behindPrefix
  const stored = values.map((value) => `${part?.prefix ?? ''}${value}`)
  const distinct = [...new Set(stored.filter(canBeStored).flatMap(spellingsOf))]
  const filters = piecesByLength(distinct, IDS_IN_FILTER, LONGEST_FILTER).map((piece) =>
    inFilter(part?.column ?? field, piece),
  )
  const records = await readFilters(context, filters)
  return [...new Map(records.map((record) => [record.id, record])).values()]
}

/** Throws {@link ConnectorError} where a row cannot be read. */
export function readChanges(context: DataverseReads, rows: readonly ExactJsonObject[]): readonly Change[] {
  return orUnreadable(context, () => rows.map((row) => readChange(context.table, context.fields, row)))
}

function readRecords(context: DataverseReads, rows: readonly ExactJsonObject[]): readonly RecordSnapshot[] {
  return orUnreadable(context, () => rows.map((row) => readRecord(context.table, context.fields, row)))
}

function orUnreadable<Result>(context: DataverseReads, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof WireValueError) throw unreadable(context.client.system, error.message)
    throw error
  }
}

/**
 * The list is JSON. Apostrophes and brackets are written as escapes, because the service looks for the end of the list
 * before it reads the JSON, and takes them for its own there.
 */
export function inFilter(member: string, values: readonly string[]): string {
  const list = values.map((value) =>
    JSON.stringify(value).replace(
      /['[\]]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    ),
  )
  return `Microsoft.Dynamics.CRM.In(PropertyName='${member}',PropertyValues=[${list.join(',')}])`
}

async function readFilters(
  context: DataverseReads,
  filters: readonly string[],
): Promise<readonly RecordSnapshot[]> {
  const select = queryOption('$select', selectOf(context.table, context.fields))
  const paths = filters.map((filter) => `${context.table.name}?${select}&${queryOption('$filter', filter)}`)
  const answers = await readInBatches(context, paths, LISTS_IN_BATCH)
  const lists = await Promise.all(answers.map((answer) => readList(context, answer)))
  return lists.flat()
}

/** The rows of a list that was read inside a batch, and of the pages after it: a value may be that of more than 5,000 rows. */
async function readList(
  context: DataverseReads,
  answer: BatchAnswer | undefined,
): Promise<readonly RecordSnapshot[]> {
  const { client } = context
  if (answer === undefined) throw unreadable(client.system, 'a part of the batch is missing')
  if (answer.status !== 200)
    throw toConnectorError(readError(answer.status, answer.text), answer.headers, client.now())
  let page = readPage(answer.text, client.system)
  const records = [...readRecords(context, page.rows)]
  while (page.nextLink !== null) {
    const headers = { ...context.headers, ...preferring(context) }
    const response = await client.read({ method: 'GET', url: page.nextLink, headers })
    if (response.status !== 200) {
      throw toConnectorError(readError(response.status, response.text), response.headers, client.now())
    }
    page = readPage(response.text, client.system)
    records.push(...readRecords(context, page.rows))
  }
  return records
}

async function readInBatches(
  context: DataverseReads,
  paths: readonly string[],
  size: number,
): Promise<readonly (BatchAnswer | undefined)[]> {
  const batches = await Promise.all(piecesOf(paths, size).map((piece) => readBatch(context, piece)))
  return batches.flat()
}

async function readBatch(
  context: DataverseReads,
  paths: readonly string[],
): Promise<readonly (BatchAnswer | undefined)[]> {
  const { client, url } = context
  const root = new URL(url).pathname
  const headers = {
    Accept: 'application/json',
    'OData-MaxVersion': '4.0',
    'OData-Version': '4.0',
    ...preferring(context),
  }
  return readParts(client, paths, {
    compose(parts) {
      const boundary = `batch_${randomUUID()}`
      return {
        method: 'POST',
        url: `${url}/$batch`,
        headers: {
          ...context.headers,
          'content-type': `multipart/mixed; boundary=${boundary}`,
          prefer: 'odata.continue-on-error',
        },
        body: encodeMultipart(
          boundary,
          parts.map((path) => ({ method: 'GET', path: `${root}/${path}`, headers })),
        ),
      }
    },
    answersOf: (response) => answersOf(response, client),
  })
}

function answersOf(response: HttpResponse, client: ServiceClient): readonly BatchAnswer[] {
  const boundary = boundaryOf(response.headers)
  if (boundary === null) {
    if (response.status >= 200 && response.status <= 299)
      throw unreadable(client.system, 'it is no batch answer')
    throw toConnectorError(readError(response.status, response.text), response.headers, client.now())
  }
  try {
    return decodeMultipart(response.text, boundary)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(client.system, error.message)
    throw error
  }
}

function preferring({ table, fields }: DataverseReads): Readonly<Record<string, string>> {
  const preferences = preferencesOf(table, fields)
  return preferences.length === 0 ? {} : { Prefer: preferences.join(',') }
}

function judgeMissing(context: DataverseReads, id: string, answer: BatchAnswer | undefined): ReadById {
  const { client } = context
  if (answer === undefined) throw unreadable(client.system, 'a part of the batch is missing')
  if (answer.status === 200) {
    const [record] = readRecords(context, [readObject(answer.text, client.system)])
    if (record !== undefined) return { kind: 'found', record }
  }
  const error = readError(answer.status, answer.text)
  if (answer.status === 404) return { kind: 'gone', id }
  if (answer.status === 403) return { kind: 'forbidden', id, message: error.message }
  throw toConnectorError(error, answer.headers, client.now())
}
