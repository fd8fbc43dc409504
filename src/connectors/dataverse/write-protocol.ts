import { randomUUID } from 'node:crypto'
import type { Failure } from '../../domain/failure.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { WriteRequest, WriteResult } from '../connector.js'
import { WireValueError } from '../http/canonical.js'
import type { OutgoingObject } from '../http/exact-json.js'
import { stringifyExactJson } from '../http/exact-json.js'
import { queryOption, readObject } from '../http/odata.js'
import { refuseValue } from '../http/refuse-value.js'
import type { HttpResponse } from '../http/transport.js'
import type { Verdict } from '../http/verdict.js'
import { outcomeOfParts, outcomeOfRefusal } from '../http/verdict.js'
import type { BulkProtocol, ChunkOutcome, Prepared, PreparedWrite } from '../http/write-in-chunks.js'
import { unknown } from '../http/write-in-chunks.js'
import { ConnectorError } from '../connector.js'
import { preferencesOf, selectOf } from './fields.js'
import type { DataverseError } from './errors.js'
import { readError, rowOf, toConnectorError, translateError } from './errors.js'
import type { BatchAnswer, BatchOperation, BatchPart } from '../http/multipart.js'
import { boundaryOf, decodeMultipart, encodeMultipart } from '../http/multipart.js'
import { readRecord, writeBodies } from './wire.js'

export interface DataverseWrites {
  readonly table: TableDefinition
  /** Service root. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly returnFields: readonly string[]
  readonly now: () => number
}

const VERSION_MISMATCH = '0x80060882'
const DUPLICATE_RECORD = '0x80040237'
const USER_DISABLED = '0x80040225'
const DOES_NOT_EXIST = '0x80040217'
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/**
 * Writing by multipart `$batch`: each item is a transaction of its own, and `odata.continue-on-error`
 * keeps one bad record from stopping its neighbours. Creations and updates are a PATCH by id: `If-Match` with the version
 * compared makes it an update only, `If-None-Match: *` a creation only. A deletion carries `If-Match` as well. What may not be part of
 * the creation itself follows it in the same change set, so that no record is left half made.
 */
export function createWriteProtocol(context: DataverseWrites): BulkProtocol {
  const { table } = context
  const root = new URL(context.url).pathname
  const query = queryOption('$select', selectOf(table, context.returnFields))
  const preferences = ['return=representation', ...preferencesOf(table, context.returnFields)].join(',')
  return {
    chunkSize: { smallest: 100, largest: 250 },
    prepare: (request) => prepare(table, request),
    compose(writes) {
      const boundary = `batch_${randomUUID()}`
      const path = `${root}/${table.name}`
      const parts = writes.map((write) => partOf(path, query, preferences, write))
      return {
        method: 'POST',
        url: `${context.url}/$batch`,
        headers: {
          ...context.headers,
          'content-type': `multipart/mixed; boundary=${boundary}`,
          prefer: 'odata.continue-on-error',
        },
        body: encodeMultipart(boundary, parts),
      }
    },
    interpret: (response, writes) => interpret(context, response, writes),
  }
}

function prepare(table: TableDefinition, request: WriteRequest): Prepared {
  if (request.kind === 'delete') return { request, body: {} }
  if (request.kind === 'create' && request.id === null) {
    throw new Error(`A creation in ${table.name} needs the id that was chosen for it.`)
  }
  try {
    const { body, afterwards } = writeBodies(table, request.values, request.kind)
    return afterwards === null ? { request, body } : { request, body, afterwards }
  } catch (error) {
    if (error instanceof WireValueError) return { request, failure: refuseValue(error) }
    throw error
  }
}

function partOf(path: string, query: string, preferences: string, write: PreparedWrite): BatchPart {
  const { request } = write
  const protocol = { Accept: 'application/json', 'OData-MaxVersion': '4.0', 'OData-Version': '4.0' }
  if (request.kind === 'delete') {
    return {
      method: 'DELETE',
      path: `${path}(${request.id})`,
      headers: { ...protocol, 'If-Match': request.version },
    }
  }
  const patch = (body: OutgoingObject, condition: Readonly<Record<string, string>>): BatchOperation => ({
    method: 'PATCH',
    path: `${path}(${request.id})?${query}`,
    headers: {
      ...protocol,
      'Content-Type': 'application/json; charset=utf-8',
      Prefer: preferences,
      ...condition,
    },
    body: stringifyExactJson(body),
  })
  if (request.kind === 'update') return patch(write.body, { 'If-Match': request.version })
  const creation = patch(write.body, { 'If-None-Match': '*' })
  return write.afterwards === undefined ? creation : [creation, patch(write.afterwards, { 'If-Match': '*' })]
}

function interpret(
  context: DataverseWrites,
  response: HttpResponse,
  writes: readonly PreparedWrite[],
): ChunkOutcome {
  const boundary = boundaryOf(response.headers)
  if (boundary === null) return interpretWithoutParts(context, response, writes)
  return outcomeOfParts(
    writes,
    'Dataverse',
    () => decodeMultipart(response.text, boundary),
    (write, answer) => judge(context, write, answer),
  )
}

/** No parts: a refusal of the whole call, or an answer to something else. */
function interpretWithoutParts(
  context: DataverseWrites,
  response: HttpResponse,
  writes: readonly PreparedWrite[],
): ChunkOutcome {
  const { status } = response
  if (status >= 200 && status <= 299) {
    return { results: writes.map((write) => unknown(write, 'The answer is no batch answer.')), stop: null }
  }
  const error = readError(status, response.text)
  return outcomeOfRefusal(writes, {
    status,
    message: error.message,
    isAboutRecords: rowOf(error).scope === 'record',
    stop: toConnectorError(error, response.headers, context.now()),
  })
}

function judge(context: DataverseWrites, write: PreparedWrite, answer: BatchAnswer | undefined): Verdict {
  const { table } = context
  if (answer === undefined) return resultOf(unknown(write, 'The batch answer holds nothing for this item.'))
  if (answer.status >= 200 && answer.status <= 299) return resultOf(readWritten(context, write, answer))
  const error = readError(answer.status, answer.text)
  const expected = expectedResult(write.request, error)
  if (expected !== null) return resultOf(expected)
  const owner = ownerAtFault(write, error)
  if (owner !== null) return resultOf({ kind: 'refused', ref: write.request.ref, failure: owner })
  const { scope } = rowOf(error)
  switch (scope) {
    case 'passing':
      return answer.status === 429 || answer.status === 503
        ? { kind: 'stopped', error: toConnectorError(error, answer.headers, context.now()) }
        : resultOf(unknown(write, error.message))
    case 'system':
      return { kind: 'stopped', error: toConnectorError(error, answer.headers, context.now()) }
    case 'permission':
    case 'tablePermission':
      return { kind: 'denied', failure: translateError(error, table), tableWide: scope === 'tablePermission' }
    case 'record':
      return resultOf({ kind: 'refused', ref: write.request.ref, failure: translateError(error, table) })
  }
}

/**
 * Stale, gone or existing already. A 412 with the code of another duplicate (an alternate key, duplicate detection) is a
 * refusal; a 404 that names another id is about a record referred to.
 */
function expectedResult(request: WriteRequest, error: DataverseError): WriteResult | null {
  const { ref } = request
  const isPrecondition = error.status === 412 && rowOf(error).errorClass !== 'DUPLICATE'
  if (request.kind === 'create') {
    const isTaken =
      error.code === VERSION_MISMATCH || (error.status === 412 && error.code === DUPLICATE_RECORD)
    return isTaken || isPrecondition ? { kind: 'exists', ref } : null
  }
  if (error.code === VERSION_MISMATCH || isPrecondition) return { kind: 'stale', ref }
  const isMissing = error.status === 404 || error.code === DOES_NOT_EXIST
  return isMissing && !namesAnotherId(error.message, request.id) ? { kind: 'gone', ref } : null
}

/**
 * That a user is disabled may be said of us or of the owner that was sent. Whether it is us the next request without an owner
 * tells; until then one record is at fault, and its neighbours are written.
 */
function ownerAtFault({ request }: PreparedWrite, error: DataverseError): Failure | null {
  if (error.code !== USER_DISABLED || request.kind === 'delete') return null
  if ((request.values['ownerid'] ?? null) === null) return null
  return {
    errorClass: 'VALIDATION',
    message: error.message,
    cause: 'The user who is to own the record is disabled, or belongs to no business unit.',
    remedy: 'Enable the user in Dataverse, or give the record to another salesperson.',
    field: 'ownerid',
    code: error.code,
    status: error.status,
  }
}

function namesAnotherId(message: string, id: string): boolean {
  const named = message.match(GUID) ?? []
  return named.length > 0 && !named.some((other) => other.toLowerCase() === id.toLowerCase())
}

/** A write that landed but whose record cannot be read back has no version to remember: that is settled by reading. */
function readWritten(context: DataverseWrites, write: PreparedWrite, answer: BatchAnswer): WriteResult {
  if (write.request.kind === 'delete') return { kind: 'deleted', ref: write.request.ref }
  try {
    const row = readObject(answer.text, 'Dataverse')
    return {
      kind: 'written',
      ref: write.request.ref,
      record: readRecord(context.table, context.returnFields, row),
    }
  } catch (error) {
    if (error instanceof WireValueError || error instanceof ConnectorError) {
      return unknown(write, `It was accepted, but: ${error.message}`)
    }
    throw error
  }
}

function resultOf(result: WriteResult): Verdict {
  return { kind: 'result', result }
}
