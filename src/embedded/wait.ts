import { setTimeout as delay } from 'node:timers/promises'

/**
 * Calls `attempt` until it returns something other than `null`, for at most `seconds`.
 * @throws Error with `what` and the last failure, when the time is over.
 */
export async function waitUntil<T>(
  what: string,
  seconds: number,
  attempt: () => Promise<T | null>,
  intervalMilliseconds = 100,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  let lastFailure: unknown = null
  for (;;) {
    try {
      const result = await attempt()
      if (result !== null) return result
    } catch (error) {
      lastFailure = error
    }
    if (performance.now() >= deadline) {
      const reason = lastFailure instanceof Error ? `: ${lastFailure.message}` : ''
      throw new Error(`Waited ${seconds} s in vain for ${what}${reason}`, { cause: lastFailure })
    }
    await delay(intervalMilliseconds)
  }
}
