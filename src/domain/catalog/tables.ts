import type { SystemKind, TableDefinition } from '../schema.js'
import { BUSINESS_CENTRAL_TABLES } from './business-central.js'
import { DATAVERSE_TABLES } from './dataverse.js'

const TABLES: readonly TableDefinition[] = [...BUSINESS_CENTRAL_TABLES, ...DATAVERSE_TABLES]

const TABLES_BY_SYSTEM = new Map(
  [...Map.groupBy(TABLES, (table) => table.system)].map(([system, tables]) => [
    system,
    new Map(tables.map((table) => [table.name, table])),
  ]),
)

/** The table of that name in a kind of system, if the catalog has it. */
export function findTable(system: SystemKind, name: string): TableDefinition | undefined {
  return TABLES_BY_SYSTEM.get(system)?.get(name)
}

/** The table of that name in a kind of system. Throws with the names that exist. */
export function tableOf(system: SystemKind, name: string): TableDefinition {
  const table = findTable(system, name)
  if (table !== undefined) return table
  const known = TABLES.filter((candidate) => candidate.system === system).map((candidate) => candidate.name)
  throw new Error(`${system} has no table ${name} in the catalog. Known: ${known.join(', ')}.`)
}
