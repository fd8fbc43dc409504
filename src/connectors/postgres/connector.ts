import type { TableDefinition } from '../../domain/schema.js'
import { ConnectorError, type Connector } from '../connector.js'
import { countMatching } from '../http/count-matching.js'
import type { ConnectorDependencies } from '../http/service-client.js'
import { readChanges, type Feed } from './changes.js'
import { checkPostgres } from './check.js'
import { tableOfShape } from './describe-table.js'
import { translated } from './errors.js'
import { listenForChanges } from './hints.js'
import { newIds } from './new-ids.js'
import type { StampSource } from './projection.js'
import { pushFilter } from './push-filter.js'
import { readByIds, readByValues, readIds } from './reads.js'
import { slotReader, type SlotReader } from './replication.js'
import { createSessions, type Session } from './sessions.js'
import { changeDetectionOf, modifiedColumnOf, usesTriggers, type PostgresSettings } from './settings.js'
import { readShape, type Shape } from './shape.js'
import { LARGEST_CHUNK, write } from './write.js'

/** A table's shape is read again after this long, milliseconds: triggers may have come. */
const SHAPE_LIFETIME = 60_000
const LARGEST_PAGE = 20_000

/**
 * A schema of a PostgreSQL database. Every table with a primary key can be synchronized; a record's id is the text of its key
 * (keys.ts), its version the transaction that wrote it last (xmin).
 */
export function createPostgresConnector(
  settings: PostgresSettings,
  { logger, now = Date.now, givenUp }: ConnectorDependencies = {},
): Connector {
  const sessions = createSessions(settings, logger)
  const shapes = new Map<string, { readonly shape: Promise<Shape>; readonly until: number }>()

  function shapeOf(name: string): Promise<Shape> {
    const known = shapes.get(name)
    if (known !== undefined && known.until > now()) return known.shape
    const shape = sessions.use((session) => loadShape(session, settings.schema, name))
    shapes.set(name, { shape, until: now() + SHAPE_LIFETIME })
    // A failed read is asked again by the next caller.
    shape.catch(() => shapes.delete(name))
    return shape
  }

  function shapeAnew(name: string): Promise<Shape> {
    shapes.delete(name)
    return translated(() => shapeOf(name))
  }

  /** Runs a task over a table; after an error of the set-up its shape is read anew by whoever comes next. */
  function over<Result>(
    name: string,
    task: (session: Session, shape: Shape) => Promise<Result>,
  ): Promise<Result> {
    return translated(async () => {
      givenUp?.()?.throwIfAborted()
      try {
        const shape = await shapeOf(name)
        return await sessions.use((session) => task(session, shape))
      } catch (error) {
        shapes.delete(name)
        throw error
      }
    })
  }

  function sourceOf(table: TableDefinition, shape: Shape): StampSource {
    const detection = changeDetectionOf(settings, table.name)
    if (detection === 'modifiedColumn' || table.stampField !== '')
      return { kind: 'column', column: table.stampField || modifiedColumnOf(settings, table.name) }
    if (detection === 'triggers') return { kind: 'log' }
    return { kind: shape.keepsCommitTime ? 'commit' : 'none' }
  }

  function feedOf(table: TableDefinition): Feed {
    switch (changeDetectionOf(settings, table.name)) {
      case 'modifiedColumn':
        return { kind: 'stamp', column: table.stampField }
      case 'triggers':
        return { kind: 'log' }
      case 'logicalReplication':
        return { kind: 'slot', reader: slotOf(table.name) }
    }
  }

  const readers = new Map<string, SlotReader>()
  function slotOf(name: string): SlotReader {
    const known = readers.get(name) ?? slotReader(settings.publication, settings.schema, name)
    readers.set(name, known)
    return known
  }

  const connector: Connector = {
    kind: 'POSTGRESQL',
    creation: () => 'clientId',
    newIds: (table, values) => over(table.name, (session, shape) => newIds(session, shape, values)),
    hints: usesTriggers(settings) ? listenForChanges(sessions, settings) : null,
    check: (request) => checkPostgres({ sessions, settings, readShape: shapeAnew }, request),
    changeFeed: (table) => (changeDetectionOf(settings, table.name) === 'modifiedColumn' ? 'stamp' : 'token'),
    recordsPerCall: LARGEST_CHUNK,
    maximumFlight: settings.maximumFlight,
    readClock: () =>
      translated(() =>
        sessions.use(async (session) => {
          const [row] = await session.query(
            'select floor(extract(epoch from clock_timestamp()) * 1000)::text',
          )
          return { at: Number(row?.[0]), readAt: now() }
        }),
      ),
    readChanges: (request) =>
      over(request.table.name, (session, shape) => {
        const { table } = request
        const context = { session, shape, source: sourceOf(table, shape), feed: feedOf(table) }
        return readChanges(context, { ...request, pageSize: Math.min(request.pageSize, LARGEST_PAGE) })
      }),
    readByIds: (table, fields, ids) =>
      over(table.name, (session, shape) => readByIds(session, shape, sourceOf(table, shape), fields, ids)),
    readByValues: (table, fields, field, values) =>
      over(table.name, (session, shape) =>
        readByValues(session, shape, sourceOf(table, shape), fields, field, values),
      ),
    readIds: (table, next) => over(table.name, (session, shape) => readIds(session, shape, next)),
    async countRecords(table, filter) {
      const counted = await over(table.name, async (session, shape) => {
        const pushed = pushFilter(shape, filter)
        if (filter !== null && pushed?.exact !== true) return null
        const where = pushed === null ? '' : `where ${pushed.text}`
        const [row] = await session.query(`select count(*)::text from ${shape.qualified} t ${where}`)
        return Number(row?.[0])
      })
      return counted ?? countMatching(connector.readChanges, table, filter, LARGEST_PAGE)
    },
    listTables: () =>
      translated(() =>
        sessions.use(async (session) => {
          const rows = await session.query(
            `select c.relname, coalesce(obj_description(c.oid, 'pg_class'), c.relname)
             from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
               and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
             order by c.relname collate "C"`,
            [settings.schema],
          )
          return rows.map((row) => ({ name: row[0] ?? '', caption: row[1] ?? '' }))
        }),
      ),
    async describeTable(name) {
      const shape = await shapeAnew(name)
      const column = modifiedColumnOf(settings, name)
      const has = shape.columns.some((candidate) => candidate.name === column)
      if (!has && changeDetectionOf(settings, name) === 'modifiedColumn')
        throw withoutModifiedColumn(shape, column)
      return tableOfShape(shape, has ? column : null)
    },
    async write(table, requests, options) {
      const shape = await translated(() => shapeOf(table.name))
      try {
        await write(
          { sessions, shape, source: sourceOf(table, shape), concurrency: settings.concurrency, now },
          requests,
          options,
        )
      } catch (error) {
        shapes.delete(table.name)
        throw error
      }
    },
    readFacts: () => Promise.resolve({ baseCurrency: null, localCurrencyCode: null }),
    recordUrl: (table, id) =>
      `postgresql://${settings.host}:${settings.port}/${encodeURIComponent(settings.database)}#${settings.schema}.${table.name}(${id})`,
    close: () => sessions.close(),
  }
  return connector
}

async function loadShape(session: Session, schema: string, name: string): Promise<Shape> {
  const shape = await readShape(session, schema, name)
  if (shape === null)
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: `The schema ${schema} has no table ${name}.`,
      cause: 'The table was renamed or removed, or lies in another schema.',
      remedy: 'Correct the mapping, or the schema in the settings of the connection.',
    })
  if (shape.key.length === 0)
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: `The table ${name} has no primary key.`,
      cause: 'A record is known by its primary key; without one it cannot be coupled.',
      remedy: `Give ${name} a primary key.`,
    })
  return shape
}

function withoutModifiedColumn(shape: Shape, column: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `The table ${shape.name} has no column ${column}.`,
    cause: 'The connection finds changes by a column that tells when a record was changed.',
    remedy:
      'Name that column as modifiedColumn in the settings of the connection, or choose triggers or logicalReplication there.',
  })
}
