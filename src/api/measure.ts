import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyInstance } from 'fastify'
import { Role } from '../domain/role.js'
import { assertSchema, type Database } from '../persistence/database.js'
import { run, sql } from '../persistence/sql.js'
import type { RunControl } from '../temporal/run-control.js'
import type { ProcessMetrics } from '../telemetry/metrics.js'
import { METRICS_TYPE, metricsText, serveHealth, type StatusDependencies } from '../telemetry/serve-status.js'
import { Kind } from './graphql.js'
import { limitByAddress } from './guard/rate-limit.js'

/** Of one address, a minute: each asks the database and Temporal. */
const MOST_PROBES = 600

/** What the API needs to work: the database, in its version of the schema, and Temporal. */
export function needsOfApi(database: Database, runControl: RunControl): StatusDependencies['needs'] {
  return {
    database: async () => {
      await run(database.em.fork(), sql`select 1`)
    },
    schema: () => assertSchema(database),
    temporal: () => runControl.ping(),
  }
}

/** Measures every request, and serves health and metrics. `open`: metrics ask nobody to sign in. */
export function serveMetrics(app: FastifyInstance, status: StatusDependencies, open: boolean): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    status.metrics.httpRequests.observe(
      { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1000,
    )
  })
  serveHealth(app, status, limitByAddress(MOST_PROBES))
  app.get('/metrics', { config: open ? {} : { needs: Role.viewer } }, async (_request, reply) =>
    reply.type(METRICS_TYPE).send(await metricsText(status)),
  )
}

/** Measures every operation over HTTP, by what it asks for; names of clients are no labels. */
export function measureOperations(metrics: ProcessMetrics): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const stop = metrics.graphqlOperations.startTimer()
      return {
        async willSendResponse({ operation, errors }) {
          const kind = operation?.operation ?? 'none'
          stop({ operation: kind, outcome: errors === undefined ? 'ok' : 'error' })
          for (const selection of operation?.selectionSet.selections ?? [])
            // Validated by now, unless there is an error: fields of the schema are a closed set.
            if (selection.kind === Kind.FIELD && errors === undefined)
              metrics.graphqlFields.inc({ operation: kind, field: selection.name.value })
        },
      }
    },
  }
}
