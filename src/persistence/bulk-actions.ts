import { createHash, randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { BulkActionStatus, type BulkActionKind } from '../domain/bulk-action.js'
import type { FieldChoice } from '../domain/choice.js'
import { BulkAction } from './entities/bulk-action.js'
import { json, run, sql } from './sql.js'

/** What someone asks for. `assignee`: of ASSIGN; null: nobody. */
export interface BulkActionRequest {
  readonly kind: BulkActionKind
  /** The client's own name for this request: asked for twice it is one action. */
  readonly key: string | null
  /** Everything that was asked for, to tell one request under a key from another. */
  readonly asked: unknown
  readonly selection: string
  readonly assignee: string | null
  /** Of KEEP_FIELDS. */
  readonly fields?: Readonly<Record<string, FieldChoice>>
  /** Who asks, apart from others of his name; keys are his. */
  readonly principal: string
  readonly requestedBy: string
}

/**
 * NEW: its workflow must be started by the caller, after the transaction. KNOWN: the same was asked for under this key. OTHER: something
 * else was. EMPTY: nothing is selected, and nothing was made.
 */
export type RequestedBulkAction =
  { readonly kind: 'NEW' | 'KNOWN' | 'OTHER'; readonly id: string } | { readonly kind: 'EMPTY' }

/**
 * Asks for an action over the open errors `e` that a condition lets in now: which they are is written down in one statement, however many,
 * and what comes later is not among them. Must be called inside a transaction.
 */
export async function requestBulkAction(
  em: EntityManager,
  request: BulkActionRequest,
  condition: RawBuilder<unknown>,
): Promise<RequestedBulkAction> {
  return requestOver(
    em,
    request,
    (id) => sql`insert into bulk_action_target (action_id, number, mapping_id, error_id)
      select ${id}::uuid, row_number() over (order by e.mapping_id, e.id), e.mapping_id, e.id
      from integration_synch_error e where ${condition} and e.resolved_at is null`,
  )
}

/**
 * The same over the skipped synch. records `s` of `from` that a condition lets in now, each with the versions that are known of its two
 * records: what is met otherwise later is left alone.
 */
export async function requestBulkSettlement(
  em: EntityManager,
  request: BulkActionRequest,
  from: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
): Promise<RequestedBulkAction> {
  return requestOver(
    em,
    request,
    (
      id,
    ) => sql`insert into bulk_action_target (action_id, number, mapping_id, state_id, coupling_id, local_version, integration_version)
      select ${id}::uuid, row_number() over (order by s.mapping_id, s.changed_at, s.id), s.mapping_id, s.id, s.coupling_id,
        s.local_version, s.integration_version
      from ${from} where ${condition}`,
  )
}

async function requestOver(
  em: EntityManager,
  request: BulkActionRequest,
  targetsOf: (id: string) => RawBuilder<unknown>,
): Promise<RequestedBulkAction> {
  const id = randomUUID()
  const asked = createHash('sha256').update(JSON.stringify(request.asked)).digest('hex')
  const [made] = await run<{ id: string }>(
    em,
    sql`insert into bulk_action (id, kind, status, key, request, selection, assignee, fields, principal, requested_by)
        values (${id}, ${request.kind}, ${BulkActionStatus.running}, ${request.key}, ${asked}, ${request.selection},
                ${request.assignee}, ${request.fields === undefined ? null : json(request.fields)}::json, ${request.principal},
                ${request.requestedBy})
        on conflict (principal, key) where key is not null do nothing returning id`,
  )
  if (made === undefined) {
    const known = await em.findOneOrFail(BulkAction, { principal: request.principal, key: request.key })
    return { kind: known.request === asked ? 'KNOWN' : 'OTHER', id: known.id }
  }
  const [row] = await run<{ total: number }>(
    em,
    sql`with targets as (${targetsOf(id)} returning number)
        select count(*)::integer as total from targets`,
  )
  const total = row?.total ?? 0
  if (total === 0) {
    await run(em, sql`delete from bulk_action where id = ${id}`)
    return { kind: 'EMPTY' }
  }
  await run(em, sql`update bulk_action set total = ${total} where id = ${id}`)
  return { kind: 'NEW', id }
}

/** The mappings whose errors, or skipped synch. records, an action is about. */
export async function mappingsOfBulkAction(em: EntityManager, id: string): Promise<readonly string[]> {
  const rows = await run<{ mapping_id: string }>(
    em,
    sql`select distinct mapping_id from bulk_action_target where action_id = ${id}`,
  )
  return rows.map((row) => row.mapping_id)
}
