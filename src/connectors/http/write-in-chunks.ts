import pLimit from 'p-limit'
import type { Failure } from '../../domain/failure.js'
import type { WriteOptions, WriteRequest, WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import type { OutgoingObject } from './exact-json.js'
import type { ServiceClient } from './service-client.js'
import { translateTransportError } from './transport-failures.js'
import type { HttpRequest, HttpResponse } from './transport.js'
import { TransportError } from './transport.js'

/**
 * A write request with its body ready, or why it has none. `afterwards`: what is sent in a second request of the same
 * transaction.
 */
export type Prepared =
  | { readonly request: WriteRequest; readonly body: OutgoingObject; readonly afterwards?: OutgoingObject }
  | { readonly request: WriteRequest; readonly failure: Failure }

export type PreparedWrite = Extract<Prepared, { readonly body: OutgoingObject }>

/** What one bulk call's answer means: a result for every request, and perhaps a reason to send no further call. */
export interface ChunkOutcome {
  readonly results: readonly WriteResult[]
  readonly stop: ConnectorError | null
}

/** How one system writes in bulk. All three are pure. */
export interface BulkProtocol {
  /** Requests in one call, at least (where there are enough for all slots) and at most. */
  readonly chunkSize: { readonly smallest: number; readonly largest: number }
  prepare(request: WriteRequest): Prepared
  compose(writes: readonly PreparedWrite[]): HttpRequest
  interpret(response: HttpResponse, writes: readonly PreparedWrite[]): ChunkOutcome
}

/** The same for a system that takes no version with a write, or whose answers have to be completed by reading. */
export interface LookingProtocol extends Omit<BulkProtocol, 'interpret'> {
  /**
   * Looks, right before a call, which of its writes may be sent, and gives the results of the others. Throws {@link ConnectorError}:
   * then nothing is sent.
   */
  confirm(writes: readonly PreparedWrite[], look: Look): Promise<Confirmed>
  interpret(response: HttpResponse, writes: readonly PreparedWrite[], look: Look): Promise<ChunkOutcome>
}

/** Reads something beside a call, in the slot that the call has. Throws {@link ConnectorError} where no answer comes. */
export type Look = (request: HttpRequest) => Promise<HttpResponse>

type AnyProtocol = BulkProtocol | LookingProtocol

/** Writes that may be sent, and the results of those that may not. */
export interface Confirmed {
  readonly ready: readonly PreparedWrite[]
  readonly results: readonly WriteResult[]
}

/**
 * Sends write requests in bulk calls side by side and reports a result for each of them.
 *
 * A failure of the system stops further calls; the calls that run are waited for, what was certainly not sent is reported
 * as `notSent`, then the failure is thrown. When `beforeCall`, `onResults` or the signal stops the work, that error is
 * thrown the same way, and requests without a result were not sent.
 */
export async function writeInChunks(
  client: ServiceClient,
  protocol: AnyProtocol,
  requests: readonly WriteRequest[],
  options: WriteOptions,
): Promise<void> {
  const prepared = requests.map((request) => protocol.prepare(request))
  const refused = prepared.flatMap((item): WriteResult[] =>
    'failure' in item ? [{ kind: 'refused', ref: item.request.ref, failure: item.failure }] : [],
  )
  if (refused.length > 0) await options.onResults(refused)

  const writes = prepared.flatMap((item) => ('body' in item ? [item] : []))
  const lane = pLimit(client.concurrency)
  const stops: Stop[] = []
  const leftOver: PreparedWrite[] = []

  const chunks = chunksOf(writes, client.concurrency, protocol.chunkSize)
  await Promise.all(
    chunks.map((chunk) =>
      lane(async () => {
        if (options.signal?.aborted === true) stops.push({ error: options.signal.reason, bySystem: false })
        if (stops.length > 0) {
          leftOver.push(...chunk)
          return
        }
        try {
          const { results, stop } = await client.inSlot(() => sendChunk(client, protocol, chunk, options))
          if (stop !== null) stops.push({ error: stop, bySystem: true })
          if (results.length > 0) await options.onResults(results)
        } catch (error) {
          stops.push({ error, bySystem: false })
        }
      }),
    ),
  )

  const byCaller = stops.find((stop) => !stop.bySystem)
  const stop = byCaller ?? stops[0]
  if (stop === undefined) return
  if (stop.bySystem && leftOver.length > 0) await options.onResults(leftOver.map(notSent))
  throw stop.error
}

interface Stop {
  readonly error: unknown
  readonly bySystem: boolean
}

/** One bulk call, repeated once with a new token where the whole call was refused for its token: then nothing was done. */
async function sendChunk(
  client: ServiceClient,
  protocol: AnyProtocol,
  chunk: readonly PreparedWrite[],
  options: WriteOptions,
  isRepeat = false,
): Promise<ChunkOutcome> {
  let token: string
  try {
    token = await client.token()
  } catch (error) {
    if (error instanceof ConnectorError) return { results: chunk.map(notSent), stop: error }
    throw error
  }

  const stillGood = chunk.filter((write) => write.request.deadline > client.now())
  if (stillGood.length > 0) await options.beforeCall(stillGood.map((write) => write.request.ref))
  const look = lookWith(client, token)
  const confirmed = await confirm(protocol, stillGood, look)
  if (confirmed instanceof ConnectorError) return { results: chunk.map(notSent), stop: confirmed }
  const sentAt = client.now()
  const live = confirmed.ready.filter((write) => write.request.deadline > sentAt)
  const told = new Set(confirmed.results.map((result) => result.ref))
  const late = chunk.filter((write) => !live.includes(write) && !told.has(write.request.ref)).map(notSent)
  const before = [...late, ...confirmed.results]
  if (live.length === 0) return { results: before, stop: null }

  const answered = (outcome: ChunkOutcome): ChunkOutcome => ({
    ...outcome,
    results: [...before, ...outcome.results],
  })
  const earliestDeadline = live.reduce(
    (earliest, write) => Math.min(earliest, write.request.deadline),
    Infinity,
  )
  // We stop waiting at the deadline: whoever settles an unknown outcome counts the longest flight from there.
  const timeout = Math.min(client.requestTimeout, earliestDeadline - sentAt)
  let response: HttpResponse
  try {
    response = await client.exchange(protocol.compose(live), token, timeout)
  } catch (error) {
    if (error instanceof ConnectorError) return answered({ results: live.map(notSent), stop: error })
    if (!(error instanceof TransportError)) throw error
    return answered(noAnswer(error, live, client))
  }
  if (response.status === 401 && !isRepeat) {
    client.rejectToken(token)
    return answered(await sendChunk(client, protocol, live, options, true))
  }
  return answered(
    'confirm' in protocol
      ? await protocol.interpret(response, live, look)
      : protocol.interpret(response, live),
  )
}

function lookWith(client: ServiceClient, token: string): Look {
  return async (request) => {
    try {
      return await client.exchange(request, token, client.requestTimeout)
    } catch (error) {
      if (error instanceof TransportError) throw translateTransportError(error, client.system, client.url)
      throw error
    }
  }
}

async function confirm(
  protocol: AnyProtocol,
  writes: readonly PreparedWrite[],
  look: Look,
): Promise<Confirmed | ConnectorError> {
  if (!('confirm' in protocol) || writes.length === 0) return { ready: writes, results: [] }
  try {
    return await protocol.confirm(writes, look)
  } catch (error) {
    if (error instanceof ConnectorError) return error
    throw error
  }
}

function noAnswer(
  error: TransportError,
  live: readonly PreparedWrite[],
  client: ServiceClient,
): ChunkOutcome {
  if (!error.sent) {
    return { results: live.map(notSent), stop: translateTransportError(error, client.system, client.url) }
  }
  return { results: live.map((write) => unknown(write, error.message)), stop: null }
}

export function notSent(write: PreparedWrite): WriteResult {
  return { kind: 'notSent', ref: write.request.ref }
}

export function unknown(write: PreparedWrite, message: string): WriteResult {
  return { kind: 'unknown', ref: write.request.ref, message }
}

/** Even pieces: as many as there are slots while each is worth a call, never larger than the system allows. */
function chunksOf<Item>(
  items: readonly Item[],
  slots: number,
  size: { readonly smallest: number; readonly largest: number },
): readonly (readonly Item[])[] {
  if (items.length === 0) return []
  const pieces = Math.max(
    Math.ceil(items.length / size.largest),
    Math.min(slots, Math.floor(items.length / size.smallest)),
    1,
  )
  const each = Math.ceil(items.length / pieces)
  return Array.from({ length: Math.ceil(items.length / each) }, (_, index) =>
    items.slice(index * each, (index + 1) * each),
  )
}
