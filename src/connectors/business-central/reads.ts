import type { ReadById, RecordSnapshot } from '../../domain/record.js'
import type { TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import { canonicalCode } from '../../domain/text.js'
import { WireValueError } from '../http/canonical.js'
import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import {
  canBeStored,
  isAscii,
  piecesByLength,
  piecesOf,
  queryOption,
  quoteLiteral,
  readPage,
  spellingsOf,
  unreadable,
} from '../http/odata.js'
import { readByIdsWith } from '../http/read-by-ids.js'
import { readParts } from '../http/read-parts.js'
import type { ServiceClient } from '../http/service-client.js'
import type { BatchAnswer } from '../http/json-batch.js'
import { decodeBatch, encodeBatch, LARGEST_BATCH } from '../http/json-batch.js'
import { isAboutEnvironment, readError, readErrorText, toConnectorError } from './errors.js'
import { wireField } from './codes.js'
import { encodeMemberName } from './member-names.js'
import { readRecord, selectOf } from './wire.js'

/** Terms of one `$filter`: some 2 KB with GUIDs. */
const TERMS_IN_FILTER = 40
/** Encoded length of one `$filter`; no limit inside a batch is documented, so it stays small. */
const LONGEST_FILTER = 8_000
/** GETs in one read batch: enough to save round trips, few enough that batches run side by side. */
const GETS_IN_BATCH = 25

export interface BusinessCentralReads {
  readonly client: ServiceClient
  /** Service root. */
  readonly url: string
  /** `companies(<id>)/customers`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly table: TableDefinition
  readonly fields: readonly string[]
}

/** Lists by `id eq a or id eq b`, then by itself what they do not show: {@link readByIdsWith}. */
export function readByIds(
  context: BusinessCentralReads,
  ids: readonly string[],
): Promise<readonly ReadById[]> {
  const { keyField } = context.table
  const query = queryOption('$select', selectOf(context.table, context.fields))
  return readByIdsWith(ids, {
    list: (wanted) =>
      readFilters(
        context,
        piecesOf(wanted, TERMS_IN_FILTER).map((piece) =>
          piece.map((id) => `${keyField} eq ${id}`).join(' or '),
        ),
      ),
    single: (missing) =>
      readInBatches(
        context,
        missing.map((id) => `${context.path}(${id})?${query}`),
        LARGEST_BATCH,
      ),
    judge: (id, answer) => judgeMissing(context, id, answer),
  })
}

/**
 * Every record whose field equals one of the values. Business Central compares text case-sensitively: codes are stored in
 * upper case and asked for so; text is compared by `tolower` on one field, which keeps `or` legal, and, where it has letters
 * beyond ASCII, also as given, as the server may fold such letters otherwise than we do. What is found too much is harmless.
 */
export async function readByValues(
  context: BusinessCentralReads,
  field: string,
  values: readonly string[],
): Promise<readonly RecordSnapshot[]> {
  const terms = [
    ...new Set(values.filter(canBeStored).flatMap((value) => termsOf(context.table, field, value))),
  ]
  const filters = piecesByLength(terms, TERMS_IN_FILTER, LONGEST_FILTER).map((piece) => piece.join(' or '))
  const records = await readFilters(context, filters)
  return [...new Map(records.map((record) => [record.id, record])).values()]
}

/** Throws {@link ConnectorError} where a row cannot be read. */
export function readRows(
  context: BusinessCentralReads,
  rows: readonly ExactJsonObject[],
): readonly RecordSnapshot[] {
  try {
    return rows.map((row) => readRecord(context.table, context.fields, row))
  } catch (error) {
    if (error instanceof WireValueError) throw unreadable(context.client.system, error.message)
    throw error
  }
}

function termsOf(table: TableDefinition, name: string, value: string): readonly string[] {
  if (name === table.keyField) return [`${name} eq ${value}`]
  const { name: member, type } = wireField(fieldOf(table, name))
  switch (type.kind) {
    case 'code':
      return [`${member} eq ${quoteLiteral(canonicalCode(value))}`]
    case 'text':
      return spellingsOf(value).flatMap((spelling) => {
        const folded = `tolower(${member}) eq ${quoteLiteral(spelling.toLowerCase())}`
        return isAscii(spelling) ? [folded] : [folded, `${member} eq ${quoteLiteral(spelling)}`]
      })
    case 'option':
      return [`${member} eq ${quoteLiteral(encodeMemberName(value))}`]
    case 'decimal':
    case 'integer':
    case 'boolean':
    case 'guid':
    case 'lookup':
    case 'date':
    case 'dateTime':
      return [`${member} eq ${value}`]
    case 'unsupported':
      return []
  }
}

async function readFilters(
  context: BusinessCentralReads,
  filters: readonly string[],
): Promise<readonly RecordSnapshot[]> {
  const select = queryOption('$select', selectOf(context.table, context.fields))
  const urls = filters.map((filter) => `${context.path}?${select}&${queryOption('$filter', filter)}`)
  const answers = await readInBatches(context, urls, GETS_IN_BATCH)
  const pages = await Promise.all(answers.map((answer) => readList(context, answer)))
  return pages.flat()
}

/** The rows of a list that was read inside a batch, and of the pages after it, should there be any. */
async function readList(
  context: BusinessCentralReads,
  answer: BatchAnswer | undefined,
): Promise<readonly RecordSnapshot[]> {
  const { client } = context
  if (answer === undefined) throw unreadable(client.system, 'a part of the batch is missing')
  if (answer.status !== 200) {
    throw toConnectorError(readError(answer.status, answer.body), answer.headers, client.now())
  }
  const rows = isJsonObject(answer.body) ? answer.body['value'] : undefined
  if (!Array.isArray(rows) || !rows.every(isJsonObject))
    throw unreadable(client.system, 'it holds no list of rows')
  const records = [...readRows(context, rows)]
  let next: ExactJson | undefined = isJsonObject(answer.body) ? answer.body['@odata.nextLink'] : undefined
  while (typeof next === 'string') {
    const response = await client.read({ method: 'GET', url: next, headers: context.headers })
    if (response.status !== 200) {
      throw toConnectorError(readErrorText(response.status, response.text), response.headers, client.now())
    }
    const page = readPage(response.text, client.system)
    records.push(...readRows(context, page.rows))
    next = page.nextLink ?? undefined
  }
  return records
}

async function readInBatches(
  context: BusinessCentralReads,
  urls: readonly string[],
  size: number,
): Promise<readonly (BatchAnswer | undefined)[]> {
  const batches = await Promise.all(piecesOf(urls, size).map((piece) => readBatch(context, piece)))
  return batches.flat()
}

async function readBatch(
  context: BusinessCentralReads,
  urls: readonly string[],
): Promise<readonly (BatchAnswer | undefined)[]> {
  const { client } = context
  const headers = { Accept: 'application/json', 'Accept-Language': 'en-US' }
  return readParts(client, urls, {
    compose: (parts) => ({
      method: 'POST',
      url: `${context.url}/$batch`,
      headers: {
        ...context.headers,
        'content-type': 'application/json',
        prefer: 'odata.continue-on-error',
      },
      body: encodeBatch(parts.map((url) => ({ method: 'GET', url, headers }))),
    }),
    answersOf(response, count) {
      if (response.status < 200 || response.status > 299) {
        throw toConnectorError(readErrorText(response.status, response.text), response.headers, client.now())
      }
      try {
        return decodeBatch(response.text, count)
      } catch (error) {
        if (error instanceof SyntaxError) throw unreadable(client.system, error.message)
        throw error
      }
    },
  })
}

function judgeMissing(context: BusinessCentralReads, id: string, answer: BatchAnswer | undefined): ReadById {
  const { client } = context
  if (answer === undefined) throw unreadable(client.system, 'a part of the batch is missing')
  if (answer.status === 200 && isJsonObject(answer.body)) {
    const [record] = readRows(context, [answer.body])
    if (record !== undefined) return { kind: 'found', record }
  }
  const error = readError(answer.status, answer.body)
  if (answer.status === 404 && !isAboutEnvironment(error)) return { kind: 'gone', id }
  if (answer.status === 403) return { kind: 'forbidden', id, message: error.message }
  throw toConnectorError(error, answer.headers, client.now())
}
