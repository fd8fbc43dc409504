import Fastify from 'fastify'
import type { Logger } from 'pino'
import { carriesToken } from './api/authenticate.js'
import type { ResolvedConfig } from './config.js'
import { assertSchema, type Database } from './persistence/database.js'
import { ProcessMetrics } from './telemetry/metrics.js'
import { METRICS_TYPE, metricsText, serveHealth } from './telemetry/serve-status.js'
import { StateMetrics } from './telemetry/state-metrics.js'
import type { RunControl } from './temporal/run-control.js'

export interface WorkerStatus {
  readonly metrics: ProcessMetrics
  close(): Promise<void>
}

/** What a worker measures, served with its health where `ACCORD_WORKER_PORT` is set: `/healthz`, `/readyz`, `/metrics`. */
export async function startWorkerStatus(
  config: ResolvedConfig,
  dependencies: {
    readonly database: Database
    readonly runControl: Pick<RunControl, 'ping'>
    readonly logger: Logger
  },
): Promise<WorkerStatus> {
  const { database, runControl, logger } = dependencies
  const metrics = new ProcessMetrics('worker')
  const { workerPort, openMetrics } = config.telemetry
  if (workerPort === null) return { metrics, close: async () => undefined }
  const app = Fastify({ logger: false, forceCloseConnections: true })
  const needs = { database: () => assertSchema(database), temporal: () => runControl.ping() }
  const status = { needs, metrics, state: new StateMetrics(database, metrics.registry), logger }
  serveHealth(app, status)
  app.get('/metrics', async (request, reply) => {
    if (!openMetrics && !carriesToken(request.headers.authorization, config.api.token))
      return reply.code(401).header('www-authenticate', 'Bearer realm="Accord"').send()
    return reply.type(METRICS_TYPE).send(await metricsText(status))
  })
  await app.listen({ host: config.api.host, port: workerPort })
  return { metrics, close: () => app.close() }
}
