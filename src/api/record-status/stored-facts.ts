import type { EntityManager } from '@mikro-orm/postgresql'
import { failingClause } from '../../domain/filter-clause.js'
import { filterFields, type Filter } from '../../domain/filter.js'
import { fieldOn } from '../../domain/mapping.js'
import { fieldOf } from '../../domain/schema.js'
import { Side, type Value } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import type { RecordKey } from '../../persistence/queries/record-facts.js'
import { knownTables, type KnownTable } from '../../persistence/tables.js'

/** The couplings of records, through whatever mapping of their connection. */
export function couplingsOf(
  em: EntityManager,
  subjects: readonly RecordKey[],
): Promise<readonly CouplingRecord[]> {
  const places = subjects.map(({ connectionId, side, table, id }) =>
    side === Side.local
      ? { connectionId, localTable: table, localId: id }
      : { connectionId, integrationTable: table, integrationId: id },
  )
  return em.find(CouplingRecord, { $or: places }, { disableIdentityMap: true })
}

/** Whether a coupling is that of a record. */
export function isOf(coupling: CouplingRecord, { connectionId, side, table, id }: RecordKey): boolean {
  if (coupling.connectionId !== connectionId) return false
  return side === Side.local
    ? coupling.localTable === table && coupling.localId === id
    : coupling.integrationTable === table && coupling.integrationId === id
}

/** The states of couplings, and of uncoupled records in the mappings that take part in their tables. */
export function statesOf(
  em: EntityManager,
  couplingIds: readonly string[],
  places: readonly { readonly mappingId: string; readonly side: Side; readonly id: string }[],
): Promise<readonly RecordState[]> {
  const uncoupled = places.map(({ mappingId, side, id }) => ({
    mappingId,
    side,
    recordId: id,
    couplingId: null,
  }))
  return em.find(
    RecordState,
    { $or: [{ couplingId: { $in: [...couplingIds] } }, ...uncoupled] },
    { disableIdentityMap: true },
  )
}

/** Both tables of each mapping, as far as they are known. */
export async function tablesOf(
  em: EntityManager,
  mappings: readonly Mapping[],
  connections: readonly Connection[],
): Promise<(mapping: Mapping) => Readonly<Record<Side, KnownTable | null>>> {
  const keys = mappings.flatMap(({ connectionId, definition }) => [
    { connectionId, side: Side.local, name: definition.localTable },
    { connectionId, side: Side.integration, name: definition.integrationTable },
  ])
  const tables = await knownTables(em, keys, connections)
  return (mapping) => {
    const index = mappings.indexOf(mapping) * 2
    return { [Side.local]: tables[index] ?? null, [Side.integration]: tables[index + 1] ?? null }
  }
}

/**
 * The clause that keeps a coupled record out by the values that were agreed last: the filter may have been changed since. Null also
 * where not all of its fields are mapped.
 */
export function storedClause(
  mapping: Mapping,
  tables: Readonly<Record<Side, KnownTable | null>>,
  side: Side,
  coupling: CouplingRecord | null,
): Filter | null {
  const filter = side === Side.local ? mapping.definition.localFilter : mapping.definition.integrationFilter
  const table = tables[side]
  const base = coupling?.base ?? null
  if (filter === null || table === null || base === null) return null
  const values: Record<string, Value> = {}
  for (const field of mapping.inForce().fields) {
    const [name, agreed] = [fieldOn(field, side), base[field.name]]
    if (name !== null && agreed !== undefined)
      values[name] = side === Side.local ? agreed.local : agreed.integration
  }
  const known = (name: string) =>
    name in values && table.definition.fields.some((field) => field.name === name)
  if (!filterFields(filter).every(known)) return null
  return failingClause(filter, values, (name) => fieldOf(table.definition, name).type)
}

/** Whether a version that a run has seen is a later one than that of the coupling. */
export function isNewer(coupling: CouplingRecord, side: Side, version: string, stamp: number): boolean {
  const [known, at] =
    side === Side.local
      ? [coupling.localVersion, coupling.localStamp]
      : [coupling.integrationVersion, coupling.integrationStamp]
  return known !== version && stamp > at.getTime()
}
