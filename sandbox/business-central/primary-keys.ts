import type { Connection } from '../common/database.js'
import type { Row } from '../common/table.js'
import { quoted } from '../common/table.js'
import type { Changes } from './changes.js'
import { BusinessCentralError } from './errors.js'
import type { BusinessCentralTable } from './table.js'
import { VERSION } from './table.js'
import { CODE_REFERENCES } from './tables.js'

/** Who holds the primary keys that the changes want: key to id. */
export async function loadOwners(
  connection: Connection,
  table: BusinessCentralTable,
  changes: readonly Changes[],
): Promise<Map<string, string>> {
  const { primary } = table
  if (primary === null) return new Map()
  const wanted = changes.map((change) => change.get(primary) ?? '').filter((value) => value !== '')
  if (wanted.length === 0) return new Map()
  const result = await connection.query<[string, string]>({
    text: `select ${quoted(primary)}, id::text from ${quoted(table.name)} where ${quoted(primary)} = any($1::text[])`,
    values: [wanted],
    rowMode: 'array',
  })
  return new Map(result.rows)
}

/** Takes a primary key for a record. Throws 400 when another one holds it. */
export function claim(table: BusinessCentralTable, owners: Map<string, string>, row: Row): void {
  const value = table.primary === null ? '' : (row[table.primary] ?? '')
  if (value === '') return
  const owner = owners.get(value)
  const id = row['id'] ?? ''
  if (owner !== undefined && owner !== id) {
    throw new BusinessCentralError(
      400,
      'Internal_EntityWithSameKeyExists',
      `The record in table ${table.caption} already exists. Identification fields and values: ${table.primary === 'number' ? 'No.' : 'Code'}='${value}'`,
    )
  }
  owners.set(value, id)
}

/** The key of a record that goes may be taken by another. */
export function release(table: BusinessCentralTable, owners: Map<string, string>, row: Row): void {
  if (table.primary !== null) owners.delete(row[table.primary] ?? '')
}

/** A renamed code is followed by every record that refers to it. */
export async function followRename(
  connection: Connection,
  table: BusinessCentralTable,
  before: Row,
  after: Row,
  stamp: string,
): Promise<void> {
  const [from, to] = table.primary === null ? [] : [before[table.primary], after[table.primary]]
  if (from === to) return
  for (const reference of CODE_REFERENCES[table.name] ?? []) {
    await connection.query(
      `update ${quoted(reference.table)} set ${quoted(reference.column)} = $2, "lastModifiedDateTime" = $3::timestamptz,
         ${quoted(VERSION)} = nextval('record_version') where ${quoted(reference.column)} = $1`,
      [from, to, stamp],
    )
  }
}
