import 'reflect-metadata'
import { pipeline, Readable, type Transform } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { Role } from '../../domain/role.js'
import type { Database } from '../../persistence/database.js'
import { run, sql } from '../../persistence/sql.js'
import { badUserInput, ErrorCode } from '../errors.js'
import { failure } from '../failure.js'
import { coerceInputValue, GraphQLError, isInputObjectType, type GraphQLSchema } from '../graphql.js'
import { listWrites } from '../history/list-writes.js'
import type { Page } from '../paging/connection.type.js'
import { LARGEST_PAGE } from '../paging/keyset.js'
import { listErrors } from '../synch-error/list-errors.js'
import { listJobs } from '../synch-job/list-jobs.js'
import { errorRow, jobRow, writeRow, type MappingNames, type Row } from './rows.js'

interface Paging {
  readonly first: number
  readonly after: string | null
}

/** One kind of export: a list of the API, with the filter that the query of that list takes. */
interface Export {
  readonly name: string
  readonly filterType: string
  /** Throws what the query throws. */
  readonly read: (em: EntityManager, filter: object, paging: Paging) => Promise<PageOfRows>
}

/** `after`: the cursor of what follows; null: nothing does. */
interface PageOfRows {
  readonly rowsOf: (names: (mappingId: string) => MappingNames) => readonly Row[]
  readonly after: string | null
}

const EXPORTS: readonly Export[] = [
  {
    name: 'errors',
    filterType: 'IntegrationSynchErrorFilter',
    read: async (em, filter, paging) =>
      pageOf(await listErrors(em, filter, { ...paging, order: 'FIRST_SEEN_ASC' }), errorRow),
  },
  {
    name: 'jobs',
    filterType: 'IntegrationSynchJobFilter',
    read: async (em, filter, paging) =>
      pageOf(await listJobs(em, filter, { ...paging, order: 'START_ASC' }), jobRow),
  },
  {
    name: 'history',
    filterType: 'RecordWriteFilter',
    read: async (em, filter, paging) =>
      pageOf(await listWrites(em, filter, { ...paging, order: 'TIME_ASC' }), writeRow),
  },
]

export interface ExportDependencies {
  readonly schema: GraphQLSchema
  readonly database: Database
  readonly logger: Logger
}

/**
 * Serves errors, jobs and history whole: `GET /export/errors.ndjson`, `/export/errors.csv`, and so on, the oldest first. `filter` in the
 * address is that of the query, as JSON. They are read page by page as fast as the client takes them, so memory does not grow with them.
 */
export function serveExport(app: FastifyInstance, dependencies: ExportDependencies): void {
  for (const one of EXPORTS)
    for (const format of ['ndjson', 'csv'] as const)
      app.get(`/export/${one.name}.${format}`, { config: { needs: Role.viewer } }, async (request, reply) =>
        answer(one, format, dependencies, request, reply),
      )
}

async function answer(
  one: Export,
  format: 'ndjson' | 'csv',
  { schema, database, logger }: ExportDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let pages: AsyncGenerator<readonly Row[]>
  try {
    const filter = readFilter(schema, one.filterType, request.query)
    // Here, so that a filter that means nothing is refused rather than the answer broken off.
    const first = await one.read(database.em.fork(), filter, { first: LARGEST_PAGE, after: null })
    pages = pagesOf(database, one, filter, first)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const code = String(error.extensions['code'])
    return reply
      .code(code === ErrorCode.notFound ? 404 : 400)
      .send(failure(code, error.message, error.extensions))
  }
  void reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="accord-${one.name}.${format}"`)
  const failed = (error: Error | null | undefined): void => {
    if (error?.name === 'AbortError' || reply.raw.destroyed) return
    if (error) logger.error({ err: error, export: one.name }, 'An export broke off')
  }
  if (format === 'csv') {
    const sheet = spreadsheet()
    pipeline(Readable.from(rowsOf(pages)), sheet, failed)
    return reply.type('text/csv; charset=utf-8').send(sheet)
  }
  return reply
    .type('application/x-ndjson; charset=utf-8')
    .send(Readable.from(linesOf(pages)).on('error', failed))
}

/** What a spreadsheet would take for a formula is written as text: names and messages come from other systems. */
function spreadsheet(): Transform {
  return stringify({ header: true, escape_formulas: true, record_delimiter: 'windows' })
}

async function* pagesOf(
  database: Database,
  one: Export,
  filter: object,
  first: PageOfRows,
): AsyncGenerator<readonly Row[]> {
  const names = await namesOfMappings(database.em.fork())
  const nameOf = (mappingId: string): MappingNames =>
    names.get(mappingId) ?? { connection: '', mapping: mappingId }
  for (let page = first; ;) {
    yield page.rowsOf(nameOf)
    if (page.after === null) return
    // Another entity manager for each: one remembers every row that it has read.
    page = await one.read(database.em.fork(), filter, { first: LARGEST_PAGE, after: page.after })
  }
}

async function* rowsOf(pages: AsyncGenerator<readonly Row[]>): AsyncGenerator<Row> {
  for await (const page of pages) yield* page
}

async function* linesOf(pages: AsyncGenerator<readonly Row[]>): AsyncGenerator<string> {
  for await (const page of pages)
    if (page.length > 0) yield `${page.map((row) => JSON.stringify(row)).join('\n')}\n`
}

async function namesOfMappings(em: EntityManager): Promise<ReadonlyMap<string, MappingNames>> {
  const rows = await run<{ id: string; mapping: string; connection: string }>(
    em,
    sql`select m.id, m.name as mapping, c.name as connection
        from integration_table_mapping m join connection c on c.id = m.connection_id`,
  )
  return new Map(rows.map(({ id, mapping, connection }) => [id, { connection, mapping }]))
}

function pageOf<Node extends { readonly mappingId: string }>(
  { nodes, pageInfo }: Page<Node>,
  toRow: (node: Node, names: MappingNames) => Row,
): PageOfRows {
  return {
    rowsOf: (names) => nodes.map((node) => toRow(node, names(node.mappingId))),
    after: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  }
}

/** Throws BAD_USER_INPUT with every problem of the filter. */
function readFilter(schema: GraphQLSchema, typeName: string, query: unknown): object {
  const text = typeof query === 'object' && query !== null && 'filter' in query ? query.filter : undefined
  if (text === undefined || text === '') return {}
  const type = schema.getType(typeName)
  if (!isInputObjectType(type)) throw new Error(`The schema has no input ${typeName}`)
  const problems: { argument: string; message: string }[] = []
  const filter: unknown = coerceInputValue(parsed(text), type, (path, _value, error) =>
    problems.push({ argument: ['filter', ...path].join('.'), message: error.message }),
  )
  if (problems.length > 0) throw badUserInput(problems)
  return typeof filter === 'object' && filter !== null ? filter : {}
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw badUserInput([
      {
        argument: 'filter',
        message: 'Expected JSON, as the query of this list takes it: {"mapping":"CUSTOMER"}.',
      },
    ])
  }
}
