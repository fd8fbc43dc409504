import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { EventHub } from './live/hub.js'
import type { SettingsKeeper } from './connection/settings-keeper.js'
import type { Installation } from './installation/installation.js'
import type { Database } from '../persistence/database.js'
import type { RunControl } from '../temporal/run-control.js'
import type { RecordExaminer } from '../temporal/record-examiner.js'
import type { ConnectionChecker } from '../temporal/connection-checker.js'
import type { TableReader } from '../temporal/table-reader.js'
import { AuditTrail } from './audit/audit-trail.js'
import type { Principal } from './sign-in/principal.js'
import { createLoaders, type Loaders } from './loaders.js'
import type { Recent } from './recent.js'

/** What the resolvers of one request share. */
export interface ApiContext {
  readonly database: Database
  /** For reading, outside of transactions. */
  readonly em: EntityManager
  readonly loaders: Loaders
  readonly runControl: RunControl
  readonly tableReader: TableReader
  readonly recordExaminer: RecordExaminer
  readonly settingsKeeper: SettingsKeeper
  readonly connectionChecker: ConnectionChecker
  readonly installation: Installation
  readonly logger: Logger
  /** Who asks. Whatever records an actor records `principal.name`. */
  readonly principal: Principal
  /** A mutation that edits tells before and after: `audit.changed(...)`. That it was asked for is noted without. */
  readonly audit: AuditTrail
  readonly events: EventHub
  /** What stands before every path of ours where people see it: `/accord`, or nothing. */
  readonly pathPrefix: string
}

/** `address`: where the request came from; `recent`: what it may show of what was read before it, left out: of all requests. */
export function createContext(
  dependencies: ContextDependencies,
  principal: Principal,
  address: string,
  recent?: Recent,
): ApiContext {
  const em = dependencies.database.em.fork()
  return {
    ...dependencies,
    em,
    loaders: createLoaders(em, recent),
    principal,
    audit: new AuditTrail(dependencies.database, principal, address),
  }
}

interface ContextDependencies {
  readonly database: Database
  readonly runControl: RunControl
  readonly tableReader: TableReader
  readonly recordExaminer: RecordExaminer
  readonly settingsKeeper: SettingsKeeper
  readonly connectionChecker: ConnectionChecker
  readonly installation: Installation
  readonly logger: Logger
  readonly events: EventHub
  readonly pathPrefix: string
}
