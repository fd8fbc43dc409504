import type { EntityManager } from '@mikro-orm/postgresql'
import { Mapping } from '../../persistence/entities/mapping.js'
import { run, sql, storable } from '../../persistence/sql.js'
import { recentOf, type NamedMapping } from '../recent.js'
import { apiError, badUserInput, echo, ErrorCode } from '../errors.js'

/**
 * The one mapping of that name. Throws NOT_FOUND naming the mappings that exist, or BAD_USER_INPUT asking for the
 * connection where several have one of that name.
 */
export async function findMapping(
  em: EntityManager,
  name: string,
  connection: string | null | undefined,
): Promise<Mapping> {
  const found = await namedMappings(em, name, connection ?? null)
  const [mapping, second] = found
  if (mapping === undefined) throw await unknownMapping(em, name, connection ?? null)
  if (second !== undefined) {
    const connections = found.map((candidate) => candidate.connection).join(', ')
    throw badUserInput([
      {
        argument: 'connection',
        message: `Several connections have a mapping ${echo(name)}: ${connections}. Expected one of them.`,
      },
    ])
  }
  return em.findOneOrFail(Mapping, { id: mapping.id }, { disableIdentityMap: true })
}

/** Ids of the mappings of that name, in that connection; null: any. Throws NOT_FOUND naming those that exist. */
export async function findMappingIds(
  em: EntityManager,
  name: string | null,
  connection: string | null,
): Promise<readonly string[]> {
  const recent = recentOf(em)
  const found = await recent.read(recent.namedMappings, JSON.stringify([name, connection]), async () => {
    const named = await namedMappings(em, name, connection)
    return named.length === 0 ? null : named
  })
  if (found === null) throw await unknownMapping(em, name, connection)
  return found.map((mapping) => mapping.id)
}

async function namedMappings(
  em: EntityManager,
  name: string | null,
  connection: string | null,
): Promise<readonly NamedMapping[]> {
  return run<NamedMapping>(
    em,
    sql`select m.id, m.name, c.name as connection from integration_table_mapping m join connection c on c.id = m.connection_id
        where (${name === null ? null : storable(name)}::text is null or m.name = ${name === null ? null : storable(name)})
          and (${connection === null ? null : storable(connection)}::text is null or c.name = ${connection === null ? null : storable(connection)})
        order by c.name, m.position, m.name`,
  )
}

async function isConnection(em: EntityManager, name: string | null): Promise<boolean> {
  if (name === null) return false
  return (await run(em, sql`select 1 from connection where name = ${storable(name)}`)).length > 0
}

async function unknownMapping(
  em: EntityManager,
  name: string | null,
  connection: string | null,
): Promise<Error> {
  const own = connection === null ? [] : await namedMappings(em, null, connection)
  // Who asks within a connection is told of that one alone; of all where there is none of that name.
  const all =
    own.length > 0 || (await isConnection(em, connection)) ? own : await namedMappings(em, null, null)
  const several = new Set(all.map((mapping) => mapping.connection)).size > 1
  const known = all.map((mapping) => (several ? `${mapping.name} (${mapping.connection})` : mapping.name))
  const asked = name === null ? 'There is no mapping' : `There is no mapping ${echo(name)}`
  const where = connection === null ? '' : ` in a connection ${echo(connection)}`
  const existing = known.length === 0 ? 'No mapping exists yet.' : `Mappings: ${known.join(', ')}.`
  return apiError(ErrorCode.notFound, `${asked}${where}. ${existing}`, {
    mappings: all.map((mapping) => ({ name: mapping.name, connection: mapping.connection })),
  })
}
