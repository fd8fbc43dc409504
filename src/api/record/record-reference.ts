import { findTable } from '../../domain/catalog/tables.js'
import { recordUrl } from '../../domain/record-url.js'
import type { TableDefinition } from '../../domain/schema.js'
import { Side } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Loaders } from '../loaders.js'
import { tableLoaderKey } from '../mapping/mapping.loaders.js'
import type { RecordReferenceType } from './record-reference.type.js'

/** A record as far as its row tells. */
export interface KnownRecord {
  readonly id: string | null
  readonly name: string | null
  readonly version?: string | null
  readonly stamp?: Date | null
}

/** Names the record, its table and system, and the address that opens it. */
export function referenceTo(
  table: TableDefinition,
  connection: Pick<Connection, 'localSystem' | 'integrationSystem'>,
  side: Side,
  record: KnownRecord,
): RecordReferenceType {
  const system = side === Side.local ? connection.localSystem : connection.integrationSystem
  return {
    ...record,
    side,
    system: system.kind,
    table: table.name,
    tableCaption: table.caption,
    // Made where it is asked for: a list has hundreds.
    get url() {
      return record.id === null ? null : recordUrl(system, table, record.id)
    },
  }
}

/** The table of a mapping's side, for its names: of the catalog, else as its system's metadata describes it. */
export async function loadTable(
  loaders: Loaders,
  mapping: Pick<Mapping, 'definition'>,
  connection: Pick<Connection, 'id' | 'localSystem' | 'integrationSystem'>,
  side: Side,
): Promise<TableDefinition> {
  const isLocal = side === Side.local
  const { kind } = isLocal ? connection.localSystem : connection.integrationSystem
  const name = isLocal ? mapping.definition.localTable : mapping.definition.integrationTable
  const known = findTable(kind, name)
  if (known !== undefined) return known
  const read = await loaders.table.load(tableLoaderKey({ connectionId: connection.id, side, name }))
  if (read === null) throw new Error(`The table ${name} of a mapping is not known.`)
  return read.definition
}

/** The same, with mapping and connection read in batches. */
export async function loadReference(
  loaders: Loaders,
  mappingId: string,
  side: Side,
  record: KnownRecord,
): Promise<RecordReferenceType | null> {
  const mapping = await loaders.mapping.load(mappingId)
  if (mapping === null) return null
  const connection = await loaders.connection.load(mapping.connectionId)
  if (connection === null) return null
  return referenceTo(await loadTable(loaders, mapping, connection, side), connection, side, record)
}

/** One side of a coupling. */
export function coupledRecord(coupling: CouplingRecord, side: Side): Required<KnownRecord> {
  return side === Side.local
    ? {
        id: coupling.localId,
        name: coupling.localName ?? null,
        version: coupling.localVersion ?? null,
        stamp: coupling.localStamp,
      }
    : {
        id: coupling.integrationId,
        name: coupling.integrationName ?? null,
        version: coupling.integrationVersion ?? null,
        stamp: coupling.integrationStamp,
      }
}
