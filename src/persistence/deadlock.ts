/** What PostgreSQL answers to a transaction that it ends because two waited for each other. */
const DEADLOCK = '40P01'

/** How often work is done again before its failure stands. */
const MOST_ATTEMPTS = 5

/** Whether a transaction was ended because it and another one waited for each other. Nothing of it has happened. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === DEADLOCK
}

/**
 * Does work that may be repeated, and does it again at once where a deadlock ended one of its transactions: the other one has gone on by
 * then. `failed` hears of it.
 */
export async function pastDeadlocks<Result>(
  work: () => Promise<Result>,
  failed: (error: unknown) => void,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isDeadlock(error)) throw error
      failed(error)
    }
  }
}
