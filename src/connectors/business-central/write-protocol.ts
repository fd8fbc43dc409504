import type { TableDefinition } from '../../domain/schema.js'
import type { Values } from '../../domain/value.js'
import { assertNever } from '../../domain/value.js'
import type { WriteRequest, WriteResult } from '../connector.js'
import { WireValueError } from '../http/canonical.js'
import { isJsonObject } from '../http/exact-json.js'
import { refuseValue } from '../http/refuse-value.js'
import type { HttpResponse } from '../http/transport.js'
import type { Verdict } from '../http/verdict.js'
import { outcomeOfParts, outcomeOfRefusal } from '../http/verdict.js'
import type { BulkProtocol, ChunkOutcome, Prepared, PreparedWrite } from '../http/write-in-chunks.js'
import { unknown } from '../http/write-in-chunks.js'
import type { BatchAnswer, BatchOperation } from '../http/json-batch.js'
import { decodeBatch, encodeBatch, LARGEST_BATCH } from '../http/json-batch.js'
import type { BusinessCentralError } from './errors.js'
import {
  isAboutEnvironment,
  readError,
  readErrorText,
  scopeOf,
  toConnectorError,
  translateError,
} from './errors.js'
import { readRecord, writeBody } from './wire.js'

export interface BusinessCentralWrites {
  readonly table: TableDefinition
  /** `companies(<id>)/customers`, relative to the service root. */
  readonly path: string
  readonly batchUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly returnFields: readonly string[]
  readonly now: () => number
}

/**
 * Writing by JSON `$batch` without `Isolation`: each item commits by itself, and `odata.continue-on-error` keeps one bad
 * record from stopping its neighbours. Updates and deletions carry the version that was compared.
 */
export function createWriteProtocol(context: BusinessCentralWrites): BulkProtocol {
  const { table } = context
  return {
    chunkSize: { smallest: 25, largest: LARGEST_BATCH },
    prepare: (request) => prepare(table, request),
    compose: (writes) => ({
      method: 'POST',
      url: context.batchUrl,
      headers: { ...context.headers, 'content-type': 'application/json', prefer: 'odata.continue-on-error' },
      body: encodeBatch(writes.map((write) => operationOf(context.path, write))),
    }),
    interpret: (response, writes) => interpret(context, response, writes),
  }
}

function prepare(table: TableDefinition, request: WriteRequest): Prepared {
  if (request.kind === 'delete') return { request, body: {} }
  try {
    return { request, body: writeBody(table, request.values, request.kind) }
  } catch (error) {
    if (error instanceof WireValueError) return { request, failure: refuseValue(error) }
    throw error
  }
}

function operationOf(path: string, write: PreparedWrite): BatchOperation {
  const { request, body } = write
  const language = { 'Accept-Language': 'en-US' }
  const headers = { 'Content-Type': 'application/json', ...language }
  switch (request.kind) {
    case 'create':
      return { method: 'POST', url: path, headers, body }
    case 'update':
      return {
        method: 'PATCH',
        url: `${path}(${request.id})`,
        headers: { ...headers, 'If-Match': request.version },
        body,
      }
    case 'delete':
      return {
        method: 'DELETE',
        url: `${path}(${request.id})`,
        headers: { ...language, 'If-Match': request.version },
      }
    default:
      return assertNever(request)
  }
}

function interpret(
  context: BusinessCentralWrites,
  response: HttpResponse,
  writes: readonly PreparedWrite[],
): ChunkOutcome {
  if (response.status < 200 || response.status > 299) return interpretRefusal(context, response, writes)
  return outcomeOfParts(
    writes,
    'Business Central',
    () => decodeBatch(response.text, writes.length),
    (write, answer) => judge(context, write, answer),
  )
}

function interpretRefusal(
  context: BusinessCentralWrites,
  response: HttpResponse,
  writes: readonly PreparedWrite[],
): ChunkOutcome {
  const error = readErrorText(response.status, response.text)
  return outcomeOfRefusal(writes, {
    status: response.status,
    message: error.message,
    isAboutRecords: scopeOf(error) === 'record',
    stop: toConnectorError(error, response.headers, context.now()),
  })
}

function judge(
  context: BusinessCentralWrites,
  write: PreparedWrite,
  answer: BatchAnswer | undefined,
): Verdict {
  if (answer === undefined) return resultOf(unknown(write, 'The batch answer holds nothing for this item.'))
  if (answer.status >= 200 && answer.status <= 299) return resultOf(readWritten(context, write, answer))
  const error = readError(answer.status, answer.body)
  const expected = expectedResult(context.table, write.request, error)
  if (expected !== null) return resultOf(expected)
  switch (scopeOf(error)) {
    case 'passing':
      return answer.status === 429 || answer.status === 503
        ? { kind: 'stopped', error: toConnectorError(error, answer.headers, context.now()) }
        : resultOf(unknown(write, error.message))
    case 'system':
      return { kind: 'stopped', error: toConnectorError(error, answer.headers, context.now()) }
    case 'permission':
      return { kind: 'denied', failure: translateError(error, context.table), tableWide: isAboutTable(error) }
    case 'record':
      return resultOf({
        kind: 'refused',
        ref: write.request.ref,
        failure: translateError(error, context.table, valuesOf(write.request)),
      })
  }
}

/** Stale, gone or existing already: by code first, and by status where proxies or versions differ. */
function expectedResult(
  table: TableDefinition,
  request: WriteRequest,
  error: BusinessCentralError,
): WriteResult | null {
  const { ref } = request
  if (request.kind !== 'create') {
    if (error.code === 'Request_EntityChanged' || error.status === 412) return { kind: 'stale', ref }
    if (error.status === 404 && !isAboutEnvironment(error)) return { kind: 'gone', ref }
    return null
  }
  const key = table.assignedKey?.field
  const hasAssignedKey = key !== undefined && typeof request.values[key] === 'string'
  return hasAssignedKey && error.code === 'Internal_EntityWithSameKeyExists' ? { kind: 'exists', ref } : null
}

function valuesOf(request: WriteRequest): Values {
  return request.kind === 'delete' ? {} : request.values
}

function isAboutTable(error: BusinessCentralError): boolean {
  return error.message.includes('(TableData ') || error.code.startsWith('Authorization_')
}

/** A write that landed but whose record cannot be read back has no version to remember: that is settled by reading. */
function readWritten(context: BusinessCentralWrites, write: PreparedWrite, answer: BatchAnswer): WriteResult {
  if (write.request.kind === 'delete') return { kind: 'deleted', ref: write.request.ref }
  if (!isJsonObject(answer.body)) return unknown(write, 'It was accepted, but the answer holds no record.')
  try {
    return {
      kind: 'written',
      ref: write.request.ref,
      record: readRecord(context.table, context.returnFields, answer.body),
    }
  } catch (error) {
    if (error instanceof WireValueError) return unknown(write, `It was accepted, but: ${error.message}`)
    throw error
  }
}

function resultOf(result: WriteResult): Verdict {
  return { kind: 'result', result }
}
