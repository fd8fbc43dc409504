import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { SettingsKeeper } from './connection/settings-keeper.js'
import type { Database } from '../persistence/database.js'
import type { RunControl } from '../temporal/run-control.js'
import type { RecordExaminer } from '../temporal/record-examiner.js'
import type { ConnectionChecker } from '../temporal/connection-checker.js'
import type { TableReader } from '../temporal/table-reader.js'
import { createLoaders, type Loaders } from './loaders.js'

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
  readonly logger: Logger
}

/** Who asked, as runs record it: there is one local token, so there are no names to tell apart. */
export const REQUESTED_BY = 'API'

export function createContext(dependencies: {
  readonly database: Database
  readonly runControl: RunControl
  readonly tableReader: TableReader
  readonly recordExaminer: RecordExaminer
  readonly settingsKeeper: SettingsKeeper
  readonly connectionChecker: ConnectionChecker
  readonly logger: Logger
}): ApiContext {
  const em = dependencies.database.em.fork()
  return { ...dependencies, em, loaders: createLoaders(em) }
}
