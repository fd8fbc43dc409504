import type { Connector } from '../../../src/connectors/connector.js'
import type { TableDefinition } from '../../../src/domain/schema.js'
import type { Values } from '../../../src/domain/value.js'

/** The fields of the table under test, by what they are for. */
export interface SubjectFields {
  readonly name: string
  readonly city: string
  readonly amount: string
  /** Every record has another one. */
  readonly code: string
}

/**
 * Ways in which the system, or the line to it, can be made to fail. What a kind leaves out the suite does not ask of it. Each holds for
 * the next call only, and for nothing else.
 */
export interface Disturbances {
  /** The answer to the write that carries this text is lost, before the system has done it or after. */
  loseAnswer?(at: 'beforeCommit' | 'afterCommit', text: string): Promise<void>
  /** The connector commits in a step of its own, so it knows for certain that what was lost before it did not land. */
  readonly knowsUncommitted?: boolean
  /** The next write is told to come back after so many seconds. */
  throttle?(seconds: number): Promise<void>
  /** Who we are is not accepted once. */
  refuseToken?(): Promise<void>
  /** The next read fails for a while. */
  failRead?(): Promise<void>
  /** Records with this city are refused with this message. */
  refuseCity?(city: string, message: string): Promise<void>
  /** The answer to the next write takes so long. */
  delayWrite?(milliseconds: number): Promise<void>
  clear(): Promise<void>
}

/** How a system that tells of changes is met. */
export type SubjectHints =
  /** The line that a listener holds is cut by the system. */
  | { readonly kind: 'listen'; breakLine(): Promise<void> }
  /** A subscription ends without anybody having asked. */
  | { readonly kind: 'webhook'; forget(subscriptionId: string): Promise<void> }

/** A system with one table, a connector to it, and a person who edits beside us. */
export interface Subject extends AsyncDisposable {
  readonly connector: Connector
  /** The same system, with a connector that waits no longer than this many milliseconds; null: there is no such thing. */
  impatient(requestTimeout: number): Connector | null
  readonly table: TableDefinition
  readonly fields: SubjectFields
  /** Null: text has no limit, so that a long one is refused nowhere. */
  readonly longestName: number | null
  /** What a blank amount reads as. */
  readonly blankAmount: '0' | null
  readonly person: {
    edit(id: string, values: Values): Promise<void>
    remove(id: string): Promise<void>
  }
  readonly disturb: Disturbances
  /** Null: it tells of nothing, and is asked by schedule only. */
  readonly hints: SubjectHints | null
}

/** A kind of system as the suite starts it, once a file. */
export interface SubjectKind {
  readonly name: string
  start(): Promise<Subject>
}
