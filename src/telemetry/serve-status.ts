import type { FastifyContextConfig, FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { ProcessMetrics } from './metrics.js'
import type { StateMetrics } from './state-metrics.js'

/** Milliseconds for which one thing that a process needs may take to answer. */
const DEADLINE = 5_000

/** The media type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export interface StatusDependencies {
  /** What the process needs, each with how it is asked; a refusal says what to do. */
  readonly needs: Readonly<Record<string, () => Promise<void>>>
  readonly metrics: ProcessMetrics
  readonly state: StateMetrics
  readonly logger: Logger
}

/** Health of a process: `/healthz`, it lives; `/readyz` (and `/health`), what it needs answers. They need no sign-in and tell no details. `config`: of the routes that ask others. */
export function serveHealth(
  app: FastifyInstance,
  { needs, logger }: StatusDependencies,
  config: FastifyContextConfig = {},
): void {
  app.get('/healthz', async (_request, reply) => reply.send({ status: 'ok' }))
  const ready = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> => {
    const checks = await Promise.all(
      Object.entries(needs).map(async ([name, ask]) => {
        try {
          await within(ask(), DEADLINE)
          return [name, 'ok'] as const
        } catch (error) {
          logger.error({ err: error, need: name }, 'Something that this process needs does not answer')
          return [name, 'unavailable'] as const
        }
      }),
    )
    const isReady = checks.every(([, state]) => state === 'ok')
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(checks) })
  }
  app.get('/readyz', { config }, ready)
  app.get('/health', { config }, ready)
}

/** The metrics of a process and of the state that all share, in Prometheus' text format. */
export async function metricsText({ metrics, state, logger }: StatusDependencies): Promise<string> {
  try {
    await state.read()
  } catch (error) {
    // What the process measures of itself is of most use when the database is away.
    logger.error({ err: error }, 'The figures of the database cannot be read')
  }
  return metrics.text()
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('It did not answer in time.')), milliseconds)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
