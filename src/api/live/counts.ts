import type { EntityManager } from '@mikro-orm/postgresql'
import type { ErrorClass } from '../../domain/failure.js'
import { run, sql, texts } from '../../persistence/sql.js'

/** Of one mapping. */
export interface OpenErrors {
  readonly openErrors: number
  readonly byClass: readonly { readonly errorClass: ErrorClass; readonly count: number }[]
  readonly lastSeen: Date | null
}

/** The open errors of mappings by class, by id, in one statement. Mappings without one are left out. */
export async function openErrorsOf(
  em: EntityManager,
  mappingIds: readonly string[],
): Promise<ReadonlyMap<string, OpenErrors>> {
  const rows = await run<{
    readonly mappingId: string
    readonly errorClass: ErrorClass
    readonly count: number
    readonly lastSeen: Date
  }>(
    em,
    sql`select mapping_id as "mappingId", error_class as "errorClass", count(*)::integer as count, max(last_seen) as "lastSeen"
        from integration_synch_error where mapping_id = any(${texts(mappingIds)}::uuid[]) and resolved_at is null
        group by mapping_id, error_class order by mapping_id, count(*) desc, error_class`,
  )
  const found = new Map<string, OpenErrors>()
  for (const { mappingId, errorClass, count, lastSeen } of rows) {
    const before = found.get(mappingId)
    const seen = new Date(lastSeen)
    found.set(mappingId, {
      openErrors: (before?.openErrors ?? 0) + count,
      byClass: [...(before?.byClass ?? []), { errorClass, count }],
      lastSeen: before?.lastSeen && before.lastSeen > seen ? before.lastSeen : seen,
    })
  }
  return found
}
