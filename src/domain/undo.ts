import { isUnchanged } from './comparison.js'
import type { RecordSnapshot } from './record.js'
import type { TableDefinition } from './schema.js'
import type { Value, Values } from './value.js'
import type { WriteKind, WrittenField } from './write.js'

export const UndoOutcome = {
  undone: 'UNDONE',
  /** Some of it was changed since, and stays as it is. */
  changedSince: 'CHANGED_SINCE',
  gone: 'GONE',
  notPossible: 'NOT_POSSIBLE',
} as const
export type UndoOutcome = (typeof UndoOutcome)[keyof typeof UndoOutcome]

export const UndoneFieldOutcome = {
  setBack: 'SET_BACK',
  /** It held the value from before already. */
  asBefore: 'AS_BEFORE',
  changedSince: 'CHANGED_SINCE',
  /** The system does not let it be changed, or does not have it any more. */
  notWritable: 'NOT_WRITABLE',
} as const
export type UndoneFieldOutcome = (typeof UndoneFieldOutcome)[keyof typeof UndoneFieldOutcome]

/** What becomes of one field of a write that is undone. JSON-safe. */
export interface UndoneField {
  readonly field: string
  /** What stood there before the write. */
  readonly before: Value
  /** What the write had put there. */
  readonly after: Value
  /** What was found there. */
  readonly current: Value
  readonly outcome: UndoneFieldOutcome
}

export interface UndoResult {
  readonly writeId: string
  readonly outcome: UndoOutcome
  readonly message: string | null
  readonly fields: readonly UndoneField[]
}

/** A write that is to be undone. */
export interface UndoableWrite {
  readonly id: string
  readonly kind: WriteKind
  readonly fields: readonly WrittenField[]
  readonly versionBefore: string | null
  readonly versionAfter: string | null
}

export type UndoAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'update'; readonly values: Values; readonly version: string }
  | { readonly kind: 'delete'; readonly version: string }
  /** Anew, under a new id. */
  | { readonly kind: 'create'; readonly values: Values }

/** What is to be done with one record, and the results if it succeeds. */
export interface UndoPlan {
  readonly action: UndoAction
  readonly results: readonly UndoResult[]
}

export interface UndoInput {
  readonly table: TableDefinition
  /** The writes of one record, newest first. */
  readonly writes: readonly UndoableWrite[]
  /** The record as it is now; null: it is gone. */
  readonly record: RecordSnapshot | null
  /** Whether every version of the record from its creation to now is one that our writes made. */
  readonly isUntouched: boolean
  /** Also what was changed since. */
  readonly overwrite: boolean
}

/**
 * Undoes the writes of one record, newest first: a field is set back where it still holds what the write had put there. A created
 * record is deleted where nobody has touched it since; a deleted one is created anew. What was changed since is told and
 * left, unless `overwrite`. Pure.
 */
export function planUndo(input: UndoInput): UndoPlan {
  const { writes, record } = input
  const [newest] = writes
  if (newest?.kind === 'DELETE') {
    return record === null
      ? recreate(input, newest)
      : all(input, 'NOT_POSSIBLE', 'The record that was deleted exists again.')
  }
  if (record === null) return all(input, 'GONE', 'The record does not exist any more.')
  const oldest = writes.at(-1)
  if (oldest?.kind === 'CREATE' && (input.isUntouched || input.overwrite)) {
    return {
      action: { kind: 'delete', version: record.version },
      results: writes.map((write) => result(write, 'UNDONE', 'The record that was created is deleted.')),
    }
  }
  const state = new FieldStates(input.table, record.values, input.overwrite)
  const results = writes.map((write) =>
    write.kind === 'CREATE'
      ? result(
          write,
          'CHANGED_SINCE',
          'The record was changed after it had been created, so it is not deleted.',
        )
      : // Where nothing but the newest write has come, whatever stands there is what it put there.
        state.undo(write, write === newest && write.versionAfter === record.version),
  )
  const values = state.changed()
  const action: UndoAction =
    Object.keys(values).length === 0 ? { kind: 'none' } : { kind: 'update', values, version: record.version }
  return { action, results }
}

/** Nothing is done. */
export function all({ writes }: Pick<UndoInput, 'writes'>, outcome: UndoOutcome, message: string): UndoPlan {
  return { action: { kind: 'none' }, results: writes.map((write) => result(write, outcome, message)) }
}

/** What the deleted record held, with older writes undone as well; of one that did not exist before them nothing is left to do. */
function recreate(input: UndoInput, deletion: UndoableWrite): UndoPlan {
  const { writes, table } = input
  if (writes.at(-1)?.kind === 'CREATE') {
    return all(input, 'UNDONE', 'The record was created and deleted again: it is gone, as it was before.')
  }
  const held = Object.fromEntries(deletion.fields.map(({ field, before }) => [field, before]))
  const state = new FieldStates(table, held, true)
  const older = writes.slice(1).map((write) => state.undo(write, false))
  const values = Object.fromEntries(
    Object.entries({ ...held, ...state.changed() }).filter(
      ([field, value]) => value !== null && isGivenAtCreation(table, field),
    ),
  )
  return {
    action: { kind: 'create', values },
    results: [result(deletion, 'UNDONE', 'The record is created anew, under a new id.'), ...older],
  }
}

function isGivenAtCreation(table: TableDefinition, name: string): boolean {
  const field = table.fields.find((candidate) => candidate.name === name)
  return field !== undefined && field.readOnly !== true
}

function result(write: UndoableWrite, outcome: UndoOutcome, message: string | null): UndoResult {
  return { writeId: write.id, outcome, message, fields: [] }
}

/** The fields of a record while its writes are taken back one by one. */
class FieldStates {
  private readonly current: Record<string, Value>

  constructor(
    private readonly table: TableDefinition,
    private readonly found: Values,
    private readonly overwrite: boolean,
  ) {
    this.current = { ...found }
  }

  undo(write: UndoableWrite, isOurs: boolean): UndoResult {
    const fields = write.fields.map((field) => this.setBack(field, isOurs || this.overwrite))
    const count = (outcome: UndoneFieldOutcome) => fields.filter((field) => field.outcome === outcome).length
    const named = (outcome: UndoneFieldOutcome) =>
      fields
        .filter((field) => field.outcome === outcome)
        .map((field) => this.captionOf(field.field))
        .join(', ')
    const base = { writeId: write.id, fields }
    if (count('CHANGED_SINCE') > 0) {
      const message = `Changed since, and left as it is: ${named('CHANGED_SINCE')}.`
      return { ...base, outcome: 'CHANGED_SINCE', message }
    }
    if (count('NOT_WRITABLE') > 0) {
      const message = `Cannot be set back: ${named('NOT_WRITABLE')}.`
      return { ...base, outcome: 'NOT_POSSIBLE', message }
    }
    const message = count('SET_BACK') === 0 ? 'The record held the values from before already.' : null
    return { ...base, outcome: 'UNDONE', message }
  }

  /** By field, what is to be written; what comes out as it was found is not. */
  changed(): Values {
    return Object.fromEntries(
      Object.entries(this.current).filter(([field, value]) => value !== this.found[field]),
    )
  }

  private setBack({ field, before, after }: WrittenField, anyway: boolean): UndoneField {
    const definition = this.table.fields.find((candidate) => candidate.name === field)
    const current = this.current[field]
    const told = (outcome: UndoneFieldOutcome) => ({
      field,
      before,
      after,
      current: current ?? null,
      outcome,
    })
    if (definition === undefined || current === undefined) return told('NOT_WRITABLE')
    if (isUnchanged(current, before, definition.type)) return told('AS_BEFORE')
    if (definition.readOnly === true || definition.createOnly === true) return told('NOT_WRITABLE')
    if (!anyway && !isUnchanged(current, after, definition.type)) return told('CHANGED_SINCE')
    this.current[field] = before
    return told('SET_BACK')
  }

  private captionOf(field: string): string {
    return this.table.fields.find((candidate) => candidate.name === field)?.caption ?? field
  }
}

/** A write as the history keeps it, as far as the chain of versions goes. */
export interface VersionStep {
  readonly kind: WriteKind
  readonly versionBefore: string | null
  readonly versionAfter: string | null
}

/**
 * Whether every version of a record since its creation is one that our writes made, up to the one it has now. `steps`: all writes
 * of ours to it since then, oldest first. A version that is not known breaks the chain.
 */
export function isUntouchedSince(steps: readonly VersionStep[], version: string): boolean {
  let last: string | null = null
  for (const [place, step] of steps.entries()) {
    if (place > 0 && (last === null || step.versionBefore !== last)) return false
    last = step.versionAfter
  }
  return last !== null && last === version
}
