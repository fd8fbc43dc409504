import { otherSide, Side } from '../domain/value.js'
import { DELETION_REASONS } from './bereft-rows.js'
import { RecordedRow } from './recorded-row.js'

/** What becomes of a coupling of which one side is gone. */
export abstract class RecordedDeletion extends RecordedRow {
  /** The record has a new id, so its coupling gives way to a new one. */
  protected restored(side: Side): void {
    const { row, outcomes } = this
    const isSource = side === this.sourceSide
    const survivor = isSource ? row.destination : row.source
    const created = (isSource ? row.written?.source : row.written?.destination) ?? null
    if (survivor === null || created === null)
      throw new Error(`The partner of record ${row.sourceId} was restored, but its answer is missing.`)
    const [local, integration] = side === Side.local ? [created, survivor] : [survivor, created]
    outcomes.couplingsMade.push(this.made(local, integration, otherSide(side)))
    this.removed()
  }

  /** The coupling goes, and its state with it. */
  protected removed(): void {
    const { row, outcomes } = this
    if (row.couplingId !== null) outcomes.couplingsRemoved.push(row.couplingId)
    this.result('APPLIED', null)
    outcomes.resolvedKeys.push(this.key)
  }

  protected deletedOther(): void {
    if (this.row.written === null) throw new Error(`The survivor of ${this.row.sourceId} was not deleted.`)
    this.removed()
  }

  /** Noted and uncounted: the end of the pass decides. What is noted about a deletion already stays. */
  protected deferred(gone: Side): void {
    const { row, outcomes } = this
    if (row.state !== null && DELETION_REASONS.has(row.state.reason)) return
    const state = this.state('PENDING', 'DELETION', null, row.state?.attempts ?? 0, 0, null)
    outcomes.states.push({ ...state, goneSide: gone })
  }
}
