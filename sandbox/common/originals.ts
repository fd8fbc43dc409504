import type { Connection, Database } from './database.js'

/** What records were before a switch changed them, kept in the sandbox's database until the switch is cleared. */
export class Originals {
  /** `kind`: which switch it is about. */
  constructor(private readonly kind: string) {}

  /** Remembers the value of a key, unless an earlier one is remembered already. */
  async keep(connection: Connection | Database, key: string, value: unknown): Promise<void> {
    await connection.query(
      'insert into sandbox_setting (name, value) values ($1, $2) on conflict (name) do nothing',
      [`${this.kind} ${key}`, JSON.stringify(value)],
    )
  }

  /** Every value by its key; they are forgotten. */
  async take(connection: Connection): Promise<ReadonlyMap<string, unknown>> {
    const { rows } = await connection.query<{ name: string; value: string }>(
      `delete from sandbox_setting where starts_with(name, $1) returning name, value`,
      [`${this.kind} `],
    )
    return new Map(
      rows.map((row) => [row.name.slice(this.kind.length + 1), JSON.parse(row.value) as unknown]),
    )
  }
}
