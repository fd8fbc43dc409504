import type { RecordSnapshot } from '../domain/record.js'
import { sourceOf } from '../domain/settle.js'
import { RunKind } from '../domain/run.js'
import type { SynchJob } from '../persistence/entities/synch-job.js'
import type { SynchRun } from '../persistence/entities/synch-run.js'
import { settledVersions } from '../persistence/queries/couplings.js'
import { handledVersions } from '../persistence/queries/handled-versions.js'
import { isInFilter, type MappingContext } from './mapping-context.js'
import type { PageRow } from './page-format.js'

/** What is left of a page that was read: the rows to be decided, and the records that are as their couplings know them. */
export interface SortedRows {
  readonly rows: readonly PageRow[]
  readonly echoes: readonly RecordSnapshot[]
}

/**
 * Sorts out what a scheduled pass over changes has nothing to do with: versions that were handled, and echoes, records that are
 * still at the version that their coupling holds (row 10), above all those that we wrote ourselves. Rows of which anything is open, or
 * a person has had a say, are left to the comparison.
 */
export async function dropKnown(
  context: MappingContext,
  job: SynchJob,
  run: SynchRun,
  rows: readonly PageRow[],
): Promise<SortedRows> {
  if (run.scope || run.mode !== 'MODIFIED' || run.kind === RunKind.plan) return { rows, echoes: [] }
  const side = sourceOf(job.direction)
  const changed = rows.flatMap((row) =>
    row.origin === 'changed' && row.read.kind === 'found' ? [row.read.record] : [],
  )
  const ids = changed.map((record) => record.id)
  const handled = await handledVersions(context.em, context.mapping.id, side, ids)
  const settled = await settledVersions(context.em, context.mapping.id, side, ids)
  const kept: PageRow[] = []
  const echoes: RecordSnapshot[] = []
  for (const row of rows) {
    const record = row.origin === 'changed' && row.read.kind === 'found' ? row.read.record : null
    if (record === null) kept.push(row)
    else if (handled.get(record.id)?.version === record.version) continue
    else if (settled.get(record.id) === record.version && isInFilter(context, side, record))
      echoes.push(record)
    else kept.push(row)
  }
  return { rows: kept, echoes }
}
