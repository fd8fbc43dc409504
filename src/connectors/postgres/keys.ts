import type { Shape } from './shape.js'
import { isOfType, valueReader } from './values.js'

/**
 * A record's id is the text of its primary key: of one column its value as PostgreSQL writes it (`1042`, `C00017`, a lower-case
 * UUID; date-times in ISO 8601); of several the JSON array of their texts (`["DE","1042"]`).
 */
export function idOf(shape: Shape, parts: readonly (string | null)[]): string {
  const texts = shape.key.map((column, index) => String(valueReader(column)(parts[index] ?? '') ?? ''))
  const [single] = texts
  return texts.length === 1 && single !== undefined ? single : JSON.stringify(texts)
}

/** The texts of the key's columns; null: no record of this table can have such an id. */
export function partsOf(shape: Shape, id: string): readonly string[] | null {
  const parts = shape.key.length === 1 ? [id] : readParts(id)
  if (parts === null || parts.length !== shape.key.length) return null
  return shape.key.every((column, index) => isOfType(column, parts[index] ?? '')) ? parts : null
}

function readParts(id: string): readonly string[] | null {
  try {
    const parts: unknown = JSON.parse(id)
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : null
  } catch {
    // Not JSON: an id of another table, or a slip of a person.
    return null
  }
}
