import type { Connection } from '../common/database.js'
import { deleteRows, insertRows, lockRows, nextVersions, updateRows } from '../common/records.js'
import type { Row } from '../common/table.js'
import { quoted } from '../common/table.js'
import type { Changes } from './changes.js'
import { referencesTo } from './changes.js'
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
  private readonly targets = new Map<string, Set<string>>()
  private readonly referring: { table: DataverseTable; column: string; row: Row }[] = []
  private readonly currencies = new Map<string, { code: string; rate: string }>()

  /** Reads and locks everything that these operations need, in one order for all transactions. */
  static async load(connection: Connection, touched: readonly Touched[]): Promise<Store> {
    const store = new Store()
    for (const table of DATAVERSE_TABLES) {
      const ids = [...new Set(touched.filter((entry) => entry.table === table).map((entry) => entry.id))]
      if (ids.length === 0) continue
      const rows = await lockRows(connection, table, ids)
      store.rows.set(table.name, new Map(rows))
      store.stored.set(table.name, new Set(rows.keys()))
    }
    await store.loadReferring(connection, touched)
    await store.loadTargets(connection, touched)
    if (
      touched.some((entry) => entry.table.money.length > 0 || entry.table.name === 'transactioncurrencies')
    ) {
      await store.loadCurrencies(connection)
    }
    return store
  }

  get(table: DataverseTable, id: string): Row | null {
    return this.rows.get(table.name)?.get(id) ?? null
  }

  put(table: DataverseTable, row: Row): void {
    this.set(table, row[table.key] ?? '', row)
    if (table.name === 'transactioncurrencies') {
      this.currencies.set(row[table.key] ?? '', {
        code: row['isocurrencycode'] ?? '',
        rate: row['exchangerate'] ?? '1',
      })
    }
  }

  /** Removes a record and clears the lookups that lead to it. */
  remove(table: DataverseTable, id: string, stamp: string): void {
    this.set(table, id, null)
    this.currencies.delete(id)
    for (const { table: from, column, row } of this.referring) {
      const present = this.get(from, row[from.key] ?? '')
      if (present === null || present[column] !== id) continue
      const next: Row = { ...present, [column]: null, modifiedon: stamp }
      if (column === '_parentcustomerid_value') {
        next['_parentcustomerid_type'] = null
        next['_accountid_value'] = null
        next['_parentcontactid_value'] = null
      }
      this.set(from, row[from.key] ?? '', next)
    }
  }

  /** Does a record that must not lose this one refer to it? */
  isRestricted(table: DataverseTable, id: string): boolean {
    const restricting = referencesTo(table.name).filter((reference) => reference.onDelete === 'restrict')
    return restricting.some(
      ({ table: from, column }) =>
        this.referring.some(
          (entry) => entry.column === column && entry.table === from && entry.row[column] === id,
        ) || [...(this.rows.get(from.name)?.values() ?? [])].some((row) => row?.[column] === id),
    )
  }

  targetExists(set: string, id: string): boolean {
    const working = this.rows.get(set)
    if (working?.has(id) === true) return working.get(id) !== null
    return this.targets.get(set)?.has(id) === true
  }

  rateOf(currency: string): string | undefined {
    return this.currencies.get(currency)?.rate
  }

  /** The currency that has this ISO code. */
  currencyWithCode(code: string): string | undefined {
    const wanted = code.toLowerCase()
    return [...this.currencies].find(([, currency]) => currency.code.toLowerCase() === wanted)?.[0]
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
        const from = reference.table
        const limit = reference.onDelete === 'restrict' ? ' limit 1' : ''
        const result = await connection.query<Row>(
          `select * from ${quoted(from.name)} where ${quoted(reference.column)} = any($1::uuid[]) order by ${quoted(from.key)}${limit} for update`,
          [ids],
        )
        for (const row of result.rows) {
          this.referring.push({ table: from, column: reference.column, row })
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

  private async loadTargets(connection: Connection, touched: readonly Touched[]): Promise<void> {
    const lookups = touched
      .flatMap((entry) => [...(entry.changes?.lookups.values() ?? [])])
      .filter((target) => target !== null)
    for (const table of DATAVERSE_TABLES) {
      const ids = [
        ...new Set(lookups.filter((target) => target.set === table.name).map((target) => target.id)),
      ]
      if (ids.length === 0) continue
      const result = await connection.query<{ id: string }>(
        `select ${quoted(table.key)}::text as id from ${quoted(table.name)} where ${quoted(table.key)} = any($1::uuid[])
          order by ${quoted(table.key)} for key share`,
        [ids],
      )
      this.targets.set(table.name, new Set(result.rows.map((row) => row.id)))
    }
  }

  private async loadCurrencies(connection: Connection): Promise<void> {
    const result = await connection.query<{ id: string; code: string; rate: string }>(
      'select transactioncurrencyid::text as id, isocurrencycode as code, exchangerate::text as rate from transactioncurrencies',
    )
    for (const row of result.rows) this.currencies.set(row.id, { code: row.code, rate: row.rate })
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
