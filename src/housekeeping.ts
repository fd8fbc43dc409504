import type { Logger } from 'pino'

export interface Housekeeping {
  stop(): void
}

/**
 * Does its work now, and then every so many milliseconds; a failure is logged and the next time tries anew. A round that takes longer is
 * waited for: never are two under way.
 */
export function startHousekeeping(work: () => Promise<void>, every: number, logger: Logger): Housekeeping {
  let isUnderWay = false
  const round = async (): Promise<void> => {
    if (isUnderWay) return
    isUnderWay = true
    try {
      await work()
    } catch (error) {
      logger.error({ error }, 'Housekeeping failed; it is tried again in a minute')
    } finally {
      isUnderWay = false
    }
  }
  void round()
  const timer = setInterval(() => void round(), every)
  return { stop: () => clearInterval(timer) }
}
