import { randomUUID } from 'node:crypto'
import { companyTable } from '../business-central/tables.js'
import type { Connection } from '../common/database.js'
import { insertRows, nextVersions } from '../common/records.js'
import type { Row } from '../common/table.js'
import { blankRow } from '../common/table.js'

const HOUR = 60 * 60 * 1000

/** Inserts records as they were typed in over the time before. */
export class Seed {
  private step = 0

  /** `latest`: stamp of the youngest record, epoch milliseconds. */
  constructor(
    private readonly connection: Connection,
    private readonly latest: number,
  ) {}

  /** Inserts records of a table, each an hour older than the one before. Returns them with their ids. */
  async add(name: string, values: readonly Row[]): Promise<Row[]> {
    const table = companyTable(name)
    const versions = await nextVersions(this.connection, values.length)
    const rows = values.map((value, index): Row => {
      this.step += 1
      return {
        ...blankRow(table),
        ...value,
        id: randomUUID(),
        [table.stamp]: new Date(this.latest - this.step * HOUR).toISOString(),
        [table.version]: versions[index] ?? '0',
      }
    })
    await insertRows(this.connection, table, rows)
    return rows
  }
}
