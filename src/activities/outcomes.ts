import type { IgnoredReason } from '../domain/decision.js'
import type { CouplingUpdate, NewCoupling } from '../persistence/queries/couplings.js'
import type { NewError } from '../persistence/queries/errors.js'
import type { saveRecordResults } from '../persistence/queries/jobs.js'
import type { NewState } from '../persistence/queries/record-states.js'

/** Everything a page leaves behind, gathered in memory and then written with one statement per kind. */
export class Outcomes {
  readonly couplingsMade: NewCoupling[] = []
  readonly couplingUpdates: CouplingUpdate[] = []
  readonly couplingsRemoved: string[] = []
  /** Couplings whose rounds of edits against each other were stopped: they count anew. */
  readonly flapsForgotten: string[] = []
  readonly states: NewState[] = []
  readonly pending: NewState[] = []
  readonly settledCouplings: string[] = []
  readonly settledRecords: string[] = []
  /** Of the other side: what was left unsettled while they were not coupled. */
  readonly settledPartners: string[] = []
  /** `state` null: told, and left as it is. */
  readonly errors: { readonly error: NewError; readonly state: NewState | null }[] = []
  readonly resolvedKeys: string[] = []
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
    /** Couplings with existing records are counted by the transaction that makes them. */
    coupled: 0,
    uncoupled: 0,
  }
  readonly ignored: Partial<Record<IgnoredReason, number>> = {}
}
