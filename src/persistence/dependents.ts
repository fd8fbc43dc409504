import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { belongsThrough } from '../domain/belonging.js'
import { Mapping } from './entities/mapping.js'
import { run, sql } from './sql.js'

/** Mappings whose records belong to records of another one, and by which of their field mappings. */
export interface Belonging {
  readonly mapping: Mapping
  readonly owner: Mapping
  readonly fields: readonly string[]
}

/** What belongs to records of these mappings, within their connections. */
export async function belongingsOf(
  em: EntityManager,
  owners: readonly Mapping[],
): Promise<readonly Belonging[]> {
  const others = await em.find(Mapping, {
    connectionId: { $in: [...new Set(owners.map(({ connectionId }) => connectionId))] },
  })
  return owners.flatMap((owner) =>
    others.flatMap((mapping) => {
      if (mapping.connectionId !== owner.connectionId || mapping.id === owner.id) return []
      const fields = belongsThrough(mapping.definition, owner.definition)
      return fields.length === 0 ? [] : [{ mapping, owner, fields }]
    }),
  )
}

/** Ids of the couplings of records that belong to the chosen couplings `c` of their owner, as both sides last agreed. */
export async function dependentCouplings(
  em: EntityManager,
  { mapping, owner, fields }: Belonging,
  chosen: RawBuilder<unknown>,
): Promise<readonly string[]> {
  const names = sql.join(fields.map((field) => sql`${field}::text`))
  const rows = await run<{ id: string }>(
    em,
    sql`with named as materialized (
          select d.id, lower(d.base -> field.name ->> 'local') as local_id,
            lower(d.base -> field.name ->> 'integration') as integration_id
          from coupling d cross join unnest(array[${names}]) as field(name) where d.mapping_id = ${mapping.id})
        select n.id from named n join coupling c on lower(c.local_id) = n.local_id
          where c.mapping_id = ${owner.id} and ${chosen}
        union
        select n.id from named n join coupling c on lower(c.integration_id) = n.integration_id
          where c.mapping_id = ${owner.id} and ${chosen}`,
  )
  return rows.map(({ id }) => id)
}
