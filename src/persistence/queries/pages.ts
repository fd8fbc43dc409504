import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from '../sql.js'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** A page is read, decided, written and recorded, in that order. */
export const PageState = {
  fetched: 'FETCHED',
  compared: 'COMPARED',
  written: 'WRITTEN',
  recorded: 'RECORDED',
} as const
export type PageState = (typeof PageState)[keyof typeof PageState]

export interface StoredPage {
  readonly id: string
  readonly jobId: string
  readonly number: number
  readonly state: PageState
  /** The kind of its position. */
  readonly phase: string
  /** Epoch milliseconds, the database's clock: when its rows were read. */
  readonly fetchedAt: number
  readonly rowCount: number
  readonly nextPosition: unknown
}

/** Another attempt of the same step took the page over; this one must stop. */
export class LeaseLostError extends Error {
  constructor(pageId: string) {
    super(`Another attempt has taken over page ${pageId}.`)
    this.name = 'LeaseLostError'
  }
}

interface DbPage {
  id: string
  job_id: string
  number: number
  state: PageState
  phase: string
  fetched_at: number
  row_count: number
  next_position: string | null
}

const COLUMNS =
  sql.raw(`id, job_id, number, state, phase, (extract(epoch from fetched_at) * 1000)::float8 as fetched_at, row_count,
  next_position::text as next_position`)

function fromRow(row: DbPage): StoredPage {
  return {
    id: row.id,
    jobId: row.job_id,
    number: row.number,
    state: row.state,
    phase: row.phase,
    fetchedAt: Math.round(row.fetched_at),
    rowCount: row.row_count,
    nextPosition: row.next_position === null ? null : JSON.parse(row.next_position),
  }
}

/** Rows travel as one compressed column: never through Temporal, never one database row per record. */
export async function pack(value: unknown): Promise<Buffer> {
  return compress(Buffer.from(JSON.stringify(value)), { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
}

export async function unpack<T>(packed: Buffer): Promise<T> {
  return JSON.parse((await decompress(packed)).toString()) as T
}

/**
 * Stores a page; false: a second attempt that read the same page loses to the first. A page of which nothing is left to be done keeps
 * its place alone.
 */
export async function insertPage(
  em: EntityManager,
  page: {
    readonly id: string
    readonly jobId: string
    readonly number: number
    readonly phase: string
    readonly nextPosition: unknown
    readonly rows: readonly unknown[]
    readonly fetchedAt: number
  },
): Promise<boolean> {
  const { length } = page.rows
  const inserted = await run(
    em,
    sql`insert into synch_page (id, job_id, number, state, phase, next_position, rows, row_count, fetched_at)
        values (${page.id}, ${page.jobId}, ${page.number}, ${length === 0 ? PageState.recorded : PageState.fetched}, ${page.phase},
                ${page.nextPosition === null ? null : JSON.stringify(page.nextPosition)}::json,
                ${length === 0 ? null : await pack(page.rows)}, ${length}, ${new Date(page.fetchedAt).toISOString()}::timestamptz)
        on conflict (job_id, number) do nothing returning 1`,
  )
  return inserted.length > 0
}

export async function pageByNumber(
  em: EntityManager,
  jobId: string,
  number: number,
): Promise<StoredPage | null> {
  const [row] = await run<DbPage>(
    em,
    sql`select ${COLUMNS} from synch_page where job_id = ${jobId} and number = ${number}`,
  )
  return row === undefined ? null : fromRow(row)
}

export async function pageById(em: EntityManager, id: string): Promise<StoredPage> {
  const [row] = await run<DbPage>(em, sql`select ${COLUMNS} from synch_page where id = ${id}`)
  if (row === undefined) throw new Error(`Page ${id} is gone.`)
  return fromRow(row)
}

/** Takes the page for this attempt; whoever held it before finds out before its next bulk call. */
export async function leasePage(em: EntityManager, pageId: string, lease: string): Promise<void> {
  await run(em, sql`update synch_page set lease = ${lease} where id = ${pageId}`)
}

/** Checks, and in a transaction holds, the lease. Throws {@link LeaseLostError}. */
export async function assertLease(em: EntityManager, pageId: string, lease: string): Promise<void> {
  const rows = await run(
    em,
    sql`select 1 from synch_page where id = ${pageId} and lease = ${lease} for update`,
  )
  if (rows.length === 0) throw new LeaseLostError(pageId)
}

export async function pageRows<T>(em: EntityManager, pageId: string): Promise<T> {
  const [row] = await run<{ rows: Buffer }>(em, sql`select rows from synch_page where id = ${pageId}`)
  if (row === undefined) throw new Error(`Page ${pageId} is gone.`)
  return unpack<T>(row.rows)
}

export async function pageDecisions<T>(em: EntityManager, pageId: string): Promise<T> {
  const [row] = await run<{ decisions: Buffer | null }>(
    em,
    sql`select decisions from synch_page where id = ${pageId}`,
  )
  if (row === undefined) throw new Error(`Page ${pageId} is gone.`)
  if (row.decisions === null) throw new Error(`Page ${pageId} was not decided.`)
  return unpack<T>(row.decisions)
}

export async function saveDecisions(
  em: EntityManager,
  pageId: string,
  lease: string,
  state: PageState,
  decisions: unknown,
): Promise<void> {
  const rows = await run(
    em,
    sql`update synch_page set decisions = ${await pack(decisions)}, state = ${state}
        where id = ${pageId} and lease = ${lease} returning 1`,
  )
  if (rows.length === 0) throw new LeaseLostError(pageId)
}

/** Moves a page on whose decisions stay as they are stored. Throws {@link LeaseLostError}. */
export async function keepDecisions(
  em: EntityManager,
  pageId: string,
  lease: string,
  state: PageState,
): Promise<void> {
  const rows = await run(
    em,
    sql`update synch_page set state = ${state} where id = ${pageId} and lease = ${lease} returning 1`,
  )
  if (rows.length === 0) throw new LeaseLostError(pageId)
}

/** A recorded page keeps its place and count; its rows are no longer needed. */
export async function closePage(em: EntityManager, pageId: string): Promise<void> {
  await run(
    em,
    sql`update synch_page set state = 'RECORDED', rows = null, decisions = null where id = ${pageId}`,
  )
}
