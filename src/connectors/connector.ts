import type { Filter } from '../domain/filter.js'
import type { Change, ReadById, RecordSnapshot } from '../domain/record.js'
import type { SystemKind, TableDefinition } from '../domain/schema.js'
import type { Failure } from '../domain/failure.js'
import type { Finding } from '../domain/finding.js'
import type { Values } from '../domain/value.js'

/**
 * The one port to a business system. Everything goes in pages and bulk calls; there is no call for a single record.
 *
 * Whole-system failures (no network, 401, 429, 5xx, wrong company) are thrown as {@link ConnectorError}; what is wrong
 * with one record is a result of that record and never stops its neighbours.
 */
export interface Connector {
  readonly kind: SystemKind
  /** How creations in a table are made safe to repeat: we choose the id, or we assign a key and search by it. */
  creation(table: TableDefinition): 'clientId' | 'assignedKey'
  /**
   * Ids for records that are about to be created, in the order of their values; only where {@link creation} is `clientId`. A failure
   * instead of an id: these values name no record that can be created. An id may remain unused. Throws {@link ConnectorError}.
   */
  newIds(table: TableDefinition, values: readonly Values[]): Promise<readonly (string | Failure)[]>
  /**
   * How changes of a table are found. `token`: change tracking with a delta token and tombstones. `stamp`: `stamp >= mark`, no
   * tombstones.
   */
  changeFeed(table: TableDefinition): 'stamp' | 'token'
  /** Records of one bulk call, at most; for estimates. */
  readonly recordsPerCall: number
  /** A request may still be carried out by the system this long after we stopped waiting for it, in milliseconds. */
  readonly maximumFlight: number

  /** The system's clock (the `Date` header), epoch ms, rounded down to a second, with the local time when it was read. */
  readClock(): Promise<{ readonly at: number; readonly readAt: number }>

  /** One page of changes. Throws {@link ConnectorError}; `tokenExpired` asks for a full read. */
  readChanges(request: ReadChanges): Promise<ChangePage>

  /** Reads by id, in as few calls as possible; one answer for every id, in the order asked. */
  readByIds(
    table: TableDefinition,
    fields: readonly string[],
    ids: readonly string[],
  ): Promise<readonly ReadById[]>

  /** Every record in which `field` equals one of `values` (text: case-insensitive), for matching and for assigned keys. */
  readByValues(
    table: TableDefinition,
    fields: readonly string[],
    field: string,
    values: readonly string[],
  ): Promise<readonly RecordSnapshot[]>

  /**
   * A page of the ids of all records of a table, in pages as large as the system allows; `next` is null for the first page
   * and otherwise comes verbatim from the page before. Throws {@link ConnectorError}.
   */
  readIds(table: TableDefinition, next: string | null): Promise<IdPage>

  /**
   * How many records of a table lie inside the filter (null: how many there are). What the system cannot count with exactly
   * the filter's meaning is read and counted here. Throws {@link ConnectorError}.
   */
  countRecords(table: TableDefinition, filter: Filter | null): Promise<number>

  /** The tables that the system has, by its own metadata, sorted by name. Throws {@link ConnectorError}. */
  listTables(): Promise<readonly TableName[]>

  /**
   * A table as the system's own metadata describes it, with what the catalog knows besides (captions, assigned keys). Reads the
   * metadata anew. Throws {@link ConnectorError}, class SETUP, where there is no such table.
   */
  describeTable(name: string): Promise<TableDefinition>

  /**
   * Writes in bulk calls with a result per item. `options.beforeCall` runs before every bulk call (lease and deadline are
   * checked there; it throws to stop), `options.onResults` right after each. Calls run side by side as far as the system's
   * limits allow. No call is sent after the deadline of one of its requests: such requests are answered `notSent`.
   *
   * Throws {@link ConnectorError} after the calls that run have ended and every request has its result. An error of
   * `beforeCall` or `onResults`, and the reason of `signal`, are thrown as they are; then what was never announced by
   * `beforeCall` was not sent.
   */
  write(table: TableDefinition, requests: readonly WriteRequest[], options: WriteOptions): Promise<void>

  /**
   * Looks for everything that would keep these tables from being synchronized, in the order in which one cause hides the next, and
   * tells all it finds at once. Never throws for what it finds, and never changes a record.
   */
  check(request: CheckRequest): Promise<readonly Finding[]>

  /** How the system tells that something has changed; null: it does not, and is asked on schedule only. */
  readonly hints: Hints | null

  /** Facts about the system that rules need. */
  readFacts(): Promise<SystemFacts>

  /** The address at which a person opens the record in that system. */
  recordUrl(table: TableDefinition, id: string): string

  close(): Promise<void>
}

/**
 * Business Central: `baseCurrency` is null (its local currency is the blank currency), `localCurrencyCode` e.g. `USD`.
 * Dataverse: `baseCurrency` is the id of the base currency in transactioncurrencies.
 */
export interface SystemFacts {
  readonly baseCurrency: string | null
  readonly localCurrencyCode: string | null
}

export interface IdPage {
  readonly ids: readonly string[]
  /** Null on the last page. */
  readonly next: string | null
}

/** A table by its name on the wire, with the caption that people know. */
export interface TableName {
  readonly name: string
  readonly caption: string
}

/** Where a change feed is read from. `next` comes verbatim from the page before. */
export type ChangesFrom =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'stamp'; readonly atOrAfter: number }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'next'; readonly next: string }

export interface ReadChanges {
  readonly table: TableDefinition
  readonly fields: readonly string[]
  readonly from: ChangesFrom
  /** Rows a page; the connector lowers it to what the system allows. */
  readonly pageSize: number
  /**
   * `beginning` on a `token` feed: ask for a delta token (true), or read plainly (false). `stamp` on a `token` feed is
   * always a plain read with a filter on the modification stamp.
   */
  readonly track: boolean
  /**
   * Asks for records inside this filter only. Pushed down where the system means exactly the same (never on a tracked read), so
   * rows outside it may still come.
   */
  readonly filter?: Filter | null
}

export interface ChangePage {
  readonly changes: readonly Change[]
  /** Pass back as `{kind:'next'}`; null on the last page. */
  readonly next: string | null
  /** On the last page of a tracked read: where the next pass begins. */
  readonly token: string | null
}

export type WriteRequest =
  | {
      readonly kind: 'create'
      readonly ref: string
      /** The id we chose (`creation: clientId`), else null. */
      readonly id: string | null
      readonly values: Values
      /** Epoch ms; the request is not sent after it. */
      readonly deadline: number
    }
  | {
      readonly kind: 'update'
      readonly ref: string
      readonly id: string
      /** The version that was compared; sent as If-Match. */
      readonly version: string
      readonly values: Values
      readonly deadline: number
    }
  | {
      readonly kind: 'delete'
      readonly ref: string
      readonly id: string
      /** The version that was compared; sent as If-Match. */
      readonly version: string
      readonly deadline: number
    }

/** `ref` is the request's. */
export type WriteResult =
  /** Landed. `record` is what the system now holds, with its version and stamp, all of `options.returnFields`. */
  | { readonly kind: 'written'; readonly ref: string; readonly record: RecordSnapshot }
  /** The record was deleted by this request. */
  | { readonly kind: 'deleted'; readonly ref: string }
  /** The record is no longer at the version compared (BC 409 Request_EntityChanged, Dataverse 412). Nothing was written. */
  | { readonly kind: 'stale'; readonly ref: string }
  /** The record to update or delete is gone (404). */
  | { readonly kind: 'gone'; readonly ref: string }
  /** A record with the id we chose, or with the key we assigned, is there already. */
  | { readonly kind: 'exists'; readonly ref: string }
  /** Refused for a reason that lies in this record. */
  | { readonly kind: 'refused'; readonly ref: string; readonly failure: Failure }
  /** The call was sent and no answer to this item came back: it may have landed or may land yet. */
  | { readonly kind: 'unknown'; readonly ref: string; readonly message: string }
  /** Certainly not sent: deadline passed, or an earlier item stopped the call. */
  | { readonly kind: 'notSent'; readonly ref: string }

export interface WriteOptions {
  readonly returnFields: readonly string[]
  readonly beforeCall: (refs: readonly string[]) => Promise<void>
  readonly onResults: (results: readonly WriteResult[]) => Promise<void>
  /**
   * Gives requests that had to wait for their turn a new deadline, epoch ms, and returns it. Called before `beforeCall`, when
   * nothing of the requests is under way. Without it they are answered `notSent` once their deadline has passed.
   */
  readonly renewDeadlines?: (refs: readonly string[]) => Promise<number>
  /**
   * Updates may go by a message that carries no version, where the system has one (Dataverse: `UpdateMultiple`): versions are read right
   * before each call, and an edit in the moment between is overwritten. Such a request may land until its deadline and
   * {@link Connector.maximumFlight} are over, whatever became of the record. Others ignore it.
   */
  readonly bulkUpdates?: boolean
  readonly signal?: AbortSignal
}

/** What a check has to cover. Findings about the connection as a whole come without a side; the caller fills it in. */
export interface CheckRequest {
  /** The tables of the mappings, and what is done with each. */
  readonly tables: readonly CheckedTable[]
  readonly signal?: AbortSignal
}

export interface CheckedTable {
  readonly table: TableDefinition
  /** The fields that mappings read, and those that they write. */
  readonly fields: readonly string[]
  readonly written: readonly string[]
  readonly creates: boolean
  readonly deletes: boolean
}

/**
 * Hints never carry data and may be lost: schedules stay the truth. `listen`: over a line held open by us. `webhook`: the system calls
 * an address of ours, which has to be reachable from there.
 */
export type Hints =
  | {
      readonly kind: 'listen'
      /** Hears of changes until the listener is closed. `onLost` is called once when the line broke; then listen anew. */
      listen(
        tables: readonly TableDefinition[],
        onHint: (tableName: string) => void,
        onLost: (error: Error) => void,
      ): Promise<{ close(): Promise<void> }>
    }
  | {
      readonly kind: 'webhook'
      /** The tables for which this system sends notifications, out of these. */
      supported(tables: readonly TableDefinition[]): Promise<readonly TableDefinition[]>
      /** Makes or renews the one subscription of that table and address. Throws {@link ConnectorError}. */
      subscribe(
        table: TableDefinition,
        notificationUrl: string,
        clientState: string,
        known: HintSubscription | null,
      ): Promise<HintSubscription>
      /** One that is gone already is no error. Throws {@link ConnectorError}. */
      unsubscribe(subscription: HintSubscription): Promise<void>
    }

/** A subscription as the system keeps it. */
export interface HintSubscription {
  readonly id: string
  readonly version: string
  /** Epoch ms. */
  readonly expiresAt: number
}

/** A failure of the system or the connection as a whole. */
export class ConnectorError extends Error {
  constructor(
    readonly failure: Failure,
    /** From Retry-After, milliseconds. */
    readonly retryAfter?: number,
    /** The delta token is no longer accepted: read everything again. */
    readonly tokenExpired = false,
    options?: ErrorOptions,
  ) {
    super(failure.message, options)
    this.name = 'ConnectorError'
  }
}
