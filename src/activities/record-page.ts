import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConflictDetail } from '../domain/conflict.js'
import type { Base, SynchronizedBy } from '../domain/coupling.js'
import type { IgnoredReason } from '../domain/decision.js'
import type { Failure } from '../domain/failure.js'
import { mappedValue, type PassDirection } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { RecordResultOutcome, RunScope } from '../domain/run.js'
import { passFrom, sourceOf } from '../domain/settle.js'
import { afterFailure, isRetry } from '../domain/skip-policy.js'
import { assertNever, otherSide, Side } from '../domain/value.js'
import {
  insertCouplings,
  lockRevisions,
  removeCouplings,
  updateCouplings,
  type CouplingUpdate,
  type NewCoupling,
} from '../persistence/queries/couplings.js'
import { recordErrors, recordKey, resolveErrors, type NewError } from '../persistence/queries/errors.js'
import { markHandled } from '../persistence/queries/handled-versions.js'
import { closeIntents } from '../persistence/queries/intents.js'
import { addCounts, recordLostValues, saveRecordResults } from '../persistence/queries/jobs.js'
import {
  removeStatesOf,
  savePendingUnlessKnown,
  saveStates,
  type NewState,
} from '../persistence/queries/record-states.js'
import { nameOf, type MappingContext } from './mapping-context.js'
import { busy, type DecidedRow } from './page-format.js'

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

/** Everything a page leaves behind, gathered in memory and then written with one statement per kind. */
class Outcomes {
  readonly couplingsMade: NewCoupling[] = []
  readonly couplingUpdates: CouplingUpdate[] = []
  readonly couplingsRemoved: string[] = []
  readonly states: NewState[] = []
  readonly pending: NewState[] = []
  readonly settledCouplings: string[] = []
  readonly settledRecords: string[] = []
  readonly errors: { readonly error: NewError; readonly state: NewState }[] = []
  readonly resolvedKeys: string[] = []
  readonly lost: Parameters<typeof recordLostValues>[2][number][] = []
  readonly results: Parameters<typeof saveRecordResults>[2][number][] = []
  readonly counts = {
    inserted: 0,
    modified: 0,
    deleted: 0,
    unchanged: 0,
    skipped: 0,
    failed: 0,
    conflicts: 0,
    retried: 0,
  }
  readonly ignored: Partial<Record<IgnoredReason, number>> = {}
}

/** Records the outcomes of a page. Must run in the transaction that has checked the page's lease. */
export async function recordPage(
  em: EntityManager,
  context: MappingContext,
  input: RecordPageInput,
): Promise<void> {
  const outcomes = new Outcomes()
  const rows = await withoutOvertaken(em, input.rows)
  for (const row of rows) new RowRecorder(context, input, outcomes, row).record()
  const side = sourceOf(input.pass)
  await insertCouplings(em, couplingTarget(context), outcomes.couplingsMade)
  await updateCouplings(em, input.jobId, outcomes.couplingUpdates)
  await removeStatesOf(em, context.mapping.id, outcomes.settledCouplings, side, outcomes.settledRecords)
  const at = { mappingId: context.mapping.id, runId: input.runId, jobId: input.jobId, direction: input.pass }
  const errorIds = await recordErrors(
    em,
    at,
    outcomes.errors.map(({ error }) => error),
  )
  await saveStates(em, context.mapping.id, [
    ...outcomes.errors.map(({ error, state }) => ({
      ...state,
      errorId: errorIds.get(error.recordKey) ?? null,
    })),
    ...outcomes.states,
  ])
  await savePendingUnlessKnown(em, context.mapping.id, outcomes.pending)
  await resolveErrors(em, context.mapping.id, outcomes.resolvedKeys)
  await removeCouplings(em, context.mapping.id, outcomes.couplingsRemoved)
  await recordLostValues(em, at, outcomes.lost)
  await saveRecordResults(em, input.runId, outcomes.results)
  await markSourceVersions(em, context, input)
  await closeIntents(
    em,
    rows.flatMap((row) => row.intentIds),
  )
  await addCounts(em, input.jobId, { ...outcomes.counts, ignored: outcomes.ignored })
}

/**
 * An outcome without a write has no intent that would keep others away: where someone has settled the pair since it was
 * compared, the record waits for the next look instead.
 */
async function withoutOvertaken(
  em: EntityManager,
  rows: readonly DecidedRow[],
): Promise<readonly DecidedRow[]> {
  const compared = rows.filter(
    (row) =>
      row.couplingId !== null &&
      row.intentIds.length === 0 &&
      (row.destination !== null || row.state !== null || row.decision.outcome !== 'unchanged'),
  )
  const revisions = await lockRevisions(
    em,
    compared.flatMap((row) => (row.couplingId === null ? [] : [row.couplingId])),
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

export function couplingTarget(context: MappingContext) {
  return {
    id: context.mapping.id,
    connectionId: context.connection.id,
    localTable: context.definition.localTable,
    integrationTable: context.definition.integrationTable,
  }
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
    (row) => row.source !== null && (row.origin === 'pending' || row.source.stamp >= from),
  )
  await markHandled(
    em,
    { ...mark, side, revision: input.watermarkRevision },
    versionsOf(again.map((row) => row.source)),
  )
}

/** One record's outcome. */
class RowRecorder {
  private readonly sourceSide: Side
  private readonly key: string

  constructor(
    private readonly context: MappingContext,
    private readonly input: RecordPageInput,
    private readonly outcomes: Outcomes,
    private readonly row: DecidedRow,
  ) {
    this.sourceSide = sourceOf(input.pass)
    this.key = recordKey(row.couplingId, this.sourceSide, row.sourceId)
  }

  record(): void {
    const { row, outcomes } = this
    // It was left pending while it was not coupled; from now on its coupling carries its state.
    const isFresh = row.couplingId !== null && row.decision.partner !== null
    if (row.couplingId !== null && (row.origin === 'pending' || isFresh))
      outcomes.settledRecords.push(row.sourceId)
    if (isFresh) outcomes.resolvedKeys.push(recordKey(null, this.sourceSide, row.sourceId))
    if (this.isRetried() && !this.isLeftToOtherPass()) outcomes.counts.retried += 1
    if (row.refused !== null) return this.failed(row.refused)
    const decision = row.decision
    switch (decision.outcome) {
      case 'inserted':
        outcomes.counts.inserted += 1
        return this.inserted()
      case 'modified':
        outcomes.counts.modified += 1
        this.result('APPLIED', null)
        return this.modified(decision.writes)
      case 'unchanged':
        outcomes.counts.unchanged += 1
        this.result('UNCHANGED', null)
        return this.unchanged(decision.refresh, decision.pendingFor)
      case 'deleted':
        outcomes.counts.deleted += 1
        if (row.couplingId !== null) outcomes.couplingsRemoved.push(row.couplingId)
        this.result('APPLIED', null)
        return void outcomes.resolvedKeys.push(this.key)
      case 'skipped':
        outcomes.counts.skipped += 1
        return undefined
      case 'ignored':
        return this.ignored(decision.reason)
      case 'failed':
        return this.failed(decision.failure)
      case 'conflict':
        outcomes.counts.conflicts += 1
        this.result('FAILED', decision.failure.message, decision.detail)
        return this.unsettled(decision.failure, decision.detail)
      case 'destinationChanged':
        outcomes.counts.unchanged += 1
        return this.result('DESTINATION_CHANGED', null, decision.detail)
      case 'changedSince':
        outcomes.counts.skipped += 1
        this.result('CHANGED_SINCE', null, decision.detail)
        return this.shown(decision.detail)
      default:
        return assertNever(decision)
    }
  }

  private isRetried(): boolean {
    const { state } = this.row
    return state !== null && !state.skipped && isRetry(state.reason)
  }

  private isLeftToOtherPass(): boolean {
    const { decision, refused } = this.row
    return refused === null && decision.outcome === 'unchanged' && decision.pendingFor !== null
  }

  private inserted(): void {
    const { row, outcomes } = this
    const source = row.source
    const destination = row.written?.destination ?? null
    if (source === null || destination === null)
      throw new Error(`Record ${row.sourceId} was created, but its answer is missing.`)
    const [local, integration] = this.bySide(source, destination)
    const { base, integrationVersion, localVersion, ...coupling } = this.update(
      randomUUID(),
      local,
      integration,
      null,
    )
    outcomes.couplingsMade.push({
      ...coupling,
      localId: local.id,
      integrationId: integration.id,
      synchronized: {
        jobId: this.input.jobId,
        localVersion,
        integrationVersion,
        base,
        last: { by: this.by(), source: this.sourceSide },
      },
    })
    if (row.state !== null) outcomes.settledRecords.push(row.sourceId)
    outcomes.resolvedKeys.push(recordKey(null, this.sourceSide, row.sourceId))
  }

  private modified(writes: { readonly local: unknown; readonly integration: unknown }): void {
    const { row, outcomes } = this
    const source = row.written?.source ?? row.source
    const destination = row.written?.destination ?? row.destination
    if (source === null || destination === null || row.couplingId === null) {
      throw new Error(`Record ${row.sourceId} was written, but one of its sides is missing.`)
    }
    const [local, integration] = this.bySide(source, destination)
    const both = writes.local !== null && writes.integration !== null
    const from = writes.integration === null ? Side.integration : Side.local
    const asked = this.input.scope?.kind === 'resolve' ? this.input.scope.keep : from
    outcomes.couplingUpdates.push(
      this.update(row.couplingId, local, integration, { by: this.by(), source: both ? null : asked }),
    )
    this.settled()
    if (row.decision.outcome !== 'modified') return
    for (const lost of row.decision.lost) {
      outcomes.lost.push({
        couplingId: row.couplingId,
        localId: local.id,
        integrationId: integration.id,
        row: String(row.decision.row),
        lost,
      })
    }
  }

  private unchanged(refresh: boolean, pendingFor: PassDirection | null): void {
    const { row, outcomes } = this
    if (row.couplingId === null) return
    if (pendingFor !== null) {
      // The other pass is the one that tries it again, so it must still see that this is a retry.
      const reason = this.isRetried() ? 'RETRY' : 'OTHER_PASS'
      return void outcomes.states.push(
        this.state('PENDING', reason, pendingFor, row.state?.attempts ?? 0, 0, null),
      )
    }
    const refreshes = refresh && this.needsRefresh()
    if (refreshes && row.source !== null && row.destination !== null) {
      const [local, integration] = this.bySide(row.source, row.destination)
      const last = this.lastAfterRefresh()
      outcomes.couplingUpdates.push(this.update(row.couplingId, local, integration, last))
    }
    if (refreshes || row.state !== null) this.settled()
  }

  /** Row 10 writes nothing where versions stand as they are; all others take what was read. */
  private needsRefresh(): boolean {
    const { row } = this
    if (row.coupling === null || row.coupling.base === null || row.decision.row !== 10) return true
    const [local, integration] = [row.coupling.local.version, row.coupling.integration.version]
    const read =
      this.sourceSide === Side.local ? [row.source, row.destination] : [row.destination, row.source]
    return read[0]?.version !== local || read[1]?.version !== integration
  }

  private lastAfterRefresh(): CouplingUpdate['last'] {
    const { row, input } = this
    if (input.scope?.kind === 'resolve') return { by: 'MANUAL', source: input.scope.keep }
    if (input.scope?.kind === 'forced') return { by: 'MANUAL', source: this.sourceSide }
    return row.decision.row === 10 ? null : { by: 'JOB', source: this.sourceSide }
  }

  private ignored(reason: IgnoredReason): void {
    const { row, outcomes } = this
    outcomes.ignored[reason] = (outcomes.ignored[reason] ?? 0) + 1
    if (reason === 'BUSY') {
      this.result(
        'FAILED',
        'Another run or person is working on this record, or the outcome of an earlier write is not known yet. Try again shortly.',
      )
      outcomes.pending.push(this.state('PENDING', 'BUSY', this.input.pass, 0, 0, null))
      return
    }
    this.result('FAILED', IGNORED_MESSAGES[reason])
    if (row.state !== null && !row.state.skipped) {
      if (row.couplingId === null) outcomes.settledRecords.push(row.sourceId)
      else this.endPending(row.couplingId, row.state)
    }
  }

  /** The source has left its filter: what waits for this pass ends, what waits for the other one does not. */
  private endPending(couplingId: string, state: NonNullable<DecidedRow['state']>): void {
    const { input, outcomes, context } = this
    const isOneWay = context.definition.direction !== 'BIDIRECTIONAL'
    if (isOneWay || state.direction === input.pass) outcomes.settledCouplings.push(couplingId)
    else if (state.direction === null) {
      const otherPass = passFrom(otherSide(this.sourceSide))
      outcomes.states.push(this.state('PENDING', state.reason, otherPass, state.attempts, 0, null))
    }
  }

  private failed(failure: Failure): void {
    this.outcomes.counts.failed += 1
    this.result('FAILED', `${failure.message} ${failure.remedy}`)
    this.unsettled(failure, null)
  }

  private unsettled(failure: Failure, detail: ConflictDetail | null): void {
    const { row, context, input, outcomes } = this
    const after = afterFailure(failure.errorClass, row.state?.attempts ?? 0, input.maximumAttempts)
    const destinationSide = otherSide(this.sourceSide)
    const state = this.state(
      after.state,
      failure.errorClass,
      input.pass,
      after.attempts,
      after.waitRuns,
      detail,
    )
    outcomes.errors.push({
      state,
      error: {
        recordKey: this.key,
        couplingId: row.couplingId,
        failure,
        table: context.tables[destinationSide].name,
        sourceSide: this.sourceSide,
        sourceId: row.sourceId,
        sourceName: nameOf(context.tables[this.sourceSide], row.source),
        destinationId: row.destinationId,
        destinationName: nameOf(context.tables[destinationSide], row.destination),
        detail,
      },
    })
  }

  /** A person's choice did not stand: the skipped record shows the state as it is now. */
  private shown(detail: ConflictDetail): void {
    const { row } = this
    if (row.state === null) return
    this.outcomes.states.push(
      this.state('SKIPPED', row.state.reason, this.input.pass, row.state.attempts, 0, detail),
    )
  }

  private settled(): void {
    const { row, outcomes } = this
    if (row.couplingId !== null) outcomes.settledCouplings.push(row.couplingId)
    if (row.state !== null && row.decision.partner !== null) outcomes.settledRecords.push(row.sourceId)
    outcomes.resolvedKeys.push(this.key)
    if (row.decision.partner !== null)
      outcomes.resolvedKeys.push(recordKey(null, this.sourceSide, row.sourceId))
  }

  private result(
    outcome: RecordResultOutcome,
    message: string | null,
    detail: ConflictDetail | null = null,
  ): void {
    const { row, input, outcomes } = this
    if (input.scope === null || row.couplingId === null) return
    outcomes.results.push({ couplingId: row.couplingId, outcome, message, detail })
  }

  private state(
    state: NewState['state'],
    reason: NewState['reason'],
    direction: PassDirection | null,
    attempts: number,
    waitRuns: number,
    detail: ConflictDetail | null,
  ): NewState {
    const { row } = this
    const [local, integration] =
      this.sourceSide === Side.local ? [row.source, row.destination] : [row.destination, row.source]
    return {
      couplingId: row.couplingId,
      side: this.sourceSide,
      recordId: row.sourceId,
      state,
      direction,
      reason,
      attempts,
      dueAtRun: waitRuns === 0 ? 0 : this.context.mapping.runCount + waitRuns,
      localVersion: local?.version ?? null,
      integrationVersion: integration?.version ?? null,
      detail,
      errorId: null,
    }
  }

  private bySide(
    source: RecordSnapshot,
    destination: RecordSnapshot,
  ): readonly [RecordSnapshot, RecordSnapshot] {
    return this.sourceSide === Side.local ? [source, destination] : [destination, source]
  }

  private by(): SynchronizedBy {
    const kind = this.input.scope?.kind
    return kind === 'forced' || kind === 'resolve' ? 'MANUAL' : 'JOB'
  }

  private update(
    id: string,
    local: RecordSnapshot,
    integration: RecordSnapshot,
    last: CouplingUpdate['last'],
  ): CouplingUpdate {
    const { context } = this
    return {
      id,
      localVersion: local.version === '' ? null : local.version,
      integrationVersion: integration.version === '' ? null : integration.version,
      localStamp: local.stamp,
      integrationStamp: integration.stamp,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
      base: baseOf(context, local, integration),
      last,
    }
  }
}

/** What both sides hold after a success, per mapped field (engine rule 4). Throws when a field was not read. */
export function baseOf(context: MappingContext, local: RecordSnapshot, integration: RecordSnapshot): Base {
  return Object.fromEntries(
    context.definition.fields.map((field) => [
      field.name,
      {
        local: mappedValue(field, Side.local, local.values),
        integration: mappedValue(field, Side.integration, integration.values),
      },
    ]),
  )
}

const IGNORED_MESSAGES: Record<Exclude<IgnoredReason, 'BUSY'>, string> = {
  DELETED_AT_SOURCE: 'The record was deleted and is not coupled.',
  OUT_OF_FILTER: 'The record lies outside the filter of its mapping and is not synchronized.',
  NOT_COUPLED: 'The record is not coupled, and the mapping synchronizes only coupled records.',
}
