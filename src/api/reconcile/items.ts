import type { RawBuilder } from 'kysely'
import type { Direction } from '../../domain/mapping.js'
import type { FieldDifference } from '../../domain/reconcile.js'
import { describeAction } from '../../domain/reconcile-words.js'
import { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { ReconciliationItem, type Reconciliation } from '../../persistence/entities/reconciliation.js'
import { run as execute, sql } from '../../persistence/sql.js'
import { tablesOfMapping } from '../../persistence/tables.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { isId } from '../identifiers.js'
import { containsText, oneOf, present } from '../paging/conditions.js'
import { allOf, assertPageSize } from '../paging/keyset.js'
import type {
  ReconciliationItemConnection,
  ReconciliationItemFilter,
  ReconciliationItemType,
  RecommendationType,
} from './reconcile.type.js'

export type Captions = Readonly<Record<Side, string>>

/** What of a mapping tells what a repair may do. */
export interface RepairTerms {
  readonly direction: Direction
  readonly captions: Captions
}

/** One page of what a reconciliation found, by id. Throws BAD_USER_INPUT. */
export async function listItems(
  context: ApiContext,
  found: Reconciliation,
  request: {
    readonly first: number
    readonly after: string | null
    readonly filter: ReconciliationItemFilter | null
  },
): Promise<ReconciliationItemConnection> {
  const { first, after, filter } = request
  assertPageSize(first)
  if (after !== null && !isId(after))
    throw badUserInput([{ argument: 'after', message: 'Expected the endCursor of the page before.' }])
  const ids = await execute<{ id: string }>(
    context.em,
    sql`select i.id from reconciliation_item i
        where ${itemConditions(found.id, filter)} and (${after}::uuid is null or i.id > ${after}::uuid)
        order by i.id limit ${first + 1}`,
  )
  const shown = ids.slice(0, first).map((row) => row.id)
  const items = await context.em.find(
    ReconciliationItem,
    { id: { $in: shown } },
    { orderBy: { id: 'asc' }, disableIdentityMap: true },
  )
  const terms = await repairTermsOf(context, found.mappingId)
  return {
    nodes: items.map((item) => itemType(item, terms)),
    endCursor: ids.length > first ? (shown.at(-1) ?? null) : null,
  }
}

/** The rows `i` of a reconciliation that a filter asks for. */
export function itemConditions(id: string, filter: ReconciliationItemFilter | null): RawBuilder<unknown> {
  const field = filter?.field ?? null
  return allOf(
    present([
      sql`i.reconciliation_id = ${id}`,
      oneOf(sql`i.verdict`, filter?.verdict),
      containsText(
        [sql`i.local_name`, sql`i.integration_name`, sql`i.local_id`, sql`i.integration_id`],
        filter?.text,
      ),
      field === null
        ? null
        : sql`exists (select from json_array_elements(i.fields) as f where f->>'name' = ${field})`,
    ]),
  )
}

export async function repairTermsOf(context: ApiContext, mappingId: string): Promise<RepairTerms> {
  const mapping = await context.em.findOneOrFail(Mapping, { id: mappingId }, { disableIdentityMap: true })
  const connection = await context.em.findOneOrFail(
    Connection,
    { id: mapping.connectionId },
    { disableIdentityMap: true },
  )
  const tables = await tablesOfMapping(context.em, connection, mapping.definition)
  return {
    direction: mapping.direction,
    captions: { LOCAL: tables[Side.local].caption, INTEGRATION: tables[Side.integration].caption },
  }
}

/** With its row, from which its repair is told. */
export type ItemSource = ReconciliationItemType & {
  readonly row: ReconciliationItem
  readonly terms: RepairTerms
}

function itemType(item: ReconciliationItem, terms: RepairTerms): ItemSource {
  return {
    row: item,
    terms,
    id: item.id,
    verdict: item.verdict,
    reason: item.reason,
    couplingId: item.couplingId ?? null,
    localId: item.localId ?? null,
    integrationId: item.integrationId ?? null,
    localName: item.localName ?? null,
    integrationName: item.integrationName ?? null,
    localVersion: item.localVersion ?? null,
    integrationVersion: item.integrationVersion ?? null,
    partnerId: item.partnerId ?? null,
    fields: item.fields.map(fieldType),
    recommended: recommendationType(item, terms.captions),
  }
}

function fieldType({ base, ...field }: FieldDifference) {
  return {
    ...field,
    hasBase: base !== null,
    localBase: base?.local ?? null,
    integrationBase: base?.integration ?? null,
  }
}

function recommendationType(item: ReconciliationItem, captions: Captions): RecommendationType {
  const { recommended, verdict, fields } = item
  if (recommended.kind === 'none') return { action: null, direction: null, text: recommended.reason }
  const { action, pass } = recommended
  const missing =
    verdict === 'MISSING_LOCAL' || verdict === 'UNCOUPLED_INTEGRATION'
      ? Side.local
      : verdict === 'MISSING_INTEGRATION' || verdict === 'UNCOUPLED_LOCAL'
        ? Side.integration
        : null
  return { action, direction: pass, text: describeAction(action, fields, captions, missing) }
}
