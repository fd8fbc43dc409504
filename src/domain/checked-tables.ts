import { fieldsRead } from './fields-read.js'
import { filterFields } from './filter.js'
import { carries, fieldOn, mappingCarries, passFrom, type MappingDefinition } from './mapping.js'
import type { TableDefinition } from './schema.js'
import { otherSide, Side } from './value.js'

/** A mapping with the tables that it was made for. */
export interface MappedTables {
  readonly definition: MappingDefinition
  readonly tables: Readonly<Record<Side, TableDefinition>>
}

/** What mappings do with a table of one side. */
export interface TableUse {
  readonly table: TableDefinition
  readonly mappings: readonly string[]
  /** The fields that are read, and those that are written. */
  readonly fields: readonly string[]
  readonly written: readonly string[]
  readonly creates: boolean
  readonly deletes: boolean
}

/** What the mappings do with the tables of a side; one entry a table. */
export function tableUses(mappings: readonly MappedTables[], side: Side): readonly TableUse[] {
  const uses = new Map<string, TableUse>()
  for (const mapping of mappings) {
    const use = useOf(mapping, side)
    const known = uses.get(use.table.name)
    uses.set(use.table.name, known === undefined ? use : merged(known, use))
  }
  return [...uses.values()]
}

function useOf({ definition, tables }: MappedTables, side: Side): TableUse {
  const pass = passFrom(otherSide(side))
  const isWritten = carries(definition, pass)
  const creates =
    isWritten &&
    (!definition.onlyCoupled ||
      definition.coupling.createNew ||
      definition.deletionConflictPolicy === 'RESTORE_RECORDS')
  const templates = side === Side.local ? definition.templates.local : definition.templates.integration
  const table = tables[side]
  const written = definition.fields
    .filter((field) => mappingCarries(definition, field, pass))
    .flatMap((field) => fieldOn(field, side) ?? [])
  const onCreation = creates
    ? [
        ...templates.flatMap((template) => Object.keys(template.values)),
        table.assignedKey?.field ?? [],
      ].flat()
    : []
  const read = fieldsRead(definition, {
    local: filterFields(definition.localFilter),
    integration: filterFields(definition.integrationFilter),
  })
  return {
    table,
    mappings: [definition.name],
    fields: side === Side.local ? read.local : read.integration,
    written: [...new Set([...written, ...onCreation])],
    creates,
    deletes: isWritten && definition.deletionConflictPolicy === 'DELETE_OTHER_RECORD',
  }
}

function merged(one: TableUse, other: TableUse): TableUse {
  const both = (left: readonly string[], right: readonly string[]): readonly string[] => [
    ...new Set([...left, ...right]),
  ]
  return {
    table: one.table,
    mappings: both(one.mappings, other.mappings),
    fields: both(one.fields, other.fields),
    written: both(one.written, other.written),
    creates: one.creates || other.creates,
    deletes: one.deletes || other.deletes,
  }
}
