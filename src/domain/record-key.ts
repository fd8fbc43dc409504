import type { TableDefinition } from './schema.js'
import { fieldOf } from './schema.js'

/**
 * Ids of records whose key is not one GUID. A key of one field is its value in canonical form. A key of several is their values in
 * the order in which the table names them, percent-encoded each, with commas between: `10248,11`, `A%2CB,7`. Both can be read back.
 */
export function idOfKey(values: readonly string[]): string {
  const [only, ...others] = values
  if (only === undefined) throw new Error('A key has at least one value.')
  return others.length === 0 ? only : values.map(encodeURIComponent).join(',')
}

/** The values of a key of `count` fields; null where the id is not of that form. */
export function keyOfId(id: string, count: number): readonly string[] | null {
  if (count === 1) return [id]
  const parts = id.split(',')
  if (parts.length !== count) return null
  try {
    return parts.map(decodeURIComponent)
  } catch {
    return null
  }
}

/** The fields of a table's key, in the order in which its ids name them. */
export function keyFieldsOf(table: Pick<TableDefinition, 'keyField'>): readonly string[] {
  return table.keyField.split(',')
}

/** `'ALFKI'`, `7`, `OrderID=10248,ProductID=11`: what stands in the parentheses of an OData address; null where the id is not of that form. */
export function keyPredicate(table: TableDefinition, id: string): string | null {
  const names = keyFieldsOf(table)
  const values = keyOfId(id, names.length)
  if (values === null) return null
  const literals = names.map((name, index) => keyLiteral(table, name, values[index] ?? ''))
  if (literals.length === 1) return literals[0] ?? null
  return names.map((name, index) => `${name}=${literals[index] ?? ''}`).join(',')
}

/** A value of a key field as an OData literal, not percent-encoded. */
export function keyLiteral(table: TableDefinition, name: string, value: string): string {
  const { type, referenceKey } = fieldOf(table, name)
  const isText =
    type.kind === 'text' || type.kind === 'code' || (type.kind === 'lookup' && referenceKey === 'text')
  return isText ? `'${value.replaceAll("'", "''")}'` : value
}

/** What stands in the parentheses of an address, percent-encoded. */
export function encodePredicate(predicate: string): string {
  return encodeURIComponent(predicate).replaceAll('%3D', '=').replaceAll('%2C', ',')
}
