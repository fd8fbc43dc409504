import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity'
import { ConnectorError } from '../connectors/connector.js'
import { ErrorClass, type Failure } from '../domain/failure.js'
import { LeaseLostError } from '../persistence/queries/pages.js'
import { OutcomeUnknownError } from './write-page.js'

/** Failure types as workflows see them; they branch on these, never on messages. */
export const FailureType = {
  /** The system heals by itself: retried by the activity. */
  transient: 'Transient',
  /** An administrator must act: the run stops early. */
  setup: 'Setup',
  /** Another attempt has the page. */
  leaseLost: 'LeaseLost',
} as const

const STOPS_THE_RUN: ReadonlySet<ErrorClass> = new Set([ErrorClass.permission, ErrorClass.setup])

/** A call that is throttled was sent again for as long as the run is patient; to begin anew would multiply that. */
const HAD_ITS_TIME: ReadonlySet<ErrorClass> = new Set([ErrorClass.throttled])

/** Translates what an activity threw; the one place where errors cross into Temporal. `details[0]` is the {@link Failure}. */
export function toApplicationFailure(error: unknown): unknown {
  if (error instanceof ConnectorError) {
    const stops = STOPS_THE_RUN.has(error.failure.errorClass)
    return ApplicationFailure.create({
      type: stops ? FailureType.setup : FailureType.transient,
      message: error.failure.message,
      nonRetryable: stops || HAD_ITS_TIME.has(error.failure.errorClass),
      details: [error.failure],
      ...(error.retryAfter === undefined ? {} : { nextRetryDelay: error.retryAfter }),
    })
  }
  // Another step that was given up had asked for what both need; this one asks for it itself.
  if (error instanceof CancelledFailure && !Context.current().cancellationSignal.aborted)
    return ApplicationFailure.create({ type: FailureType.transient, message: error.message })
  if (error instanceof LeaseLostError) {
    return ApplicationFailure.create({
      type: FailureType.leaseLost,
      message: error.message,
      nonRetryable: false,
    })
  }
  if (error instanceof OutcomeUnknownError) {
    return ApplicationFailure.create({
      type: FailureType.transient,
      message: error.message,
      nextRetryDelay: 1000,
      details: [
        {
          errorClass: ErrorClass.unavailable,
          message: error.message,
          cause: 'The connection was lost while a write was under way, so its outcome has to be asked for.',
          remedy: 'Nothing to do: Accord asks again and repeats the write safely.',
        } satisfies Failure,
      ],
    })
  }
  return error
}

/** Between two beats, milliseconds, where the step has time for several before it counts as dead. */
const LONGEST_BEAT = 3_000
const BEATS_IN_TIMEOUT = 5

/** Beats while a step works, where a dead worker is noticed by that; stops by itself. */
export async function withHeartbeat<T>(
  work: (beat: () => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const context = Context.current()
  const { heartbeatTimeoutMs } = context.info
  const timer =
    heartbeatTimeoutMs === undefined
      ? undefined
      : setInterval(() => context.heartbeat(), Math.min(LONGEST_BEAT, heartbeatTimeoutMs / BEATS_IN_TIMEOUT))
  try {
    return await work(() => context.heartbeat(), context.cancellationSignal)
  } finally {
    clearInterval(timer)
  }
}
