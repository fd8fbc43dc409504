import type { FieldDifference, FieldDifferenceKind, WriteRehearsal } from './rehearsal.js'
import type { DecisionDifference, DecisionDifferenceKind } from './rehearse-decision.js'
import type { Side } from './value.js'

/** The most examples of one kind. */
export const MOST_EXAMPLES = 50

/** Which recorded change an example is of. */
export interface RehearsedRecord {
  readonly writeId: string
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly integrationName: string | null
}

export interface FieldExample extends RehearsedRecord, FieldDifference {
  /** A value of the source was not recorded then: it was read now. */
  readonly readNow: boolean
}

/** One field of one side, and how it differs. */
export interface FieldReport {
  readonly side: Side
  readonly field: string
  readonly kind: FieldDifferenceKind
  readonly count: number
  readonly examples: readonly FieldExample[]
}

export interface DecisionExample extends RehearsedRecord, DecisionDifference {}

export interface DecisionReport {
  readonly kind: DecisionDifferenceKind
  readonly count: number
  readonly examples: readonly DecisionExample[]
}

/** JSON-safe. */
export interface RehearsalReport {
  /** Recorded changes that were rehearsed; of them those in which anything differs. */
  readonly changes: number
  readonly differing: number
  /** When the oldest and the newest of them were written; ISO 8601. */
  readonly from: string | null
  readonly to: string | null
  readonly entersFilter: number
  readonly leavesFilter: number
  readonly fields: readonly FieldReport[]
  /** Pairs that were decided again, and in how many that differs. */
  readonly decided: number
  readonly decisions: readonly DecisionReport[]
  /** What could not be rehearsed, and why, as sentences. */
  readonly notRehearsed: readonly { readonly reason: string; readonly count: number }[]
}

/** Gathers the differences of one change after the other. */
export class ReportBuilder {
  private changes = 0
  private differing = 0
  private entersFilter = 0
  private leavesFilter = 0
  private decided = 0
  private from: string | null = null
  private to: string | null = null
  private readonly fields = new Map<
    string,
    { report: FieldReport; examples: FieldExample[]; count: number }
  >()
  private readonly decisions = new Map<
    DecisionDifferenceKind,
    { examples: DecisionExample[]; count: number }
  >()
  private readonly reasons = new Map<string, number>()

  /** `at`: ISO 8601. `readNow`: the source's fields that were not recorded then. */
  add(
    record: RehearsedRecord,
    at: string,
    side: Side,
    rehearsal: WriteRehearsal,
    isReadNow: (field: string) => boolean,
  ): void {
    this.changes += 1
    if (this.from === null || at < this.from) this.from = at
    if (this.to === null || at > this.to) this.to = at
    if (rehearsal.differences.length > 0) this.differing += 1
    if (rehearsal.filter === 'ENTERS') this.entersFilter += 1
    if (rehearsal.filter === 'LEAVES') this.leavesFilter += 1
    for (const difference of rehearsal.differences) {
      const { field, kind } = difference
      const key = JSON.stringify([side, field, kind])
      const known = this.fields.get(key) ?? {
        report: { side, field, kind, count: 0, examples: [] },
        examples: [],
        count: 0,
      }
      this.fields.set(key, known)
      known.count += 1
      if (known.examples.length < MOST_EXAMPLES)
        known.examples.push({ ...record, ...difference, readNow: isReadNow(field) })
    }
  }

  addDecision(record: RehearsedRecord, difference: DecisionDifference | null): void {
    this.decided += 1
    if (difference === null) return
    const known = this.decisions.get(difference.kind) ?? { examples: [], count: 0 }
    this.decisions.set(difference.kind, known)
    known.count += 1
    if (known.examples.length < MOST_EXAMPLES) known.examples.push({ ...record, ...difference })
  }

  /** Something that cannot be rehearsed. */
  leaveOut(reason: string, count = 1): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + count)
  }

  report(): RehearsalReport {
    const { changes, differing, from, to, entersFilter, leavesFilter, decided } = this
    return {
      changes,
      differing,
      from,
      to,
      entersFilter,
      leavesFilter,
      fields: [...this.fields.values()]
        .map(({ report, examples, count }) => ({ ...report, examples, count }))
        .toSorted((left, right) => right.count - left.count),
      decided,
      decisions: [...this.decisions].map(([kind, { examples, count }]) => ({ kind, count, examples })),
      notRehearsed: [...this.reasons].map(([reason, count]) => ({ reason, count })),
    }
  }
}
