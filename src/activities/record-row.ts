import type { ConflictDetail } from '../domain/conflict.js'
import { keptSide } from '../domain/choice.js'
import type { IgnoredReason } from '../domain/decision.js'
import type { Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import { passFrom } from '../domain/mapping.js'
import { afterFailure } from '../domain/skip-policy.js'
import { assertNever, otherSide, Side } from '../domain/value.js'
import type { CouplingUpdate } from '../persistence/queries/couplings.js'
import { recordKey, type NewError } from '../persistence/queries/errors.js'
import { nameOf } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'
import { RecordedDeletion } from './recorded-deletion.js'

/** One record's outcome. */
export class RowRecorder extends RecordedDeletion {
  record(): void {
    const { row, outcomes } = this
    // It was left pending while it was not coupled; from now on its coupling carries its state.
    const isFresh = row.couplingId !== null && row.decision.partner !== null
    if (row.couplingId !== null && (row.origin === 'pending' || isFresh))
      outcomes.settledRecords.push(row.sourceId)
    if (isFresh) {
      outcomes.resolvedKeys.push(recordKey(null, this.sourceSide, row.sourceId))
      if (row.destinationId !== null) {
        outcomes.resolvedKeys.push(recordKey(null, otherSide(this.sourceSide), row.destinationId))
        outcomes.settledPartners.push(row.destinationId)
      }
    }
    if (this.isRetried() && !this.isLeftToOtherPass() && row.decision.outcome !== 'deferred')
      outcomes.counts.retried += 1
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
      case 'coupled':
        outcomes.counts.unchanged += 1
        return this.result('COUPLED', null)
      case 'deleted':
        outcomes.counts.deleted += 1
        return this.removed()
      case 'uncoupled':
        outcomes.counts.deleted += 1
        outcomes.counts.uncoupled += 1
        return this.removed()
      case 'restored':
        outcomes.counts.inserted += 1
        return this.restored(decision.side)
      case 'deletedOther':
        outcomes.counts.deleted += 1
        return this.deletedOther()
      case 'deferred':
        return this.deferred(decision.gone)
      case 'notApplicable':
        outcomes.counts.unchanged += 1
        return this.result(decision.changedSince === true ? 'CHANGED_SINCE' : 'FAILED', decision.message)
      case 'skipped':
        outcomes.counts.skipped += 1
        return undefined
      case 'ignored':
        return this.ignored(decision.reason)
      case 'failed':
        return this.failed(decision.failure)
      case 'unmatched':
        outcomes.counts.failed += 1
        return void outcomes.errors.push({ state: null, error: this.error(decision.failure, null) })
      case 'conflict':
        outcomes.counts.conflicts += 1
        if (row.flap === null && row.couplingId !== null) outcomes.flapsForgotten.push(row.couplingId)
        this.result('FAILED', decision.failure.message, decision.detail)
        return this.unsettled(decision.failure, decision.detail)
      case 'destinationChanged':
        outcomes.counts.unchanged += 1
        return this.result('DESTINATION_CHANGED', null, decision.detail)
      case 'changedSince':
        outcomes.counts.skipped += 1
        this.result('CHANGED_SINCE', null, decision.detail)
        return this.shown(decision.detail)
      case 'undone':
        throw new Error(`Record ${row.sourceId} is undone, which is recorded apart.`)
      default:
        return assertNever(decision)
    }
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
    const made = this.made(local, integration, this.sourceSide)
    outcomes.couplingsMade.push(made)
    this.result('APPLIED', null, null, made)
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
    const asked = this.input.scope?.kind === 'resolve' ? keptSide(this.input.scope.choice) : from
    outcomes.couplingUpdates.push({
      ...this.update(row.couplingId, local, integration, { by: this.by(), source: both ? null : asked }),
      ...(row.flap !== undefined && { flap: row.flap }),
    })
    this.settled()
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
    if (input.scope?.kind === 'resolve') return { by: 'MANUAL', source: keptSide(input.scope.choice) }
    if (input.scope?.kind === 'merge') return { by: 'MANUAL', source: null }
    if (input.scope?.kind === 'forced') return { by: 'MANUAL', source: this.sourceSide }
    if (input.scope?.kind === 'couple') return { by: 'MANUAL', source: null }
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
    if (reason === 'ALREADY_COUPLED' || reason === 'DELETION_REVIEW' || reason === 'CHANGED_SINCE_PLAN')
      return
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
    const { row, input, outcomes } = this
    const after = afterFailure(failure.errorClass, row.state?.attempts ?? 0, input.maximumAttempts)
    const state = this.state(
      after.state,
      failure.errorClass,
      input.pass,
      after.attempts,
      after.waitRuns,
      detail,
    )
    outcomes.errors.push({
      state: { ...state, waitsFor: failure.waitsFor ?? null },
      error: this.error(failure, detail),
    })
  }

  private error(failure: Failure, detail: ConflictDetail | null): NewError {
    const { row, context } = this
    const destinationSide = otherSide(this.sourceSide)
    return {
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
    }
  }

  /** A person's choice did not stand: the skipped record shows the state as it is now. */
  private shown(detail: ConflictDetail): void {
    const { row } = this
    if (row.state === null) return
    this.outcomes.states.push(
      this.state('SKIPPED', row.state.reason, this.input.pass, row.state.attempts, 0, detail),
    )
  }
}

const IGNORED_MESSAGES: Record<Exclude<IgnoredReason, 'BUSY'>, string> = {
  DELETED_AT_SOURCE: 'The record was deleted and is not coupled.',
  OUT_OF_FILTER: 'The record lies outside the filter of its mapping and is not synchronized.',
  NOT_COUPLED: 'The record is not coupled, and the mapping synchronizes only coupled records.',
  ALREADY_COUPLED: 'The record is coupled already.',
  COUPLED_ELSEWHERE:
    'Another mapping of the connection has coupled the record, and a record has one partner. Let the filters of the two mappings not overlap.',
  CHANGED_SINCE_PLAN:
    'The record is no longer as it was when the plan was made, so it was left alone. Make a new plan.',
  DELETION_REVIEW:
    'The other record was deleted, one of many at once. It waits until the deletions are allowed or rejected.',
}
