import { ErrorClass } from '../domain/failure.js'
import { RecordStatus } from '../domain/run.js'
import { Side } from '../domain/value.js'
import type { StoredCoupling } from '../persistence/queries/couplings.js'
import type { HandledVersion } from '../persistence/queries/handled-versions.js'
import { statesOf, type StoredState } from '../persistence/queries/record-states.js'
import type { DecideRowsInput } from './decide-rows.js'
import type { MappingContext } from './mapping-context.js'
import type { PageRow } from './page-format.js'

export function isHandled(
  row: PageRow,
  handled: HandledVersion | undefined,
  input: DecideRowsInput,
): boolean {
  if (row.origin !== 'changed' || row.read.kind !== 'found' || handled === undefined) return false
  if (handled.version !== row.read.record.version) return false
  return input.mode === 'MODIFIED' || handled.jobId === input.jobId
}

/** Row 17's question. A change that the feed delivers and that was not dropped is unread. */
export function isUnread(row: PageRow, handled: HandledVersion | undefined, input: DecideRowsInput): boolean {
  if (row.read.kind !== 'found' || input.scope !== null) return false
  // A full run delivers what was read long ago as well.
  if (row.origin === 'changed' && input.mode === 'MODIFIED') return true
  const record = row.read.record
  return handled?.version !== record.version && (input.watermark === null || record.stamp >= input.watermark)
}

const LIFTED_BY_NEW_VERSION: ReadonlySet<string> = new Set([
  ErrorClass.validation,
  ErrorClass.duplicate,
  ErrorClass.unexpected,
  ErrorClass.ambiguousMatch,
])

/** A new version of the source lifts a skip that a failure caused; a conflict or deletion waits for a person. */
export function isSkipped(row: PageRow, state: StoredState | null, sourceSide: Side): boolean {
  if (state === null || state.state !== RecordStatus.skipped) return false
  return !(LIFTED_BY_NEW_VERSION.has(state.reason) && hasNewVersion(row, state, sourceSide))
}

function hasNewVersion(row: PageRow, state: StoredState, sourceSide: Side): boolean {
  const known = sourceSide === Side.local ? state.localVersion : state.integrationVersion
  return row.read.kind === 'found' && known !== row.read.record.version
}

export function attemptsOf(row: PageRow, state: StoredState, sourceSide: Side): number {
  return LIFTED_BY_NEW_VERSION.has(state.reason) && hasNewVersion(row, state, sourceSide) ? 0 : state.attempts
}

export async function loadStates(
  context: MappingContext,
  side: Side,
  rows: readonly PageRow[],
  couplings: ReadonlyMap<string, StoredCoupling>,
): Promise<ReadonlyMap<string, StoredState>> {
  const couplingIds = [...couplings.values()].map((coupling) => coupling.id)
  const uncoupled = rows.filter((row) => !couplings.has(row.id)).map((row) => row.id)
  const states = await statesOf(context.em, context.mapping.id, couplingIds, side, uncoupled)
  const byCoupling = new Map(
    states.filter((state) => state.couplingId !== null).map((state) => [state.couplingId, state]),
  )
  const byRecord = new Map(
    states.filter((state) => state.couplingId === null).map((state) => [state.recordId, state]),
  )
  const result = new Map<string, StoredState>()
  for (const row of rows) {
    const coupling = couplings.get(row.id)
    const state = coupling === undefined ? byRecord.get(row.id) : byCoupling.get(coupling.id)
    if (state !== undefined) result.set(row.id, state)
  }
  return result
}
