import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import {
  AlertChannelKind,
  AlertEvent,
  AlertRuleKind,
  DeliveryStatus,
  MailSecurity,
} from '../../domain/alert.js'
import { NAME_ARGUMENT, CONNECTION_ARGUMENT } from '../descriptions.js'
import { graphqlEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'

export const AlertRuleKindEnum = graphqlEnum('AlertRuleKind', AlertRuleKind, 'What an alert is raised for.', {
  RUN_FAILED: 'The last run of a mapping failed as a whole.',
  ERRORS_OVER: 'More than `threshold` errors of a mapping were seen in the last `minutes`.',
  NO_SUCCESS: 'No run of a mapping that is neither paused nor disabled has completed for `minutes`.',
  BUDGET_USED:
    'A limit of a system is used up to `threshold` percent, or the system has asked to be left alone for a while.',
  DELETIONS_WAIT: 'More deletions at once than a mapping lets pass wait for a person.',
})
export const AlertChannelKindEnum = graphqlEnum(
  'AlertChannelKind',
  AlertChannelKind,
  'Where alerts are sent.',
  {
    WEBHOOK: 'A POST of JSON to `url`, signed as Standard Webhooks has it.',
    SLACK: 'An incoming webhook of Slack, or of what understands its messages.',
    EMAIL: 'Mail by SMTP.',
  },
)
export const MailSecurityEnum = graphqlEnum(
  'MailSecurity',
  MailSecurity,
  'How an SMTP server is spoken to.',
  {
    NONE: 'In clear.',
    STARTTLS: 'Encrypted after the greeting; not at all where the server cannot.',
    TLS: 'Encrypted from the beginning.',
  },
)
export const AlertEventEnum = graphqlEnum('AlertEvent', AlertEvent, 'What a message tells.')
export const DeliveryStatusEnum = graphqlEnum(
  'AlertDeliveryStatus',
  DeliveryStatus,
  'What became of a message. What is PENDING after an attempt is tried again.',
)

@ObjectType('AlertMail', { description: 'How mail is sent.' })
@InputType('AlertMailInput')
export class AlertMailType {
  @Field(() => String, { description: 'Name or address of the SMTP server.' })
  host!: string

  @Field(() => Int)
  port!: number

  @Field(() => MailSecurityEnum)
  security!: MailSecurity

  @Field(() => String, { nullable: true, description: 'Null: without sign-in.' })
  user!: string | null

  @Field(() => String)
  from!: string

  @Field(() => [String])
  to!: string[]
}

@ObjectType('AlertChannel', { description: 'Where alerts are sent. Its secret is never shown.' })
export class AlertChannelType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => AlertChannelKindEnum)
  kind!: AlertChannelKind

  @Field(() => Boolean)
  enabled!: boolean

  @Field(() => Int, {
    description: 'Rises with every change. Hand it back to change only what you have seen.',
  })
  version!: number

  @Field(() => String, { nullable: true, description: 'Of a webhook: the host of its address.' })
  host!: string | null

  /** It may hold a secret. */
  url!: string | null

  @Field(() => AlertMailType, { nullable: true, description: 'Of a channel for mail.' })
  mail!: AlertMailType | null
}

@ObjectType('CreatedAlertChannel')
export class CreatedAlertChannelType {
  @Field(() => AlertChannelType)
  channel!: AlertChannelType

  @Field(() => String, {
    nullable: true,
    description:
      'The secret with which a webhook is signed, where none was given: shown now and never again.',
  })
  secret!: string | null
}

@InputType()
export class AlertChannelInput {
  @Field(() => String)
  name!: string

  @Field(() => AlertChannelKindEnum)
  kind!: AlertChannelKind

  @Field(() => Boolean, { defaultValue: true })
  enabled!: boolean

  @Field(() => String, { nullable: true, description: 'Of a webhook: http:// or https://.' })
  url?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Of SLACK: the address, which is a secret. Left out in a change: as it was.',
  })
  webhookUrl?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Of a webhook: `whsec_` and base64, or env:NAME or file:PATH. Left out: one is made; in a change: as it was.',
  })
  secret?: string | null

  @Field(() => AlertMailType, { nullable: true })
  mail?: AlertMailType | null

  @Field(() => String, {
    nullable: true,
    description: 'Of the SMTP server, or env:NAME or file:PATH. Left out in a change: as it was.',
  })
  password?: string | null
}

@ObjectType('AlertRule', { description: 'When an alert is raised, and who is told.' })
export class AlertRuleType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => AlertRuleKindEnum)
  kind!: AlertRuleKind

  @Field(() => Int, { nullable: true })
  threshold!: number | null

  @Field(() => Int, { nullable: true })
  minutes!: number | null

  @Field(() => Boolean)
  enabled!: boolean

  @Field(() => Int, {
    description: 'Rises with every change. Hand it back to change only what you have seen.',
  })
  version!: number

  mappingId!: string | null
}

@InputType()
export class AlertRuleInput {
  @Field(() => String)
  name!: string

  @Field(() => AlertRuleKindEnum)
  kind!: AlertRuleKind

  @Field(() => String, {
    nullable: true,
    description: `${NAME_ARGUMENT} Left out: every mapping for itself.`,
  })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: CONNECTION_ARGUMENT })
  connection?: string | null

  @Field(() => Int, { nullable: true, description: 'Of ERRORS_OVER: errors. Of BUDGET_USED: percent.' })
  threshold?: number | null

  @Field(() => Int, { nullable: true, description: 'Of ERRORS_OVER and NO_SUCCESS.' })
  minutes?: number | null

  @Field(() => [ID], { description: 'Channels that are told.' })
  channelIds!: string[]

  @Field(() => Boolean, { defaultValue: true })
  enabled!: boolean
}

@ObjectType('AlertDelivery', { description: 'A message to one channel.' })
export class AlertDeliveryType {
  @Field(() => ID)
  id!: string

  @Field(() => AlertEventEnum)
  event!: AlertEvent

  @Field(() => DeliveryStatusEnum)
  status!: DeliveryStatus

  @Field(() => Int)
  attempts!: number

  @Field(() => Date)
  createdAt!: Date

  @Field(() => Date, { nullable: true })
  deliveredAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed.' })
  answer!: string | null

  channelId!: string
}

@ObjectType('Alert', { description: 'Something that is wrong, or was.' })
export class AlertType {
  @Field(() => ID)
  id!: string

  @Field(() => String, {
    description: 'What it is about: connection and mapping, or address and application.',
  })
  subject!: string

  @Field(() => String, { description: 'What was wrong when it fired.' })
  message!: string

  @Field(() => Date)
  firedAt!: Date

  @Field(() => Date, { nullable: true, description: 'Null: it is still wrong.' })
  recoveredAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When somebody said that he looks after it.' })
  acknowledgedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Who looks after it.' })
  acknowledgedBy!: string | null

  ruleId!: string
}

export const AlertConnection = connectionType('Alert', AlertType)

@ObjectType('OpenAlerts', { description: 'What is wrong now.' })
export class OpenAlertsType {
  @Field(() => [AlertType], { description: 'Those that fired last first, at most 100.' })
  alerts!: readonly AlertType[]

  @Field(() => Int, { description: 'How many there are.' })
  total!: number
}
