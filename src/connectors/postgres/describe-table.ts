import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { FieldType } from '../../domain/value.js'
import type { Column, Shape } from './shape.js'

/** Of text without a length, UTF-16 units; PostgreSQL itself takes up to a gigabyte. */
const LONGEST_TEXT = 10_485_760
/** Of numeric without a scale. */
const UNBOUNDED_SCALE = 20
const NAMES = ['name', 'title', 'description', 'caption', 'label']

/**
 * A table out of pg_catalog. `stampColumn`: the column that tells when a record was changed; null: the connector knows it from
 * elsewhere, or not at all.
 */
export function tableOfShape(shape: Shape, stampColumn: string | null): TableDefinition {
  const fields = shape.columns
    .filter((column) => column.name !== stampColumn)
    .map((column) => fieldOfColumn(shape, column))
  return {
    system: 'POSTGRESQL',
    name: shape.name,
    caption: shape.comment ?? shape.name,
    keyField: shape.key.map((column) => column.name).join(','),
    stampField: stampColumn ?? '',
    stampResolution: 1,
    nameField: nameField(shape, fields),
    page: '',
    fields,
  }
}

function fieldOfColumn(shape: Shape, column: Column): FieldDefinition {
  const isKey = shape.key.some((candidate) => candidate.name === column.name)
  const type = fieldTypeOf(column)
  const readOnly =
    column.isGenerated || (column.identity === 'always' && !isKey) || type.kind === 'unsupported'
  // Blank text is stored as '' where the column takes no null, so only a key demands one.
  const takesBlank = type.kind === 'text' && !isKey
  const demanded = column.notNull && !column.hasDefault && !readOnly && !takesBlank
  const filledByUs = isKey && shape.key.length === 1 && (column.base === 'uuid' || column.sequence !== null)
  return {
    name: column.name,
    caption: column.comment ?? column.name,
    type,
    ...(readOnly ? { readOnly: true } : {}),
    // Its value is the record's id, which stays as it is for good.
    ...(isKey && !readOnly ? { createOnly: true } : {}),
    ...(demanded && !filledByUs ? { required: true } : {}),
  }
}

export function fieldTypeOf(column: Column): FieldType {
  const nullable = !column.notNull
  if (column.references !== null && KINDS[column.base] !== undefined)
    return { kind: 'lookup', table: column.references, ...(column.base === 'uuid' ? {} : { textIds: true }) }
  if (column.labels !== null) return { kind: 'option', members: column.labels }
  switch (KINDS[column.base]) {
    case 'text':
      return { kind: 'text', maxLength: column.length ?? LONGEST_TEXT }
    case 'integer':
      return { kind: 'integer', nullable }
    case 'decimal':
      return { kind: 'decimal', scale: scaleOf(column), nullable }
    case 'boolean':
      return { kind: 'boolean', nullable }
    case 'guid':
      return { kind: 'guid' }
    case 'date':
      return { kind: 'date' }
    case 'dateTime':
      return { kind: 'dateTime' }
    case undefined:
      return { kind: 'unsupported', name: column.type }
  }
}

/** Digits after the point that survive the way there and back. */
function scaleOf(column: Column): number {
  switch (column.base) {
    case 'float4':
      return 4
    case 'float8':
      return 10
    default:
      return column.precision === null ? UNBOUNDED_SCALE : (column.scale ?? 0)
  }
}

/** How the types of PostgreSQL are read and written. What is not named here cannot be synchronized. */
export const KINDS: Readonly<
  Record<string, 'text' | 'integer' | 'decimal' | 'boolean' | 'guid' | 'date' | 'dateTime' | undefined>
> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'text',
  name: 'text',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'decimal',
  float4: 'decimal',
  float8: 'decimal',
  bool: 'boolean',
  uuid: 'guid',
  date: 'date',
  timestamp: 'dateTime',
  timestamptz: 'dateTime',
}

function nameField(shape: Shape, fields: readonly FieldDefinition[]): string {
  const texts = fields.filter((field) => field.type.kind === 'text')
  const named = NAMES.map((name) => texts.find((field) => field.name.toLowerCase() === name))
  const found = named.find((field) => field !== undefined) ?? texts.find((field) => field.createOnly !== true)
  return found?.name ?? texts[0]?.name ?? shape.key[0]?.name ?? ''
}
