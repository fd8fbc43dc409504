import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'
import type { Intent, IntentAnswer } from './intents.js'
import { LeaseLostError, pack, unpack } from './pages.js'

/** An attempt that holds a page. */
export interface HeldPage {
  readonly id: string
  readonly lease: string
}

export interface AnsweredIntent {
  readonly id: string
  readonly answer: IntentAnswer
}

/**
 * Notes that intents of a page are sent, right before the bulk call that carries them, while the page's lease is held: one row a call,
 * however many intents. Throws {@link LeaseLostError} when another attempt has taken the page over.
 */
export async function noteCall(
  em: EntityManager,
  page: HeldPage,
  side: Side,
  ids: readonly string[],
): Promise<void> {
  const rows = await run(
    em,
    sql`insert into intent_call (page_id, side, intent_ids)
        select id, ${side}, ${texts(ids)}::uuid[] from synch_page where id = ${page.id} and lease = ${page.lease}
        for share returning 1`,
  )
  if (rows.length === 0) throw new LeaseLostError(page.id)
}

/** Keeps the answers to a call until they are recorded, compressed in one row. */
export async function noteAnswers(
  em: EntityManager,
  pageId: string,
  side: Side,
  answers: readonly AnsweredIntent[],
): Promise<void> {
  if (answers.length === 0) return
  await run(
    em,
    sql`insert into intent_call (page_id, side, intent_ids, answers)
        values (${pageId}, ${side}, ${texts(answers.map(({ id }) => id))}::uuid[], ${await pack(answers)})`,
  )
}

/** Intents of pages with what the calls of their pages have brought: when they were last sent, and their answers. */
export async function withCalls(em: EntityManager, intents: readonly Intent[]): Promise<readonly Intent[]> {
  const pages = [...new Set(intents.flatMap(({ pageId }) => (pageId === null ? [] : [pageId])))]
  if (pages.length === 0) return intents
  const calls = await run<{ intent_ids: string[]; at: number; answers: Buffer | null }>(
    em,
    sql`select intent_ids::text[] as intent_ids, (extract(epoch from at) * 1000)::float8 as at, answers from intent_call
        where page_id = any(${texts(pages)}::uuid[]) order by id`,
  )
  if (calls.length === 0) return intents
  const sent = new Map<string, number>()
  const answered = new Map<string, IntentAnswer>()
  for (const { intent_ids: ids, at, answers } of calls) {
    if (answers === null) for (const id of ids) sent.set(id, Math.round(at))
    else
      for (const { id, answer } of await unpack<readonly AnsweredIntent[]>(answers)) answered.set(id, answer)
  }
  return intents.map((intent) => ({
    ...intent,
    sentAt: latest(intent.sentAt, sent.get(intent.id) ?? null),
    answer: intent.answer ?? answered.get(intent.id) ?? null,
  }))
}

/** Forgets the calls of a page once none of its intents is open. Must run in the transaction that closes the intents. */
export async function forgetCalls(em: EntityManager, pageIds: readonly string[]): Promise<void> {
  if (pageIds.length === 0) return
  await run(
    em,
    sql`delete from intent_call c where c.page_id = any(${texts(pageIds)}::uuid[])
          and not exists (select from intent i where i.page_id = c.page_id)`,
  )
}

function latest(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right
  return Math.max(left, right)
}
