import { ErrorClass, type Failure } from '../domain/failure.js'
import { fieldOf } from '../domain/schema.js'
import type { Side, Values } from '../domain/value.js'
import { passNumbers, takenUpTo } from '../persistence/queries/number-series.js'
import type { MappingContext } from './mapping-context.js'

/** Numbers looked up at once, at first; twice as many each time that most of them are taken. */
const WINDOW = 500
const WIDEST = 64_000

/** The key that the source brings for a record that is created; null: Accord assigns one, or the table has none. */
export function broughtKey(context: MappingContext, side: Side, values: Values): string | null {
  const field = context.tables[side].assignedKey?.field
  const brought = field === undefined ? null : values[field]
  return typeof brought === 'string' ? brought : null
}

/** The key written for a number of the series. */
export function keyOf(
  assigned: { readonly prefix: string; readonly digits: number },
  number: number,
): string {
  return `${assigned.prefix}${String(number).padStart(assigned.digits, '0')}`
}

/**
 * Moves a number series past numbers that somebody else has taken, as a second installation over the same company does: the numbers
 * to come are looked up in bulk until some are free. Throws {@link ConnectorError}.
 */
export async function passTakenNumbers(context: MappingContext, side: Side): Promise<void> {
  const table = context.tables[side]
  const assigned = table.assignedKey
  if (assigned === undefined) return
  const { em, mapping } = context
  let first = (await takenUpTo(em.fork(), mapping.id, side)) + 1
  for (let width = WINDOW; ; width = Math.min(2 * width, WIDEST)) {
    const start = first
    const numbers = new Map(
      Array.from({ length: width }, (_, index) => [keyOf(assigned, start + index), start + index]),
    )
    const found = await context.connectors[side].readByValues(table, [assigned.field], assigned.field, [
      ...numbers.keys(),
    ])
    const taken = found.flatMap((record) => numbers.get(String(record.values[assigned.field])) ?? [])
    first = taken.reduce((last, number) => Math.max(last, number + 1), first)
    if (first < start + width / 2) break
  }
  await passNumbers(em.fork(), mapping.id, side, first)
}

/** A creation under a key that another record has. */
export function keyIsTaken(context: MappingContext, side: Side, key: string): Failure {
  const table = context.tables[side]
  const field = table.assignedKey?.field ?? ''
  const { caption } = fieldOf(table, field)
  return {
    errorClass: ErrorClass.duplicate,
    message: `There is a ${table.caption} with the ${caption} ${key} already.`,
    cause: `The mapping carries the ${caption} from the record that a ${table.caption} is to be created from, and no two of them may have the same.`,
    remedy: `Couple the two records if they mean the same (coupleRecords, or a match rule on ${caption}); if not, change the ${caption} of one of them.`,
    field,
  }
}
