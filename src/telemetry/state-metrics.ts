import { Gauge, type Registry } from 'prom-client'
import { gaugeOf } from '../domain/governor-gauge.js'
import type { Database } from '../persistence/database.js'
import { governedPrincipals } from '../persistence/governor.js'
import {
  databaseConnections,
  mappingFigures,
  type MappingFigure,
} from '../persistence/queries/operating-figures.js'

/** Milliseconds for which figures of the database are told again: several who ask at once cost one reading. */
const KEPT = 5_000

/** Applications and users at services that are told apart. */
const MOST_PRINCIPALS = 50

/** Each figure of a mapping with its metric, and the name of its label. Those that end in `_total` only rise, except when a mapping is deleted. */
const METRIC_OF: Readonly<
  Record<MappingFigure['figure'], { readonly name: string; readonly help: string; readonly label?: string }>
> = {
  rows: {
    name: 'accord_rows_total',
    help: 'Records that runs have looked at, by outcome.',
    label: 'outcome',
  },
  runs: { name: 'accord_runs_total', help: 'Runs that have ended, by how.', label: 'status' },
  running: { name: 'accord_runs_running', help: 'Runs under way.' },
  errors: { name: 'accord_errors_total', help: 'Occurrences of errors, by class.', label: 'class' },
  openErrors: { name: 'accord_open_errors', help: 'Open errors, by class.', label: 'class' },
  skipped: { name: 'accord_skipped_records', help: 'Records that wait for a person.' },
  pending: { name: 'accord_pending_records', help: 'Records that a run will try again.' },
  couplings: { name: 'accord_couplings', help: 'Coupled pairs of records.' },
  lag: {
    name: 'accord_lag_seconds',
    help: 'Seconds since the start of the last run that completed: what was changed before has been carried.',
  },
  deletionReviews: {
    name: 'accord_deletion_reviews',
    help: 'Reviews of many deletions that wait for a person.',
  },
}

/** Metrics of the state that all processes share, read from the database when they are asked for. */
export class StateMetrics {
  private readonly gauges = new Map<MappingFigure['figure'], Gauge>()
  private readonly governor: Gauge
  private readonly waiting: Gauge
  private readonly blocked: Gauge
  private readonly connections: Gauge
  private reading: { readonly done: Promise<void>; readonly at: number } | null = null

  constructor(
    private readonly database: Database,
    private readonly registry: Registry,
  ) {
    const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
      new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] })
    for (const [figure, { name, help, label }] of Object.entries(METRIC_OF))
      this.gauges.set(
        figure as MappingFigure['figure'],
        gauge(name, help, ['connection', 'mapping', ...(label === undefined ? [] : [label])]),
      )
    const at = ['endpoint', 'principal']
    this.governor = gauge(
      'accord_governor_used_ratio',
      'How far a limit of a system is used up, from 0 to 1.',
      [...at, 'limit'],
    )
    this.waiting = gauge('accord_governor_waiting_calls', 'Calls that wait for their turn.', [...at, 'lane'])
    this.blocked = gauge(
      'accord_governor_blocked_seconds',
      'Seconds for which a system has asked to be left alone; 0: it has not.',
      at,
    )
    this.connections = gauge('accord_database_connections', 'Connections to the database, by state.', [
      'state',
    ])
  }

  /** Reads what is not fresh. Throws what the database throws. */
  async read(now = Date.now()): Promise<void> {
    if (this.reading === null || now - this.reading.at > KEPT)
      this.reading = { at: now, done: this.readAll() }
    const { reading } = this
    try {
      await reading.done
    } catch (error) {
      if (this.reading === reading) this.reading = null
      throw error
    }
  }

  private async readAll(): Promise<void> {
    const em = this.database.em.fork()
    const figures = await mappingFigures(em)
    for (const gauge of this.gauges.values()) gauge.reset()
    for (const { connection, mapping, figure, label, value } of figures) {
      const { label: name } = METRIC_OF[figure]
      this.gauges
        .get(figure)
        ?.set({ connection, mapping, ...(name === undefined ? {} : { [name]: label }) }, value)
    }
    this.connections.reset()
    for (const { state, count } of await databaseConnections(em)) this.connections.set({ state }, count)
    await this.readGovernor()
  }

  private async readGovernor(): Promise<void> {
    const { principals, now } = await governedPrincipals(this.database)
    for (const gauge of [this.governor, this.waiting, this.blocked]) gauge.reset()
    for (const { endpoint, principal, state } of principals.slice(0, MOST_PRINCIPALS)) {
      const who = { endpoint, principal }
      const { requests, execution, concurrency, lanes, blockedUntil } = gaugeOf(state, now)
      for (const [limit, use] of Object.entries({ requests, execution, concurrency }))
        if (use.limit !== null && use.limit > 0) this.governor.set({ ...who, limit }, use.used / use.limit)
      for (const { lane, waiting } of lanes) this.waiting.set({ ...who, lane }, waiting)
      this.blocked.set(who, blockedUntil === null ? 0 : (blockedUntil - now) / 1000)
    }
  }
}
