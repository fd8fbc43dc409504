import type { ActivityInterceptorsFactory } from '@temporalio/worker'
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry'
import { isTracing } from './telemetry/tracing.js'

/** A span for every step, within the trace that its workflow hands on. None while no spans are sent. */
export function tracedActivities(): readonly ActivityInterceptorsFactory[] {
  return isTracing() ? [(context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) })] : []
}
