import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { run, sql, texts } from '../../persistence/sql.js'
import { containsText } from '../paging/conditions.js'
import { askedWords, withWords, type WordIndex } from '../paging/words.js'
import { couplingsOfRecord } from '../record/couplings-of-record.js'
import { spellings } from '../record/record-ids.js'

/** The words of messages and of both names. */
const WORDS: WordIndex = {
  table: 'integration_synch_error',
  vector: (alias) =>
    sql`error_words(${sql.ref(`${alias}.message`)}, ${sql.ref(`${alias}.source_name`)}, ${sql.ref(`${alias}.destination_name`)})`,
  text: (alias) =>
    sql`lower(${sql.ref(`${alias}.message`)} || ' ' || coalesce(${sql.ref(`${alias}.source_name`)}, '') || ' ' ||
      coalesce(${sql.ref(`${alias}.destination_name`)}, ''))`,
}

/** Errors `e` with these words in their message or the names of their records, or of a record of that id. Null for an absent or empty text. */
export async function errorText(
  em: EntityManager,
  text: string | null | undefined,
): Promise<RawBuilder<unknown> | null> {
  if (text === null || text === undefined || text.trim() === '') return null
  const ofRecord = /\s/.test(text.trim()) ? null : await errorsOfRecord(em, spellings(text.trim()))
  const worded = withWords(WORDS, 'e', await askedWords(em, WORDS, text))
  if (worded !== null) return ofRecord === null ? worded : sql`(${worded} or ${ofRecord})`
  // Neither letters nor digits: signs are looked for as they are.
  return containsText([sql`e.message`, sql`e.source_name`, sql`e.destination_name`], text)
}

/** Null: there are none. */
async function errorsOfRecord(
  em: EntityManager,
  ids: readonly string[],
): Promise<RawBuilder<unknown> | null> {
  const couplings = await couplingsOfRecord(em, ids)
  const own = await run(
    em,
    sql`select 1 from integration_synch_error where source_id = any(${texts(ids)}) limit 1`,
  )
  if (couplings.length === 0 && own.length === 0) return null
  return sql`(e.source_id = any(${texts(ids)}) or e.coupling_id = any(${texts(couplings)}::uuid[]))`
}
