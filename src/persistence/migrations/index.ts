import type { Migration } from '@mikro-orm/migrations'
import { Migration20261123Connections } from './migration-20261123-connections.js'
import { Migration20261123ConnectionChecks } from './migration-20261123-connection-checks.js'
import { Migration20261123Coupling } from './migration-20261123-coupling.js'
import { Migration20261123Desk } from './migration-20261123-desk.js'
import { Migration20261123DeskNames } from './migration-20261123-desk-names.js'
import { Migration20261123Deletions } from './migration-20261123-deletions.js'
import { Migration20261123ErrorGroups } from './migration-20261123-error-groups.js'
import { Migration20261123Events } from './migration-20261123-events.js'
import { Migration20261123Governor } from './migration-20261123-governor.js'
import { Migration20261123Hints } from './migration-20261123-hints.js'
import { Migration20261123History } from './migration-20261123-history.js'
import { Migration20261123Initial } from './migration-20261123-initial.js'
import { Migration20261123IntentCalls } from './migration-20261123-intent-calls.js'
import { Migration20261123Jobs } from './migration-20261123-jobs.js'
import { Migration20261123LargeState } from './migration-20261123-large-state.js'
import { Migration20261123MappingVersions } from './migration-20261123-mapping-versions.js'
import { Migration20261123OpenIntents } from './migration-20261123-open-intents.js'
import { Migration20261123People } from './migration-20261123-people.js'
import { Migration20261123Plans } from './migration-20261123-plans.js'
import { Migration20261123Reconciliations } from './migration-20261123-reconciliations.js'
import { Migration20261123Rehearsals } from './migration-20261123-rehearsals.js'
import { Migration20261123TableLists } from './migration-20261123-table-lists.js'
import { Migration20261123Requests } from './migration-20261123-requests.js'
import { Migration20261123SignIn } from './migration-20261123-sign-in.js'
import { Migration20261123AuditSubjects } from './migration-20261123-audit-subjects.js'
import { Migration20261123Alike } from './migration-20261123-alike.js'
import { Migration20261123BulkTargets } from './migration-20261123-bulk-targets.js'
import { Migration20261123BulkUpdates } from './migration-20261123-bulk-updates.js'
import { Migration20261123Traces } from './migration-20261123-traces.js'
import { Migration20261123RunningRuns } from './migration-20261123-running-runs.js'
import { Migration20261123Alerts } from './migration-20261123-alerts.js'
import { Migration20261123Throughput } from './migration-20261123-throughput.js'
import { Migration20261123Tokens } from './migration-20261123-tokens.js'
import { Migration20261123VerifiedMail } from './migration-20261123-verified-mail.js'
import { Migration20261123AlertHistory } from './migration-20261123-alert-history.js'
import { Migration20261123BulkSettlements } from './migration-20261123-bulk-settlements.js'
import { Migration20261123IdempotencyKeys } from './migration-20261123-idempotency-keys.js'
import { Migration20261123UserVersions } from './migration-20261123-user-versions.js'
import { Migration20261123BulkPrincipals } from './migration-20261123-bulk-principals.js'
import { Migration20261123RoleTold } from './migration-20261123-role-told.js'

/** Every migration in order. Names are stored in the database: never rename, never remove. */
export const MIGRATIONS: readonly {
  readonly name: string
  readonly class: new (...args: ConstructorParameters<typeof Migration>) => Migration
}[] = [
  { name: 'Migration20261123Initial', class: Migration20261123Initial },
  { name: 'Migration20261123MappingVersions', class: Migration20261123MappingVersions },
  { name: 'Migration20261123Jobs', class: Migration20261123Jobs },
  { name: 'Migration20261123Deletions', class: Migration20261123Deletions },
  { name: 'Migration20261123Plans', class: Migration20261123Plans },
  { name: 'Migration20261123History', class: Migration20261123History },
  { name: 'Migration20261123Rehearsals', class: Migration20261123Rehearsals },
  { name: 'Migration20261123Coupling', class: Migration20261123Coupling },
  { name: 'Migration20261123TableLists', class: Migration20261123TableLists },
  { name: 'Migration20261123Reconciliations', class: Migration20261123Reconciliations },
  { name: 'Migration20261123Requests', class: Migration20261123Requests },
  { name: 'Migration20261123SignIn', class: Migration20261123SignIn },
  { name: 'Migration20261123Connections', class: Migration20261123Connections },
  { name: 'Migration20261123OpenIntents', class: Migration20261123OpenIntents },
  { name: 'Migration20261123ConnectionChecks', class: Migration20261123ConnectionChecks },
  { name: 'Migration20261123Tokens', class: Migration20261123Tokens },
  { name: 'Migration20261123Governor', class: Migration20261123Governor },
  { name: 'Migration20261123Hints', class: Migration20261123Hints },
  { name: 'Migration20261123BulkUpdates', class: Migration20261123BulkUpdates },
  { name: 'Migration20261123ErrorGroups', class: Migration20261123ErrorGroups },
  { name: 'Migration20261123People', class: Migration20261123People },
  { name: 'Migration20261123Desk', class: Migration20261123Desk },
  { name: 'Migration20261123Events', class: Migration20261123Events },
  { name: 'Migration20261123Throughput', class: Migration20261123Throughput },
  { name: 'Migration20261123IntentCalls', class: Migration20261123IntentCalls },
  { name: 'Migration20261123DeskNames', class: Migration20261123DeskNames },
  { name: 'Migration20261123Alerts', class: Migration20261123Alerts },
  { name: 'Migration20261123Alike', class: Migration20261123Alike },
  { name: 'Migration20261123Traces', class: Migration20261123Traces },
  { name: 'Migration20261123RunningRuns', class: Migration20261123RunningRuns },
  { name: 'Migration20261123VerifiedMail', class: Migration20261123VerifiedMail },
  { name: 'Migration20261123BulkSettlements', class: Migration20261123BulkSettlements },
  { name: 'Migration20261123IdempotencyKeys', class: Migration20261123IdempotencyKeys },
  { name: 'Migration20261123AlertHistory', class: Migration20261123AlertHistory },
  { name: 'Migration20261123UserVersions', class: Migration20261123UserVersions },
  { name: 'Migration20261123LargeState', class: Migration20261123LargeState },
  { name: 'Migration20261123BulkTargets', class: Migration20261123BulkTargets },
  { name: 'Migration20261123AuditSubjects', class: Migration20261123AuditSubjects },
  { name: 'Migration20261123BulkPrincipals', class: Migration20261123BulkPrincipals },
  { name: 'Migration20261123RoleTold', class: Migration20261123RoleTold },
]
