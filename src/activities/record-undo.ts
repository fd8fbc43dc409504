import type { EntityManager } from '@mikro-orm/postgresql'
import type { Failure } from '../domain/failure.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { UndoResult } from '../domain/undo.js'
import { assertNever, otherSide, Side, type Values } from '../domain/value.js'
import { releaseWaiting } from '../persistence/dependencies.js'
import { removeCouplings } from '../persistence/queries/couplings.js'
import { recordWrites } from '../persistence/queries/history.js'
import { closeIntents } from '../persistence/queries/intents.js'
import { addCounts, NO_COUNTS } from '../persistence/queries/jobs.js'
import { saveUndoResults } from '../persistence/queries/undo.js'
import { coupleAgain, skipSources } from './after-undo.js'
import type { MappingContext } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'
import type { RecordPageInput } from './record-page.js'
import { undoActionOf } from './undo-intent.js'
import { newWrite } from './written-records.js'

/** A write that undid something and has landed. */
export interface UndoneRecord {
  readonly intentId: string
  /** The side that was written. */
  readonly side: Side
  readonly kind: 'UPDATE' | 'DELETE' | 'CREATE'
  readonly recordId: string
  readonly partnerId: string
  /** Null: it is gone. */
  readonly partner: RecordSnapshot | null
  readonly couplingId: string | null
  readonly values: Values
  readonly before: { readonly values: Values; readonly version: string } | null
  /** Null: it was deleted. */
  readonly after: RecordSnapshot | null
}

/** Two records that were coupled in this transaction. */
export interface CoupledPair {
  readonly localId: string
  readonly integrationId: string
}

/** Where the undoing is recorded. */
export interface UndoAt {
  readonly runId: string
  readonly jobId: string
}

/**
 * Records a page of a run that undoes: what became of each write, and what the landed ones leave behind. Returns the runs over
 * records that waited for what was coupled again.
 */
export async function recordUndoPage(
  em: EntityManager,
  context: MappingContext,
  input: RecordPageInput,
): Promise<readonly string[]> {
  const landed = input.rows.flatMap((row) => landedOf(row, input) ?? [])
  const made = await recordUndone(em, context, input, landed)
  await saveUndoResults(em, input.runId, input.rows.flatMap(resultsOf))
  await closeIntents(
    em,
    input.rows.flatMap((row) => row.intentIds),
  )
  const told = input.rows.filter((row) => undoActionOf(row) === null || row.written === null)
  const refused = told.filter((row) => row.refused !== null).length
  await addCounts(em, input.jobId, {
    ...NO_COUNTS,
    failed: refused,
    unchanged: told.length - refused,
  })
  return releaseWaiting(em, { connectionId: context.connection.id, name: context.mapping.name }, made)
}

function landedOf(row: DecidedRow, { pass }: RecordPageInput): UndoneRecord | null {
  const action = undoActionOf(row)
  const [intentId] = row.intentIds
  if (action === null || row.written === null || row.refused !== null || intentId === undefined) return null
  return {
    intentId,
    side: otherSide(pass === 'TO_INTEGRATION_TABLE' ? Side.local : Side.integration),
    kind: action.kind === 'update' ? 'UPDATE' : action.kind === 'delete' ? 'DELETE' : 'CREATE',
    recordId: row.written.destination?.id ?? row.destinationId ?? '',
    partnerId: row.sourceId,
    partner: row.source,
    couplingId: row.couplingId,
    values: action.kind === 'delete' ? {} : action.values,
    before: row.destination,
    after: row.written.destination,
  }
}

const BUSY =
  'Another run or person was working on this record, or the outcome of an earlier write is not known yet. Undo it again shortly.'

function resultsOf(row: DecidedRow): readonly UndoResult[] {
  const { decision, refused } = row
  if (decision.outcome === 'undone') {
    return refused === null
      ? decision.plan.results
      : decision.plan.results.map((result) => refusedWith(result, refused))
  }
  return (row.undoes ?? []).map((writeId) => ({
    writeId,
    outcome: 'NOT_POSSIBLE',
    message: BUSY,
    fields: [],
  }))
}

function refusedWith(result: UndoResult, { message, remedy }: Failure): UndoResult {
  return result.outcome === 'GONE' || result.outcome === 'NOT_POSSIBLE'
    ? result
    : { ...result, outcome: 'NOT_POSSIBLE', message: `${message} ${remedy}` }
}

/**
 * What landed writes leave behind. A field that was set back stays that side's own change: the coupling is left as it is. Of a
 * deletion the coupling goes, and the source is skipped until a person lifts that, so that it is not created again at once. What
 * was created anew is coupled with its partner, if that is free; returns what was.
 */
export async function recordUndone(
  em: EntityManager,
  context: MappingContext,
  at: UndoAt,
  undone: readonly UndoneRecord[],
): Promise<readonly CoupledPair[]> {
  const deleted = undone.filter((record) => record.kind === 'DELETE')
  const created = undone.filter((record) => record.kind === 'CREATE')
  const couplings = await coupleAgain(em, context, at, created)
  await recordWrites(
    em,
    { mappingId: context.mapping.id, ...at },
    undone.map((record) =>
      newWrite(context, {
        id: record.intentId,
        couplingId: record.kind === 'CREATE' ? (couplings.get(record) ?? null) : record.couplingId,
        side: record.side,
        kind: record.kind,
        row: 'undone',
        values: record.values,
        before: record.kind === 'CREATE' ? null : record.before,
        after: record.after,
        lost: [],
        other: record.partner,
        ids: idsOf(record),
        pair: null,
      }),
    ),
  )
  await removeCouplings(
    em,
    context.mapping.id,
    deleted.flatMap((record) => record.couplingId ?? []),
  )
  await skipSources(
    em,
    context,
    at,
    deleted.filter((record) => record.partner !== null),
  )
  await addCounts(em, at.jobId, {
    ...NO_COUNTS,
    inserted: created.length,
    modified: undone.filter((record) => record.kind === 'UPDATE').length,
    deleted: deleted.length,
  })
  return created
    .filter((record) => couplings.has(record))
    .map((record) => {
      const ids = idsOf(record)
      return { localId: ids.LOCAL, integrationId: ids.INTEGRATION }
    })
}

function idsOf({ side, recordId, partnerId }: UndoneRecord): Readonly<Record<Side, string>> {
  switch (side) {
    case 'LOCAL':
      return { LOCAL: recordId, INTEGRATION: partnerId }
    case 'INTEGRATION':
      return { LOCAL: partnerId, INTEGRATION: recordId }
    default:
      return assertNever(side)
  }
}
