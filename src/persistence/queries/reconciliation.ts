import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FieldDifference, Verdict } from '../../domain/reconcile.js'
import type { Repair } from '../../domain/reconcile-repair.js'
import { Side } from '../../domain/value.js'
import { json, run, sql, storable, texts } from '../sql.js'

/** Reconciliations of a mapping that are kept; older ones go when another one begins. */
const KEPT = 50

/** A side of a pair that is as it was last agreed on, at that revision of its coupling. */
export interface SettledSide {
  readonly couplingId: string
  readonly revision: number
}

/** A finding to keep. */
export interface NewItem {
  readonly verdict: Verdict
  readonly couplingId: string | null
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly integrationName: string | null
  readonly localVersion: string | null
  readonly integrationVersion: string | null
  readonly partnerId: string | null
  readonly reason: string
  readonly fields: readonly FieldDifference[]
  readonly recommended: Repair
}

/**
 * Takes one page of a table off a reconciliation's way. False: another attempt has done so, or it is over. Must run in the
 * transaction that keeps what the page brought.
 */
export async function advanceScan(
  em: EntityManager,
  id: string,
  side: Side,
  page: { readonly step: number; readonly next: string | null; readonly records: number },
): Promise<boolean> {
  const column = (name: string) => sql.raw(`${side === Side.local ? 'local' : 'integration'}_${name}`)
  const rows = await run<{ id: string }>(
    em,
    sql`update reconciliation set ${column('step')} = ${page.step} + 1, ${column('next')} = ${page.next},
          ${column('done')} = ${page.next === null}, ${column('records')} = ${column('records')} + ${page.records}
        where id = ${id} and status = 'RUNNING' and ${column('step')} = ${page.step}
        returning id`,
  )
  return rows.length > 0
}

/** The same for pairs that were examined; `after`: the last one's coupling. */
export async function advanceExamination(
  em: EntityManager,
  id: string,
  part: { readonly step: number; readonly after: string; readonly examined: number },
): Promise<boolean> {
  const rows = await run<{ id: string }>(
    em,
    sql`update reconciliation set examine_step = ${part.step} + 1, examined_after = ${part.after},
          examined = examined + ${part.examined}
        where id = ${id} and status = 'RUNNING' and examine_step = ${part.step}
        returning id`,
  )
  return rows.length > 0
}

/** Keeps sides that are as they were last agreed on. A record that came twice counts as it came last. */
export async function keepSettledSides(
  em: EntityManager,
  id: string,
  side: Side,
  settled: readonly SettledSide[],
): Promise<void> {
  if (settled.length === 0) return
  await run(
    em,
    sql`insert into reconciled_side (reconciliation_id, coupling_id, side, revision)
        select ${id}::uuid, coupling_id::uuid, ${side}, revision::integer
        from unnest(${texts(settled.map((entry) => entry.couplingId))},
                    ${texts(settled.map((entry) => String(entry.revision)))}) as new(coupling_id, revision)
        on conflict (reconciliation_id, coupling_id, side) do update set revision = excluded.revision`,
  )
}

/**
 * The next couplings that the two tables did not show to be equal, in order of their ids: a side was not met, or differs from its
 * base, or the coupling was changed between the two. Couplings made since the beginning are left out.
 */
export async function pairsToExamine(
  em: EntityManager,
  reconciliation: { readonly id: string; readonly mappingId: string; readonly startedAt: Date },
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await run<{ id: string }>(
    em,
    sql`select c.id from coupling c
        where c.mapping_id = ${reconciliation.mappingId} and (${after}::uuid is null or c.id > ${after}::uuid)
          and c.created_at < ${reconciliation.startedAt.toISOString()}::timestamptz
          and not exists (
            select from reconciled_side l join reconciled_side i
                on i.reconciliation_id = l.reconciliation_id and i.coupling_id = l.coupling_id and i.revision = l.revision
            where l.reconciliation_id = ${reconciliation.id} and l.coupling_id = c.id and l.side = 'LOCAL' and i.side = 'INTEGRATION')
        order by c.id limit ${limit}`,
  )
  return rows.map((row) => row.id)
}

/** Keeps findings, in one statement. */
export async function saveItems(em: EntityManager, id: string, items: readonly NewItem[]): Promise<void> {
  if (items.length === 0) return
  const column = (value: (item: NewItem) => string | null) => texts(items.map(value))
  await run(
    em,
    sql`insert into reconciliation_item (id, reconciliation_id, verdict, coupling_id, local_id, integration_id, local_name,
          integration_name, local_version, integration_version, partner_id, reason, fields, recommended)
        select id::uuid, ${id}::uuid, verdict, coupling_id::uuid, local_id, integration_id, local_name, integration_name,
               local_version, integration_version, partner_id, reason, fields::json, recommended::json
        from unnest(${column(() => randomUUID())}, ${column((item) => item.verdict)}, ${column((item) => item.couplingId)},
                    ${column((item) => item.localId)}, ${column((item) => item.integrationId)},
                    ${column((item) => nullable(item.localName))}, ${column((item) => nullable(item.integrationName))},
                    ${column((item) => item.localVersion)}, ${column((item) => item.integrationVersion)},
                    ${column((item) => item.partnerId)}, ${column((item) => storable(item.reason))},
                    ${column((item) => json(item.fields))}, ${column((item) => json(item.recommended))})
          as new(id, verdict, coupling_id, local_id, integration_id, local_name, integration_name, local_version,
                 integration_version, partner_id, reason, fields, recommended)`,
  )
}

/**
 * Counts what a reconciliation has found. What a run did beside it is taken into account: pairs whose coupling is gone and records that
 * were coupled meanwhile are no findings any more.
 */
export async function countFindings(
  em: EntityManager,
  reconciliation: { readonly id: string; readonly mappingId: string; readonly startedAt: Date | null },
): Promise<{ readonly pairs: number; readonly counts: Readonly<Partial<Record<Verdict, number>>> }> {
  const { id, mappingId } = reconciliation
  await run(
    em,
    sql`delete from reconciliation_item i where i.reconciliation_id = ${id} and i.coupling_id is not null
          and not exists (select from coupling c where c.id = i.coupling_id)`,
  )
  for (const side of [Side.local, Side.integration]) await forgetCoupled(em, id, mappingId, side)
  const found = await run<{ verdict: Verdict; count: number; pairs: number }>(
    em,
    sql`select verdict, count(*)::integer as count, count(coupling_id)::integer as pairs from reconciliation_item
        where reconciliation_id = ${id} group by verdict`,
  )
  const started = reconciliation.startedAt?.toISOString() ?? null
  const [row] = await run<{ pairs: number }>(
    em,
    sql`select count(*)::integer as pairs from coupling
        where mapping_id = ${mappingId} and created_at < ${started}::timestamptz`,
  )
  const pairs = row?.pairs ?? 0
  const differing = found.reduce((sum, entry) => sum + entry.pairs, 0)
  const counts = Object.fromEntries(found.map(({ verdict, count }) => [verdict, count]))
  return { pairs, counts: { ...counts, EQUAL: Math.max(0, pairs - differing) } }
}

async function forgetCoupled(em: EntityManager, id: string, mappingId: string, side: Side): Promise<void> {
  const [recordId, table, setting] =
    side === Side.local
      ? ['local_id', 'local_table', `'localTable'`]
      : ['integration_id', 'integration_table', `'integrationTable'`]
  await run(
    em,
    sql`delete from reconciliation_item i using integration_table_mapping m
        where i.reconciliation_id = ${id} and i.coupling_id is null and m.id = ${mappingId} and exists (
          select from coupling c where c.connection_id = m.connection_id
            and c.${sql.raw(table)} = m.definition->>${sql.raw(setting)} and c.${sql.raw(recordId)} = i.${sql.raw(recordId)})`,
  )
}

/** Removes what only served the comparison. */
export async function forgetSettledSides(em: EntityManager, id: string): Promise<void> {
  await run(em, sql`delete from reconciled_side where reconciliation_id = ${id}`)
}

/** Of a mapping the latest reconciliations are kept. */
export async function pruneReconciliations(em: EntityManager, mappingId: string): Promise<void> {
  await run(
    em,
    sql`delete from reconciliation where mapping_id = ${mappingId} and status <> 'RUNNING' and id in (
          select id from reconciliation where mapping_id = ${mappingId} order by requested_at desc offset ${KEPT})`,
  )
}

/** The names by which people know the records of couplings, as they were last synchronised. */
export async function couplingNames(
  em: EntityManager,
  couplingIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly local: string | null; readonly integration: string | null }>> {
  if (couplingIds.length === 0) return new Map()
  const rows = await run<{ id: string; local_name: string | null; integration_name: string | null }>(
    em,
    sql`select id, local_name, integration_name from coupling where id = any(${texts(couplingIds)}::uuid[])`,
  )
  return new Map(rows.map((row) => [row.id, { local: row.local_name, integration: row.integration_name }]))
}

/** Of these couplings, the latest error that stands. */
export async function standingErrors(
  em: EntityManager,
  mappingId: string,
  couplingIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly errorClass: string; readonly message: string }>> {
  if (couplingIds.length === 0) return new Map()
  const rows = await run<{ record_key: string; error_class: string; message: string }>(
    em,
    sql`select distinct on (record_key) record_key, error_class, message from integration_synch_error
        where mapping_id = ${mappingId} and resolved_at is null and record_key = any(${texts(couplingIds)})
        order by record_key, last_seen desc`,
  )
  return new Map(rows.map((row) => [row.record_key, { errorClass: row.error_class, message: row.message }]))
}

function nullable(text: string | null): string | null {
  return text === null ? null : storable(text)
}
