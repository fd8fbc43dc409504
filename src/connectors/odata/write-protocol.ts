import type { TableDefinition } from '../../domain/schema.js'
import { assertNever } from '../../domain/value.js'
import type { WriteRequest, WriteResult } from '../connector.js'
import { WireValueError } from '../http/canonical.js'
import { LARGEST_BATCH } from '../http/json-batch.js'
import { refuseValue } from '../http/refuse-value.js'
import type { HttpResponse } from '../http/transport.js'
import { outcomeOf } from '../http/verdict.js'
import type {
  ChunkOutcome,
  Confirmed,
  Look,
  LookingProtocol,
  Prepared,
  PreparedWrite,
} from '../http/write-in-chunks.js'
import { notSent, unknown } from '../http/write-in-chunks.js'
import { readError, rowOf, toConnectorError } from './errors.js'
import type { Operation } from './operations.js'
import { answerOf, composeOperations, readAnswers } from './operations.js'
import { readByIds } from './reads.js'
import type { ODataService } from './service.js'
import { pathOf, recordPath } from './service.js'
import type { BatchForm } from './settings.js'
import { judgeAnswers } from './write-answers.js'
import { isETag, keyMembers, writeBody } from './wire.js'

export interface ODataWrites {
  readonly service: ODataService
  readonly table: TableDefinition
  readonly form: BatchForm
  readonly returnFields: readonly string[]
}

/**
 * Writing by a batch whose items stand for themselves, or by one request a record. A version that is an ETag is sent as If-Match and
 * judged by the service. Where a service gives none the records are read right before the call, and only those that are as they were
 * compared are written: an edit in the moment between is lost.
 */
export function createWriteProtocol(context: ODataWrites): LookingProtocol {
  const { service, form } = context
  return {
    chunkSize: form === 'none' ? { smallest: 1, largest: 1 } : { smallest: 20, largest: LARGEST_BATCH },
    prepare: (request) => prepare(context, request),
    confirm: (writes, look) => confirm(context, writes, look),
    compose: (writes) =>
      composeOperations(
        service,
        form,
        writes.map((write) => operationOf(context, write)),
      ),
    interpret: (response, writes, look) => interpret(context, response, writes, look),
  }
}

function prepare({ table }: ODataWrites, request: WriteRequest): Prepared {
  if (request.kind === 'delete') return { request, body: {} }
  try {
    const body = writeBody(table, request.values, request.kind)
    if (request.kind === 'update' || request.id === null) return { request, body }
    return { request, body: { ...body, ...keyMembers(table, request.id) } }
  } catch (error) {
    if (error instanceof WireValueError) return { request, failure: refuseValue(error) }
    throw error
  }
}

function operationOf({ service, table }: ODataWrites, write: PreparedWrite): Operation {
  const { request, body } = write
  const json = { ...service.headers, 'content-type': 'application/json', prefer: 'return=representation' }
  if (request.kind === 'create') return { method: 'POST', path: pathOf(service, table), headers: json, body }
  const path = recordPath(service, table, request.id)
  if (path === null) throw new Error(`${request.id} is no key of ${table.name}, so it cannot have been read.`)
  const condition: Readonly<Record<string, string>> = isETag(request.version)
    ? { 'if-match': request.version }
    : {}
  switch (request.kind) {
    case 'update':
      return { method: 'PATCH', path, headers: { ...json, ...condition }, body }
    case 'delete':
      return { method: 'DELETE', path, headers: { ...service.headers, ...condition } }
    default:
      return assertNever(request)
  }
}

/** Reads the records whose version the service cannot judge. */
async function confirm(
  { service, table }: ODataWrites,
  writes: readonly PreparedWrite[],
  look: Look,
): Promise<Confirmed> {
  const ids = writes.flatMap(({ request }) =>
    request.kind === 'create' || isETag(request.version) ? [] : [request.id],
  )
  if (ids.length === 0) return { ready: writes, results: [] }
  const reads = await readByIds(service, look, table, [], ids)
  const known = new Map(reads.map((read) => [read.kind === 'found' ? read.record.id : read.id, read]))
  const results: WriteResult[] = []
  const ready = writes.filter(({ request }) => {
    if (request.kind === 'create' || isETag(request.version)) return true
    const read = known.get(request.id)
    if (read?.kind === 'found' && read.record.version !== request.version)
      results.push({ kind: 'stale', ref: request.ref })
    else if (read?.kind === 'gone') results.push({ kind: 'gone', ref: request.ref })
    else return true
    return false
  })
  return { ready, results }
}

async function interpret(
  context: ODataWrites,
  response: HttpResponse,
  writes: readonly PreparedWrite[],
  look: Look,
): Promise<ChunkOutcome> {
  try {
    const answers = readAnswers(context.form, response, writes.length)
    if (answers === null) return interpretRefusal(context, response, writes)
    return outcomeOf(writes, await judgeAnswers(context, writes, answers, look), context.service.system)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return {
      results: writes.map((write) => unknown(write, `The answer cannot be read: ${error.message}`)),
      stop: null,
    }
  }
}

/** The batch as a whole failed. After 408 and 5xx its items may have been carried out; after anything else they were not. */
function interpretRefusal(
  { service }: ODataWrites,
  response: HttpResponse,
  writes: readonly PreparedWrite[],
): ChunkOutcome {
  const error = readError(answerOf(response))
  const stop = toConnectorError(answerOf(response), service.now())
  if (response.status < 500 && response.status !== 408) return { results: writes.map(notSent), stop }
  const results = writes.map((write) => unknown(write, error.message))
  return { results, stop: rowOf(error).scope === 'record' ? null : stop }
}
