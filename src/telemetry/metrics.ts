import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds, from a look at an index to a page of a slow system. */
const SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60]

/**
 * What one process measures of itself, for Prometheus. Labels come from closed sets: routes, fields of the schema, steps of runs.
 */
export class ProcessMetrics {
  readonly registry = new Registry()

  readonly httpRequests = new Histogram({
    name: 'accord_http_request_duration_seconds',
    help: 'Requests to the API, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [this.registry],
  })

  readonly graphqlOperations = new Histogram({
    name: 'accord_graphql_operation_duration_seconds',
    help: 'GraphQL operations, by kind and how they ended.',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  })

  readonly graphqlFields = new Counter({
    name: 'accord_graphql_fields_total',
    help: 'Fields of the query, mutation and subscription types that were asked for.',
    labelNames: ['operation', 'field'],
    registers: [this.registry],
  })

  readonly subscriptions = new Gauge({
    name: 'accord_subscriptions',
    help: 'Open subscriptions of this process.',
    registers: [this.registry],
  })

  readonly activities = new Histogram({
    name: 'accord_activity_duration_seconds',
    help: 'Steps of runs that this worker has carried out, by name and how they ended.',
    labelNames: ['activity', 'outcome'],
    buckets: [0.01, 0.1, 0.5, 2.5, 10, 60, 300],
    registers: [this.registry],
  })

  constructor(process: 'api' | 'worker') {
    this.registry.setDefaultLabels({ process })
    collectDefaultMetrics({ register: this.registry })
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics()
  }
}
