import type { EntityManager } from '@mikro-orm/postgresql'
import type { PassDirection } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { RunScope } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { otherSide, Side } from '../domain/value.js'
import { releaseOwn, releaseWaiting } from '../persistence/dependencies.js'
import {
  forgetFlaps,
  insertCouplings,
  removeCouplings,
  updateCouplings,
  type NewCoupling,
} from '../persistence/queries/couplings.js'
import { recordErrors, resolveErrors } from '../persistence/queries/errors.js'
import { markHandled } from '../persistence/queries/handled-versions.js'
import { closeIntents } from '../persistence/queries/intents.js'
import { recordWrites, type NewWrite } from '../persistence/queries/history.js'
import { addCounts, saveRecordResults } from '../persistence/queries/jobs.js'
import { removeStatesOf, savePendingUnlessKnown, saveStates } from '../persistence/queries/record-states.js'
import { couplingTarget } from './coupling-update.js'
import { lockRecords, recordsOfRows } from './lock-records.js'
import type { MappingContext } from './mapping-context.js'
import { Outcomes } from './outcomes.js'
import { busy, type DecidedRow } from './page-format.js'
import { RowRecorder } from './record-row.js'
import { recordStrays } from './record-stray.js'
import { recordUndoPage } from './record-undo.js'
import { writesOfRow } from './written-records.js'

export interface RecordPageInput {
  readonly runId: string
  readonly jobId: string
  readonly pass: PassDirection
  readonly scope: RunScope | null
  readonly rows: readonly DecidedRow[]
  readonly maximumAttempts: number
  /** Versions stamped at or after this can be read again by the next pass; epoch milliseconds. Null: none are marked. */
  readonly handledFrom: number | null
  readonly watermarkRevision: number
}

/**
 * Records the outcomes of a page. Must run in the transaction that has checked the page's lease. Returns the runs over records
 * that waited for what was coupled here; they are started after the transaction.
 */
export async function recordPage(
  em: EntityManager,
  context: MappingContext,
  input: RecordPageInput,
): Promise<readonly string[]> {
  const side = sourceOf(input.pass)
  const revisions = await lockRecords(em, context.mapping.id, recordsOfRows(input.rows, side))
  if (input.scope?.kind === 'undo') return recordUndoPage(em, context, input)
  const rows = withoutOvertaken(input.rows, revisions)
  const outcomes = await coupled(em, context, input, rows)
  await updateCouplings(em, input.jobId, outcomes.couplingUpdates)
  await forgetFlaps(em, outcomes.flapsForgotten)
  await removeStatesOf(em, context.mapping.id, outcomes.settledCouplings, side, outcomes.settledRecords)
  await removeStatesOf(em, context.mapping.id, [], otherSide(side), outcomes.settledPartners)
  const at = { mappingId: context.mapping.id, runId: input.runId, jobId: input.jobId, direction: input.pass }
  const errorIds = await recordErrors(
    em,
    at,
    outcomes.errors.map(({ error }) => error),
  )
  await saveStates(em, context.mapping.id, [
    ...outcomes.errors.flatMap(({ error, state }) =>
      state === null ? [] : [{ ...state, errorId: errorIds.get(error.recordKey) ?? null }],
    ),
    ...outcomes.states,
  ])
  await savePendingUnlessKnown(em, context.mapping.id, outcomes.pending)
  await resolveErrors(em, context.mapping.id, outcomes.resolvedKeys)
  await recordWrites(em, at, writesOf(context, input.pass, rows, outcomes))
  await saveRecordResults(em, input.runId, outcomes.results)
  await markSourceVersions(em, context, input)
  await closeIntents(
    em,
    rows.flatMap((row) => row.intentIds),
  )
  await addCounts(em, input.jobId, { ...outcomes.counts, ignored: outcomes.ignored })
  return released(em, context, outcomes, rows, side)
}

/**
 * The outcomes of the page, with the couplings that its creations made. Where a record was coupled with another one while its partner
 * was being created, the new record is a stray, and its source waits for the next look.
 */
async function coupled(
  em: EntityManager,
  context: MappingContext,
  input: RecordPageInput,
  rows: readonly DecidedRow[],
): Promise<Outcomes> {
  const whole = gathered(context, input, rows)
  // First of all: a restored record's new coupling takes the place of its old one.
  await removeCouplings(em, context.mapping.id, whole.couplingsRemoved)
  const made = await insertCouplings(em, couplingTarget(context), whole.couplingsMade)
  const refused = whole.couplingsMade.filter(({ id }) => !made.has(id))
  if (refused.length === 0) return whole
  const source = sourceOf(input.pass)
  const idOn = (side: Side, { localId, integrationId }: NewCoupling) =>
    side === Side.local ? localId : integrationId
  const strays = rows.flatMap((row) => {
    const { decision, written } = row
    if (decision.outcome !== 'inserted' && decision.outcome !== 'restored') return []
    const side = decision.outcome === 'inserted' ? otherSide(source) : decision.side
    const record = side === source ? written?.source : written?.destination
    const from = side === source ? row.destination : row.source
    if (record === null || record === undefined || from === null) return []
    return refused.some((coupling) => idOn(side, coupling) === record.id)
      ? [{ row, side, record, source: from }]
      : []
  })
  await recordStrays(em, context, input, strays)
  const lost = new Set(strays.map(({ row }) => row))
  return gathered(
    context,
    input,
    rows.map((row) => (lost.has(row) ? { ...row, couplingId: null, decision: busy() } : row)),
  )
}

function gathered(context: MappingContext, input: RecordPageInput, rows: readonly DecidedRow[]): Outcomes {
  const outcomes = new Outcomes()
  for (const row of rows) new RowRecorder(context, input, outcomes, row).record()
  return outcomes
}

/** Every write of the page, with the couplings that creations made. */
function writesOf(
  context: MappingContext,
  pass: PassDirection,
  rows: readonly DecidedRow[],
  outcomes: Outcomes,
): readonly NewWrite[] {
  const source = sourceOf(pass)
  const made = new Map(
    outcomes.couplingsMade.flatMap(({ id, localId, integrationId }) => [
      [`${Side.local}:${localId}`, id],
      [`${Side.integration}:${integrationId}`, id],
    ]),
  )
  return rows.flatMap((row) => {
    // Of a restored pair one of the two ids is new.
    const couplingId =
      made.get(`${source}:${row.sourceId}`) ?? made.get(`${otherSide(source)}:${row.destinationId}`)
    return writesOfRow(context, pass, row, couplingId ?? null)
  })
}

/** Ends the waits that the couplings of this page end, and of its own records those that have ended meanwhile. */
async function released(
  em: EntityManager,
  context: MappingContext,
  outcomes: Outcomes,
  rows: readonly DecidedRow[],
  side: Side,
): Promise<readonly string[]> {
  const at = { id: context.mapping.id, connectionId: context.connection.id, name: context.mapping.name }
  // A matched pair was coupled before it was written.
  const met = rows.flatMap((row) => {
    if (row.decision.partner === null || row.couplingId === null || row.destinationId === null) return []
    return side === Side.local
      ? [{ localId: row.sourceId, integrationId: row.destinationId }]
      : [{ localId: row.destinationId, integrationId: row.sourceId }]
  })
  const waitedFor = outcomes.errors.flatMap(({ state }) => state?.waitsFor?.id ?? [])
  return [
    ...(await releaseWaiting(em, at, [...outcomes.couplingsMade, ...met])),
    ...(await releaseOwn(em, at, waitedFor)),
  ]
}

/**
 * An outcome without a write has no intent that would keep others away: where someone has settled the pair since it was
 * compared, the record waits for the next look instead.
 */
function withoutOvertaken(
  rows: readonly DecidedRow[],
  revisions: ReadonlyMap<string, number>,
): readonly DecidedRow[] {
  const compared = rows.filter(
    (row) =>
      row.couplingId !== null &&
      row.intentIds.length === 0 &&
      (row.destination !== null || row.state !== null || row.decision.outcome !== 'unchanged'),
  )
  const overtaken = new Set(
    compared.filter(
      (row) => row.couplingId !== null && revisions.get(row.couplingId) !== row.couplingRevision,
    ),
  )
  if (overtaken.size === 0) return rows
  return rows.map((row) => {
    if (!overtaken.has(row) || row.couplingId === null) return row
    return { ...row, couplingId: revisions.has(row.couplingId) ? row.couplingId : null, decision: busy() }
  })
}

/**
 * Marks what was read as handled: of a scheduled pass the versions that the next one may read again; of a person's choice
 * both sides, so that no later pass takes it for a change nobody has looked at (timeline 6).
 */
async function markSourceVersions(
  em: EntityManager,
  context: MappingContext,
  input: RecordPageInput,
): Promise<void> {
  const side = sourceOf(input.pass)
  const versionsOf = (records: readonly (RecordSnapshot | null)[]) =>
    records.flatMap((record) =>
      record === null || record.version === ''
        ? []
        : [{ id: record.id, version: record.version, stamp: record.stamp }],
    )
  const mark = { mappingId: context.mapping.id, jobId: input.jobId }
  if (input.scope?.kind === 'resolve') {
    await markHandled(
      em,
      { ...mark, side, revision: null },
      versionsOf(input.rows.map((row) => row.written?.source ?? row.source)),
    )
    await markHandled(
      em,
      { ...mark, side: otherSide(side), revision: null },
      versionsOf(input.rows.map((row) => row.written?.destination ?? row.destination)),
    )
    return
  }
  const from = input.handledFrom
  if (input.scope !== null || from === null) return
  const again = input.rows.filter(
    (row) =>
      row.source !== null &&
      (row.origin === 'pending' || row.origin === 'deletion' || row.source.stamp >= from),
  )
  await markHandled(
    em,
    { ...mark, side, revision: input.watermarkRevision },
    versionsOf(again.map((row) => row.source)),
  )
}
