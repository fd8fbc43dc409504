import type { ResolvedConfig } from './config.js'
import { HintListeners, type ListenerDependencies } from './hint-listeners.js'
import { keepSubscriptions } from './hint-subscriptions.js'
import { hintedTables } from './hinted-tables.js'

/** Sees to it that systems can tell a worker, or the API, of changes. */
export interface HintKeeper {
  /** To be called again and again. */
  keep(): Promise<void>
  close(): Promise<void>
}

/** Where runs start only when asked for, nothing is listened to and nothing subscribed to. */
export function createHintKeeper(config: ResolvedConfig, dependencies: ListenerDependencies): HintKeeper {
  const { publicUrl } = config.api
  const listeners = new HintListeners(dependencies)
  let isTold = false
  return {
    async keep() {
      if (!config.engine.schedules) return
      await listeners.keep()
      if (publicUrl !== null) return keepSubscriptions({ ...dependencies, publicUrl, now: Date.now })
      if (isTold || (await hintedTables(dependencies, 'webhook')).length === 0) return
      isTold = true
      dependencies.logger.info(
        'Business Central could tell of changes at once, if it could reach the API: set ACCORD_PUBLIC_URL to its address from outside. Until then changes are found by schedule.',
      )
    },
    close: () => listeners.close(),
  }
}
