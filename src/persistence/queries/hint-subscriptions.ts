import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'

/** The subscription of a table to the notifications of its system. Whoever keeps it has it to himself for a while. */
export interface StoredSubscription {
  readonly id: string
  readonly connectionId: string
  readonly side: Side
  readonly table: string
  /** Where the system sends what it tells; null: not subscribed yet. */
  readonly notificationUrl: string | null
  /** As the system knows it; null: not subscribed yet. */
  readonly subscription: { readonly id: string; readonly version: string; readonly expiresAt: number } | null
}

interface DbSubscription {
  id: string
  connection_id: string
  side: Side
  table_name: string
  notification_url: string | null
  subscription_id: string | null
  version: string | null
  expires_at: number | null
}

const COLUMNS = sql.raw(`id, connection_id, side, table_name, notification_url, subscription_id, version,
  (extract(epoch from expires_at) * 1000)::float8 as expires_at`)

function fromRow(row: DbSubscription): StoredSubscription {
  const { subscription_id: id, version, expires_at: expiresAt } = row
  return {
    id: row.id,
    connectionId: row.connection_id,
    side: row.side,
    table: row.table_name,
    notificationUrl: row.notification_url,
    subscription: id === null || version === null || expiresAt === null ? null : { id, version, expiresAt },
  }
}

/** Notes the tables of one side that are to be subscribed to. Those that are not among them are returned, to be ended. */
export async function wantSubscriptions(
  em: EntityManager,
  connectionId: string,
  side: Side,
  tables: readonly string[],
): Promise<readonly StoredSubscription[]> {
  if (tables.length > 0)
    await run(
      em,
      sql`insert into hint_subscription (id, connection_id, side, table_name)
          select id::uuid, ${connectionId}, ${side}, name
          from unnest(${texts(tables.map(() => randomUUID()))}, ${texts(tables)}) as new(id, name) order by name
          on conflict do nothing`,
    )
  const rows = await run<DbSubscription>(
    em,
    sql`select ${COLUMNS} from hint_subscription
        where connection_id = ${connectionId} and side = ${side} and not table_name = any(${texts(tables)})`,
  )
  return rows.map(fromRow)
}

/**
 * Takes the subscriptions of one side that are due for `seconds`, so that no other worker keeps them meanwhile. Due is also what goes to
 * another address than this one. `now`: epoch milliseconds.
 */
export async function takeDueSubscriptions(
  em: EntityManager,
  at: { readonly connectionId: string; readonly side: Side; readonly notificationUrl: string },
  now: number,
  seconds: number,
): Promise<readonly StoredSubscription[]> {
  const time = sql`${new Date(now).toISOString()}::timestamptz`
  const rows = await run<DbSubscription>(
    em,
    // One that went to another address goes to none from here on, so that nobody else finds it due for that reason as well.
    sql`update hint_subscription set due_at = ${time} + ${seconds} * interval '1 second',
          notification_url = case when notification_url = ${at.notificationUrl} then notification_url end
        where connection_id = ${at.connectionId} and side = ${at.side}
          and (due_at <= ${time} or (notification_url <> ${at.notificationUrl} and message is null))
        returning ${COLUMNS}`,
  )
  return rows.map(fromRow)
}

/**
 * Keeps what the notifications of a subscription will be proven with, before it is asked for: the first may be faster than the answer. What
 * they were proven with so far counts until it is.
 */
export async function saveClientState(em: EntityManager, id: string, state: string): Promise<void> {
  await run(em, sql`update hint_subscription set next_state_hash = ${hash(state)} where id = ${id}`)
}

/** It is subscribed to, and due again at `dueAt` (epoch milliseconds). */
export async function saveSubscription(
  em: EntityManager,
  id: string,
  notificationUrl: string,
  subscription: NonNullable<StoredSubscription['subscription']>,
  dueAt: number,
): Promise<void> {
  await run(
    em,
    sql`update hint_subscription set notification_url = ${notificationUrl}, subscription_id = ${subscription.id},
          version = ${subscription.version}, expires_at = ${new Date(subscription.expiresAt).toISOString()}::timestamptz,
          due_at = ${new Date(dueAt).toISOString()}::timestamptz, message = null,
          state_hash = coalesce(next_state_hash, state_hash), next_state_hash = null
        where id = ${id}`,
  )
}

/** It could not be kept; it is tried again when it is due. */
export async function noteSubscriptionFailure(em: EntityManager, id: string, message: string): Promise<void> {
  await run(em, sql`update hint_subscription set message = ${message} where id = ${id}`)
}

export async function removeSubscription(em: EntityManager, id: string): Promise<void> {
  await run(em, sql`delete from hint_subscription where id = ${id}`)
}

/** A table that a notification may speak of, as the receiver of notifications needs it. */
export interface Notifiable {
  readonly side: Side
  readonly table: string
  readonly subscriptionId: string | null
  /** Whether this is what its notifications are to be sent with. Takes the same time whatever it is. */
  provenBy(clientState: string): boolean
}

/** What may be notified of in a connection; empty where there is no such connection. */
export async function notifiables(em: EntityManager, connectionId: string): Promise<readonly Notifiable[]> {
  const rows = await run<{
    side: Side
    table_name: string
    subscription_id: string | null
    state_hash: string | null
    next_state_hash: string | null
  }>(
    em,
    sql`select side, table_name, subscription_id, state_hash, next_state_hash
        from hint_subscription where connection_id = ${connectionId}`,
  )
  return rows.map((row) => ({
    side: row.side,
    table: row.table_name,
    subscriptionId: row.subscription_id,
    provenBy(clientState) {
      const given = Buffer.from(hash(clientState), 'hex')
      const kept = [row.state_hash, row.next_state_hash].map((text) =>
        text === null ? Buffer.alloc(given.length) : Buffer.from(text, 'hex'),
      )
      return kept.map((one) => timingSafeEqual(one, given)).includes(true)
    },
  }))
}

/** A random text of 256 bits needs no slow hash. */
function hash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
