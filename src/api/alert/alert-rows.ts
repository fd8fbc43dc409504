import type { EntityManager } from '@mikro-orm/postgresql'
import type { ChannelSettings } from '../../persistence/alerts.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { batched, grouped, type ById, type ManyById } from '../loaders.js'
import type { AlertChannelType, AlertDeliveryType, AlertRuleType, AlertType } from './alert.type.js'

type ChannelRow = Omit<AlertChannelType, 'url' | 'host' | 'mail'> & { readonly settings: ChannelSettings }

/** Channels by name; `ids`: those alone. */
export async function channelRows(
  em: EntityManager,
  ids: readonly string[] | null = null,
): Promise<readonly AlertChannelType[]> {
  const rows = await run(
    em,
    sql<ChannelRow>`select id, name, kind, enabled, version, settings from alert_channel
      where ${ids === null} or id = any(${texts(ids ?? [])}::uuid[]) order by name`,
  )
  return rows.map(({ settings, ...channel }) => ({
    ...channel,
    url: settings.url ?? null,
    host: settings.url === undefined ? null : new URL(settings.url).host,
    mail: settings.mail === undefined ? null : { ...settings.mail, to: [...settings.mail.to] },
  }))
}

/** Rules by name; `ids`: those alone. */
export async function ruleRows(
  em: EntityManager,
  ids: readonly string[] | null = null,
): Promise<readonly AlertRuleType[]> {
  return run(
    em,
    sql<AlertRuleType>`select id, name, kind, threshold, minutes, enabled, version, mapping_id as "mappingId" from alert_rule
      where ${ids === null} or id = any(${texts(ids ?? [])}::uuid[]) order by name`,
  )
}

/** Alerts, those that fired last first. `open`: whether they are still wrong; null: either. */
export async function alertRows(
  em: EntityManager,
  first: number,
  open: boolean | null,
): Promise<readonly AlertType[]> {
  const rows = await run(
    em,
    sql<AlertType>`select id, subject, message, fired_at as "firedAt", recovered_at as "recoveredAt", rule_id as "ruleId" from alert
      where ${open}::boolean is null or (recovered_at is null) = ${open}::boolean
      order by fired_at desc, id limit ${first}`,
  )
  return rows.map((row) => ({
    ...row,
    firedAt: new Date(row.firedAt),
    recoveredAt: row.recoveredAt === null ? null : new Date(row.recoveredAt),
  }))
}

export async function deliveryRow(em: EntityManager, id: string): Promise<AlertDeliveryType | null> {
  const [row] = await run(em, sql<AlertDeliveryType>`select ${DELIVERY} from alert_delivery where id = ${id}`)
  return row === undefined ? null : withDates(row)
}

const DELIVERY =
  sql.raw(`id, event, status, attempts, created_at as "createdAt", delivered_at as "deliveredAt",
  answer, channel_id as "channelId"`)

/** Statements beside the entities give times as text. */
function withDates<Row extends AlertDeliveryType>(row: Row): Row {
  return {
    ...row,
    createdAt: new Date(row.createdAt),
    deliveredAt: row.deliveredAt === null ? null : new Date(row.deliveredAt),
  }
}

/** Of a channel the last messages, at most this many. */
const MOST_DELIVERIES = 50

export interface AlertLoaders {
  readonly alertChannel: ById<AlertChannelType>
  readonly alertRule: ById<AlertRuleType>
  /** By rule. */
  readonly channelsOfRule: ManyById<AlertChannelType>
  /** By alert. */
  readonly deliveriesOfAlert: ManyById<AlertDeliveryType>
  /** By channel, the last first. */
  readonly deliveriesOfChannel: ManyById<AlertDeliveryType>
}

export function alertLoaders(em: EntityManager): AlertLoaders {
  return {
    alertChannel: batched(
      async (ids) => new Map((await channelRows(em, ids)).map((row) => [row.id, row])),
      null,
    ),
    alertRule: batched(async (ids) => new Map((await ruleRows(em, ids)).map((row) => [row.id, row])), null),
    channelsOfRule: batched(async (ids) => {
      const pairs = await run(
        em,
        sql<{ ruleId: string; channelId: string }>`select rule_id as "ruleId", channel_id as "channelId"
          from alert_rule_channel where rule_id = any(${texts(ids)}::uuid[])`,
      )
      const channels = await channelRows(
        em,
        pairs.map(({ channelId }) => channelId),
      )
      return new Map(
        ids.map((id) => [
          id,
          channels.filter((channel) =>
            pairs.some(({ ruleId, channelId }) => ruleId === id && channelId === channel.id),
          ),
        ]),
      )
    }, []),
    deliveriesOfAlert: batched(async (ids) => {
      const rows = await run(
        em,
        sql<
          AlertDeliveryType & { readonly alertId: string }
        >`select ${DELIVERY}, alert_id as "alertId" from alert_delivery
          where alert_id = any(${texts(ids)}::uuid[]) order by created_at, id`,
      )
      return grouped(
        rows.map((row) => withDates(row)),
        (row) => row.alertId,
      )
    }, []),
    deliveriesOfChannel: batched(async (ids) => {
      const rows = await run(
        em,
        sql<AlertDeliveryType>`select last.* from unnest(${texts(ids)}::uuid[]) as asked(id), lateral (
          select ${DELIVERY} from alert_delivery d where d.channel_id = asked.id
          order by d.created_at desc limit ${MOST_DELIVERIES}) as last`,
      )
      return grouped(
        rows.map((row) => withDates(row)),
        (row) => row.channelId,
      )
    }, []),
  }
}
