import pLimit from 'p-limit'
import type { WriteOptions, WriteRequest, WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { endsSession, errorRowOf, failureOf, toConnectorError } from './errors.js'
import type { StampSource } from './projection.js'
import type { Session, Sessions } from './sessions.js'
import type { Shape } from './shape.js'
import { writeSet, type WriteContext } from './write-set.js'

/** Records in one transaction. */
export const LARGEST_CHUNK = 1_000
/** Fewer are not worth a transaction of their own. */
const SMALLEST_CHUNK = 500
/** A transaction that lost to another one is tried again at once, this often. */
const ATTEMPTS = 4

export interface WriteInput {
  readonly sessions: Sessions
  readonly shape: Shape
  readonly source: StampSource
  readonly concurrency: number
  readonly now: () => number
}

interface Stop {
  readonly error: unknown
  readonly bySystem: boolean
}

/** Writes in transactions of up to {@link LARGEST_CHUNK} records, side by side. The contract is that of Connector.write. */
export async function write(
  input: WriteInput,
  requests: readonly WriteRequest[],
  options: WriteOptions,
): Promise<void> {
  const lane = pLimit(input.concurrency)
  const stops: Stop[] = []
  const leftOver: WriteRequest[] = []
  await Promise.all(
    chunksOf(requests, input.concurrency).map((chunk) =>
      lane(async () => {
        if (options.signal?.aborted === true) stops.push({ error: options.signal.reason, bySystem: false })
        if (stops.length > 0) {
          leftOver.push(...chunk)
          return
        }
        try {
          const { results, stop } = await sendChunk(input, chunk, options)
          if (stop !== null) stops.push({ error: stop, bySystem: true })
          if (results.length > 0) await options.onResults(results)
        } catch (error) {
          stops.push({ error, bySystem: false })
        }
      }),
    ),
  )
  const stop = stops.find((candidate) => !candidate.bySystem) ?? stops[0]
  if (stop === undefined) return
  if (stop.bySystem && leftOver.length > 0) await options.onResults(leftOver.map(notSent))
  throw stop.error
}

interface ChunkOutcome {
  readonly results: readonly WriteResult[]
  readonly stop: unknown
}

async function sendChunk(
  input: WriteInput,
  chunk: readonly WriteRequest[],
  options: WriteOptions,
): Promise<ChunkOutcome> {
  const { now } = input
  let isAnnounced = false
  try {
    return await input.sessions.use(async (session) => {
      const good = chunk.filter((request) => request.deadline > now())
      if (good.length > 0) {
        await options.beforeCall(good.map((request) => request.ref))
        isAnnounced = true
      }
      const sentAt = now()
      const live = good.filter((request) => request.deadline > sentAt)
      const late = chunk.filter((request) => !live.includes(request)).map(notSent)
      if (live.length === 0) return { results: late, stop: null }
      const outcome = await writeLive(input, session, live, options.returnFields)
      return { ...outcome, results: [...late, ...outcome.results] }
    })
  } catch (error) {
    const translated = toConnectorError(error)
    // No connection was to be had: nothing was announced, and nothing sent.
    if (!isAnnounced && translated instanceof ConnectorError)
      return { results: chunk.map(notSent), stop: translated }
    throw error
  }
}

async function writeLive(
  { shape, source, now }: WriteInput,
  session: Session,
  requests: readonly WriteRequest[],
  returnFields: readonly string[],
): Promise<ChunkOutcome> {
  const deadline = requests.reduce((earliest, request) => Math.min(earliest, request.deadline), Infinity)
  // In one order everywhere, so that two transactions do not wait for each other.
  const sorted = requests.toSorted((left, right) => compareIds(left, right))
  const context: WriteContext = { session, shape, source, returnFields }
  for (let attempt = 1; ; attempt += 1) {
    let isCommitting = false
    try {
      const timeout = Math.max(1, Math.min(deadline - now(), 2_000_000_000))
      const immediate = shape.isDeferred ? '; set constraints all immediate' : ''
      await session.query(`begin; set local statement_timeout = ${Math.floor(timeout)}${immediate}`)
      const results = await writeParts(context, sorted)
      isCommitting = true
      await session.query('commit')
      return { results, stop: null }
    } catch (error) {
      if (isCommitting && endsSession(error)) {
        const { message } = failureOf(error)
        return {
          results: requests.map((request) => ({ kind: 'unknown', ref: request.ref, message })),
          stop: null,
        }
      }
      if (!endsSession(error)) {
        await session.query('rollback')
        const passing = errorRowOf(error).scope === 'passing'
        if (passing && attempt < ATTEMPTS && now() < deadline) continue
      }
      const translated = toConnectorError(error)
      // Neither an answer nor a broken line: the transaction is open still.
      if (error instanceof ConnectorError || !(translated instanceof ConnectorError))
        await session.query('rollback')
      if (!(translated instanceof ConnectorError)) throw translated
      // Rolled back, or never committed: nothing of it was written.
      return { results: requests.map(notSent), stop: translated }
    }
  }
}

/**
 * Writes requests as a set. Where the set is refused for what lies in a record it is cut in half until the records are found; the
 * others are written. Throws what concerns more than a record.
 */
async function writeParts(
  context: WriteContext,
  requests: readonly WriteRequest[],
): Promise<readonly WriteResult[]> {
  const { session } = context
  await session.query('savepoint part')
  try {
    const results = await writeSet(context, requests)
    await session.query('release savepoint part')
    return results
  } catch (error) {
    if (endsSession(error) || errorRowOf(error).scope !== 'record') throw error
    await session.query('rollback to savepoint part')
    await session.query('release savepoint part')
    const [first] = requests
    if (first !== undefined && requests.length === 1)
      return [{ kind: 'refused', ref: first.ref, failure: failureOf(error, toldOf(context, first)) }]
    const middle = Math.ceil(requests.length / 2)
    const left = await writeParts(context, requests.slice(0, middle))
    return [...left, ...(await writeParts(context, requests.slice(middle)))]
  }
}

/** The columns that the mapping knows: what it writes, what it reads, and the key. */
function toldOf({ shape, returnFields }: WriteContext, request: WriteRequest): ReadonlySet<string> {
  const written = request.kind === 'delete' ? [] : Object.keys(request.values)
  return new Set([...written, ...returnFields, ...shape.key.map((column) => column.name)])
}

function notSent(request: WriteRequest): WriteResult {
  return { kind: 'notSent', ref: request.ref }
}

function compareIds(left: WriteRequest, right: WriteRequest): number {
  const [a, b] = [left.id ?? '', right.id ?? '']
  return a < b ? -1 : a > b ? 1 : 0
}

/** Even pieces: as many as there are connections while each is worth a transaction. */
function chunksOf<Item>(items: readonly Item[], slots: number): readonly (readonly Item[])[] {
  if (items.length === 0) return []
  const pieces = Math.max(
    Math.ceil(items.length / LARGEST_CHUNK),
    Math.min(slots, Math.floor(items.length / SMALLEST_CHUNK)),
    1,
  )
  const each = Math.ceil(items.length / pieces)
  return Array.from({ length: Math.ceil(items.length / each) }, (_, index) =>
    items.slice(index * each, (index + 1) * each),
  )
}
