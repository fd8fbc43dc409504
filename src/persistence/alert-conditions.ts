import type { EntityManager } from '@mikro-orm/postgresql'
import type { AlertLimits, AlertRuleKind } from '../domain/alert.js'
import {
  deletionsWait,
  errorsOver,
  NO_SUCCESS_YET,
  noSuccessSince,
  RUN_FAILED_SILENTLY,
  runFailed,
} from '../domain/alert-words.js'
import { gaugeOf } from '../domain/governor-gauge.js'
import { assertNever } from '../domain/value.js'
import { governedPrincipals } from './governor.js'
import type { Database } from './database.js'
import { run, sql } from './sql.js'

/** Something that a rule finds wrong now. */
export interface Finding {
  /** Tells it apart within its rule. */
  readonly key: string
  /** For a person: `Contoso CUSTOMER`. */
  readonly subject: string
  readonly text: string
}

interface Condition extends AlertLimits {
  readonly kind: AlertRuleKind
  /** Null: all mappings. */
  readonly mappingId: string | null
}

/** What a rule finds wrong now. */
export async function findingsOf(
  database: Database,
  em: EntityManager,
  condition: Condition,
): Promise<readonly Finding[]> {
  const { kind } = condition
  const threshold = condition.threshold ?? 0
  const minutes = condition.minutes ?? 0
  switch (kind) {
    case 'RUN_FAILED':
      return ofMappings(
        em,
        condition,
        sql`select case when last.message is null then ${RUN_FAILED_SILENTLY}::text
            else format(${runFailed('%s')}::text, last.message) end as text
          from (select r.status, r.message from synch_run r
            where r.mapping_id = m.id and r.kind in ('SCHEDULED', 'MANUAL') and r.status in ('COMPLETED', 'FAILED')
            order by r.requested_at desc limit 1) as last
          where last.status = 'FAILED'`,
      )
    case 'ERRORS_OVER':
      return ofMappings(
        em,
        condition,
        sql`select format(${errorsOver('%s', '%s', '%s')}::text, seen.count, ${minutes}::integer, ${threshold}::integer) as text
          from (select count(*) from integration_synch_error e
            where e.mapping_id = m.id and e.last_seen > statement_timestamp() - make_interval(mins => ${minutes}::integer)) as seen
          where seen.count > ${threshold}::integer`,
      )
    case 'NO_SUCCESS':
      return ofMappings(
        em,
        condition,
        sql`select case when last.at is null then ${NO_SUCCESS_YET}::text else
            format(${noSuccessSince('%s')}::text, to_char(last.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')) end as text
          from (select (select r.finished_at from synch_run r
            where r.mapping_id = m.id and r.kind in ('SCHEDULED', 'MANUAL') and r.status = 'COMPLETED'
            order by r.requested_at desc limit 1) as at) as last
          where m.paused_at is null and c.paused_at is null and c.disabled_at is null
            and coalesce(last.at, c.created_at) < statement_timestamp() - make_interval(mins => ${minutes}::integer)`,
      )
    case 'DELETIONS_WAIT':
      return ofMappings(
        em,
        condition,
        sql`select format(${deletionsWait('%s')}::text, (
            select count(*) from deletion_review_record r join record_state s on s.coupling_id = r.coupling_id
            where r.review_id = d.id and s.reason = 'DELETION_REVIEW')) as text
          from deletion_review d where d.mapping_id = m.id and d.status = 'OPEN' order by d.opened_at limit 1`,
      )
    case 'BUDGET_USED':
      return budgetsUsed(database, threshold)
    default:
      return assertNever(kind)
  }
}

/** `found`: a row with a text for a mapping `m` of a connection `c` with which something is wrong. */
async function ofMappings(
  em: EntityManager,
  { mappingId }: Condition,
  found: ReturnType<typeof sql>,
): Promise<readonly Finding[]> {
  return run<Finding>(
    em,
    sql<Finding>`select m.id::text as key, c.name || ' ' || m.name as subject, found.text
      from integration_table_mapping m join connection c on c.id = m.connection_id, lateral (${found}) as found
      where ${mappingId}::uuid is null or m.id = ${mappingId}::uuid
      order by c.name, m.position`,
  )
}

async function budgetsUsed(database: Database, percent: number): Promise<readonly Finding[]> {
  const { principals, now } = await governedPrincipals(database)
  return principals.flatMap(({ endpoint, principal, state }) => {
    const { requests, execution, concurrency, blockedUntil } = gaugeOf(state, now)
    const used = Object.entries({ requests, 'execution time': execution, concurrency }).flatMap(
      ([name, { used: spent, limit }]) =>
        limit !== null && limit > 0 && (spent / limit) * 100 >= percent
          ? [`${name}: ${Math.round((spent / limit) * 100)} %`]
          : [],
    )
    if (used.length === 0 && blockedUntil === null) return []
    const wait = blockedUntil === null ? [] : ['the system has asked to be left alone for a while']
    return [
      {
        key: JSON.stringify([endpoint, principal]),
        subject: `${endpoint} ${principal}`,
        text: `The limits of the system are used up (${[...used, ...wait].join('; ')}).`,
      },
    ]
  })
}
