import { randomUUID } from 'node:crypto'
import { ConnectorError } from '../connector.js'
import type { ExactJson, OutgoingObject } from '../http/exact-json.js'
import { parseExactJson, stringifyExactJson } from '../http/exact-json.js'
import { decodeBatch, encodeBatch } from '../http/json-batch.js'
import { boundaryOf, decodeMultipart, encodeMultipart } from '../http/multipart.js'
import { piecesOf, unreadable } from '../http/odata.js'
import { readParts, type PartReader } from '../http/read-parts.js'
import type { HttpRequest, HttpResponse } from '../http/transport.js'
import { bodyOf, toConnectorError } from './errors.js'
import type { ODataService, Send } from './service.js'
import type { BatchForm } from './settings.js'

/** One operation on an entity set; `path` is relative to the service root and percent-encoded. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: OutgoingObject
}

export interface OperationAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: ExactJson
}

/** GETs in one batch: enough to save round trips, few enough that batches run side by side. */
const GETS_IN_BATCH = 25

/** Operations as one request: a batch, or the only one itself. */
export function composeOperations(
  service: ODataService,
  form: BatchForm,
  operations: readonly Operation[],
): HttpRequest {
  const [only] = operations
  if (form === 'none' && only !== undefined && operations.length === 1) return requestOf(service, only)
  const batch = { method: 'POST', url: `${service.url}/$batch` } as const
  const headers = { accept: 'application/json', 'odata-maxversion': '4.0', 'odata-version': '4.0' }
  const continuing = { prefer: 'odata.continue-on-error' }
  switch (form) {
    case 'json':
      return {
        ...batch,
        headers: {
          ...headers,
          ...continuing,
          'odata-maxversion': '4.01',
          'content-type': 'application/json',
        },
        body: encodeBatch(operations.map(({ path, ...operation }) => ({ ...operation, url: path }))),
      }
    case 'multipart': {
      const boundary = `batch_${randomUUID()}`
      const root = new URL(service.url).pathname
      const parts = operations.map(({ method, path, headers: own, body }) => ({
        method,
        path: `${root === '/' ? '' : root}/${path}`,
        headers: own,
        ...(body === undefined ? {} : { body: stringifyExactJson(body) }),
      }))
      return {
        ...batch,
        headers: {
          ...headers,
          ...continuing,
          accept: 'multipart/mixed',
          'content-type': `multipart/mixed; boundary=${boundary}`,
        },
        body: encodeMultipart(boundary, parts),
      }
    }
    case 'none':
      throw new Error('Without batches operations go one by one.')
  }
}

function requestOf(service: ODataService, { method, path, headers, body }: Operation): HttpRequest {
  const url = `${service.url}/${path}`
  return body === undefined
    ? { method, url, headers }
    : { method, url, headers, body: stringifyExactJson(body) }
}

/**
 * The answers by the index of their operation, undefined where there is none; null: the call as a whole was refused. Throws
 * SyntaxError on what is no batch answer.
 */
export function readAnswers(
  form: BatchForm,
  response: HttpResponse,
  count: number,
): readonly (OperationAnswer | undefined)[] | null {
  if (form === 'none') return [answerOf(response)]
  if (form === 'multipart') {
    const boundary = boundaryOf(response.headers)
    if (boundary === null) {
      if (isSuccess(response.status)) throw new SyntaxError('The answer is no batch answer.')
      return null
    }
    const parts = decodeMultipart(response.text, boundary)
    return Array.from({ length: count }, (_, index) => {
      const part = parts[index]
      return part === undefined ? undefined : { ...part, body: bodyOf(part.text, parseExactJson) }
    })
  }
  return isSuccess(response.status) ? decodeBatch(response.text, count) : null
}

export function answerOf({ status, headers, text }: HttpResponse): OperationAnswer {
  const single = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : value,
  ])
  return { status, headers: Object.fromEntries(single), body: bodyOf(text, parseExactJson) }
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}

/** Reads in as few calls as the service allows, one answer a path, in their order. Throws {@link ConnectorError}. */
export async function readAll(
  service: ODataService,
  send: Send,
  paths: readonly string[],
): Promise<readonly OperationAnswer[]> {
  if (paths.length === 0) return []
  const operations = paths.map((path): Operation => ({ method: 'GET', path, headers: service.headers }))
  const form = paths.length === 1 ? 'none' : await service.batchForm(send)
  const pieces = piecesOf(operations, form === 'none' ? 1 : GETS_IN_BATCH)
  const reader: PartReader = {
    // A look beside a write has the write's slot: what is throttled of it is put back with the write.
    throttlePatience: send === service.send ? service.throttlePatience : 0,
    now: service.now,
    read: send,
  }
  const answers = await Promise.all(
    pieces.map((piece) =>
      readParts(reader, piece, {
        compose: (parts) => composeOperations(service, form, parts),
        answersOf: (response, count) => readBatch(service, form, response, count),
      }),
    ),
  )
  return answers.flat().map((answer) => answer ?? missing(service))
}

function readBatch(
  service: ODataService,
  form: BatchForm,
  response: HttpResponse,
  count: number,
): readonly (OperationAnswer | undefined)[] {
  try {
    const answers = readAnswers(form, response, count)
    if (answers !== null) return answers
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(service.system, error.message)
    throw error
  }
  throw toConnectorError(answerOf(response), service.now())
}

function missing(service: ODataService): never {
  throw unreadable(service.system, 'a part of the batch is missing')
}

/** Which form of batch a service takes: each is tried once, with a read of one row. Throws {@link ConnectorError}. */
export async function findBatchForm(service: ODataService, send: Send, set: string): Promise<BatchForm> {
  const read: Operation = { method: 'GET', path: `${set}?$top=1`, headers: service.headers }
  for (const form of ['json', 'multipart'] as const) {
    const response = await send(composeOperations(service, form, [read]))
    if (response.status === 429 || response.status === 503)
      throw toConnectorError(answerOf(response), service.now())
    if (answersRead(form, response)) return form
  }
  return 'none'
}

function answersRead(form: BatchForm, response: HttpResponse): boolean {
  try {
    const [answer] = readAnswers(form, response, 1) ?? []
    return answer !== undefined && isSuccess(answer.status)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ConnectorError) return false
    throw error
  }
}
