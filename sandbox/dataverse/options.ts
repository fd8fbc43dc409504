import type { Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import type { ChoiceOption, Column } from '../common/table.js'
import { columnOf } from '../common/table.js'
import { DataverseError } from './errors.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'
import type { AcceptedChoices } from './values.js'

/** What people changed of the options that tables are born with. */
export const OPTION_STATEMENTS = [
  `create table if not exists option_label (
    entity text not null,
    attribute text not null,
    value integer not null,
    label text not null,
    place serial,
    primary key (entity, attribute, value)
  )`,
]

/** The first value that the default publisher gives to an option of its own. */
const FIRST_CUSTOM_VALUE = 100_000_000
const LARGEST_VALUE = 2_147_483_646

/** The options of all choices: those that tables are born with, once somebody changes a choice those in the database. */
export class OptionSets implements AcceptedChoices {
  private readonly changed = new Map<string, readonly ChoiceOption[]>()

  private constructor(private readonly database: Database) {}

  static async open(database: Database): Promise<OptionSets> {
    const optionSets = new OptionSets(database)
    await optionSets.reload()
    return optionSets
  }

  /** In the order in which people see them; empty where the column is no choice. */
  of(table: DataverseTable, column: Column): readonly ChoiceOption[] {
    return column.type.kind === 'choice'
      ? (this.changed.get(keyOf(table, column)) ?? column.type.options)
      : []
  }

  accepted(table: DataverseTable, column: Column): readonly number[] {
    return this.of(table, column).map((option) => option.value)
  }

  /** Adds an option; without a value it gets the next free one. Returns the value. Throws DataverseError. */
  async insert(entity: string, attribute: string, value: number | null, label: string): Promise<number> {
    const { table, column } = find(entity, attribute)
    return this.change(table, column, (options) => {
      const highest = Math.max(FIRST_CUSTOM_VALUE - 1, ...options.map((option) => option.value))
      const chosen = value ?? highest + 1
      if (options.some((option) => option.value === chosen)) {
        throw new DataverseError(
          400,
          '0x80044310',
          'The picklist value already exists.  Picklist values must be unique.',
        )
      }
      if (chosen < 0 || chosen > LARGEST_VALUE) throw outOfRange()
      return { options: [...options, { value: chosen, label }], result: chosen }
    })
  }

  /** Gives an option another label. Throws DataverseError where there is no such option. */
  async rename(entity: string, attribute: string, value: number, label: string): Promise<void> {
    const { table, column } = find(entity, attribute)
    await this.change(table, column, (options) => {
      requireOption(options, value)
      return {
        options: options.map((option) => (option.value === value ? { value, label } : option)),
        result: undefined,
      }
    })
  }

  /** Removes an option; records that hold its value keep it. Throws DataverseError where there is no such option or it is the last. */
  async remove(entity: string, attribute: string, value: number): Promise<void> {
    const { table, column } = find(entity, attribute)
    await this.change(table, column, (options) => {
      requireOption(options, value)
      if (options.length === 1) throw outOfRange()
      return { options: options.filter((option) => option.value !== value), result: undefined }
    })
  }

  private async change<Result>(
    table: DataverseTable,
    column: Column,
    decide: (options: readonly ChoiceOption[]) => {
      readonly options: readonly ChoiceOption[]
      readonly result: Result
    },
  ): Promise<Result> {
    const result = await transaction(this.database, async (connection) => {
      await connection.query(`select pg_advisory_xact_lock(hashtext('option_label'))`)
      await this.reload()
      const decided = decide(this.of(table, column))
      const place = [table.entity, column.name]
      await connection.query('delete from option_label where entity = $1 and attribute = $2', place)
      await connection.query(
        `insert into option_label (entity, attribute, value, label)
         select $1, $2, o.value, o.label from unnest($3::int[], $4::text[]) with ordinality as o(value, label, place) order by o.place`,
        [
          ...place,
          decided.options.map((option) => option.value),
          decided.options.map((option) => option.label),
        ],
      )
      return decided.result
    })
    await this.reload()
    return result
  }

  private async reload(): Promise<void> {
    const { rows } = await this.database.query<{
      entity: string
      attribute: string
      value: string
      label: string
    }>('select entity, attribute, value, label from option_label order by place')
    const found = new Map<string, ChoiceOption[]>()
    for (const { entity, attribute, value, label } of rows) {
      const key = `${entity}.${attribute}`
      const options = found.get(key) ?? []
      options.push({ value: Number(value), label })
      found.set(key, options)
    }
    this.changed.clear()
    for (const [key, options] of found) this.changed.set(key, options)
  }
}

function keyOf(table: DataverseTable, column: Column): string {
  return `${table.entity}.${column.name}`
}

function find(entity: string, attribute: string): { table: DataverseTable; column: Column } {
  const table = DATAVERSE_TABLES.find((candidate) => candidate.entity === entity)
  if (table === undefined) {
    throw new DataverseError(404, '0x80041102', `Could not find an entity with the logical name '${entity}'.`)
  }
  const column = columnOf(table, attribute)
  if (column === undefined) {
    throw new DataverseError(
      404,
      '0x80041103',
      `Could not find an attribute with the logical name '${attribute}' on entity '${entity}'.`,
    )
  }
  if (column.type.kind !== 'choice' || attribute === 'statecode' || attribute === 'statuscode') {
    throw new DataverseError(400, '0x80040203', `The attribute '${attribute}' of '${entity}' is no picklist.`)
  }
  return { table, column }
}

function requireOption(options: readonly ChoiceOption[], value: number): void {
  if (!options.some((option) => option.value === value)) throw outOfRange()
}

function outOfRange(): DataverseError {
  return new DataverseError(400, '0x8004431A', 'The picklist value is out of the range.')
}
