import { sameValue } from './comparison.js'
import type { Failure } from './failure.js'
import { transferField, type TransferContext } from './field-transfer.js'
import { filterFields, matchesFilter } from './filter.js'
import { templateValues } from './insert.js'
import { fieldOn, mappingCarries, sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { fieldOf, type TableDefinition } from './schema.js'
import { otherSide, Side, type Value } from './value.js'
import type { WriteKind } from './write.js'

/** In what the outcome of a field differs between the mapping in force and the changed one. */
export const FieldDifferenceKind = {
  value: 'VALUE',
  newlyFailing: 'NEWLY_FAILING',
  noLongerFailing: 'NO_LONGER_FAILING',
  newlyCarried: 'NEWLY_CARRIED',
  noLongerCarried: 'NO_LONGER_CARRIED',
} as const
export type FieldDifferenceKind = (typeof FieldDifferenceKind)[keyof typeof FieldDifferenceKind]

/** A mapping as it is rehearsed. */
export interface RehearsedMapping {
  readonly definition: MappingDefinition
  readonly context: TransferContext
}

/** What a mapping makes of one field of the destination. */
type FieldOutcome =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'notCarried' }
  /** The source's value is not known. */
  | { readonly kind: 'unknown' }

/** JSON-safe. `before`, `after`: by the mapping in force, and by the changed one. */
export interface FieldDifference {
  /** Of the destination, by its name there. */
  readonly field: string
  readonly kind: FieldDifferenceKind
  readonly before: Value
  readonly after: Value
  /** Why it fails, under whichever of the two it does. */
  readonly failure: Failure | null
}

/** Of one recorded change, in what the two mappings differ. */
export interface WriteRehearsal {
  readonly differences: readonly FieldDifference[]
  /** The source lies inside the filter of one of the two only. */
  readonly filter: 'ENTERS' | 'LEAVES' | null
  /** Fields of the destination that cannot be rehearsed: a value of the source is not known. */
  readonly unknown: readonly string[]
}

/** A recorded change. */
export interface WriteToRehearse {
  readonly kind: WriteKind
  readonly pass: PassDirection
  /** The record that the change came from, as it was then. */
  readonly source: RecordSnapshot
}

/** Runs one recorded change through the transfer of both mappings. Pure. */
export function rehearseWrite(
  inForce: RehearsedMapping,
  changed: RehearsedMapping,
  write: WriteToRehearse,
): WriteRehearsal {
  const [wasInside, isInside] = [isInFilter(inForce, write), isInFilter(changed, write)]
  const [before, after] = [outcomesOf(inForce, write, wasInside), outcomesOf(changed, write, isInside)]
  const differences: FieldDifference[] = []
  const unknown: string[] = []
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(field) ?? { kind: 'notCarried' }
    const is = after.get(field) ?? { kind: 'notCarried' }
    if (was.kind === 'unknown' || is.kind === 'unknown') unknown.push(field)
    else {
      const kind = differenceOf(tableWritten(changed, write.pass), field, was, is)
      if (kind !== null) differences.push({ field, kind, ...shown(was, is) })
    }
  }
  const filter = wasInside === isInside ? null : isInside ? 'ENTERS' : 'LEAVES'
  return { differences, filter, unknown }
}

type Known = Exclude<FieldOutcome, { kind: 'unknown' }>

function differenceOf(
  table: TableDefinition,
  field: string,
  was: Known,
  is: Known,
): FieldDifferenceKind | null {
  if (was.kind === 'value' && is.kind === 'value') {
    const type = table.fields.find((candidate) => candidate.name === field)?.type
    const same = type === undefined ? was.value === is.value : sameValue(was.value, type, is.value, type)
    return same ? null : 'VALUE'
  }
  if (was.kind === is.kind) return null
  if (is.kind === 'failed') return 'NEWLY_FAILING'
  if (was.kind === 'failed') return is.kind === 'value' ? 'NO_LONGER_FAILING' : 'NO_LONGER_CARRIED'
  return is.kind === 'value' ? 'NEWLY_CARRIED' : 'NO_LONGER_CARRIED'
}

function shown(was: Known, is: Known): Pick<FieldDifference, 'before' | 'after' | 'failure'> {
  const failed = is.kind === 'failed' ? is : was.kind === 'failed' ? was : null
  return {
    before: was.kind === 'value' ? was.value : null,
    after: is.kind === 'value' ? is.value : null,
    failure: failed?.failure ?? null,
  }
}

/** By field of the destination. A record outside the filter is not carried at all. */
function outcomesOf(
  { definition, context }: RehearsedMapping,
  write: WriteToRehearse,
  isInside: boolean,
): ReadonlyMap<string, FieldOutcome> {
  const outcomes = new Map<string, FieldOutcome>()
  if (!isInside) return outcomes
  const { pass, source } = write
  const table = tableWritten({ definition, context }, pass)
  if (write.kind === 'CREATE') {
    for (const [field, value] of Object.entries(templateValues(definition, pass, source, context)))
      outcomes.set(field, { kind: 'value', value })
  }
  for (const field of definition.fields) {
    const destination = fieldOn(field, otherSide(sourceOf(pass)))
    if (destination === null || !mappingCarries(definition, field, pass)) continue
    const isSettable = table.fields.find(({ name }) => name === destination)?.readOnly !== true
    if (!isSettable) continue
    const names = [fieldOn(field, sourceOf(pass)), field.localCurrencyAmount?.currencyField ?? null]
    if (names.some((name) => name !== null && source.values[name] === undefined)) {
      outcomes.set(destination, { kind: 'unknown' })
      continue
    }
    const transferred = transferField(field, pass, source.values, context)
    if (transferred.kind === 'failed') outcomes.set(destination, transferred)
    // A creation leaves blanks to the template.
    else if (transferred.kind === 'value' && (transferred.value !== null || write.kind !== 'CREATE'))
      outcomes.set(destination, transferred)
  }
  return outcomes
}

/** Where a field of the filter is not known it cannot be told; then the record counts as inside. */
export function isInFilter(
  { definition, context }: RehearsedMapping,
  { pass, source }: Pick<WriteToRehearse, 'pass' | 'source'>,
): boolean {
  const [filter, table] =
    sourceOf(pass) === Side.local
      ? [definition.localFilter, context.localTable]
      : [definition.integrationFilter, context.integrationTable]
  if (filterFields(filter).some((name) => source.values[name] === undefined)) return true
  return matchesFilter(filter, source.values, (name) => fieldOf(table, name).type)
}

function tableWritten({ context }: RehearsedMapping, pass: PassDirection): TableDefinition {
  return sourceOf(pass) === Side.local ? context.integrationTable : context.localTable
}
