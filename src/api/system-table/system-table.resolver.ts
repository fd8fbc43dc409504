import { Arg, Authorized, Ctx, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { ConnectionTableList } from '../../persistence/entities/connection-table-list.js'
import { ConnectionTable } from '../../persistence/entities/connection-table.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { Side } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { SideEnum } from '../enums.js'
import { apiError, ErrorCode } from '../errors.js'
import { findConnection } from '../connection/find-connection.js'
import { describeField } from './describe-table.js'
import { readTables } from './read-tables.js'
import { suggestFieldMappings } from './suggest-field-mappings.js'
import { FieldMappingSuggestionType, SystemTablesType, SystemTableType } from './system-table.type.js'

const CONNECTION = 'Name of the connection; needed where there are several.'
const TABLE = "The table's name in its system's API: customers, accounts."
const REFRESH =
  "Read the system's metadata anew, by a worker. Without it, it is read where it was never read."

@Resolver()
export class SystemTableResolver {
  @Authorized(Role.viewer)
  @Query(() => SystemTablesType, {
    description:
      'The tables that a system has. SYSTEM_FAILURE where it cannot be read, with cause and remedy; ENGINE_UNAVAILABLE without a worker.',
  })
  async systemTables(
    @Arg('side', () => SideEnum) side: Side,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION }) connection: string | null,
    @Arg('refresh', () => Boolean, { defaultValue: false, description: REFRESH }) refresh: boolean,
    @Ctx() context: ApiContext,
  ): Promise<SystemTablesType> {
    const { id: connectionId } = await findConnection(context.em, connection ?? null)
    const stored = (): Promise<ConnectionTableList | null> =>
      context.em.findOne(ConnectionTableList, { connectionId, side }, { disableIdentityMap: true })
    const list =
      (refresh ? null : await stored()) ?? (await readThen(context, connectionId, side, null, stored))
    const mappings = await context.em.find(
      Mapping,
      { connectionId },
      { orderBy: { position: 'asc' }, disableIdentityMap: true },
    )
    const tableOf = ({ definition }: Mapping): string =>
      side === Side.local ? definition.localTable : definition.integrationTable
    return {
      readAt: list.readAt,
      tables: list.tables.map(({ name, caption }) => ({
        name,
        caption,
        mappings: mappings.filter((mapping) => tableOf(mapping) === name).map((mapping) => mapping.name),
      })),
    }
  }

  @Authorized(Role.viewer)
  @Query(() => SystemTableType, {
    description:
      'A table with its fields, as its system describes it. SYSTEM_FAILURE where it cannot be read or there is none of that name; ENGINE_UNAVAILABLE without a worker.',
  })
  async systemTable(
    @Arg('side', () => SideEnum) side: Side,
    @Arg('name', () => String, { description: TABLE }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION }) connection: string | null,
    @Arg('refresh', () => Boolean, { defaultValue: false, description: REFRESH }) refresh: boolean,
    @Ctx() context: ApiContext,
  ): Promise<SystemTableType> {
    const { id } = await findConnection(context.em, connection ?? null)
    const { definition, readAt } = await storedTable(context, id, side, name, refresh)
    const { caption, fields } = definition
    return { name: definition.name, caption, readAt, fields: fields.map(describeField) }
  }

  @Authorized(Role.viewer)
  @Query(() => [FieldMappingSuggestionType], {
    description:
      'Fields of two tables with equal or similar names and compatible types, the likeliest first.',
  })
  async suggestFieldMappings(
    @Arg('localTable', () => String, { description: TABLE }) localTable: string,
    @Arg('integrationTable', () => String, { description: TABLE }) integrationTable: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION }) connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly FieldMappingSuggestionType[]> {
    const { id } = await findConnection(context.em, connection ?? null)
    const [local, integration] = await Promise.all([
      storedTable(context, id, Side.local, localTable, false),
      storedTable(context, id, Side.integration, integrationTable, false),
    ])
    return suggestFieldMappings(local.definition, integration.definition)
  }
}

function storedTable(
  context: ApiContext,
  connectionId: string,
  side: Side,
  name: string,
  refresh: boolean,
): Promise<ConnectionTable> {
  const stored = (): Promise<ConnectionTable | null> =>
    context.em.findOne(ConnectionTable, { connectionId, side, name }, { disableIdentityMap: true })
  const read = (): Promise<ConnectionTable> => readThen(context, connectionId, side, name, stored)
  return refresh ? read() : stored().then((found) => found ?? read())
}

async function readThen<Row>(
  context: ApiContext,
  connectionId: string,
  side: Side,
  table: string | null,
  stored: () => Promise<Row | null>,
): Promise<Row> {
  await readTables(context, { connectionId, side, table })
  const row = await stored()
  if (row !== null) return row
  throw apiError(ErrorCode.notFound, 'The connection was deleted meanwhile.')
}
