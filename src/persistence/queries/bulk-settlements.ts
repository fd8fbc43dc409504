import type { EntityManager } from '@mikro-orm/postgresql'
import type { SeenVersions } from '../../domain/choice.js'
import { run, sql, texts } from '../sql.js'
import { CALLED_OFF, countResults } from './bulk-actions.js'

/** One selected skipped synch. record as it is now. */
export interface SettlementTarget {
  readonly number: number
  readonly mappingId: string
  readonly stateId: string
  /** Null: it is not coupled. */
  readonly couplingId: string | null
  /** SETTLED: it has no state any more. LIFTED: a run tries it again. AGAIN: it was settled, and is skipped anew. */
  readonly status: 'SKIPPED' | 'LIFTED' | 'SETTLED' | 'AGAIN'
  /** The versions that were known of it when it was selected; null: none, or the record was gone. */
  readonly seen: SeenVersions
  /** A run has met either record in another version since. */
  readonly moved: boolean
}

interface DbTarget {
  number: number
  mapping_id: string
  state_id: string
  coupling_id: string | null
  status: SettlementTarget['status']
  local_version: string | null
  integration_version: string | null
  moved: boolean
}

/** The next targets after a position, of one mapping. */
export async function nextSettlementTargets(
  em: EntityManager,
  actionId: string,
  position: number,
  limit: number,
): Promise<readonly SettlementTarget[]> {
  const rows = await run<DbTarget>(
    em,
    sql`select t.number, t.mapping_id, t.state_id, s.coupling_id, t.local_version, t.integration_version,
          case when s.state = 'SKIPPED' then 'SKIPPED' when s.id is not null then 'LIFTED'
            when again.id is not null then 'AGAIN' else 'SETTLED' end as status,
          s.local_version is distinct from t.local_version
            or s.integration_version is distinct from t.integration_version as moved
        from bulk_action_target t
        left join record_state s on s.id = t.state_id
        left join record_state again on s.id is null and again.coupling_id = t.coupling_id and again.state = 'SKIPPED'
        where t.action_id = ${actionId} and t.number > ${position} order by t.number limit ${limit}`,
  )
  const mappingId = rows[0]?.mapping_id
  return rows
    .filter((row) => row.mapping_id === mappingId)
    .map((row) => ({
      number: row.number,
      mappingId: row.mapping_id,
      stateId: row.state_id,
      couplingId: row.coupling_id,
      status: row.status,
      seen: { local: row.local_version, integration: row.integration_version },
      moved: row.moved,
    }))
}

/**
 * Tells of targets whose run has ended what became of them: by its results, else (of a record that was not coupled) by what is left of
 * its state. A run that failed as a whole says so itself. Nothing became of what a run that was called off never came to.
 */
export async function settleSettlementTargets(
  em: EntityManager,
  actionId: string,
  runIds: readonly string[],
): Promise<void> {
  await countResults(
    em,
    actionId,
    sql`update bulk_action_target t set outcome = told.outcome,
          message = case when told.outcome = 'SUCCEEDED' then null
            else coalesce(told.message, 'The run left the record alone. Ask recordStatus why.') end
        from (
          select own.number,
            case when done.outcome in ('APPLIED', 'UNCHANGED', 'COUPLED') then 'SUCCEEDED'
              when done.outcome in ('CHANGED_SINCE', 'DESTINATION_CHANGED') then 'CHANGED_SINCE'
              when done.outcome is null and own.coupling_id is null and s.id is null and r.status in ('COMPLETED', 'CANCELLED') then 'SUCCEEDED'
              else 'FAILED' end as outcome,
            case when done.outcome in ('CHANGED_SINCE', 'DESTINATION_CHANGED') then coalesce(done.message,
                'A record was changed since the action was asked for, so nothing was written. Compare the values again, then choose.')
              else coalesce(done.message, case when r.status is distinct from 'COMPLETED' then r.message end, o.message || ' ' || o.remedy)
            end as message
          from bulk_action_target own
          left join record_result done on done.run_id = own.run_id and done.record_key = own.coupling_id::text
          left join synch_run r on r.id = own.run_id
          left join record_state s on s.id = own.state_id
          left join integration_synch_error o on o.id = s.error_id and o.resolved_at is null
          where own.action_id = ${actionId} and own.run_id = any(${texts(runIds)}::uuid[]) and own.outcome is null
            and not (${CALLED_OFF} and done.outcome is null
              and (own.coupling_id is not null or s.state = 'PENDING' and s.reason = 'RETRY'))) told
        where t.action_id = ${actionId} and t.number = told.number
        returning t.outcome`,
  )
}
