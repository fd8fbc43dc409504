import { context, ProxyTracerProvider, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { Resource } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

export interface Tracing {
  /** Sends what is left. */
  close(): Promise<void>
}

/** Sends spans to an OpenTelemetry collector (OTLP over HTTP); `endpoint` null: there are none. One for a process. */
export function startTracing(service: string, endpoint: string | null): Tracing {
  if (endpoint === null) return { close: async () => undefined }
  const provider = new NodeTracerProvider({
    resource: new Resource({ 'service.name': service, 'service.namespace': 'accord' }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })),
    ],
  })
  provider.register()
  return {
    close: async () => {
      await provider.shutdown()
      trace.disable()
      context.disable()
    },
  }
}

/** Whether spans are sent anywhere. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider()
  return provider instanceof ProxyTracerProvider && provider.getDelegate() instanceof NodeTracerProvider
}

/** The trace of what is being done; null: there is none. */
export function currentTraceId(): string | null {
  const span = trace.getActiveSpan()?.spanContext()
  return span !== undefined && trace.isSpanContextValid(span) ? span.traceId : null
}

/** Does work within a span, which ends with it and tells its failure. */
export async function withSpan<Result>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return trace
    .getTracer('accord')
    .startActiveSpan(name, { kind: SpanKind.CLIENT, attributes: { ...attributes } }, async (span) => {
      try {
        return await work(span)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        span.setStatus({ code: SpanStatusCode.ERROR, message })
        throw error
      } finally {
        span.end()
      }
    })
}
