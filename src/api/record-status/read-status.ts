import type { EntityManager } from '@mikro-orm/postgresql'
import type { SystemKind } from '../../domain/schema.js'
import type { Side } from '../../domain/value.js'
import { mappingsOfTable, type TableMapping } from '../../persistence/queries/record-facts.js'
import { searchRecords } from '../../persistence/queries/record-search.js'
import { run, sql, storable } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, echo, ErrorCode } from '../errors.js'
import { findMappingIds } from '../mapping/find-mapping.js'
import { parseRecordId } from '../record/record-ids.js'
import { gatherStandings, tellingOf, type Standing, type Subject } from './gather-status.js'
import { lookedAt } from './look.js'
import type { RecordStatusType } from './record-status.type.js'
import { showStatus } from './show-status.js'

const MOST_FOUND = 50
const LONGEST_TEXT = 200

/** Which record is meant. */
export interface AskedRecord {
  readonly system: SystemKind
  readonly table: string
  readonly id: string
  readonly connection: string | null
  readonly side: Side | null
}

/** Why a record is (not) in sync. Throws NOT_FOUND, BAD_USER_INPUT; with `fresh` SYSTEM_FAILURE and ENGINE_UNAVAILABLE. */
export async function readRecordStatus(
  context: ApiContext,
  asked: AskedRecord,
  fresh: boolean | null,
): Promise<RecordStatusType> {
  const standings = await standingsOf(context, asked)
  const looked = await Promise.all(standings.map((standing) => lookedAt(context, standing, fresh)))
  const telling = tellingOf(looked)
  if (telling === null)
    throw apiError(ErrorCode.notFound, 'The mapping of the record was deleted in this very moment.')
  return showStatus(context, telling)
}

/** What is stored of a record, in every mapping that takes part in its table; of a coupled one in its own. */
export async function standingsOf(context: ApiContext, asked: AskedRecord): Promise<readonly Standing[]> {
  const { em } = context
  const places = await mappingsOfTable(em, {
    kind: asked.system,
    side: asked.side,
    table: storable(asked.table),
    connection: asked.connection === null ? null : storable(asked.connection),
  })
  const [first] = places
  if (first === undefined) throw await noMapping(em, asked)
  assertOne(places)
  const id = parseRecordId(asked.system, asked.id, 'id')
  const subject: Subject = {
    connectionId: first.connectionId,
    side: first.side,
    table: first.table,
    id,
    mappingIds: places.map((place) => place.mappingId),
    name: null,
  }
  const [standings = []] = await gatherStandings(em, [subject])
  return standings
}

/** What a text finds, each with its status by what is stored. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function findRecordStatuses(
  context: ApiContext,
  asked: {
    readonly text: string
    readonly first: number
    readonly mapping: string | null
    readonly connection: string | null
  },
): Promise<readonly RecordStatusType[]> {
  const { text, first, mapping, connection } = asked
  if (first < 0 || first > MOST_FOUND)
    throw badUserInput([
      { argument: 'first', message: `Expected a number from 0 to ${MOST_FOUND}, got ${first}.` },
    ])
  if (text.trim() === '' || text.length > LONGEST_TEXT)
    throw badUserInput([{ argument: 'text', message: `Expected 1 to ${LONGEST_TEXT} characters.` }])
  const mappingIds =
    mapping === null && connection === null ? null : await findMappingIds(context.em, mapping, connection)
  const found = await searchRecords(context.em, { text, mappingIds, limit: first })
  const subjects = found.map((record) => ({ ...record, mappingIds: [record.mappingId] }))
  const standings = await gatherStandings(context.em, subjects)
  const told = standings.flatMap((several) => tellingOf(several) ?? [])
  return Promise.all(told.map((standing) => showStatus(context, standing)))
}

function assertOne(places: readonly TableMapping[]): void {
  const connections = new Set(places.map((place) => place.connectionId))
  if (connections.size > 1) {
    const message = 'Several connections have a mapping with such a table. Expected the name of one of them.'
    throw badUserInput([{ argument: 'connection', message }])
  }
  if (new Set(places.map((place) => place.side)).size > 1) {
    const message = 'Both systems of the connection are of that kind and have such a table. Expected a side.'
    throw badUserInput([{ argument: 'side', message }])
  }
}

/** Names the tables that mappings take part in. */
async function noMapping(em: EntityManager, { system, table, connection }: AskedRecord): Promise<Error> {
  const known = await run<{ name: string }>(
    em,
    sql`select distinct t.name from integration_table_mapping m join connection c on c.id = m.connection_id
        cross join lateral (values (c.local_system->>'kind', m.definition->>'localTable'),
          (c.integration_system->>'kind', m.definition->>'integrationTable')) as t(kind, name)
        where t.kind = ${system} and (${connection === null ? null : storable(connection)}::text is null or c.name = ${connection === null ? null : storable(connection)})
        order by t.name limit 100`,
  )
  const names = known.map((row) => row.name)
  return apiError(
    ErrorCode.notFound,
    `No mapping takes part in the table ${echo(table)} of a system of that kind. Tables that mappings take part in: ${names.join(', ') || 'none'}.`,
    { tables: names },
  )
}
