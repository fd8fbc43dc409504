import type { Clock } from '../common/clock.js'
import type { Database } from '../common/database.js'
import type { Faults } from '../common/faults.js'
import type { Metrics } from '../common/metrics.js'
import type { OptionSets } from './options.js'
import type { Directory } from '../common/directory.js'

export interface Organization {
  readonly id: string
  readonly businessUnitId: string
  readonly baseCurrency: string
  readonly trackingExpiryDays: number
}

/** What the Dataverse sandbox consists of. */
export interface DataverseParts {
  readonly database: Database
  readonly clock: Clock
  readonly faults: Faults
  readonly metrics: Metrics
  readonly organization: Organization
  readonly optionSets: OptionSets
  readonly directory: Directory
  /** Clients that are applications rather than persons. */
  readonly applications: ReadonlySet<string>
}
