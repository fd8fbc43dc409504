import type { Connection } from '../common/database.js'
import { quoted } from '../common/table.js'
import type { Changes, Directories, Directory } from './changes.js'
import type { BusinessCentralTable } from './table.js'
import { companyTable } from './tables.js'

/** Loads those ids and codes of other tables that the changes name; nothing when they name none. */
export async function loadDirectories(
  connection: Connection,
  table: BusinessCentralTable,
  changes: readonly Changes[],
): Promise<Directories> {
  const wanted = new Map<string, { ids: Set<string>; codes: Set<string> }>()
  const want = (target: string | null, kind: 'ids' | 'codes', value: string | undefined): void => {
    if (target === null || value === undefined) return
    const entry = wanted.get(target) ?? { ids: new Set<string>(), codes: new Set<string>() }
    entry[kind].add(value)
    wanted.set(target, entry)
  }
  for (const change of changes) {
    for (const relation of table.relations) {
      want(relation.target, 'ids', change.get(relation.id))
      if (relation.code !== null) want(relation.target, 'codes', change.get(relation.code))
    }
    for (const relation of table.codeRelations) want(relation.target, 'codes', change.get(relation.code))
  }
  const directories = new Map<string, Directory>()
  for (const [target, { ids, codes }] of wanted) {
    const primary = quoted(companyTable(target).primary ?? 'code')
    const result = await connection.query<{ id: string; code: string }>(
      `select id::text, ${primary} as code from ${quoted(target)} where id = any($1::uuid[]) or ${primary} = any($2::text[])`,
      [[...ids], [...codes]],
    )
    const byId = new Map(result.rows.map((row) => [row.id, row.code]))
    const byCode = new Map(result.rows.map((row) => [row.code, row.id]))
    directories.set(target, { codeOf: (id) => byId.get(id), idOf: (code) => byCode.get(code) })
  }
  return directories
}
