import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { AuditEntry } from '../../persistence/entities/audit-entry.js'
import { sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { findByIds } from '../loaders.js'
import { inTimeRange, oneOf, present } from '../paging/conditions.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { DEFAULT_PAGE, type SortOrder } from '../paging/keyset.js'
import type { PrincipalKind } from '../sign-in/principal.js'
import {
  AuditActorType,
  AuditEntryConnection,
  AuditEntryFilter,
  AuditEntryOrder,
  AuditEntryOrderEnum,
  AuditEntryType,
} from './audit.type.js'

const ORDERS: Readonly<Record<AuditEntryOrder, SortOrder>> = {
  TIME_DESC: { key: sql`a.at`, keyType: KeyType.timestamp, descending: true },
  TIME_ASC: { key: sql`a.at`, keyType: KeyType.timestamp, descending: false },
}

@Resolver(() => AuditEntryType)
export class AuditResolver {
  @Authorized(Role.administrator)
  @Query(() => AuditEntryConnection, {
    description:
      'The audit log: every mutation, also those that were refused, and who signed in and out. Nothing here can change it.',
  })
  async auditEntries(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => AuditEntryFilter, { nullable: true }) filter: AuditEntryFilter | null,
    @Arg('orderBy', () => AuditEntryOrderEnum, { defaultValue: AuditEntryOrder.timeDesc })
    order: AuditEntryOrder,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<AuditEntry>> {
    const conditions = present([
      oneOf(sql`a.actor_name`, filter?.actor),
      oneOf(sql`a.action`, filter?.action),
      oneOf(sql`a.outcome`, filter?.outcome),
      ...inTimeRange(sql`a.at`, filter?.time),
    ])
    return page(
      em,
      { from: sql`audit_entry a`, id: sql`a.id`, conditions },
      ORDERS[order],
      { first, after, order },
      (ids) => findByIds(em, AuditEntry, ids),
    )
  }

  @FieldResolver(() => AuditActorType)
  actor(@Root() entry: AuditEntry): AuditActorType {
    return {
      id: entry.actorId,
      name: entry.actorName,
      kind: entry.actorKind as PrincipalKind,
      role: entry.role as Role,
    }
  }
}
