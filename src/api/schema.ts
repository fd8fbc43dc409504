import 'reflect-metadata'
import { GraphQLDateTime } from 'graphql-scalars'

import { buildSchemaSync, type PubSub } from 'type-graphql'
import { AccessTokenResolver } from './access-token/access-token.resolver.js'
import {
  AlertChannelResolver,
  AlertDeliveryResolver,
  AlertResolver,
  AlertRuleResolver,
} from './alert/alert.resolver.js'
import { AuditResolver } from './audit/audit.resolver.js'
import { auditMutations } from './audit/audit-mutations.js'
import { BulkActionResolver } from './bulk-action/bulk-action.resolver.js'
import { ConnectionResolver } from './connection/connection.resolver.js'
import { ConnectionCheckResolver } from './check/check.resolver.js'
import { CouplingChangeResolver } from './coupling/coupling-change.resolver.js'
import { CouplingPreviewResolver } from './coupling/coupling-preview.resolver.js'
import { CouplingResolver } from './coupling/coupling.resolver.js'
import { ComparisonResolver } from './desk/comparison.resolver.js'
import { DeletionResolver } from './deletion/deletion.resolver.js'
import { DependencyResolver } from './dependency/dependency.resolver.js'
import { ErrorGroupChangeResolver } from './error-group/error-group-change.resolver.js'
import { ErrorGroupResolver } from './error-group/error-group.resolver.js'
import { ErrorStatisticsResolver, PurgePreviewResolver } from './error-group/error-statistics.resolver.js'
import { FullSynchLineResolver, FullSynchResolver } from './full-synch/full-synch.resolver.js'
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from './graphql.js'
import {
  CouplingWritesResolver,
  RecordWriteResolver,
  RunWritesResolver,
} from './history/record-write.resolver.js'
import { forgetRecent } from './forget-recent.js'
import { GovernorGaugeResolver } from './governor/governor-gauge.resolver.js'
import { InstallationResolver } from './installation/installation.resolver.js'
import { RunUndoResolver, UndoResolver } from './history/undo.resolver.js'
import { LiveResolver, MappingCountersResolver } from './live/live.resolver.js'
import { acceptKeys } from './idempotency/starts-work.js'
import { JobControlResolver } from './job-control/job-control.resolver.js'
import { MappingChangeResolver } from './mapping/mapping-change.resolver.js'
import { MappingSettingsResolver } from './mapping/mapping-settings.resolver.js'
import { MappingResolver } from './mapping/mapping.resolver.js'
import { PlanResolver } from './plan/plan.resolver.js'
import { RecordStatusResolver } from './record-status/record-status.resolver.js'
import { ReconciliationItemResolver, ReconciliationResolver } from './reconcile/reconcile.resolver.js'
import { RehearsalResolver } from './rehearsal/rehearsal.resolver.js'
import { RuleResolver } from './rule/rule.resolver.js'
import { assertRules, checkRule } from './sign-in/rules.js'
import { SkippedRecordResolver } from './skipped-record/skipped-record.resolver.js'
import { TimelineResolver } from './timeline/timeline.resolver.js'
import { TransformationResolver } from './transformation/transformation.resolver.js'
import { UserResolver } from './user/user.resolver.js'
import { SystemTableResolver } from './system-table/system-table.resolver.js'
import { SynchStatisticsResolver } from './synch-statistics/synch-statistics.resolver.js'
import { SynchErrorResolver } from './synch-error/synch-error.resolver.js'
import { JobResolver } from './synch-job/synch-job.resolver.js'
import { RunResolver } from './synch-run/synch-run.resolver.js'

/** Asked for as soon as there are subscriptions; ours bring their own source, as announcements come from the database. */
const NO_TOPICS: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('A subscription has to name its source.')
  },
}

/** The GraphQL schema with its resolvers. They take everything they need from the context of the request. */
export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AccessTokenResolver,
      AuditResolver,
      UserResolver,
      AlertResolver,
      AlertRuleResolver,
      AlertChannelResolver,
      AlertDeliveryResolver,
      ConnectionResolver,
      MappingResolver,
      MappingSettingsResolver,
      MappingChangeResolver,
      SystemTableResolver,
      TransformationResolver,
      RunResolver,
      JobResolver,
      SynchErrorResolver,
      ErrorGroupResolver,
      ErrorGroupChangeResolver,
      ErrorStatisticsResolver,
      PurgePreviewResolver,
      BulkActionResolver,
      SkippedRecordResolver,
      CouplingResolver,
      CouplingChangeResolver,
      CouplingPreviewResolver,
      DeletionResolver,
      DependencyResolver,
      JobControlResolver,
      GovernorGaugeResolver,
      InstallationResolver,
      SynchStatisticsResolver,
      LiveResolver,
      MappingCountersResolver,
      PlanResolver,
      FullSynchResolver,
      FullSynchLineResolver,
      ReconciliationResolver,
      ReconciliationItemResolver,
      RecordWriteResolver,
      CouplingWritesResolver,
      RunWritesResolver,
      UndoResolver,
      RunUndoResolver,
      RehearsalResolver,
      RecordStatusResolver,
      ComparisonResolver,
      RuleResolver,
      TimelineResolver,
      ConnectionCheckResolver,
    ],
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    authChecker: checkRule,
    // Inputs are judged where they become domain values: all problems at once, with codes of our own.
    validate: false,
    pubSub: NO_TOPICS,
  })
  assertRules(schema)
  return forgetRecent(auditMutations(acceptKeys(schema)))
}

/** The schema as `schema.graphql` holds it. */
export function printApiSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}
