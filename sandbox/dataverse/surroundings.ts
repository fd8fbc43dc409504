import type { Connection } from '../common/database.js'
import type { Row } from '../common/table.js'
import { isText, quoted } from '../common/table.js'
import type { Unit } from './rules.js'
import type { Touched } from './store.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'

/** What the rules ask about records other than those that a transaction touches: read at its start, kept up to date. */
export class Surroundings {
  private readonly targets = new Map<string, Set<string>>()
  private readonly disabledUsers = new Set<string>()
  private readonly rates = new Map<string, string>()
  private readonly units = new Map<string, Unit>()
  /** Ids by value, by `table.column`. */
  private readonly unique = new Map<string, Map<string, string>>()
  private productsAreActive = false

  static async load(connection: Connection, touched: readonly Touched[]): Promise<Surroundings> {
    const surroundings = new Surroundings()
    const tables = new Set(touched.map((entry) => entry.table))
    const touches = (...names: string[]): boolean =>
      names.some((name) => [...tables].some((table) => table.name === name))
    await surroundings.loadTargets(connection, touched)
    await surroundings.loadUnique(connection, touched)
    if ([...tables].some((table) => table.money.length > 0)) await surroundings.loadRates(connection)
    if (touches('products', 'uoms', 'uomschedules')) await surroundings.loadUnits(connection)
    if (touches('products')) await surroundings.loadSettings(connection)
    return surroundings
  }

  get newProductsAreActive(): boolean {
    return this.productsAreActive
  }

  exists(set: string, id: string): boolean {
    return this.targets.get(set)?.has(id) === true
  }

  isDisabledUser(user: string): boolean {
    return this.disabledUsers.has(user)
  }

  rateOf(currency: string): string | undefined {
    return this.rates.get(currency)
  }

  unitOf(unit: string): Unit | undefined {
    return this.units.get(unit)
  }

  primaryUnitOf(schedule: string): string | undefined {
    return [...this.units.values()].find((unit) => unit.schedule === schedule && unit.primary)?.id
  }

  ownerOf(table: DataverseTable, column: string, value: string): string | undefined {
    return this.unique.get(`${table.name}.${column}`)?.get(value.toLowerCase())
  }

  /** Takes note of a record as the transaction left it. */
  put(table: DataverseTable, row: Row): void {
    const id = row[table.key] ?? ''
    this.remove(table, id)
    for (const column of table.columns) {
      const value = row[column.name] ?? null
      if (column.unique === true && value !== null)
        this.uniqueOf(table, column.name).set(value.toLowerCase(), id)
    }
    if (table.name === 'transactioncurrencies') this.rates.set(id, row['exchangerate'] ?? '1')
    if (table.name === 'uoms') this.units.set(id, unitOfRow(row))
    if (table.name === 'systemusers' && row['isdisabled'] === 't') this.disabledUsers.add(id)
    if (table.name === 'organizations')
      this.productsAreActive = row['createproductswithoutparentinactivestate'] === 't'
  }

  remove(table: DataverseTable, id: string): void {
    for (const column of table.columns.filter(({ unique }) => unique === true)) {
      const ids = this.uniqueOf(table, column.name)
      for (const [value, owner] of ids) if (owner === id) ids.delete(value)
    }
    if (table.name === 'transactioncurrencies') this.rates.delete(id)
    if (table.name === 'uoms') this.units.delete(id)
    if (table.name === 'systemusers') this.disabledUsers.delete(id)
  }

  private uniqueOf(table: DataverseTable, column: string): Map<string, string> {
    const key = `${table.name}.${column}`
    const ids = this.unique.get(key) ?? new Map<string, string>()
    this.unique.set(key, ids)
    return ids
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
      const disabled = table.name === 'systemusers' ? 'isdisabled' : 'false'
      const result = await connection.query<{ id: string; disabled: string }>(
        `select ${quoted(table.key)}::text as id, ${disabled} as disabled from ${quoted(table.name)}
          where ${quoted(table.key)} = any($1::uuid[]) order by ${quoted(table.key)} for key share`,
        [ids],
      )
      this.targets.set(table.name, new Set(result.rows.map((row) => row.id)))
      for (const row of result.rows) if (row.disabled === 't') this.disabledUsers.add(row.id)
    }
  }

  /** Who has the values that this transaction wants to give to columns that allow each value once. */
  private async loadUnique(connection: Connection, touched: readonly Touched[]): Promise<void> {
    for (const table of DATAVERSE_TABLES) {
      for (const column of table.columns.filter(({ unique }) => unique === true)) {
        const wanted = touched
          .filter((entry) => entry.table === table)
          .map((entry) => entry.changes?.values.get(column.name) ?? null)
          .filter((value) => value !== null)
        if (wanted.length === 0) continue
        const stored = isText(column.type) ? `lower(${quoted(column.name)})` : `${quoted(column.name)}::text`
        const result = await connection.query<{ id: string; value: string }>(
          `select ${quoted(table.key)}::text as id, ${stored} as value from ${quoted(table.name)} where ${stored} = any($1::text[])`,
          [[...new Set(wanted.map((value) => value.toLowerCase()))]],
        )
        const ids = this.uniqueOf(table, column.name)
        for (const row of result.rows) ids.set(row.value, row.id)
      }
    }
  }

  private async loadRates(connection: Connection): Promise<void> {
    const result = await connection.query<{ id: string; rate: string }>(
      'select transactioncurrencyid::text as id, exchangerate::text as rate from transactioncurrencies',
    )
    for (const row of result.rows) this.rates.set(row.id, row.rate)
  }

  private async loadUnits(connection: Connection): Promise<void> {
    const result = await connection.query<Row>(
      'select uomid, _uomscheduleid_value, isschedulebaseuom from uoms',
    )
    for (const row of result.rows) this.units.set(row['uomid'] ?? '', unitOfRow(row))
  }

  private async loadSettings(connection: Connection): Promise<void> {
    const result = await connection.query<Row>(
      'select createproductswithoutparentinactivestate from organizations',
    )
    this.productsAreActive = result.rows[0]?.['createproductswithoutparentinactivestate'] === 't'
  }
}

function unitOfRow(row: Row): Unit {
  return {
    id: row['uomid'] ?? '',
    schedule: row['_uomscheduleid_value'] ?? '',
    primary: row['isschedulebaseuom'] === 't',
  }
}
