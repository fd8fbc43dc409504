import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { Value } from '../../domain/value.js'
import { readText, WireValueError } from '../http/canonical.js'
import type { ExactJsonObject } from '../http/exact-json.js'

/** Says of a lookup to which table it leads. */
const LOGICAL_NAME = 'Microsoft.Dynamics.CRM.lookuplogicalname'

/** The member that holds a field in a row: a lookup is read as `_<name>_value`. */
export function memberOf(table: TableDefinition, name: string): string {
  if (name === table.keyField || name === table.stampField) return name
  const field = fieldOf(table, name)
  if (field.targetOf !== undefined) return `_${field.targetOf}_value`
  if (field.behindPrefix !== undefined) return field.behindPrefix.column
  return field.type.kind === 'lookup' ? `_${name}_value` : name
}

/** The members to ask for so that a row becomes a record with these fields. */
export function selectOf(table: TableDefinition, fields: readonly string[]): string {
  return [
    ...new Set([table.keyField, table.stampField, ...fields.map((name) => memberOf(table, name))]),
  ].join(',')
}

/** What has to be preferred so that rows tell everything about these fields. */
export function preferencesOf(table: TableDefinition, fields: readonly string[]): readonly string[] {
  const named = fields.filter((name) => name !== table.keyField).map((name) => fieldOf(table, name))
  return named.some((field) => field.target !== undefined || field.targetOf !== undefined)
    ? [`odata.include-annotations="${LOGICAL_NAME}"`]
    : []
}

/** Whether a lookup of a row leads to the table that the field means. Throws {@link WireValueError} where that is not told. */
export function leadsToTarget(field: FieldDefinition, row: ExactJsonObject): boolean {
  return field.target === undefined || targetOf(field, `_${field.name}_value`, row) === field.target
}

/** The logical name of the table to which a lookup leads. Throws {@link WireValueError} where that is not told. */
export function targetOf(field: FieldDefinition, member: string, row: ExactJsonObject): string {
  const target = row[`${member}@${LOGICAL_NAME}`]
  if (typeof target === 'string') return target
  throw new WireValueError(field.name, `A row does not tell to which table ${member} leads.`)
}

/** What stands behind the prefix of another column's text. */
export function behindPrefix(field: FieldDefinition, value: Value): Value {
  const prefix = field.behindPrefix?.prefix ?? ''
  return typeof value === 'string' && value.startsWith(prefix)
    ? readText(value.slice(prefix.length), field.name)
    : null
}
