import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { includesRole, Role } from '../../domain/role.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId } from '../identifiers.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { present } from '../paging/conditions.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { acknowledgeAlert } from './acknowledge-alert.js'
import { SEEN_VERSION } from '../seen-version.js'
import { alertRows, channelRows, ruleRows } from './alert-rows.js'
import {
  AlertChannelInput,
  AlertChannelType,
  AlertConnection,
  AlertDeliveryType,
  AlertRuleInput,
  AlertRuleType,
  AlertType,
  CreatedAlertChannelType,
} from './alert.type.js'
import { deleteChannel, deleteRule, saveChannel, saveRule, testChannel } from './change-alerts.js'

const VERSION =
  'The version that was looked at. CONFLICTING_STATE, with `changedSince`, where it is another one by now.'

@Resolver(() => AlertType)
export class AlertResolver {
  @Authorized(Role.viewer)
  @Query(() => AlertConnection, {
    description:
      'What is wrong, or was, those that fired last first. What has recovered is kept for ACCORD_ALERT_DAYS.',
  })
  async alerts(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('open', () => Boolean, {
      nullable: true,
      description: 'Only those that are still wrong, or only those that have recovered.',
    })
    open: boolean | null,
    @Arg('ruleId', () => ID, { nullable: true, description: 'Only those of this rule.' })
    ruleId: string | null,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<AlertType>> {
    const conditions = present([
      open === null || open === undefined ? null : sql`(a.recovered_at is null) = ${open}::boolean`,
      ruleId ? sql`a.rule_id = ${parseId(ruleId, 'ruleId')}` : null,
    ])
    return page(
      em,
      { from: sql`alert a`, id: sql`a.id`, conditions },
      { key: sql`a.fired_at`, keyType: KeyType.timestamp, descending: true },
      { first, after, order: 'FIRED_DESC' },
      (ids) => alertRows(em, ids),
    )
  }

  @Authorized(Role.operator)
  @Mutation(() => AlertType, {
    description:
      'Says that you look after an alert, so that others need not; who said so first stays. It recovers all the same. NOT_FOUND if there is none.',
  })
  async acknowledgeAlert(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<AlertType> {
    return acknowledgeAlert(context, parseId(id, 'id'))
  }

  @FieldResolver(() => AlertRuleType, { nullable: true })
  async rule(@Root() alert: AlertType, @Ctx() { loaders }: ApiContext): Promise<AlertRuleType | null> {
    return loaders.alertRule.load(alert.ruleId)
  }

  @FieldResolver(() => [AlertDeliveryType], { description: 'Who was told, in order.' })
  async deliveries(
    @Root() alert: AlertType,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly AlertDeliveryType[]> {
    return loaders.deliveriesOfAlert.load(alert.id)
  }
}

@Resolver(() => AlertDeliveryType)
export class AlertDeliveryResolver {
  @FieldResolver(() => AlertChannelType, { nullable: true })
  async channel(
    @Root() delivery: AlertDeliveryType,
    @Ctx() { loaders }: ApiContext,
  ): Promise<AlertChannelType | null> {
    return loaders.alertChannel.load(delivery.channelId)
  }
}

@Resolver(() => AlertRuleType)
export class AlertRuleResolver {
  @Authorized(Role.viewer)
  @Query(() => [AlertRuleType], { description: 'When alerts are raised, by name.' })
  async alertRules(@Ctx() { em }: ApiContext): Promise<readonly AlertRuleType[]> {
    return ruleRows(em)
  }

  @Authorized(Role.administrator)
  @Mutation(() => AlertRuleType, {
    description: 'Makes a rule. It is judged every minute. BAD_USER_INPUT lists every problem at once.',
  })
  async createAlertRule(
    @Arg('input', () => AlertRuleInput) input: AlertRuleInput,
    @Ctx() context: ApiContext,
  ): Promise<AlertRuleType> {
    return saveRule(context, null, input)
  }

  @Authorized(Role.administrator)
  @Mutation(() => AlertRuleType, {
    description:
      'Changes a rule as a whole. What is switched off, or finds nothing wrong any more, recovers.',
  })
  async updateAlertRule(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int, { description: VERSION }) version: number,
    @Arg('input', () => AlertRuleInput) input: AlertRuleInput,
    @Ctx() context: ApiContext,
  ): Promise<AlertRuleType> {
    return saveRule(context, { id: parseId(id, 'id'), version }, input)
  }

  @Authorized(Role.administrator)
  @Mutation(() => ID, {
    description: 'Removes a rule with its alerts; nobody is told of a recovery. Returns its id.',
  })
  async deleteAlertRule(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<string> {
    await deleteRule(context, { id: parseId(id, 'id'), version })
    return id
  }

  @FieldResolver(() => [AlertChannelType], { description: 'Who is told.' })
  async channels(
    @Root() rule: AlertRuleType,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly AlertChannelType[]> {
    return loaders.channelsOfRule.load(rule.id)
  }

  @FieldResolver(() => IntegrationTableMappingType, {
    nullable: true,
    description: 'The only mapping that it is about. Null: every mapping for itself.',
  })
  async mapping(@Root() rule: AlertRuleType, @Ctx() { loaders }: ApiContext): Promise<Mapping | null> {
    return rule.mappingId === null ? null : loaders.mapping.load(rule.mappingId)
  }
}

@Resolver(() => AlertChannelType)
export class AlertChannelResolver {
  @Authorized(Role.viewer)
  @Query(() => [AlertChannelType], { description: 'Where alerts are sent, by name.' })
  async alertChannels(@Ctx() { em }: ApiContext): Promise<readonly AlertChannelType[]> {
    return channelRows(em)
  }

  @Authorized(Role.administrator)
  @Mutation(() => CreatedAlertChannelType, {
    description: 'Makes a channel. Its secret is kept encrypted. BAD_USER_INPUT lists every problem at once.',
  })
  async createAlertChannel(
    @Arg('input', () => AlertChannelInput) input: AlertChannelInput,
    @Ctx() context: ApiContext,
  ): Promise<CreatedAlertChannelType> {
    return saveChannel(context, null, input)
  }

  @Authorized(Role.administrator)
  @Mutation(() => AlertChannelType, {
    description: 'Changes a channel as a whole; a secret that is left out stays.',
  })
  async updateAlertChannel(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int, { description: VERSION }) version: number,
    @Arg('input', () => AlertChannelInput) input: AlertChannelInput,
    @Ctx() context: ApiContext,
  ): Promise<AlertChannelType> {
    return (await saveChannel(context, { id: parseId(id, 'id'), version }, input)).channel
  }

  @Authorized(Role.administrator)
  @Mutation(() => ID, { description: 'Removes a channel with its log. Returns its id.' })
  async deleteAlertChannel(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<string> {
    await deleteChannel(context, { id: parseId(id, 'id'), version })
    return id
  }

  @Authorized(Role.administrator)
  @StartsWork()
  @Mutation(() => AlertDeliveryType, {
    description:
      'Has a worker send a test over a channel, once, and waits up to 25 seconds for it. PENDING: no worker has taken it yet.',
  })
  async testAlertChannel(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<AlertDeliveryType> {
    return testChannel(context, parseId(id, 'id'))
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Of a webhook: its address, which may hold a secret. Told to administrators alone; null to everybody else, who is told the `host`.',
  })
  url(@Root() { url }: AlertChannelType, @Ctx() { principal }: ApiContext): string | null {
    return includesRole(principal.role, Role.administrator) ? url : null
  }

  @FieldResolver(() => [AlertDeliveryType], { description: 'The last fifty messages, the last first.' })
  async deliveries(
    @Root() channel: AlertChannelType,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly AlertDeliveryType[]> {
    return loaders.deliveriesOfChannel.load(channel.id)
  }
}
