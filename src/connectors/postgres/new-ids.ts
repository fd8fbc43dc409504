import { randomUUID } from 'node:crypto'
import type { Failure } from '../../domain/failure.js'
import type { Values } from '../../domain/value.js'
import { idOf } from './keys.js'
import type { Session } from './sessions.js'
import type { Column, Shape } from './shape.js'
import { isOfType } from './values.js'

/**
 * Ids for records to be created: what the values hold, else the next number of the column's sequence, all reserved in one call, else
 * a random UUID. A key of any other kind has to come with the values.
 */
export async function newIds(
  session: Session,
  shape: Shape,
  values: readonly Values[],
): Promise<readonly (string | Failure)[]> {
  const numbers = new Map<Column, string[]>()
  for (const column of shape.key) {
    const lacking = values.filter((record) => broughtBy(column, record) === null).length
    if (column.sequence === null || lacking === 0) continue
    const rows = await session.query(
      'select nextval($1::text::regclass)::text from generate_series(1, $2::int)',
      [column.sequence, lacking],
    )
    numbers.set(
      column,
      rows.map((row) => row[0] ?? ''),
    )
  }
  return values.map((record) => {
    const parts: string[] = []
    for (const column of shape.key) {
      const part =
        broughtBy(column, record) ??
        numbers.get(column)?.shift() ??
        (column.base === 'uuid' ? randomUUID() : null)
      if (part === null) return withoutKey(shape, column)
      if (!isOfType(column, part)) return notOfType(column, part)
      parts.push(part)
    }
    return idOf(shape, parts)
  })
}

function broughtBy(column: Column, record: Values): string | null {
  const value = record[column.name] ?? null
  return value === null ? null : String(value)
}

function withoutKey(shape: Shape, column: Column): Failure {
  return {
    errorClass: 'VALIDATION',
    message: `A record of ${shape.name} cannot be created without a value for ${column.name}.`,
    cause: `${column.name} belongs to the primary key, and the database has no sequence that fills it.`,
    remedy: `Map a field to ${column.name}, or fill in that field on the other side.`,
    field: column.name,
  }
}

function notOfType(column: Column, part: string): Failure {
  return {
    errorClass: 'VALIDATION',
    message: `${column.name} cannot hold "${part.slice(0, 100)}", as it is of type ${column.type}.`,
    cause: 'The value is to become part of the primary key, and does not fit its type.',
    remedy: 'Correct the value on the other side, or map another field to it.',
    field: column.name,
  }
}
