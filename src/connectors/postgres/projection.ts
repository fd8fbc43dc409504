import type { RecordSnapshot } from '../../domain/record.js'
import type { Value } from '../../domain/value.js'
import { idOf } from './keys.js'
import type { Row } from './sessions.js'
import { columnOf, quote, type Shape } from './shape.js'
import { readStamp, valueReader } from './values.js'

/** Where the time of a record's last change comes from. */
export type StampSource =
  | { readonly kind: 'column'; readonly column: string }
  /** The change log that triggers write. */
  | { readonly kind: 'log' }
  /** The time of the commit, where the server keeps it (track_commit_timestamp). */
  | { readonly kind: 'commit' }
  | { readonly kind: 'none' }

/** How records are read out of the rows of a statement over a table with the alias `t`. */
export interface Projection {
  /** The columns of the select list. */
  readonly select: string
  /** What `from` says, with the alias and, where the stamp needs it, the change log. */
  readonly from: string
  /** Columns in the select list. */
  readonly width: number
  /** The record in a row, from the column `offset` on. */
  read(row: Row, offset: number): RecordSnapshot
  /** Whether a row of an outer join has a record. */
  has(row: Row, offset: number): boolean
}

/** `isWritten`: for what a statement returns that wrote the record just now. */
export function projectionOf(
  shape: Shape,
  fields: readonly string[],
  source: StampSource,
  isWritten = false,
): Projection {
  const keys = shape.key.map((column) => `t.${quote(column.name)}::text`)
  const read = fields.map((name) => {
    const column = columnOf(shape, name)
    return { name, expression: `t.${quote(name)}::text`, read: valueReader(column) }
  })
  const width = keys.length + 2 + read.length
  const expressions = [
    ...keys,
    't.xmin::text',
    stampOf(source, isWritten),
    ...read.map((field) => field.expression),
  ]
  return {
    select: expressions.join(', '),
    from: `${shape.qualified} t${source.kind === 'log' && !isWritten ? ` left join accord.change log on ${logOf(shape)}` : ''}`,
    width,
    has: (row, offset) => row[offset + keys.length] !== null,
    read(row, offset) {
      const values: Record<string, Value> = {}
      let index = offset + keys.length + 2
      for (const field of read) {
        values[field.name] = field.read(row[index] ?? null)
        index += 1
      }
      return {
        id: idOf(shape, row.slice(offset, offset + keys.length)),
        version: row[offset + keys.length] ?? '',
        stamp: readStamp(row[offset + keys.length + 1] ?? null),
        values,
      }
    },
  }
}

function stampOf(source: StampSource, isWritten: boolean): string {
  if (source.kind === 'column') return `t.${quote(source.column)}::text`
  if (isWritten) return 'clock_timestamp()::text'
  switch (source.kind) {
    case 'log':
      return 'log.changed_at::text'
    case 'commit':
      return 'pg_xact_commit_timestamp(t.xmin)::text'
    case 'none':
      return 'null'
  }
}

function logOf(shape: Shape): string {
  const key = shape.key.map((column) => `t.${quote(column.name)}::text`).join(', ')
  return `log.relation = ${shape.oid}::oid and log.key = array[${key}]`
}

/** The columns of the primary key as an order, and as a condition for what comes after a place in it. */
export function orderOf(shape: Shape): string {
  return shape.key.map((column) => `t.${quote(column.name)}`).join(', ')
}

/** `$first` and those behind it are the texts of a key. */
export function keyParameters(shape: Shape, first: number): string {
  return shape.key.map((column, index) => `$${first + index}::text::${column.type}`).join(', ')
}
