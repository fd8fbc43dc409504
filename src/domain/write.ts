import type { Row } from './decision.js'
import type { Value } from './value.js'

/** What a write did with one record. */
export const WriteKind = { create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const
export type WriteKind = (typeof WriteKind)[keyof typeof WriteKind]

/** One field of a write. Of a creation `before` is blank, of a deletion `after` is. */
export interface WrittenField {
  readonly field: string
  readonly before: Value
  readonly after: Value
  /** `before` stood nowhere else: its side had changed it, or the sides had never agreed on it (engine rule 5). */
  readonly lost: boolean
}

/** Why something was written: a row of the decision table, or work of the engine's own. */
export type WriteRow = Row | 'settled' | 'undone'

/** Every row in words; those that write nothing have none. */
const REASONS: Readonly<Record<WriteRow, string | null>> = {
  1: null,
  2: null,
  3: null,
  4: 'The other record of the pair was deleted: Resolve Deletion Conflicts, or a person, said what to do with this one.',
  5: null,
  6: null,
  7: null,
  8: 'The two records had just been coupled: blanks were filled from the other side, and differences settled as the mapping says.',
  9: 'The record was new and had no partner, so it was created on the other side.',
  10: null,
  11: null,
  12: 'The mapping is one-way, and its source was changed, or differed in an unconditional run.',
  13: null,
  14: 'Only one of the two records was changed since the last synchronization: its changes were carried.',
  15: 'Both records were changed since the last synchronization: Resolve Update Conflicts, or the owner of the field, decided.',
  16: 'Both records were changed, each in fields of its own: the changes were merged.',
  17: 'The record was changed before a person synchronized the pair: Resolve Update Conflicts decided.',
  18: null,
  forced: 'A person synchronized this record in this direction.',
  resolved: 'A person chose which changes of the pair to keep.',
  merged: 'A person merged the changes of both records.',
  coupling: null,
  given: 'A person coupled the two records.',
  settled: 'A write that was interrupted was found to have landed, or was carried through.',
  undone: 'A person undid an earlier write.',
}

/** Why something was written, as a sentence for people. `row` as the history keeps it. */
export function reasonOf(row: string): string {
  const reasons: Readonly<Record<string, string | null>> = REASONS
  return reasons[row] ?? `Decided by row ${row} of the decision table.`
}
