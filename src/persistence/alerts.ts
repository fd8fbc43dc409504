import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  AlertEvent,
  DeliveryStatus,
  waitAfter,
  type AlertChannelKind,
  type AlertLimits,
  type AlertMessage,
  type AlertRuleKind,
  type MailSecurity,
} from '../domain/alert.js'
import { findingsOf, type Finding } from './alert-conditions.js'
import type { Database } from './database.js'
import { json, run, sql, storable } from './sql.js'

/** Of transactions that judge the rules: one at a time, by whichever worker. */
const ALERT_LOCK = 7_203_441_002

/** Seconds for which a message belongs to the worker that took it; then another one may send it. */
const TAKEN_FOR = 120

const TAKEN_AT_ONCE = 20

/** What a channel needs besides its secret. */
export interface ChannelSettings {
  /** Of a webhook. */
  readonly url?: string
  readonly mail?: {
    readonly host: string
    readonly port: number
    readonly security: MailSecurity
    readonly user: string | null
    readonly from: string
    readonly to: readonly string[]
  }
}

export interface AlertRuleRow extends AlertLimits {
  readonly id: string
  readonly name: string
  readonly kind: AlertRuleKind
  readonly mappingId: string | null
  readonly enabled: boolean
  readonly version: number
}

/** A message that is to be sent, with the channel that it goes to. */
export interface TakenDelivery {
  readonly id: string
  readonly attempts: number
  readonly message: AlertMessage
  readonly channelId: string
  readonly channelName: string
  readonly kind: AlertChannelKind
  readonly settings: ChannelSettings
  readonly secret: string | null
}

interface OpenAlert {
  readonly id: string
  readonly subjectKey: string
  readonly subject: string
}

/**
 * Judges all rules: what is wrong and was not before fires, what was wrong and is not any more has recovered; each is told once to every
 * channel of its rule. Returns how many fired and recovered; null: another worker is at it.
 */
export async function judgeAlerts(
  database: Database,
): Promise<{ readonly fired: number; readonly recovered: number } | null> {
  return database.em.fork().transactional(async (em) => {
    const [lock] = await run(
      em,
      sql<{ got: boolean }>`select pg_try_advisory_xact_lock(${ALERT_LOCK}) as got`,
    )
    if (lock?.got !== true) return null
    const rules = await run(
      em,
      sql<AlertRuleRow>`select id, name, kind, mapping_id as "mappingId", threshold, minutes, enabled, version from alert_rule order by name`,
    )
    let fired = 0
    let recovered = 0
    for (const rule of rules) {
      const findings = rule.enabled ? await findingsOf(database, em, rule) : []
      const open = await run(
        em,
        sql<OpenAlert>`select id, subject_key as "subjectKey", subject from alert where rule_id = ${rule.id} and recovered_at is null`,
      )
      const known = new Set(open.map(({ subjectKey }) => subjectKey))
      const wrong = new Set(findings.map(({ key }) => key))
      for (const finding of findings.filter(({ key }) => !known.has(key))) {
        await fire(em, rule, finding)
        fired += 1
      }
      for (const alert of open.filter(({ subjectKey }) => !wrong.has(subjectKey))) {
        await recover(em, rule, alert)
        recovered += 1
      }
    }
    return { fired, recovered }
  })
}

async function fire(em: EntityManager, rule: AlertRuleRow, { key, subject, text }: Finding): Promise<void> {
  const id = randomUUID()
  await run(
    em,
    sql`insert into alert (id, rule_id, subject_key, subject, message)
      values (${id}, ${rule.id}, ${storable(key)}, ${storable(subject)}, ${storable(text)})`,
  )
  await tell(em, rule, id, AlertEvent.fired, subject, text)
}

async function recover(em: EntityManager, rule: AlertRuleRow, { id, subject }: OpenAlert): Promise<void> {
  await run(em, sql`update alert set recovered_at = clock_timestamp() where id = ${id}`)
  const text = rule.enabled ? 'It is in order again.' : 'The rule was switched off.'
  await tell(em, rule, id, AlertEvent.recovered, subject, text)
}

async function tell(
  em: EntityManager,
  { id: ruleId, name, kind }: AlertRuleRow,
  alertId: string,
  event: AlertEvent,
  subject: string,
  text: string,
): Promise<void> {
  const message: AlertMessage = {
    event,
    rule: { id: ruleId, name, kind },
    subject,
    text,
    at: new Date().toISOString(),
  }
  await run(
    em,
    sql`insert into alert_delivery (id, alert_id, channel_id, event, message, status)
      select gen_random_uuid(), ${alertId}::uuid, channel.id, ${event}, ${json(message)}::jsonb, ${DeliveryStatus.pending}
      from alert_rule_channel rc join alert_channel channel on channel.id = rc.channel_id
      where rc.rule_id = ${ruleId} and channel.enabled`,
  )
}

/** Has a test message sent to a channel by the next worker that looks. Returns the delivery's id. */
export async function requestTest(em: EntityManager, channelId: string, actor: string): Promise<string> {
  const id = randomUUID()
  const message: AlertMessage = {
    event: AlertEvent.test,
    rule: null,
    subject: 'Accord',
    text: `This is a test, asked for by ${actor}.`,
    at: new Date().toISOString(),
  }
  await run(
    em,
    sql`insert into alert_delivery (id, channel_id, event, message, status)
      values (${id}, ${channelId}, ${AlertEvent.test}, ${json(message)}::jsonb, ${DeliveryStatus.pending})`,
  )
  return id
}

/** Takes messages that are due; nobody else has them for two minutes. */
export async function takeDeliveries(em: EntityManager): Promise<readonly TakenDelivery[]> {
  return run(
    em,
    sql<TakenDelivery>`
      with due as (
        select id from alert_delivery where status = ${DeliveryStatus.pending} and due_at <= statement_timestamp()
        order by due_at limit ${TAKEN_AT_ONCE} for update skip locked),
      taken as (
        update alert_delivery d set attempts = d.attempts + 1, due_at = clock_timestamp() + make_interval(secs => ${TAKEN_FOR})
        from due where d.id = due.id returning d.id, d.attempts, d.message, d.channel_id)
      select taken.id, taken.attempts, taken.message, c.id as "channelId", c.name as "channelName", c.kind, c.settings, c.secret
      from taken join alert_channel c on c.id = taken.channel_id`,
  )
}

/** Notes how an attempt ended: `failure` null, it was delivered; else it is tried again later, or given up. A test is tried once. */
export async function noteAttempt(
  em: EntityManager,
  { id, attempts, message }: Pick<TakenDelivery, 'id' | 'attempts' | 'message'>,
  failure: string | null,
): Promise<void> {
  const wait = message.event === AlertEvent.test ? null : waitAfter(attempts)
  const status =
    failure === null
      ? DeliveryStatus.delivered
      : wait === null
        ? DeliveryStatus.failed
        : DeliveryStatus.pending
  await run(
    em,
    sql`update alert_delivery set status = ${status}, answer = ${failure === null ? null : storable(failure)},
        delivered_at = ${failure === null ? sql`clock_timestamp()` : sql`null`},
        due_at = clock_timestamp() + make_interval(mins => ${wait ?? 0})
      where id = ${id} and attempts = ${attempts}`,
  )
}

/** Notes who looks after an alert; who said so first stays. */
export async function acknowledge(em: EntityManager, id: string, by: string): Promise<void> {
  await run(
    em,
    sql`update alert set acknowledged_at = clock_timestamp(), acknowledged_by = ${by}
        where id = ${id} and acknowledged_at is null`,
  )
}

/** Alerts that recovered that many days ago go, with their messages, and tests of channels of that age; at most `limit` of each. Returns how many. */
export async function purgeAlerts(em: EntityManager, days: number, limit: number): Promise<number> {
  const old = sql`statement_timestamp() - make_interval(days => ${days})`
  const alerts = await run(
    em,
    sql`delete from alert where id in (select id from alert where recovered_at < ${old} limit ${limit}) returning id`,
  )
  const tests = await run(
    em,
    sql`delete from alert_delivery where id in (
          select id from alert_delivery where alert_id is null and created_at < ${old} limit ${limit}) returning id`,
  )
  return alerts.length + tests.length
}
