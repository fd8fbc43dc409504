import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { planKey, type PlanItem } from '../../domain/plan.js'
import type { PassDirection } from '../../domain/mapping.js'
import { json, run, sql, storable, texts } from '../sql.js'

/** An item with the names people know its records by. */
export interface NamedPlanItem {
  readonly item: PlanItem
  readonly localName: string | null
  readonly integrationName: string | null
}

/** Hash of what an item would do, and on which versions. */
export function planKeyHash(item: PlanItem): string {
  return createHash('sha256').update(planKey(item)).digest('hex')
}

/** Makes the plan's row; a second attempt finds it. */
export async function ensurePlan(em: EntityManager, runId: string): Promise<void> {
  await run(em, sql`insert into plan (run_id) values (${runId}) on conflict do nothing`)
}

/**
 * Stores the items of a page, in place of those that an earlier attempt stored. Must run in a transaction that holds the
 * plan's row. Numbers are only unique and ascending.
 */
export async function savePlanItems(
  em: EntityManager,
  planId: string,
  pageId: string,
  items: readonly NamedPlanItem[],
): Promise<void> {
  await run(em, sql`select run_id from plan where run_id = ${planId} for update`)
  await run(em, sql`delete from plan_item where plan_id = ${planId} and page_id = ${pageId}`)
  if (items.length === 0) return
  await run(
    em,
    sql`insert into plan_item (plan_id, number, page_id, direction, action, source_id, destination_id, coupling_id, local_name,
                               integration_name, key_hash, item)
        select ${planId}::uuid, (select coalesce(max(number), 0) from plan_item where plan_id = ${planId}) + n, ${pageId}::uuid,
               direction, action, source_id, destination_id, new.coupling_id::uuid, coalesce(new.local_name, c.local_name),
               coalesce(new.integration_name, c.integration_name), key_hash, item::json
        from unnest(${texts(items.map(({ item }) => item.direction))}, ${texts(items.map(({ item }) => item.action))},
                    ${texts(items.map(({ item }) => item.sourceId))}, ${texts(items.map(({ item }) => item.destinationId))},
                    ${texts(items.map(({ item }) => item.couplingId))},
                    ${texts(items.map(({ localName }) => (localName === null ? null : storable(localName))))},
                    ${texts(items.map(({ integrationName }) => (integrationName === null ? null : storable(integrationName))))},
                    ${texts(items.map(({ item }) => planKeyHash(item)))}, ${texts(items.map(({ item }) => json(item)))})
          with ordinality
          as new(direction, action, source_id, destination_id, coupling_id, local_name, integration_name, key_hash, item, n)
          left join coupling c on c.id = new.coupling_id::uuid`,
  )
}

/** Of these records of a pass's source side, those that the other pass, or an earlier page, deals with already. */
export async function plannedElsewhere(
  em: EntityManager,
  planId: string,
  pass: PassDirection,
  pageId: string,
  records: readonly { readonly sourceId: string; readonly couplingId: string | null }[],
): Promise<ReadonlySet<string>> {
  if (records.length === 0) return new Set()
  const rows = await run<{ source_id: string }>(
    em,
    sql`select asked.source_id from unnest(${texts(records.map((record) => record.sourceId))},
                                           ${texts(records.map((record) => record.couplingId))}) as asked(source_id, coupling_id)
        where exists (select 1 from plan_item i where i.plan_id = ${planId} and i.page_id <> ${pageId} and (
                        (i.direction <> ${pass} and (i.destination_id = asked.source_id or i.coupling_id = asked.coupling_id::uuid))
                        or (i.direction = ${pass} and i.source_id = asked.source_id)))`,
  )
  return new Set(rows.map((row) => row.source_id))
}

/** One page of what applying a plan carries out in a pass, by number: source ids with the hashes of what was planned. */
export async function planPage(
  em: EntityManager,
  planId: string,
  pass: PassDirection,
  after: number,
  limit: number,
): Promise<readonly { readonly number: number; readonly sourceId: string }[]> {
  const rows = await run<{ number: number; source_id: string }>(
    em,
    sql`select number, source_id from plan_item
        where plan_id = ${planId} and direction = ${pass} and number > ${after}
          and action not in ('CONFLICT', 'FAIL', 'SKIP')
        order by number limit ${limit}`,
  )
  return rows.map((row) => ({ number: row.number, sourceId: row.source_id }))
}

/** By source id, the hashes of what was planned for these records. */
export async function planKeyHashes(
  em: EntityManager,
  planId: string,
  pass: PassDirection,
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await run<{ source_id: string; key_hash: string }>(
    em,
    sql`select source_id, key_hash from plan_item
        where plan_id = ${planId} and direction = ${pass} and source_id = any(${texts(sourceIds)})`,
  )
  return new Map(rows.map((row) => [row.source_id, row.key_hash]))
}

/** Notes that applying the plan has left these records alone, since they are not as they were. Safe to repeat. */
export async function refusePlanItems(
  em: EntityManager,
  planId: string,
  pass: PassDirection,
  sourceIds: readonly string[],
): Promise<void> {
  if (sourceIds.length === 0) return
  await run(
    em,
    sql`update plan_item set refused = true
        where plan_id = ${planId} and direction = ${pass} and source_id = any(${texts(sourceIds)})`,
  )
}

/** Records a side that a plan reads again and writes. */
export interface PlanExtent {
  readonly localWrites: number
  readonly integrationWrites: number
  readonly records: number
}

/** Closes a plan: its hash, over all items in order, and its extent. */
export async function completePlan(
  em: EntityManager,
  planId: string,
): Promise<{ readonly hash: string; readonly extent: PlanExtent }> {
  const hash = createHash('sha256')
  let after = 0
  for (;;) {
    const rows = await run<{ number: number; key_hash: string }>(
      em,
      sql`select number, key_hash from plan_item where plan_id = ${planId} and number > ${after} order by number limit 10000`,
    )
    for (const row of rows) hash.update(row.key_hash)
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.number
  }
  const digest = hash.digest('hex')
  const [extent] = await run<{ local: string; integration: string; records: string }>(
    em,
    sql`select count(*) filter (where written.local)::text as local, count(*) filter (where written.integration)::text as integration,
               count(*)::text as records
        from plan_item i cross join lateral (
          select bool_or(c->>'side' = 'LOCAL') as local, bool_or(c->>'side' = 'INTEGRATION') as integration
          from json_array_elements(i.item->'changes') as c) as written
        where i.plan_id = ${planId} and i.action not in ('CONFLICT', 'FAIL', 'SKIP')`,
  )
  return {
    hash: digest,
    extent: {
      localWrites: Number(extent?.local ?? 0),
      integrationWrites: Number(extent?.integration ?? 0),
      records: Number(extent?.records ?? 0),
    },
  }
}
