import type { Connection } from '../common/database.js'
import { deleteRows, insertRows, lockRows, nextVersions, updateRows } from '../common/records.js'
import type { Row } from '../common/table.js'
import { quoted } from '../common/table.js'
import type { Changes, Reference } from './changes.js'
import { referencesTo } from './changes.js'
import type { Unit } from './rules.js'
import { setLookup } from './rules.js'
import { Surroundings } from './surroundings.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'

/** What a transaction is about to touch. */
export interface Touched {
  readonly table: DataverseTable
  readonly id: string
  readonly deleting: boolean
  readonly changes: Changes | null
}

/**
 * The records that one transaction works on: read and locked at its start, changed in memory, and stored at its end with
 * one statement per table and kind.
 */
export class Store {
  private readonly rows = new Map<string, Map<string, Row | null>>()
  private readonly stored = new Map<string, Set<string>>()
  private readonly dirty = new Map<string, Set<string>>()
  private readonly referring: { reference: Reference; row: Row }[] = []

  private constructor(private readonly surroundings: Surroundings) {}

  /** Reads and locks everything that these operations need, in one order for all transactions. */
  static async load(connection: Connection, touched: readonly Touched[]): Promise<Store> {
    const rows = new Map<string, Map<string, Row>>()
    for (const table of DATAVERSE_TABLES) {
      const ids = [...new Set(touched.filter((entry) => entry.table === table).map((entry) => entry.id))]
      if (ids.length > 0) rows.set(table.name, await lockRows(connection, table, ids))
    }
    const store = new Store(await Surroundings.load(connection, touched))
    for (const [name, found] of rows) {
      store.rows.set(name, new Map(found))
      store.stored.set(name, new Set(found.keys()))
    }
    await store.loadReferring(connection, touched)
    return store
  }

  get(table: DataverseTable, id: string): Row | null {
    return this.rows.get(table.name)?.get(id) ?? null
  }

  put(table: DataverseTable, row: Row): void {
    this.set(table, row[table.key] ?? '', row)
    this.surroundings.put(table, row)
  }

  /** Removes a record, clears the lookups that lead to it and removes what goes along with it. */
  remove(table: DataverseTable, id: string, stamp: string): void {
    this.set(table, id, null)
    this.surroundings.remove(table, id)
    for (const { reference, row } of this.referring) {
      const { table: from, column } = reference
      const present = this.get(from, row[from.key] ?? '')
      if (present === null || present[column.name] !== id || column.lookup === undefined) continue
      if (reference.onDelete === 'cascade') {
        this.remove(from, row[from.key] ?? '', stamp)
      } else {
        const next: Row = { ...present, modifiedon: stamp }
        setLookup(from, next, column.lookup.attribute, null)
        this.set(from, row[from.key] ?? '', next)
      }
    }
  }

  /** Does a record that must not lose this one refer to it? */
  isRestricted(table: DataverseTable, id: string): boolean {
    const restricting = referencesTo(table.name).filter((reference) => reference.onDelete === 'restrict')
    return restricting.some(
      ({ table: from, column }) =>
        this.referring.some(
          ({ reference, row }) =>
            reference.column === column && reference.table === from && row[column.name] === id,
        ) || [...(this.rows.get(from.name)?.values() ?? [])].some((row) => row?.[column.name] === id),
    )
  }

  targetExists(set: string, id: string): boolean {
    const working = this.rows.get(set)
    if (working?.has(id) === true) return working.get(id) !== null
    return this.surroundings.exists(set, id)
  }

  rateOf(currency: string): string | undefined {
    return this.surroundings.rateOf(currency)
  }

  unitOf(unit: string): Unit | undefined {
    return this.surroundings.unitOf(unit)
  }

  primaryUnitOf(schedule: string): string | undefined {
    return this.surroundings.primaryUnitOf(schedule)
  }

  isDisabledUser(user: string): boolean {
    return this.surroundings.isDisabledUser(user)
  }

  get newProductsAreActive(): boolean {
    return this.surroundings.newProductsAreActive
  }

  /** The record that has this value in a unique column; text is compared without case. */
  ownerOf(table: DataverseTable, column: string, value: string): string | undefined {
    return this.surroundings.ownerOf(table, column, value)
  }

  /**
   * Stores everything. Versions are given out under a lock that is held until the commit, so that versions become visible
   * in their order; readers of changes rely on it.
   */
  async flush(connection: Connection): Promise<void> {
    const count = [...this.dirty.values()].reduce((sum, ids) => sum + ids.size, 0)
    if (count === 0) return
    await connection.query(`select pg_advisory_xact_lock(hashtext('record_version'))`)
    const versions = await nextVersions(connection, count)
    for (const table of DATAVERSE_TABLES) {
      const stored = this.stored.get(table.name) ?? new Set<string>()
      const inserts: Row[] = []
      const updates: Row[] = []
      const deletes: { id: string; version: string }[] = []
      for (const id of this.dirty.get(table.name) ?? []) {
        const version = versions.shift() ?? '0'
        const row = this.get(table, id)
        if (row === null) deletes.push({ id, version })
        else {
          row['versionnumber'] = version
          ;(stored.has(id) ? updates : inserts).push(row)
        }
      }
      await deleteRows(
        connection,
        table,
        deletes.map((entry) => entry.id),
      )
      await keepTombstones(connection, table, deletes)
      await updateRows(connection, table, updates)
      await insertRows(connection, table, inserts)
    }
  }

  private set(table: DataverseTable, id: string, row: Row | null): void {
    const rows = this.rows.get(table.name) ?? new Map<string, Row | null>()
    this.rows.set(table.name, rows.set(id, row))
    const ids = this.dirty.get(table.name) ?? new Set<string>()
    this.dirty.set(table.name, ids.add(id))
  }

  private async loadReferring(connection: Connection, touched: readonly Touched[]): Promise<void> {
    for (const table of DATAVERSE_TABLES) {
      const ids = touched.filter((entry) => entry.deleting && entry.table === table).map((entry) => entry.id)
      if (ids.length === 0) continue
      for (const reference of referencesTo(table.name)) {
        const { table: from, column } = reference
        // One that forbids the deletion is enough.
        const limit = reference.onDelete === 'restrict' ? ' limit 1' : ''
        const result = await connection.query<Row>(
          `select r.* from unnest($1::uuid[]) as wanted(id) cross join lateral (
             select * from ${quoted(from.name)} t where t.${quoted(column.name)} = wanted.id
             order by ${quoted(from.key)}${limit} for update) r`,
          [[...new Set(ids)].sort()],
        )
        for (const row of result.rows) {
          this.referring.push({ reference, row })
          const id = row[from.key] ?? ''
          const rows = this.rows.get(from.name) ?? new Map<string, Row | null>()
          if (!rows.has(id)) rows.set(id, row)
          this.rows.set(from.name, rows)
          const stored = this.stored.get(from.name) ?? new Set<string>()
          this.stored.set(from.name, stored.add(id))
        }
      }
    }
  }
}

async function keepTombstones(
  connection: Connection,
  table: DataverseTable,
  deletes: readonly { id: string; version: string }[],
): Promise<void> {
  if (deletes.length === 0) return
  await connection.query(
    `insert into deleted_record (set_name, id, versionnumber)
     select $1, d.id, d.version from unnest($2::uuid[], $3::bigint[]) as d(id, version)`,
    [table.name, deletes.map((entry) => entry.id), deletes.map((entry) => entry.version)],
  )
}
