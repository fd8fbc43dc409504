import type { EntityManager } from '@mikro-orm/postgresql'
import type { MappingDefinition } from '../domain/mapping.js'
import { Mapping } from './entities/mapping.js'
import { columnsOf, propertyNamesOf, toRow } from './read-rows.js'
import { run, sql, texts } from './sql.js'

interface KnownDefinition {
  /** Of the row, by PostgreSQL: another one after every change of it. */
  readonly rowVersion: string
  readonly definition: MappingDefinition
}

/** By database, then by mapping. */
const known = new WeakMap<object, Map<string, KnownDefinition>>()

/** Definitions that are kept; there are more mappings hardly ever. */
const MOST_KEPT = 1_000

/**
 * Mappings by id, each read afresh, in no order. A definition is by far the largest part of a row and changes least: it is read again only
 * when its row has changed since. Outside of transactions only: within one, several changes of a row look like one.
 */
export async function mappingRows(em: EntityManager, ids: readonly string[]): Promise<readonly Mapping[]> {
  if (ids.length === 0) return []
  const kept = keptOf(em)
  const before = new Map(ids.map((id) => [id, kept.get(id)]))
  const versions = ids.map((id) => before.get(id)?.rowVersion ?? null)
  const others = propertyNamesOf(em, Mapping).filter((name) => name !== 'definition')
  const selected = await run<
    Readonly<Record<string, unknown>> & { id: string; rowVersion: string; changed: string | null }
  >(
    em,
    sql`select ${columnsOf(em, Mapping, 'm', others)}, m.xmin::text as "rowVersion",
          case when m.xmin::text is distinct from asked.version then m.definition::text end as changed
        from unnest(${texts(ids)}::uuid[], ${texts(versions)}) as asked(id, version)
        join integration_table_mapping m on m.id = asked.id`,
  )
  const read = toRow(em, Mapping, others)
  return selected.flatMap((row) => {
    const definition = row.changed === null ? before.get(row.id)?.definition : definitionOf(row.changed)
    if (definition === undefined) return []
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(row.id, { rowVersion: row.rowVersion, definition })
    return [Object.assign(read(row), { definition })]
  })
}

function definitionOf(text: string): MappingDefinition {
  return JSON.parse(text) as MappingDefinition
}

function keptOf(em: EntityManager): Map<string, KnownDefinition> {
  const database = em.config
  const kept = known.get(database) ?? new Map<string, KnownDefinition>()
  known.set(database, kept)
  return kept
}
