import { z } from 'zod'
import type { Change } from '../../domain/record.js'
import { ConnectorError, type ChangePage, type ReadChanges } from '../connector.js'
import type { ChangesContext, Step } from './changes.js'
import { idOf } from './keys.js'
import { projectionOf } from './projection.js'
import type { Session } from './sessions.js'
import { quote, type Shape } from './shape.js'

/** What a token of the change log holds: which triggers wrote it, and the snapshot up to which it was read. */
const logToken = z.object({ generation: z.string(), snapshot: z.string() })

interface Position {
  readonly generation: string
  readonly snapshot: string
  readonly isAhead: boolean
}

/** The token from which the change log goes on after the whole table was read. Throws {@link ConnectorError} without triggers. */
export async function startOfLog(session: Session, shape: Shape): Promise<string> {
  const { generation, snapshot } = await positionOf(session, shape, null)
  return JSON.stringify({ generation, snapshot })
}

/**
 * A page of what became visible between two snapshots, in the order of the transactions. The window is closed when its first page is
 * read, so that a walk ends however much is changed meanwhile; a record changed again is left to the next walk.
 */
export async function readLog(
  { session, shape, source }: ChangesContext,
  request: ReadChanges,
  token: string | null,
  step: Extract<Step, { walk: 'log' }> | null,
): Promise<ChangePage> {
  const known = logToken.safeParse(token === null ? null : parsed(token))
  if (step === null && !known.success) throw expired(shape, 'The token is not one of a change log.')
  const start = step?.start ?? known.data?.snapshot ?? ''
  const position = await positionOf(session, shape, start)
  if (step === null && known.data?.generation !== position.generation)
    throw expired(shape, 'The triggers were installed anew, or the table was emptied by TRUNCATE.')
  if (position.isAhead)
    throw expired(shape, 'The database was restored to an earlier state, or is another one.')
  const end = step?.end ?? position.snapshot

  const projection = projectionOf(shape, request.fields, source, true)
  const select = projection.select.replace('clock_timestamp()::text', 'c.changed_at::text')
  const join = shape.key
    .map((column, index) => `t.${quote(column.name)} = c.key[${index + 1}]::${column.type}`)
    .join(' and ')
  const after =
    step === null
      ? ''
      : 'and (c.xid, c.key) > ($4::text::xid8, array(select json_array_elements_text($5::json)))'
  const rows = await session.query(
    `select c.xid::text, to_json(c.key)::text, ${select}
     from accord.change c left join ${projection.from} on ${join}
     where c.relation = $1::text::oid and c.xid >= pg_snapshot_xmin($2::text::pg_snapshot)
       and not pg_visible_in_snapshot(c.xid, $2::text::pg_snapshot)
       and pg_visible_in_snapshot(c.xid, $3::text::pg_snapshot) ${after}
     order by c.xid, c.key limit ${request.pageSize}`,
    [shape.oid, start, end, ...(step?.after ?? [])],
  )
  const last = rows.at(-1)
  const next: Step | null =
    last === undefined || rows.length < request.pageSize
      ? null
      : { walk: 'log', start, end, after: [last[0] ?? '', last[1] ?? '[]'] }
  return {
    changes: rows.map((row): Change => {
      if (projection.has(row, 2)) return { kind: 'changed', record: projection.read(row, 2) }
      return { kind: 'tombstone', id: idOf(shape, JSON.parse(row[1] ?? '[]') as string[]) }
    }),
    next: next === null ? null : JSON.stringify(next),
    token: next === null ? JSON.stringify({ generation: position.generation, snapshot: end }) : null,
  }
}

/** `isAhead`: the snapshot given knows of transactions that this database has not seen. */
async function positionOf(session: Session, shape: Shape, start: string | null): Promise<Position> {
  const [row] = await session.query(
    `select generation::text, pg_current_snapshot()::text,
       (pg_snapshot_xmax(coalesce($2::text::pg_snapshot, pg_current_snapshot())) > pg_snapshot_xmax(pg_current_snapshot()))::text
     from accord.captured where relation = $1::text::oid`,
    [shape.oid, start],
  )
  if (row === undefined) throw notCaptured(shape)
  return { generation: row[0] ?? '', snapshot: row[1] ?? '', isAhead: row[2] === 'true' }
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(token)
  } catch {
    // A token of another kind of feed: everything is read again.
    return null
  }
}

export function expired(shape: Shape, cause: string): ConnectorError {
  return new ConnectorError(
    {
      errorClass: 'UNEXPECTED',
      message: `The changes of ${shape.name} cannot be read on from where the last run ended.`,
      cause,
      remedy: 'Everything is read again; nothing needs to be done.',
    },
    undefined,
    true,
  )
}

function notCaptured(shape: Shape): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `No triggers tell of the changes of ${shape.name}.`,
    cause: 'The connection finds changes by triggers, and they were never installed on this table.',
    remedy: `Let the owner of the database run docs/postgresql-capture.sql, then: select accord.capture('${shape.qualified}', current_user).`,
  })
}
