import { findTable } from '../../domain/catalog/tables.js'
import { recordUrl } from '../../domain/record-url.js'
import type { TableDefinition } from '../../domain/schema.js'
import { Side } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Loaders } from '../loaders.js'
import { tableLoaderKey } from '../mapping/mapping.loaders.js'
import type { Soon } from '../relation.js'
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
  return new KnownReference(system, table, side, record)
}

/** What is asked for is made then: a list has hundreds. The settings of its system are nobody's who goes through its members. */
class KnownReference implements RecordReferenceType {
  readonly #connected: Connection['localSystem']
  readonly #definition: TableDefinition
  readonly #record: KnownRecord

  constructor(
    connected: Connection['localSystem'],
    definition: TableDefinition,
    readonly side: Side,
    record: KnownRecord,
  ) {
    this.#connected = connected
    this.#definition = definition
    this.#record = record
  }

  get system() {
    return this.#connected.kind
  }

  get table() {
    return this.#definition.name
  }

  get tableCaption() {
    return this.#definition.caption
  }

  get id() {
    return this.#record.id
  }

  get name() {
    return this.#record.name
  }

  get version() {
    return this.#record.version ?? null
  }

  get stamp() {
    return this.#record.stamp ?? null
  }

  get url() {
    const { id } = this.#record
    return id === null ? null : recordUrl(this.#connected, this.#definition, id)
  }
}

function tableName({ definition }: Pick<Mapping, 'definition'>, side: Side): string {
  return side === Side.local ? definition.localTable : definition.integrationTable
}

/** Undefined: its system's metadata describes it. */
function catalogTable(
  mapping: Pick<Mapping, 'definition'>,
  connection: Pick<Connection, 'localSystem' | 'integrationSystem'>,
  side: Side,
): TableDefinition | undefined {
  const { kind } = side === Side.local ? connection.localSystem : connection.integrationSystem
  return findTable(kind, tableName(mapping, side))
}

/** The table of a mapping's side, for its names: of the catalog, else as its system's metadata describes it. */
export async function loadTable(
  loaders: Loaders,
  mapping: Pick<Mapping, 'definition'>,
  connection: Pick<Connection, 'id' | 'localSystem' | 'integrationSystem'>,
  side: Side,
): Promise<TableDefinition> {
  const known = catalogTable(mapping, connection, side)
  if (known !== undefined) return known
  const name = tableName(mapping, side)
  const read = await loaders.table.load(tableLoaderKey({ connectionId: connection.id, side, name }))
  if (read === null) throw new Error(`The table ${name} of a mapping is not known.`)
  return read.definition
}

/** The same, at once where mapping and connection are kept, else read in batches. */
export function loadReference(
  loaders: Loaders,
  mappingId: string,
  side: Side,
  record: KnownRecord,
): Soon<RecordReferenceType | null> {
  const mapping = loaders.mapping.known(mappingId)
  const connection = mapping === undefined ? undefined : loaders.connection.known(mapping.connectionId)
  if (mapping !== undefined && connection !== undefined) {
    const table = catalogTable(mapping, connection, side)
    if (table !== undefined) return referenceTo(table, connection, side, record)
  }
  return readReference(loaders, mappingId, side, record)
}

async function readReference(
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
