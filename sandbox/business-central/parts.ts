import type { Clock } from '../common/clock.js'
import type { Database } from '../common/database.js'
import type { Faults } from '../common/faults.js'
import type { Metrics } from '../common/metrics.js'
import type { SchemaChanges } from '../common/schema-changes.js'
import type { Access } from './access.js'
import type { Notifier } from './notifier.js'
import type { Company } from './route.js'
import type { BusinessCentralTable } from './table.js'

/** What the Business Central sandbox consists of. */
export interface BusinessCentralParts {
  readonly database: Database
  readonly clock: Clock
  readonly faults: Faults
  readonly metrics: Metrics
  readonly company: Company
  readonly access: Access
  readonly schema: SchemaChanges<BusinessCentralTable>
  readonly notifier: Notifier
  /** A DELETE without If-Match is refused; by default it passes. */
  readonly strictDelete: boolean
}
