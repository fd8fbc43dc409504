/** Pauses between attempts of an activity: 1 s, doubling, at most a minute. */
export const FIRST_PAUSE = 1_000
export const LONGEST_PAUSE = 60_000

/** A step of which no sign of life has come for so long is given to another worker; unless it is set otherwise. */
export const WORKER_TIMEOUT = 15_000

/**
 * A step that talks to a system, or waits for runs, may take as long as it takes, for it may have to wait for its turn there for hours: what
 * ends it is that it shows no sign of life. Temporal wants a limit all the same, milliseconds.
 */
export const LONGEST_STEP = 86_400_000

/** How many attempts fill `patience` milliseconds of pauses; at least two. */
export function attemptsWithin(patience: number): number {
  let attempts = 2
  let pause = FIRST_PAUSE
  for (let waited = pause; waited < patience; waited += pause) {
    pause = Math.min(pause * 2, LONGEST_PAUSE)
    attempts += 1
  }
  return attempts
}
