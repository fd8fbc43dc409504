import type { CallEnd, CallOperation, GovernedPrincipal, Limits } from '../domain/governor.js'
import type { Lane } from '../domain/lane.js'

/** Lets calls to a service begin when its limits have room for them. Shared by everything that calls in the name of one principal. */
export interface Governor {
  /** Waits until the call may begin. Throws the reason of `signal` when that is aborted first. */
  admit(who: GovernedPrincipal, call: GovernedCall): Promise<Admission>
}

export interface GovernedCall {
  readonly lane: Lane
  readonly limits: Limits
  readonly operation: CallOperation
  /** Records that are written; a read counts as one, whatever its size. */
  readonly rows: number
  /** Milliseconds after which the call counts as over, also if nobody said so. */
  readonly longest: number
  readonly signal?: AbortSignal | undefined
}

/** Hears of one call that has asked for its turn. */
export interface CallWatch {
  /** Its turn has come. */
  begins(): void
  /** It is over, or was given up while it waited. */
  ends(): void
}

/** Called where a call asks for its turn, in the context of whoever makes it. */
export type WatchCalls = () => CallWatch

/** Called where a call is about to be made, in the context of whoever makes it: aborted once nobody waits for what it brings any more. */
export type GivenUp = () => AbortSignal | undefined

export interface Admission {
  /** To be called once when the call is over, with what it was found to cost. */
  release(end: CallEnd): void
}
