import type { EntityManager } from '@mikro-orm/postgresql'
import type { ChannelSettings } from '../../persistence/alerts.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { batched, grouped, type ById, type ManyById } from '../loaders.js'
import type {
  AlertChannelType,
  AlertDeliveryType,
  AlertRuleType,
  AlertType,
  OpenAlertsType,
} from './alert.type.js'

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

const ALERT =
  sql.raw(`id, subject, message, fired_at as "firedAt", recovered_at as "recoveredAt", rule_id as "ruleId",
  acknowledged_at as "acknowledgedAt", acknowledged_by as "acknowledgedBy"`)

/** Alerts by id, in no order. */
export async function alertRows(em: EntityManager, ids: readonly string[]): Promise<readonly AlertType[]> {
  const rows = await run(em, sql<AlertType>`select ${ALERT} from alert where id = any(${texts(ids)}::uuid[])`)
  return rows.map((row) => alertOf(row))
}

/** Alerts that have not recovered: the last fired of them, at most `limit`, and how many there are. */
export async function openAlerts(em: EntityManager, limit: number): Promise<OpenAlertsType> {
  const rows = await run(
    em,
    sql<AlertType>`select ${ALERT} from alert where recovered_at is null order by fired_at desc, id limit ${limit}`,
  )
  const [counted] = await run(
    em,
    sql<{ total: number }>`select count(*)::integer as total from alert where recovered_at is null`,
  )
  return { alerts: rows.map((row) => alertOf(row)), total: counted?.total ?? 0 }
}

/** Statements beside the entities give times as text. */
function alertOf(row: AlertType): AlertType {
  const date = (value: Date | null): Date | null => (value === null ? null : new Date(value))
  return {
    ...row,
    firedAt: new Date(row.firedAt),
    recoveredAt: date(row.recoveredAt),
    acknowledgedAt: date(row.acknowledgedAt),
  }
}

export async function deliveryRow(em: EntityManager, id: string): Promise<AlertDeliveryType | null> {
  const [row] = await run(em, sql<AlertDeliveryType>`select ${DELIVERY} from alert_delivery where id = ${id}`)
  return row === undefined ? null : withDates(row)
}

const DELIVERY =
  sql.raw(`id, event, status, attempts, created_at as "createdAt", delivered_at as "deliveredAt",
  answer, channel_id as "channelId"`)

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
