import { ErrorClass } from '../domain/failure.js'
import { sourceOf, type PassDirection } from '../domain/mapping.js'
import type { ReadById } from '../domain/record.js'
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
  if (row.read.kind !== 'found' || (input.scope !== null && input.scope.kind !== 'plan')) return false
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

/** Whether a new version may lift the skip; a conflict or deletion waits for a person. */
export function mayBeLifted(state: StoredState, input: DecideRowsInput): boolean {
  return input.liftsSkips && LIFTED_BY_NEW_VERSION.has(state.reason)
}

/** A new version of either side lifts a skip that a failure caused. */
export function isSkipped(
  row: PageRow,
  state: StoredState | null,
  destination: ReadById | undefined,
  input: DecideRowsInput,
): boolean {
  if (state === null || state.state !== RecordStatus.skipped) return false
  return !(mayBeLifted(state, input) && hasNewVersion(row, state, destination, input.pass))
}

/** The failures that count towards the next: those since the last new version of either side. */
export function attemptsOf(
  row: PageRow,
  state: StoredState,
  destination: ReadById | undefined,
  input: DecideRowsInput,
): number {
  const resets = LIFTED_BY_NEW_VERSION.has(state.reason) && hasNewVersion(row, state, destination, input.pass)
  return resets ? 0 : state.attempts
}

/** A destination that was not read when the record failed cannot be told to have changed. */
function hasNewVersion(
  row: PageRow,
  state: StoredState,
  destination: ReadById | undefined,
  pass: PassDirection,
): boolean {
  const [ofSource, ofDestination] =
    sourceOf(pass) === Side.local
      ? [state.localVersion, state.integrationVersion]
      : [state.integrationVersion, state.localVersion]
  if (row.read.kind === 'found' && ofSource !== row.read.record.version) return true
  return (
    destination?.kind === 'found' && ofDestination !== null && ofDestination !== destination.record.version
  )
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
