import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { sql, texts } from '../../persistence/sql.js'
import { containsText } from '../paging/conditions.js'
import { askedWords, withWords, type WordIndex } from '../paging/words.js'
import { couplingsOfRecord } from '../record/couplings-of-record.js'
import { spellings } from '../record/record-ids.js'

const searched = (alias: string): RawBuilder<unknown> =>
  sql`coalesce(${sql.ref(`${alias}.local_name`)}, '') || ' ' || coalesce(${sql.ref(`${alias}.integration_name`)}, '') || ' ' ||
    coalesce(${sql.ref(`${alias}.local_number`)}, '')`

/** The words of both names and of the number. */
const WORDS: WordIndex = {
  table: 'coupling',
  vector: (alias) => sql`search_words(${searched(alias)})`,
  text: (alias) => sql`lower(${searched(alias)})`,
}

/** Couplings `c` with these words in their names or number, or of a record of that id. Null for an absent or empty text. */
export async function couplingText(
  em: EntityManager,
  text: string | null | undefined,
): Promise<RawBuilder<unknown> | null> {
  if (text === null || text === undefined || text.trim() === '') return null
  const ids = /\s/.test(text.trim()) ? [] : await couplingsOfRecord(em, spellings(text.trim()))
  const worded = withWords(WORDS, 'c', await askedWords(em, WORDS, text))
  if (worded !== null)
    return ids.length === 0 ? worded : sql`(${worded} or c.id = any(${texts(ids)}::uuid[]))`
  // Neither letters nor digits: signs are looked for as they are.
  return containsText([sql`c.local_name`, sql`c.integration_name`], text)
}
