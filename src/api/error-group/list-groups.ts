import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import type { ErrorGroupState } from '../../domain/error-group.js'
import { assertNever } from '../../domain/value.js'
import { ErrorGroup } from '../../persistence/entities/error-group.js'
import { sql, storable } from '../../persistence/sql.js'
import { containsText, inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { entityPage, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import type { PageRequest, SortOrder } from '../paging/keyset.js'
import type { ErrorGroupFilter, ErrorGroupOrder } from './error-group.input.js'

const ORDERS: Readonly<Record<ErrorGroupOrder, SortOrder>> = {
  OPEN_DESC: { key: sql`g.open_count`, keyType: KeyType.integer, descending: true },
  OCCURRENCES_DESC: { key: sql`g.occurrences`, keyType: KeyType.integer, descending: true },
  LAST_SEEN_DESC: { key: sql`g.last_seen`, keyType: KeyType.timestamp, descending: true },
  LAST_SEEN_ASC: { key: sql`g.last_seen`, keyType: KeyType.timestamp, descending: false },
  FIRST_SEEN_DESC: { key: sql`g.first_seen`, keyType: KeyType.timestamp, descending: true },
  FIRST_SEEN_ASC: { key: sql`g.first_seen`, keyType: KeyType.timestamp, descending: false },
}

/** Conditions on `error_group g`. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function groupConditions(
  em: EntityManager,
  filter: ErrorGroupFilter | null | undefined,
): Promise<readonly RawBuilder<unknown>[]> {
  if (filter === null || filter === undefined) return []
  const states = filter.state ?? null
  return present([
    await ofMapping(em, sql`g.mapping_id`, filter),
    states === null
      ? null
      : states.length === 0
        ? sql`false`
        : sql`(${sql.join(states.map(inState), sql` or `)})`,
    oneOf(sql`g.error_class`, filter.errorClass),
    filter.resolvableBy ? sql`g.resolvable_by = ${filter.resolvableBy}` : null,
    filter.table
      ? sql`g.mapping_id in (select m.id from integration_table_mapping m
          where ${storable(filter.table)} in (m.definition->>'localTable', m.definition->>'integrationTable'))`
      : null,
    filter.tag ? sql`${storable(filter.tag)} = any(g.tags)` : null,
    filter.assignee ? sql`g.assignee = ${storable(filter.assignee)}` : null,
    containsText(
      [sql`g.message`, sql`g.cause`, sql`g.remedy`, sql`coalesce(g.field, '')`, sql`coalesce(g.code, '')`],
      filter.text,
    ),
    ...inTimeRange(sql`g.last_seen`, filter.time),
  ])
}

/** As `stateOfGroup` of the domain says it. */
function inState(state: ErrorGroupState): RawBuilder<unknown> {
  const snoozed = sql`coalesce(g.snoozed_until > clock_timestamp(), false)`
  switch (state) {
    case 'RESOLVED':
      return sql`g.resolved_at is not null`
    case 'SNOOZED':
      return sql`(g.resolved_at is null and ${snoozed})`
    case 'ASSIGNED':
      return sql`(g.resolved_at is null and not ${snoozed} and g.assignee is not null)`
    case 'OPEN':
      return sql`(g.resolved_at is null and not ${snoozed} and g.assignee is null)`
    default:
      return assertNever(state)
  }
}

/** `only`: properties that are read of each; null: all. */
export async function listGroups(
  em: EntityManager,
  filter: ErrorGroupFilter | null | undefined,
  request: PageRequest & { readonly order: ErrorGroupOrder },
  only: readonly string[] | null,
): Promise<Page<ErrorGroup>> {
  const conditions = await groupConditions(em, filter)
  return entityPage(em, { entity: ErrorGroup, alias: 'g', conditions, only }, ORDERS[request.order], request)
}
