import type { ReadById, RecordSnapshot } from '../domain/record.js'
import { sourceOf } from '../domain/settle.js'
import { Side, otherSide } from '../domain/value.js'
import type { StoredCoupling } from '../persistence/queries/couplings.js'
import type { StoredState } from '../persistence/queries/record-states.js'
import { run, sql } from '../persistence/sql.js'
import type { DecideRowsInput } from './decide-rows.js'
import type { MappingContext } from './mapping-context.js'
import type { PageRow } from './page-format.js'
import { isSkipped, mayBeLifted } from './row-state.js'

export function idOn(coupling: StoredCoupling, side: Side): string {
  return side === Side.local ? coupling.localId : coupling.integrationId
}

/** Records whose coupling was made, changed or removed since they were read are read again (engine rule 3). */
export async function rereadStale(
  context: MappingContext,
  side: Side,
  rows: readonly PageRow[],
  couplings: ReadonlyMap<string, StoredCoupling>,
  fetchedAt: number,
): Promise<readonly PageRow[]> {
  const [removed] = await run<{ later: boolean }>(
    context.em,
    sql`select coalesce(couplings_removed_at > ${new Date(fetchedAt).toISOString()}::timestamptz, false) as later
        from integration_table_mapping where id = ${context.mapping.id}`,
  )
  const isStale = (row: PageRow) => {
    const coupling = couplings.get(row.id)
    if (row.read.kind === 'gone') return row.origin === 'changed'
    return coupling === undefined ? removed?.later === true : coupling.changedAt >= fetchedAt
  }
  const stale = rows.filter(isStale)
  if (stale.length === 0) return rows
  const reads = await context.connectors[side].readByIds(
    context.tables[side],
    context.fields[side],
    stale.map((row) => row.id),
  )
  const fresh = new Map(stale.map((row, index) => [row.id, reads[index]]))
  return rows.map((row) => {
    const read = fresh.get(row.id)
    return read === undefined ? row : { ...row, read: pageRead(read) }
  })
}

export function pageRead(read: ReadById): PageRow['read'] {
  if (read.kind === 'found') return { kind: 'found', record: read.record }
  return read.kind === 'gone' ? { kind: 'gone' } : { kind: 'forbidden', message: read.message }
}

/**
 * Reads the destinations of coupled records by id. Not read: those of our own echoes (the version is the one the coupling
 * holds, nothing is pending, and row 17 cannot apply), of skipped records and of records outside the filter.
 */
export async function readDestinations(
  context: MappingContext,
  input: DecideRowsInput,
  rows: readonly PageRow[],
  couplings: ReadonlyMap<string, StoredCoupling>,
  states: ReadonlyMap<string, StoredState>,
): Promise<ReadonlyMap<string, ReadById>> {
  const sourceSide = sourceOf(input.pass)
  const destinationSide = otherSide(sourceSide)
  const wanted: { readonly sourceId: string; readonly destinationId: string }[] = []
  for (const row of rows) {
    const coupling = couplings.get(row.id)
    if (coupling === undefined || row.read.kind === 'forbidden') continue
    if (row.read.kind === 'found') {
      const state = states.get(row.id) ?? null
      // Of a skip that a new version lifts, the destination may be the side that has one.
      const mayLift = state !== null && mayBeLifted(state, input)
      if (input.scope === null && !mayLift && isSkipped(row, state, undefined, input)) continue
      if (isEcho(row.read.record, coupling, state, input, sourceSide)) continue
    }
    wanted.push({ sourceId: row.id, destinationId: idOn(coupling, destinationSide) })
  }
  if (wanted.length === 0) return new Map()
  const reads = await context.connectors[destinationSide].readByIds(
    context.tables[destinationSide],
    context.fields[destinationSide],
    wanted.map((pair) => pair.destinationId),
  )
  const result = new Map<string, ReadById>()
  for (const [index, pair] of wanted.entries()) {
    const read = reads[index]
    if (read !== undefined) result.set(pair.sourceId, read)
  }
  return result
}

function isEcho(
  record: RecordSnapshot,
  coupling: StoredCoupling,
  state: StoredState | null,
  input: DecideRowsInput,
  sourceSide: Side,
): boolean {
  if (input.scope !== null || input.mode === 'UNCONDITIONAL' || state !== null || coupling.base === null)
    return false
  const side = sourceSide === Side.local ? coupling.local : coupling.integration
  if (side.version !== record.version) return false
  return !(coupling.last?.by === 'MANUAL' && coupling.last.source === sourceSide)
}
