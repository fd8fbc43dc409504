import pLimit, { type LimitFunction } from 'p-limit'
import type { CallEnd, CallOperation, Limits, ThrottledBy } from '../../domain/governor.js'
import { Lane } from '../../domain/lane.js'
import type { Governor, WatchCalls } from '../governor.js'
import type { Credentials } from './credentials.js'
import { retryAfterOf } from './retry-after.js'
import type { HttpResponse } from './transport.js'

/** What a call is for, as far as limits are concerned. */
export interface Call {
  readonly operation: CallOperation
  /** Records that are written; a read counts as one. */
  readonly rows: number
  readonly signal?: AbortSignal | undefined
}

/** A call that may begin, in the name of one principal. */
export interface Turn {
  readonly credentials: Credentials
  /** To be told of every answer, and how long it took, milliseconds. */
  answered(response: HttpResponse, duration: number): void
  /** No answer came after so many milliseconds. */
  unanswered(duration: number): void
  /** A part of the answer says that there were too many calls. `retryAfter`: milliseconds. */
  throttled(retryAfter: number | undefined): void
}

export interface TurnSettings {
  readonly principals: readonly Credentials[]
  /** Calls at a time of each principal. */
  readonly concurrency: number
  readonly endpoint: string
  readonly limits: Limits
  /** Milliseconds that a call lasts at most. */
  readonly longest: number
  readonly now: () => number
  /** Which limit an answer with status 429 speaks of. */
  readonly throttledBy: (text: string) => ThrottledBy | null
}

interface Place {
  readonly credentials: Credentials
  readonly slots: LimitFunction
  busy: number
}

/**
 * Gives calls their turn: a slot of the principal that has least to do, then the governor's leave. What a call has cost is read off its
 * answers and told to the governor when it ends, also by an error.
 */
export function createTurns(
  settings: TurnSettings,
  governor: Governor | undefined,
  lane: Lane = Lane.live,
  watchCalls?: WatchCalls,
): <Result>(call: Call, task: (turn: Turn) => Promise<Result>) => Promise<Result> {
  const places = settings.principals.map((credentials): Place => ({
    credentials,
    slots: pLimit(settings.concurrency),
    busy: 0,
  }))
  let last = -1
  const limits = {
    ...settings.limits,
    concurrency: Math.min(settings.limits.concurrency, settings.concurrency),
  }

  /** Of those with least to do the next in the round. */
  function choose(): Place {
    const least = Math.min(...places.map((place) => place.busy))
    for (let step = 1; step <= places.length; step += 1) {
      const index = (last + step) % places.length
      const place = places[index]
      if (place === undefined || place.busy > least) continue
      last = index
      return place
    }
    throw new Error('A service has at least one principal.')
  }

  return async (call, task) => {
    const place = choose()
    const { credentials } = place
    place.busy += 1
    const watch = watchCalls?.()
    try {
      return await place.slots(async () => {
        call.signal?.throwIfAborted()
        const admission = await governor?.admit(
          { endpoint: settings.endpoint, principal: credentials.principal },
          { ...call, lane, limits, longest: settings.longest },
        )
        watch?.begins()
        const measure = createMeasure(settings)
        try {
          return await task({ credentials, ...measure })
        } finally {
          admission?.release(measure.end())
        }
      })
    } finally {
      watch?.ends()
      place.busy -= 1
    }
  }
}

function createMeasure({ throttledBy, now }: TurnSettings): Omit<Turn, 'credentials'> & { end(): CallEnd } {
  let requests = 0
  let duration = 0
  let throttled: CallEnd['throttled'] = null
  let remaining: CallEnd['remaining'] = null
  const count = (milliseconds: number): void => {
    requests += 1
    duration += milliseconds
  }
  return {
    answered(response, milliseconds) {
      count(milliseconds)
      if (response.status === 429) {
        throttled = {
          retryAfter: retryAfterOf(response.headers, now()) ?? null,
          by: throttledBy(response.text),
        }
      }
      remaining = remainingOf(response) ?? remaining
    },
    unanswered: count,
    throttled(retryAfter) {
      throttled ??= { retryAfter: retryAfter ?? null, by: null }
    },
    end: () => ({ requests, duration, throttled, remaining }),
  }
}

/** Dataverse tells what is left of the window: requests, and execution time in seconds. */
function remainingOf({ headers }: HttpResponse): CallEnd['remaining'] {
  const requests = numberOf(headers['x-ms-ratelimit-burst-remaining-xrm-requests'])
  const seconds = numberOf(headers['x-ms-ratelimit-time-remaining-xrm-requests'])
  if (requests === null && seconds === null) return null
  return { requests, execution: seconds === null ? null : seconds * 1000 }
}

function numberOf(header: string | readonly string[] | undefined): number | null {
  if (typeof header !== 'string') return null
  const text = header.replaceAll(',', '').trim()
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
