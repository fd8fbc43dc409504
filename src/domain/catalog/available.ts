import { fieldOn, type FieldMapping, type MappingDefinition } from '../mapping.js'
import type { TableDefinition } from '../schema.js'
import { Side } from '../value.js'
import { findTable } from './tables.js'

/** A field mapping that cannot be carried out, because a table lacks its field. */
export interface UnavailableField {
  /** The field mapping's name. */
  readonly fieldMapping: string
  readonly side: Side
  readonly field: string
  /** A sentence for people. */
  readonly reason: string
}

type Tables = Readonly<Record<Side, TableDefinition>>

/** The field mappings whose field is not in its table (as `describeTable` gives it), and why. */
export function unavailableFields(
  definition: MappingDefinition,
  tables: Tables,
): readonly UnavailableField[] {
  return definition.fields.flatMap((field) =>
    fieldsOf(field)
      .filter(({ side, name }) => !has(tables[side], name))
      .map(({ side, name }) => ({
        fieldMapping: field.name,
        side,
        field: name,
        reason: reasonMissing(tables[side], name),
      })),
  )
}

/** The definition without the field mappings, and the match rules, whose field is not in its table. */
export function availablePart(definition: MappingDefinition, tables: Tables): MappingDefinition {
  const missing = new Set(unavailableFields(definition, tables).map((field) => field.fieldMapping))
  const fits = (pair: { readonly localField: string; readonly integrationField: string }): boolean =>
    has(tables[Side.local], pair.localField) && has(tables[Side.integration], pair.integrationField)
  return {
    ...definition,
    fields: definition.fields.filter((field) => !missing.has(field.name)),
    matchRules: definition.matchRules.filter((rule) => rule.pairs.every(fits)),
  }
}

/** A table of the catalog as a Business Central without a custom API page has it. */
export function withoutCustomApi(table: TableDefinition): TableDefinition {
  return { ...table, fields: table.fields.filter((field) => field.customApi !== true) }
}

function fieldsOf(field: FieldMapping): readonly { readonly side: Side; readonly name: string }[] {
  const names = [
    { side: Side.local, name: fieldOn(field, Side.local) },
    { side: Side.integration, name: fieldOn(field, Side.integration) },
    { side: Side.local, name: field.localCurrencyAmount?.currencyField ?? null },
  ]
  return names.flatMap(({ side, name }) => (name === null ? [] : [{ side, name }]))
}

function has(table: TableDefinition, name: string): boolean {
  return table.fields.some((field) => field.name === name)
}

/** Why a table has no field of that name, in a sentence for people. */
export function reasonMissing(table: TableDefinition, name: string): string {
  return reasonsMissing(table, [name]).join(' ')
}

/** Why a table has none of these fields: a sentence for each reason. */
export function reasonsMissing(table: TableDefinition, names: readonly string[]): readonly string[] {
  const known = findTable(table.system, table.name)?.fields ?? []
  const isCustom = (name: string): boolean =>
    known.some((field) => field.name === name && field.customApi === true)
  const custom = names.filter(isCustom)
  const others = names.filter((name) => !isCustom(name))
  const them = custom.length === 1 ? 'it' : 'them'
  return [
    ...(custom.length === 0
      ? []
      : [
          `API v2.0 of Business Central has no ${custom.join(', ')} of ${table.name}; a custom API page that has ${them}, named in the connection's settings as customApi, makes ${them} available.`,
        ]),
    ...(others.length === 0
      ? []
      : [`The table ${table.name} has no ${others.length === 1 ? 'field' : 'fields'} ${others.join(', ')}.`]),
  ]
}
