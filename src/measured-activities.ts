import type { ActivityInterceptorsFactory } from '@temporalio/worker'
import type { ProcessMetrics } from './telemetry/metrics.js'

/** Measures every step that a worker carries out. */
export function measuredActivities(metrics: ProcessMetrics): ActivityInterceptorsFactory {
  return ({ info: { activityType } }) => ({
    inbound: {
      async execute(input, next) {
        const stop = metrics.activities.startTimer({ activity: activityType })
        try {
          const result = await next(input)
          stop({ outcome: 'ok' })
          return result
        } catch (error) {
          stop({ outcome: 'error' })
          throw error
        }
      },
    },
  })
}
