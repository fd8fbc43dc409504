import type { Logger } from 'pino'
import type { Connector, SystemFacts } from '../connectors/connector.js'
import type { Database } from '../persistence/database.js'
import type { Connection } from '../persistence/entities/connection.js'
import type { Lane } from '../domain/lane.js'
import type { Side } from '../domain/value.js'

/** Numbers the engine works by; times in milliseconds. */
export interface EngineSettings {
  /** Records a page. */
  readonly pageSize: number
  /** A change may become visible this long after its stamp; the watermark stays behind by it. */
  readonly commitDelay: number
  /** Failures of one record before it is skipped. */
  readonly maximumAttempts: number
  /** Whether a new version of either side lifts a skip that a failure caused. */
  readonly liftsSkips: boolean
  /** A request is not sent later than this after its intent was committed. */
  readonly requestDeadline: number
  /** How long a run waits for a system that is unavailable or throttles before it gives up. */
  readonly patience: number
  /** Without a sign of life for so long a worker counts as dead, and another takes over its step of a run. */
  readonly workerTimeout: number
  /** Whether runs start by themselves, on the schedules of their mappings and on hints. */
  readonly schedules: boolean
}

/** A connection as far as connectors are made of it. */
export type ConnectedSystems = Pick<Connection, 'id' | 'name' | 'localSystem' | 'integrationSystem'>

/** Gives the connector of a system, one for all activities of a worker, and facts that seldom change. */
export interface ConnectorSource {
  /**
   * A connector whose calls go in that lane. `lane` null: nothing holds them back, and being throttled is told at once. Throws
   * {@link ConnectorError}, class SETUP, where a secret cannot be had.
   */
  of(connection: ConnectedSystems, side: Side, lane: Lane | null): Connector
  facts(connection: ConnectedSystems, side: Side): Promise<SystemFacts>
}

/** Everything activities need; main composes it, tests start as many as they like. */
export interface ActivityDependencies {
  readonly database: Database
  readonly connectors: ConnectorSource
  readonly settings: EngineSettings
  readonly logger: Logger
  /** Our clock, epoch milliseconds. */
  readonly now: () => number
}
