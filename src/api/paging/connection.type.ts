import type { EntityManager, EntityName } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { Field, Int, ObjectType, type ClassType } from 'type-graphql'
import { columnsOf, metadataOf, toRow } from '../../persistence/read-rows.js'
import { sql } from '../../persistence/sql.js'
import {
  countRows,
  MOST_COUNTED,
  readPage,
  type Listing,
  type PageOfEntries,
  type PageRequest,
  type RowCount,
  type SortOrder,
} from './keyset.js'

@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
export class PageInfoType {
  @Field(() => Boolean)
  hasNextPage!: boolean

  @Field(() => Boolean)
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Pass it as `after` to read on.' })
  endCursor!: string | null
}

/** One page of a list, as resolvers return it. */
export interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly pageInfo: PageInfoType
  /** Counts when it is asked for, not before, and once. */
  readonly total: () => Promise<RowCount>
}

/** The GraphQL type of a page of `nodeType`: nodes, edges, pageInfo, totalCount, totalCountIsExact. */
export function connectionType<Node extends object>(
  name: string,
  nodeType: ClassType<Node>,
): ClassType<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String)
    cursor!: string

    @Field(() => nodeType)
    node!: Node
  }

  @ObjectType(`${name}Connection`, { description: 'One page of a list.' })
  class Connection {
    @Field(() => [nodeType])
    nodes!: readonly Node[]

    @Field(() => [Edge])
    edges!: readonly Edge[]

    @Field(() => PageInfoType)
    pageInfo!: PageInfoType

    total!: () => Promise<RowCount>

    @Field(() => Int, {
      description: `Rows of the whole list, up to ${MOST_COUNTED.toLocaleString('en-US')}. Counted only when asked for.`,
    })
    async totalCount(): Promise<number> {
      return (await this.total()).count
    }

    @Field(() => Boolean, {
      description: 'False: there are more rows than totalCount says.',
    })
    async totalCountIsExact(): Promise<boolean> {
      return (await this.total()).isExact
    }
  }
  return Connection
}

/**
 * Reads a page of ids, then their rows in one statement. A row that was removed in between is left out.
 * Throws BAD_USER_INPUT for a page size or cursor that has no meaning.
 */
export async function page<Node extends { readonly id: string }>(
  em: EntityManager,
  listing: Listing,
  sort: SortOrder,
  request: PageRequest,
  load: (ids: readonly string[]) => Promise<readonly Node[]>,
): Promise<Page<Node>> {
  const found = await readPage(em, listing, sort, request)
  const { entries } = found
  const rows = entries.length === 0 ? [] : await load(entries.map((entry) => entry.id))
  const byId = new Map(rows.map((row) => [row.id, row]))
  const edges = entries.flatMap(({ id, cursor }) => {
    const node = byId.get(id)
    return node === undefined ? [] : [{ cursor, node }]
  })
  return shown(em, listing, request, found, edges)
}

/** A list of the rows of one entity, under the alias by which the conditions and orders know it. */
export interface EntityListing<Node> {
  readonly entity: EntityName<Node>
  readonly alias: string
  /** Left out: the entity's table. */
  readonly from?: RawBuilder<unknown>
  readonly conditions: readonly RawBuilder<unknown>[]
  /** Properties that are read of each row; null or left out: all. */
  readonly only?: readonly string[] | null
}

/** Reads a page of rows, all in one statement. Throws BAD_USER_INPUT for a page size or cursor that has no meaning. */
export async function entityPage<Node extends { readonly id: string }>(
  em: EntityManager,
  { entity, alias, from, conditions, only = null }: EntityListing<Node>,
  sort: SortOrder,
  request: PageRequest,
): Promise<Page<Node>> {
  const { tableName } = metadataOf(em, entity)
  const listing = {
    from: from ?? sql`${sql.table(tableName)} ${sql.ref(alias)}`,
    id: sql.ref(`${alias}.id`),
    conditions,
  }
  const found = await readPage(em, listing, sort, request, columnsOf(em, entity, alias, only))
  const read = toRow(em, entity, only)
  const edges = found.entries.map(({ cursor, selected }) => ({ cursor, node: read(selected) }))
  return shown(em, listing, request, found, edges)
}

function shown<Node>(
  em: EntityManager,
  listing: Listing,
  request: PageRequest,
  { entries, hasNextPage }: PageOfEntries,
  edges: Page<Node>['edges'],
): Page<Node> {
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: (request.after ?? null) !== null,
      startCursor: entries[0]?.cursor ?? null,
      endCursor: entries.at(-1)?.cursor ?? null,
    },
    total: once(() => countRows(em, listing)),
  }
}

/** The fields of one answer that tell of the count share it. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null
  return () => (made ??= make())
}
