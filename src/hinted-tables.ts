import type { Logger } from 'pino'
import type { ConnectorSource } from './activities/dependencies.js'
import type { Hints } from './connectors/connector.js'
import { Lane } from './domain/lane.js'
import type { TableDefinition } from './domain/schema.js'
import { Side } from './domain/value.js'
import type { Database } from './persistence/database.js'
import { Connection } from './persistence/entities/connection.js'
import { Mapping } from './persistence/entities/mapping.js'
import { isAwakeToHints } from './persistence/queries/mappings-of-table.js'
import { tablesOfMapping } from './persistence/tables.js'

/** One side of a connection whose system tells of changes, with the tables of mappings that want to be woken. */
export interface HintedSide<Kind extends Hints['kind']> {
  readonly connection: Connection
  readonly side: Side
  readonly hints: Extract<Hints, { readonly kind: Kind }>
  readonly tables: readonly TableDefinition[]
}

/**
 * The sides of all connections whose systems give hints of this kind. A connection that is disabled or paused has none; one whose
 * connector cannot be had is logged.
 */
export async function hintedTables<Kind extends Hints['kind']>(
  {
    database,
    connectors,
    logger,
  }: { readonly database: Database; readonly connectors: ConnectorSource; readonly logger: Logger },
  kind: Kind,
): Promise<readonly HintedSide<Kind>[]> {
  const em = database.em.fork()
  const connections = await em.find(Connection, { disabledAt: null, pausedAt: null })
  const mappings = (await em.find(Mapping, {})).filter(isAwakeToHints)
  const found: HintedSide<Kind>[] = []
  for (const connection of connections) {
    const own = mappings.filter((mapping) => mapping.connectionId === connection.id)
    const tables = await Promise.all(
      own.map((mapping) => tablesOfMapping(em, connection, mapping.definition)),
    )
    for (const side of [Side.local, Side.integration]) {
      try {
        const { hints } = connectors.of(connection, side, Lane.live)
        if (!isOfKind(hints, kind)) continue
        const byName = new Map(tables.map((pair) => [pair[side].name, pair[side]]))
        found.push({ connection, side, hints, tables: [...byName.values()] })
      } catch (error) {
        logger.warn({ err: error, connection: connection.name, side }, 'Nothing can be told of its changes')
      }
    }
  }
  return found
}

function isOfKind<Kind extends Hints['kind']>(
  hints: Hints | null,
  kind: Kind,
): hints is Extract<Hints, { readonly kind: Kind }> {
  return hints?.kind === kind
}
