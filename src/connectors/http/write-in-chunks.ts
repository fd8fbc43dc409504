import pLimit from 'p-limit'
import type { Failure } from '../../domain/failure.js'
import type { WriteOptions, WriteRequest, WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import type { OutgoingObject } from './exact-json.js'
import type { ServiceClient } from './service-client.js'
import { translateTransportError } from './transport-failures.js'
import type { HttpRequest, HttpResponse } from './transport.js'
import { TransportError } from './transport.js'
import type { Turn } from './turns.js'

/**
 * A write request with its body ready, or why it has none. `afterwards`: what is sent in a second request of the same
 * transaction. `singly`: a call of several, of which one was refused, had it in it.
 */
export type Prepared =
  | {
      readonly request: WriteRequest
      readonly body: OutgoingObject
      readonly afterwards?: OutgoingObject
      readonly singly?: boolean
    }
  | { readonly request: WriteRequest; readonly failure: Failure }

export type PreparedWrite = Extract<Prepared, { readonly body: OutgoingObject }>

/** What one bulk call's answer means: a result for every request, and perhaps a reason to send no further call. */
export interface ChunkOutcome {
  readonly results: readonly WriteResult[]
  readonly stop: ConnectorError | null
  /** Nothing was done, as one of the writes was refused: those not sent are sent again, each for itself. */
  readonly singly?: boolean
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

export type AnyProtocol = BulkProtocol | LookingProtocol

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

  const startedAt = client.now()
  // Whoever waits for a turn when the work stops need not wait any longer.
  const stopped = new AbortController()
  const signal =
    options.signal === undefined ? stopped.signal : AbortSignal.any([options.signal, stopped.signal])
  const stopBy = (stop: Stop): void => {
    stops.push(stop)
    stopped.abort()
  }
  const chunks = chunksOf(writes, client.concurrency, protocol.chunkSize)
  await Promise.all(
    chunks.map((chunk) =>
      lane(async () => {
        let open = chunk
        // A chunk that the service throttles is put back, and waits for its turn again.
        let throttledSince: number | null = null
        while (open.length > 0) {
          if (options.signal?.aborted === true) stops.push({ error: options.signal.reason, bySystem: false })
          if (stops.length > 0) {
            leftOver.push(...open)
            return
          }
          try {
            const sending = open
            const call = { operation: 'write', rows: sending.length, signal } as const
            const { results, stop, singly } = await client.inTurn(
              call,
              async (turn): Promise<ChunkOutcome> => {
                if (stops.length > 0) {
                  leftOver.push(...sending)
                  return { results: [], stop: null }
                }
                const outcome = await sendChunk(client, protocol, turn, sending, options, startedAt)
                if (isThrottled(outcome.stop)) turn.throttled(outcome.stop?.retryAfter)
                return outcome
              },
            )
            throttledSince = isThrottled(stop) ? (throttledSince ?? client.now()) : null
            const isPutBack =
              throttledSince !== null && client.now() - throttledSince < client.throttlePatience
            const putBack = new Set(isPutBack || singly === true ? refsNotSent(results) : [])
            open = sending
              .filter((write) => putBack.has(write.request.ref))
              .map((write) => (singly === true ? { ...write, singly } : write))
            if (stop !== null && !isPutBack) stopBy({ error: stop, bySystem: true })
            const final = results.filter((result) => !putBack.has(result.ref))
            if (final.length > 0) await options.onResults(final)
          } catch (error) {
            if (stopped.signal.aborted && error === stopped.signal.reason) leftOver.push(...open)
            else stopBy({ error, bySystem: false })
            return
          }
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

function isThrottled(stop: ConnectorError | null): boolean {
  return stop?.failure.errorClass === 'THROTTLED'
}

function refsNotSent(results: readonly WriteResult[]): readonly string[] {
  return results.flatMap((result) => (result.kind === 'notSent' ? [result.ref] : []))
}

/** One bulk call, repeated once with a new token where the whole call was refused for its token: then nothing was done. */
async function sendChunk(
  client: ServiceClient,
  protocol: AnyProtocol,
  turn: Turn,
  given: readonly PreparedWrite[],
  options: WriteOptions,
  startedAt: number,
  isRepeat = false,
): Promise<ChunkOutcome> {
  let authorization: string | null
  try {
    authorization = await turn.credentials.authorization()
  } catch (error) {
    if (error instanceof ConnectorError) return { results: given.map(notSent), stop: error }
    throw error
  }

  const chunk = await inTime(client, given, options, startedAt)
  const stillGood = chunk.filter((write) => write.request.deadline > client.now())
  if (stillGood.length > 0) await options.beforeCall(stillGood.map((write) => write.request.ref))
  const look = lookWith(client, turn, authorization)
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
  // We stop waiting at the deadline: whoever settles an unknown outcome counts the longest flight from there.
  const timeout = Math.min(client.requestTimeout, earliestDeadline(live) - sentAt)
  let response: HttpResponse
  try {
    response = await client.exchange(turn, protocol.compose(live), authorization, timeout)
  } catch (error) {
    if (error instanceof ConnectorError) return answered({ results: live.map(notSent), stop: error })
    if (!(error instanceof TransportError)) throw error
    return answered(noAnswer(error, live, client))
  }
  if (response.status === 401 && !isRepeat && turn.credentials.reject(authorization))
    return answered(await sendChunk(client, protocol, turn, live, options, startedAt, true))
  return answered(
    'confirm' in protocol
      ? await protocol.interpret(response, live, look)
      : protocol.interpret(response, live),
  )
}

function lookWith(client: ServiceClient, turn: Turn, authorization: string | null): Look {
  return async (request) => {
    try {
      return await client.exchange(turn, request, authorization, client.requestTimeout)
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

function earliestDeadline(writes: readonly PreparedWrite[]): number {
  return writes.reduce((earliest, write) => Math.min(earliest, write.request.deadline), Infinity)
}

/**
 * A call may have waited long for its turn. Deadlines of which half has gone by are renewed, where the caller allows it, before the call is
 * announced: nothing of it is under way.
 */
async function inTime(
  client: ServiceClient,
  chunk: readonly PreparedWrite[],
  { renewDeadlines }: WriteOptions,
  startedAt: number,
): Promise<readonly PreparedWrite[]> {
  if (renewDeadlines === undefined) return chunk
  const now = client.now()
  if (earliestDeadline(chunk) - now >= now - startedAt) return chunk
  const deadline = await renewDeadlines(chunk.map((write) => write.request.ref))
  return chunk.map((write) => ({ ...write, request: { ...write.request, deadline } }))
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
