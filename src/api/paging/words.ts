import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { run, sql, storable, texts } from '../../persistence/sql.js'

/** Where words are looked for: an index of a table whose rows have an `id`. */
export interface WordIndex {
  readonly table: string
  /** The expression that is indexed, of the row of that alias. */
  readonly vector: (alias: string) => RawBuilder<unknown>
  /** The text that its words are of, in lower case. */
  readonly text: (alias: string) => RawBuilder<unknown>
}

/** The words that a text asks for, each by its beginning; one of a single letter is whole. */
export interface AskedWords {
  readonly words: readonly string[]
  /** The same for PostgreSQL. */
  readonly query: string
  /** The rows that have them; null: more than {@link TOLD}. */
  readonly ids: readonly string[] | null
  /** More rows than {@link FEW} have them. */
  readonly areMany: boolean
}

/** Rows that are found by the index and sorted; of more than these a page is found sooner by going through the list in its order. */
const FEW = 5_000
/** Rows up to which they are looked for once. */
const TOLD = 500

/** What a text asks for, and whether many rows have it. No words: it has neither letters nor digits. */
export async function askedWords(em: EntityManager, index: WordIndex, text: string): Promise<AskedWords> {
  const [asked] = await run<{
    words: string[]
    query: string | null
    count: number
    ids: string[] | null
  }>(
    em,
    sql`with asked as materialized (select lexeme from unnest(search_words(${storable(text)}::text))),
        query(words) as materialized (
          select string_agg(quote_literal(lexeme) || case when length(lexeme) > 1 then ':*' else '' end, ' & ')::tsquery from asked),
        found(id) as materialized (
          select f.id from ${sql.table(index.table)} f where ${index.vector('f')} @@ (select words from query) limit ${FEW + 1}),
        counted(count) as materialized (select count(*)::integer from found)
        select array(select lexeme from asked) as words, (select words::text from query) as query, counted.count,
          case when counted.count <= ${TOLD} then array(select id::text from found) end as ids
        from counted`,
  )
  return {
    words: asked?.words ?? [],
    query: asked?.query ?? '',
    ids: asked?.ids ?? null,
    areMany: (asked?.count ?? 0) > FEW,
  }
}

/** Rows of the alias that have the words, as a condition of a page: cheap whether many or few have them. Null: nothing is asked for. */
export function withWords(
  index: WordIndex,
  alias: string,
  { words, query, ids, areMany }: AskedWords,
): RawBuilder<unknown> | null {
  if (words.length === 0) return null
  if (ids !== null) return sql`${sql.ref(`${alias}.id`)} = any(${texts(ids)}::uuid[])`
  const found = sql`select f.id from ${sql.table(index.table)} f where ${index.vector('f')} @@ ${query}::tsquery`
  if (!areMany) return sql`${sql.ref(`${alias}.id`)} = any(array(${found}))`
  // Whether a text holds them at all is seen far sooner than which words it has; that is seen only of those that do. The planner takes what
  // `case` says for every other row; of the conditions themselves it expects next to none, and would read all rows and sort them.
  const holds = words.map(
    (word) => sql`${index.text(alias)} like ${`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`}`,
  )
  return sql`case when ${sql.join(holds, sql` and `)} then ${index.vector(alias)} @@ ${query}::tsquery else false end`
}
