import { createHash } from 'node:crypto'
import { PgoutputPlugin } from 'pg-logical-replication'
import { z } from 'zod'
import type { Change } from '../../domain/record.js'
import { ConnectorError, type ChangePage, type ReadChanges } from '../connector.js'
import { expired } from './change-log.js'
import type { ChangesContext, Step } from './changes.js'
import { idOf, partsOf } from './keys.js'
import { readByIds } from './reads.js'
import { inTransaction, type Row, type Session } from './sessions.js'
import type { Shape } from './shape.js'

/** Changes that one walk takes at most; what lies behind is left to the next. */
const LARGEST_WALK = 200_000
/** Messages of the log that are held at a time. */
const BATCH = 2_000
/** How long a transaction that is in the log may still be on its way to being seen, milliseconds between two looks. */
const LOOK = 20

/** The log is read whole: what was committed in it while nobody read may take long to go through, milliseconds. */
const LOG_PATIENCE = 1_200_000

/** The replication slot of a table, with what was decoded last, so that the pages of a walk need not decode it again. */
export interface SlotReader {
  readonly slot: string
  readonly publication: string
  readonly schema: string
  decoded: { readonly window: string; readonly keys: readonly string[] } | null
}

/** Where the last walk ended: everything that was committed before it was read. */
const slotToken = z.object({ slot: z.string(), lsn: z.string() })

/** A slot for every table, named after the publication: `accord_customer`. */
export function slotReader(publication: string, schema: string, table: string): SlotReader {
  const plain = `${publication}_${table}`
  const isPlain = /^[a-z0-9_]{1,63}$/.test(plain)
  const hash = createHash('sha256').update(`${schema}.${table}`).digest('hex').slice(0, 16)
  return { slot: isPlain ? plain : `${publication}_${hash}`, publication, schema, decoded: null }
}

/**
 * The token from which the log goes on after the whole table was read. A slot that is there gives everything since it was read last, so
 * a little may come twice; else one is made, which waits for the transactions under way. Throws {@link ConnectorError} through the caller.
 */
export async function startOfSlot(session: Session, reader: SlotReader): Promise<string> {
  const known = await slotState(session, reader)
  if (known !== null && !known.isLost) return JSON.stringify({ slot: reader.slot, lsn: known.lsn })
  if (known !== null) await dropSlot(session, reader)
  const [row] = await session.query(
    "select lsn::text from pg_create_logical_replication_slot($1::text::name, 'pgoutput')",
    [reader.slot],
  )
  return JSON.stringify({ slot: reader.slot, lsn: row?.[0] ?? '' })
}

/**
 * A page of the records that were changed since the token. The slot is told of a position only when a walk begins there, as only then
 * it is certain that nothing before it is needed again.
 */
export async function readSlot(
  { session, shape, source }: ChangesContext,
  reader: SlotReader,
  request: ReadChanges,
  token: string | null,
  step: Extract<Step, { walk: 'slot' }> | null,
): Promise<ChangePage> {
  const window = step ?? (await openWindow(session, shape, reader, token))
  const keys = await decode(session, shape, reader, window)
  const ids = keys.slice(window.offset, window.offset + request.pageSize)
  const answers = await readByIds(session, shape, source, request.fields, ids)
  const next = window.offset + ids.length
  const isLast = next >= keys.length
  return {
    changes: answers.map((answer): Change => {
      if (answer.kind === 'found') return { kind: 'changed', record: answer.record }
      return { kind: 'tombstone', id: answer.id }
    }),
    next: isLast ? null : JSON.stringify({ ...window, offset: next } satisfies Step),
    token: isLast ? JSON.stringify({ slot: reader.slot, lsn: window.end }) : null,
  }
}

type Window = Extract<Step, { walk: 'slot' }>

async function openWindow(
  session: Session,
  shape: Shape,
  reader: SlotReader,
  token: string | null,
): Promise<Window> {
  const known = slotToken.safeParse(parsed(token))
  const state = await slotState(session, reader)
  if (!known.success || known.data.slot !== reader.slot)
    throw expired(shape, 'The token is not one of this replication slot.')
  if (state === null) throw expired(shape, `The replication slot ${reader.slot} was dropped.`)
  if (state.isLost)
    throw expired(
      shape,
      `The replication slot ${reader.slot} was given up, as it held back more log than max_slot_wal_keep_size allows.`,
    )
  const { lsn } = known.data
  const [row] = await session.query(
    `select (s.confirmed_flush_lsn > $2::text::pg_lsn)::text, (s.confirmed_flush_lsn < $2::text::pg_lsn)::text,
       pg_current_wal_flush_lsn()::text, ($2::text::pg_lsn > pg_current_wal_insert_lsn())::text
     from pg_replication_slots s where slot_name = $1`,
    [reader.slot, lsn],
  )
  if (row?.[0] === 'true' || row?.[3] === 'true')
    throw expired(
      shape,
      `The replication slot ${reader.slot} has gone on without this mapping, or the database was restored.`,
    )
  if (row?.[1] === 'true')
    await patiently(session, () =>
      session.query(
        'select pg_replication_slot_advance($1::text::name, $2::text::pg_lsn)',
        [reader.slot, lsn],
        LOG_PATIENCE,
      ),
    )
  return { walk: 'slot', start: lsn, end: row?.[2] ?? lsn, offset: 0 }
}

/** The ids of the records changed in a window, each once, in the order in which they were changed first. */
async function decode(
  session: Session,
  shape: Shape,
  reader: SlotReader,
  window: Window,
): Promise<readonly string[]> {
  const name = `${window.start} ${window.end}`
  if (reader.decoded?.window === name) return reader.decoded.keys
  const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [reader.publication] })
  const ids = new Set<string>()
  const transactions = new Set<string>()
  const take = async ([xid, data]: Row): Promise<void> => {
    const message = plugin.parse(Buffer.from(data ?? '', 'base64'))
    if (message.tag === 'relation') {
      // Keys stay as the server writes them.
      for (const column of message.columns) column.parser = (text: string) => text
      return
    }
    if (message.tag === 'truncate' && message.relations.some((relation) => isOf(reader, shape, relation))) {
      await dropSlot(session, reader)
      throw expired(shape, 'The table was emptied by TRUNCATE.')
    }
    if (message.tag !== 'insert' && message.tag !== 'update' && message.tag !== 'delete') return
    if (!isOf(reader, shape, message.relation)) return
    transactions.add(xid ?? '')
    const tuples =
      message.tag === 'insert'
        ? [message.new]
        : message.tag === 'update'
          ? [message.key ?? message.old, message.new]
          : [message.key ?? message.old]
    for (const tuple of tuples) {
      if (tuple === null) continue
      const id = idOf(
        shape,
        shape.key.map((column) => String(tuple[column.name] ?? '')),
      )
      if (partsOf(shape, id) !== null) ids.add(id)
    }
    if (ids.size > LARGEST_WALK) throw tooMany(shape, reader)
  }
  // A batch at a time: one transaction of somebody else may have changed any number of rows.
  await patiently(session, async () => {
    await session.query(
      `declare accord_changes no scroll cursor for
       select xid::text, encode(data, 'base64') from pg_logical_slot_peek_binary_changes($1::text::name, $2::text::pg_lsn, null,
         'proto_version', '1', 'publication_names', $3::text)`,
      [reader.slot, window.end, reader.publication],
    )
    for (;;) {
      const rows = await session.query(`fetch ${BATCH} from accord_changes`, undefined, LOG_PATIENCE)
      for (const row of rows) await take(row)
      if (rows.length < BATCH) return
    }
  })
  await untilVisible(session, transactions)
  const keys = [...ids]
  reader.decoded = { window: name, keys }
  return keys
}

/** A transaction whose statements may take as long as the log is long. */
function patiently<Result>(session: Session, task: () => Promise<Result>): Promise<Result> {
  return inTransaction(session, async () => {
    await session.query(`set local statement_timeout = ${LOG_PATIENCE}`)
    return task()
  })
}

/** A transaction is in the log a moment before others see it; what is read by id has to be what it left. */
async function untilVisible(session: Session, transactions: ReadonlySet<string>): Promise<void> {
  if (transactions.size === 0) return
  for (;;) {
    const [row] = await session.query('select pg_current_snapshot()::text')
    const snapshot = row?.[0] ?? ''
    if (![...transactions].some((transaction) => isUnseen(snapshot, transaction))) return
    await new Promise((resolve) => setTimeout(resolve, LOOK))
  }
}

/**
 * Whether a snapshot (`xmin:xmax:list`) does not see what that transaction left. Of the number of a transaction the log has the lower half.
 * The list has those under way below xmax alone: the last one, as long as it is on its way, is xmax itself.
 */
export function isUnseen(snapshot: string, transaction: string): boolean {
  const [, xmax = '0', running = ''] = snapshot.split(':')
  const behind = BigInt.asIntN(32, BigInt(transaction) - BigInt(xmax))
  const open = new Set(running.split(',').map((number) => String(BigInt.asUintN(32, BigInt(number || '0')))))
  return behind >= 0n || open.has(transaction)
}

interface SlotState {
  readonly lsn: string
  readonly isLost: boolean
}

async function slotState(session: Session, reader: SlotReader): Promise<SlotState | null> {
  const [row] = await session.query(
    `select confirmed_flush_lsn::text, (wal_status = 'lost' or plugin <> 'pgoutput' or database <> current_database())::text
     from pg_replication_slots where slot_name = $1`,
    [reader.slot],
  )
  return row === undefined ? null : { lsn: row[0] ?? '', isLost: row[1] === 'true' }
}

async function dropSlot(session: Session, reader: SlotReader): Promise<void> {
  reader.decoded = null
  await session.query('select pg_drop_replication_slot($1::text::name)', [reader.slot])
}

function isOf(
  reader: SlotReader,
  shape: Shape,
  relation: { readonly schema: string; readonly name: string } | undefined,
): boolean {
  return relation?.schema === reader.schema && relation.name === shape.name
}

function tooMany(shape: Shape, reader: SlotReader): ConnectorError {
  return expired(
    shape,
    `More than ${LARGEST_WALK} of its records were changed since the replication slot ${reader.slot} was read last.`,
  )
}

function parsed(token: string | null): unknown {
  try {
    return JSON.parse(token ?? 'null')
  } catch {
    // A token of another kind of feed: everything is read again.
    return null
  }
}
