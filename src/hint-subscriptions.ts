import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { ConnectorSource } from './activities/dependencies.js'
import type { Hints } from './connectors/connector.js'
import type { TableDefinition } from './domain/schema.js'
import type { Side } from './domain/value.js'
import type { Database } from './persistence/database.js'
import {
  noteSubscriptionFailure,
  removeSubscription,
  saveClientState,
  saveSubscription,
  takeDueSubscriptions,
  wantSubscriptions,
} from './persistence/queries/hint-subscriptions.js'
import { hintedTables } from './hinted-tables.js'

export interface SubscriptionKeeper {
  readonly database: Database
  readonly connectors: ConnectorSource
  readonly logger: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Where systems reach the API, without a trailing slash. */
  readonly publicUrl: string
}

/** A worker has a subscription to itself for this long, seconds; then it is tried again. */
const TURN = 300
/** Subscriptions are renewed this often, milliseconds: well before they end, and one that was lost is made anew. */
const RENEWAL = 6 * 3_600_000
/** ...and this long before they end at the latest. */
const BEFORE_END = 3_600_000

/**
 * Keeps one subscription for every table of a mapping whose system sends notifications: makes those that are missing, renews those that
 * are due, and ends those that no mapping needs any more. Any number of workers may do so. A subscription that cannot be had is logged
 * and tried again; the schedules of its mappings find the changes meanwhile.
 */
export async function keepSubscriptions(keeper: SubscriptionKeeper): Promise<void> {
  for (const { connection, side, hints, tables } of await hintedTables(keeper, 'webhook')) {
    const at = {
      connectionId: connection.id,
      side,
      notificationUrl: `${keeper.publicUrl}/hints/${connection.id}`,
    }
    try {
      await keepSide(keeper, at, hints, tables)
    } catch (error) {
      keeper.logger.warn({ err: error, connection: connection.name, side }, 'Subscriptions could not be kept')
    }
  }
}

async function keepSide(
  { database, logger, now }: SubscriptionKeeper,
  at: { readonly connectionId: string; readonly side: Side; readonly notificationUrl: string },
  hints: Extract<Hints, { readonly kind: 'webhook' }>,
  tables: readonly TableDefinition[],
): Promise<void> {
  const em = database.em.fork()
  const supported = await hints.supported(tables)
  const byName = new Map(supported.map((table) => [table.name, table]))
  const unwanted = await wantSubscriptions(em, at.connectionId, at.side, [...byName.keys()])
  for (const due of await takeDueSubscriptions(em, at, now(), TURN)) {
    const table = byName.get(due.table)
    if (table === undefined) continue
    try {
      const clientState = randomBytes(32).toString('base64url')
      await saveClientState(em, due.id, clientState)
      const made = await hints.subscribe(table, at.notificationUrl, clientState, due.subscription)
      const dueAt = Math.min(now() + RENEWAL, made.expiresAt - BEFORE_END)
      await saveSubscription(em, due.id, at.notificationUrl, made, dueAt)
      if (due.subscription?.id !== made.id)
        logger.info({ ...at, table: table.name, lost: due.subscription?.id }, 'Subscribed to notifications')
    } catch (error) {
      await noteSubscriptionFailure(em, due.id, error instanceof Error ? error.message : String(error))
      logger.warn(
        { err: error, ...at, table: due.table },
        'A system does not send its notifications; its changes are found by schedule',
      )
    }
  }
  // Last: one that cannot be ended keeps none of the others from being kept.
  for (const { id, subscription } of unwanted) {
    if (subscription !== null) await hints.unsubscribe(subscription)
    await removeSubscription(em, id)
  }
}
