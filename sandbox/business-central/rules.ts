import type { Connection } from '../common/database.js'
import type { Row } from '../common/table.js'
import type { Changes } from './changes.js'

/** What the writes of one transaction share. */
export interface RuleContext {
  readonly connection: Connection
  /** Stamp of everything that the transaction changes. */
  readonly stamp: string
  /** The members sent, of every write. */
  readonly changes: readonly Changes[]
}

/** The records that a transaction stored. */
export interface StoredChanges {
  readonly inserted: readonly Row[]
  readonly updated: readonly { readonly before: Row; readonly after: Row }[]
  readonly deleted: readonly Row[]
}

/** What a table demands and does beyond its columns and relations. */
export interface Rules {
  /** Judges a record before it is stored and may complete it. `before` null: a new one. Throws BusinessCentralError. */
  judge(next: Row, before: Row | null, changes: Changes): void
  /** Carries on to other records what follows from the stored ones. */
  follow(stored: StoredChanges): Promise<void>
}

/** Reads with a few statements what the rules of a table need to judge all writes of a transaction. */
export type LoadRules = (context: RuleContext) => Promise<Rules>

export const NO_RULES: Rules = {
  judge: () => undefined,
  follow: () => Promise.resolve(),
}
