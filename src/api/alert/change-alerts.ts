import { inTransaction } from '../in-transaction.js'
import { randomBytes, randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { limitsOf } from '../../domain/alert.js'
import { requestTest, type ChannelSettings } from '../../persistence/alerts.js'
import { json, run, sql, texts } from '../../persistence/sql.js'
import { assertNever } from '../../domain/value.js'
import { isWebAddress } from '../../domain/web-address.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode, type InputProblem } from '../errors.js'
import { findMapping } from '../mapping/find-mapping.js'
import { assertSeenVersion } from '../seen-version.js'
import { channelRows, deliveryRow, ruleRows } from './alert-rows.js'
import type {
  AlertChannelInput,
  AlertChannelType,
  AlertDeliveryType,
  AlertRuleInput,
  AlertRuleType,
} from './alert.type.js'

const LONGEST_NAME = 100
/** PostgreSQL's unique_violation. */
const TAKEN = '23505'
const REFERENCE = /^(?:env|file):./
const SIGNING_SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/
const MAIL_ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/

/** How long a person waits for a test, and how often it is looked at; milliseconds. */
const TEST_PATIENCE = 25_000
const TEST_LOOKS = 250

/** What was seen of what is to be changed; `version` null: whatever it is. */
export interface Seen {
  readonly id: string
  readonly version: number | null
}

/** Makes a channel, or changes one. Throws BAD_USER_INPUT with every problem, NOT_FOUND, CONFLICTING_STATE. */
export async function saveChannel(
  context: ApiContext,
  seen: Seen | null,
  input: AlertChannelInput,
): Promise<{ readonly channel: AlertChannelType; readonly secret: string | null }> {
  const made = input.kind === 'WEBHOOK' && seen === null && input.secret == null ? newSigningSecret() : null
  const secret = made ?? secretOf(input)
  const problems = [
    ...nameProblems(input.name),
    ...channelProblems(input, seen === null),
    ...(secret !== null && !REFERENCE.test(secret) ? encryptionProblems(context) : []),
  ]
  if (problems.length > 0) throw badUserInput(problems)
  const id = seen?.id ?? randomUUID()
  const kept = secret === null || REFERENCE.test(secret) ? secret : encrypted(context, id, secret)
  const settings = settingsOf(input)
  const channel = await saving('input.name', () =>
    inTransaction(context, async (em) => {
      const before = seen === null ? null : await seenChannel(em, seen)
      if (before !== null && before.kind !== input.kind) {
        throw badUserInput([
          { argument: 'input.kind', message: 'A channel keeps its kind. Make another one.' },
        ])
      }
      if (secret === null && before !== null && goesElsewhere(before, settings)) {
        throw badUserInput([
          {
            argument: 'input.mail.password',
            message:
              'The mail server or its user changes, so the password must be entered again: a kept one goes nowhere else.',
          },
        ])
      }
      await run(
        em,
        sql`insert into alert_channel (id, name, kind, settings, secret, enabled)
          values (${id}, ${input.name.trim()}, ${input.kind}, ${json(settings)}::jsonb, ${kept}, ${input.enabled})
          on conflict (id) do update set name = excluded.name, settings = excluded.settings, enabled = excluded.enabled,
            secret = coalesce(excluded.secret, alert_channel.secret), version = alert_channel.version + 1`,
      )
      const [after] = await channelRows(em, [id])
      if (after === undefined) throw new Error('The channel that was saved is not there.')
      context.audit.changed({ kind: 'alert channel', id, name: after.name, before, after })
      return after
    }),
  )
  return { channel, secret: made }
}

/** Makes a rule, or changes one. Throws as {@link saveChannel}. */
export async function saveRule(
  context: ApiContext,
  seen: Seen | null,
  input: AlertRuleInput,
): Promise<AlertRuleType> {
  const problems = [
    ...nameProblems(input.name),
    ...ruleProblems(input),
    ...(await missing(context.em, input)),
  ]
  if (problems.length > 0) throw badUserInput(problems)
  const mapping =
    input.mapping == null ? null : await findMapping(context.em, input.mapping, input.connection)
  const id = seen?.id ?? randomUUID()
  return saving('input.name', () =>
    inTransaction(context, async (em) => {
      const before = seen === null ? null : await seenRule(em, seen)
      await run(
        em,
        sql`insert into alert_rule (id, name, kind, mapping_id, threshold, minutes, enabled)
          values (${id}, ${input.name.trim()}, ${input.kind}, ${mapping?.id ?? null}, ${input.threshold ?? null}, ${input.minutes ?? null}, ${input.enabled})
          on conflict (id) do update set name = excluded.name, kind = excluded.kind, mapping_id = excluded.mapping_id,
            threshold = excluded.threshold, minutes = excluded.minutes, enabled = excluded.enabled, version = alert_rule.version + 1`,
      )
      await run(em, sql`delete from alert_rule_channel where rule_id = ${id}`)
      await run(
        em,
        sql`insert into alert_rule_channel (rule_id, channel_id)
          select distinct ${id}::uuid, channel_id::uuid from unnest(${texts(input.channelIds)}) as told(channel_id)`,
      )
      const [after] = await ruleRows(em, [id])
      if (after === undefined) throw new Error('The rule that was saved is not there.')
      const { channelIds } = input
      context.audit.changed({
        kind: 'alert rule',
        id,
        name: after.name,
        before,
        after: { ...after, channelIds },
      })
      return after
    }),
  )
}

/** Throws NOT_FOUND, CONFLICTING_STATE. */
export async function deleteChannel(context: ApiContext, seen: Seen): Promise<void> {
  const { id } = seen
  await inTransaction(context, async (em) => {
    const before = await seenChannel(em, seen)
    await run(em, sql`delete from alert_channel where id = ${id}`)
    context.audit.changed({ kind: 'alert channel', id, name: before.name, before, after: null })
  })
}

/** Throws NOT_FOUND, CONFLICTING_STATE. */
export async function deleteRule(context: ApiContext, seen: Seen): Promise<void> {
  const { id } = seen
  await inTransaction(context, async (em) => {
    const before = await seenRule(em, seen)
    await run(em, sql`delete from alert_rule where id = ${id}`)
    context.audit.changed({ kind: 'alert rule', id, name: before.name, before, after: null })
  })
}

/** Has a worker send a test, and waits for what becomes of it; without a worker it stays PENDING. Throws NOT_FOUND. */
export async function testChannel(context: ApiContext, channelId: string): Promise<AlertDeliveryType> {
  const em = context.em.fork()
  const [channel] = await channelRows(em, [channelId])
  if (channel === undefined) throw noSuch('channel', channelId)
  const id = await requestTest(em, channelId, context.principal.name)
  const giveUp = Date.now() + TEST_PATIENCE
  for (;;) {
    const delivery = await deliveryRow(em, id)
    if (delivery === null) throw noSuch('channel', channelId)
    if (delivery.status !== 'PENDING' || Date.now() > giveUp) return delivery
    await new Promise((resolve) => setTimeout(resolve, TEST_LOOKS))
  }
}

async function seenChannel(em: EntityManager, { id, version }: Seen): Promise<AlertChannelType> {
  await run(em, sql`select id from alert_channel where id = ${id} for update`)
  const [channel] = await channelRows(em, [id])
  if (channel === undefined) throw noSuch('channel', id)
  assertSeenVersion(channel, version)
  return channel
}

async function seenRule(em: EntityManager, { id, version }: Seen): Promise<AlertRuleType> {
  await run(em, sql`select id from alert_rule where id = ${id} for update`)
  const [rule] = await ruleRows(em, [id])
  if (rule === undefined) throw noSuch('rule', id)
  assertSeenVersion(rule, version)
  return rule
}

function noSuch(what: 'channel' | 'rule', id: string): Error {
  return apiError(ErrorCode.notFound, `There is no alert ${what} ${id}.`)
}

async function saving<Result>(argument: string, save: () => Promise<Result>): Promise<Result> {
  try {
    return await save()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === TAKEN)) throw error
    throw badUserInput([{ argument, message: 'There is one of that name already. Choose another name.' }])
  }
}

function nameProblems(name: string): readonly InputProblem[] {
  const given = name.trim()
  return given === '' || given.length > LONGEST_NAME || /\p{Cc}/u.test(given) || !given.isWellFormed()
    ? [{ argument: 'input.name', message: `Expected 1 to ${LONGEST_NAME} characters.` }]
    : []
}

function channelProblems(input: AlertChannelInput, isNew: boolean): readonly InputProblem[] {
  switch (input.kind) {
    case 'WEBHOOK':
      return [
        ...(isWebAddress(input.url ?? '') ? [] : [needed('input.url', 'an address, https://host/path')]),
        ...(input.secret == null || REFERENCE.test(input.secret) || SIGNING_SECRET.test(input.secret)
          ? []
          : [
              needed(
                'input.secret',
                '`whsec_` and at least 24 bytes in base64, or a reference env:NAME or file:PATH',
              ),
            ]),
      ]
    case 'SLACK': {
      const given = input.webhookUrl ?? null
      const isRight = given === null ? !isNew : REFERENCE.test(given) || isWebAddress(given)
      return isRight
        ? []
        : [needed('input.webhookUrl', 'the address of an incoming webhook, or a reference to it')]
    }
    case 'EMAIL': {
      const { mail } = input
      if (mail == null) return [needed('input.mail', 'how mail is sent')]
      return [
        ...(/^[\w.:-]{1,253}$/.test(mail.host)
          ? []
          : [needed('input.mail.host', 'a host name or an address')]),
        ...(mail.port >= 1 && mail.port <= 65_535
          ? []
          : [needed('input.mail.port', 'a port from 1 to 65535')]),
        ...(MAIL_ADDRESS.test(mail.from)
          ? []
          : [needed('input.mail.from', 'an address such as accord@example.com')]),
        ...(mail.to.length >= 1 && mail.to.length <= 50
          ? []
          : [needed('input.mail.to', '1 to 50 addresses')]),
        ...mail.to.flatMap((address, index) =>
          MAIL_ADDRESS.test(address)
            ? []
            : [needed(`input.mail.to[${index}]`, 'an address such as anna@example.com')],
        ),
        ...(mail.user != null && isNew && input.password == null
          ? [needed('input.password', 'the password of the user, or a reference to it')]
          : []),
      ]
    }
    default:
      return assertNever(input.kind)
  }
}

function ruleProblems({ kind, threshold, minutes, mapping }: AlertRuleInput): readonly InputProblem[] {
  const bounds = limitsOf(kind)
  const numbers = [
    ['input.threshold', threshold ?? null, bounds.threshold],
    ['input.minutes', minutes ?? null, bounds.minutes],
  ] as const
  return [
    ...numbers.flatMap(([argument, given, bound]) => {
      if (bound === null)
        return given === null ? [] : [needed(argument, `nothing: ${kind} has no such number`)]
      return given !== null && given >= bound.from && given <= bound.to
        ? []
        : [needed(argument, `a whole number from ${bound.from} to ${bound.to}`)]
    }),
    ...(kind === 'BUDGET_USED' && mapping != null
      ? [needed('input.mapping', 'nothing: limits belong to an application, not to a mapping')]
      : []),
  ]
}

async function missing(em: EntityManager, { channelIds }: AlertRuleInput): Promise<readonly InputProblem[]> {
  const known = new Set((await channelRows(em)).map(({ id }) => id))
  return channelIds.flatMap((id, index) =>
    known.has(id.toLowerCase()) ? [] : [needed(`input.channelIds[${index}]`, 'the id of a channel')],
  )
}

function encryptionProblems({ settingsKeeper }: ApiContext): readonly InputProblem[] {
  const why = settingsKeeper.whyNotEncrypted()
  return why === null
    ? []
    : [
        {
          argument: 'input',
          message: `The secret cannot be kept: ${why} Or give it as env:NAME or file:PATH.`,
        },
      ]
}

function encrypted({ settingsKeeper }: ApiContext, channelId: string, secret: string): string {
  return settingsKeeper.encrypt(secret, { connectionId: channelId, side: 'LOCAL', member: 'alertChannel' })
}

function secretOf({ kind, secret, webhookUrl, password }: AlertChannelInput): string | null {
  switch (kind) {
    case 'WEBHOOK':
      return secret ?? null
    case 'SLACK':
      return webhookUrl ?? null
    case 'EMAIL':
      return password ?? null
    default:
      return assertNever(kind)
  }
}

function settingsOf({ kind, url, mail }: AlertChannelInput): ChannelSettings {
  if (kind === 'WEBHOOK') return { url: url ?? '' }
  return kind === 'EMAIL' && mail != null ? { mail: { ...mail, user: mail.user ?? null } } : {}
}

/** Whether a kept password would be shown to somebody else, or on an open line. */
function goesElsewhere({ mail: before }: AlertChannelType, { mail: after }: ChannelSettings): boolean {
  if (before == null || before.user === null || after === undefined || after.user === null) return false
  return (
    before.host !== after.host ||
    before.port !== after.port ||
    before.security !== after.security ||
    before.user !== after.user
  )
}

function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function needed(argument: string, what: string): InputProblem {
  return { argument, message: `Expected ${what}.` }
}
