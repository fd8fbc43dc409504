import type { Change } from '../../domain/record.js'
import type { ChangePage, ReadChanges } from '../connector.js'
import { readLog, startOfLog } from './change-log.js'
import { pushFilter } from './push-filter.js'
import { keyParameters, orderOf, projectionOf, type StampSource } from './projection.js'
import { readSlot, startOfSlot, type SlotReader } from './replication.js'
import type { Session } from './sessions.js'
import { columnOf, quote, type Shape } from './shape.js'

/** How the changes of one table are found. */
export type Feed =
  | { readonly kind: 'stamp'; readonly column: string }
  | { readonly kind: 'log' }
  | { readonly kind: 'slot'; readonly reader: SlotReader }

export interface ChangesContext {
  readonly session: Session
  readonly shape: Shape
  readonly source: StampSource
  readonly feed: Feed
}

/** Where a walk over a table or a feed goes on; it travels as JSON. `after`: the last key, behind the last stamp where there is one. */
export type Step =
  | { readonly walk: 'table'; readonly after: readonly string[]; readonly token: string | null }
  | { readonly walk: 'stamp'; readonly after: readonly string[] }
  | {
      readonly walk: 'log'
      readonly start: string
      readonly end: string
      readonly after: readonly [string, string]
    }
  | { readonly walk: 'slot'; readonly start: string; readonly end: string; readonly offset: number }

/** One page of changes. Throws what the driver throws, and ConnectorError. */
export async function readChanges(context: ChangesContext, request: ReadChanges): Promise<ChangePage> {
  const { from } = request
  switch (from.kind) {
    case 'beginning': {
      const token = request.track ? await startOf(context) : null
      return readTable(context, request, null, token)
    }
    case 'stamp':
      return context.source.kind === 'column'
        ? readStamped(context, request, context.source.column, from.atOrAfter, null)
        : readTable(context, request, null, null)
    case 'token':
      return readFeed(context, request, from.token, null)
    case 'next': {
      const step = JSON.parse(from.next) as Step
      switch (step.walk) {
        case 'table':
          return readTable(context, request, step.after, step.token)
        case 'stamp': {
          if (context.source.kind !== 'column')
            throw new Error(`The table ${context.shape.name} has no stamp.`)
          return readStamped(context, request, context.source.column, null, step.after)
        }
        case 'log':
        case 'slot':
          return readFeed(context, request, null, step)
      }
    }
  }
}

/** The token from which a feed goes on after the whole table was read. Taken before the first page. */
async function startOf({ session, shape, feed }: ChangesContext): Promise<string | null> {
  switch (feed.kind) {
    case 'stamp':
      return null
    case 'log':
      return startOfLog(session, shape)
    case 'slot':
      return startOfSlot(session, feed.reader)
  }
}

function readFeed(
  context: ChangesContext,
  request: ReadChanges,
  token: string | null,
  step: Extract<Step, { walk: 'log' | 'slot' }> | null,
): Promise<ChangePage> {
  const { feed } = context
  switch (feed.kind) {
    case 'stamp':
      throw new Error(`The changes of ${context.shape.name} are found by a column; there is no token.`)
    case 'log':
      return readLog(context, request, token, step?.walk === 'log' ? step : null)
    case 'slot':
      return readSlot(context, feed.reader, request, token, step?.walk === 'slot' ? step : null)
  }
}

/** The whole table in the order of its key, so that records that change meanwhile are neither missed nor read twice. */
async function readTable(
  { session, shape, source }: ChangesContext,
  request: ReadChanges,
  after: readonly string[] | null,
  token: string | null,
): Promise<ChangePage> {
  const projection = projectionOf(shape, request.fields, source)
  const conditions = [
    ...(after === null ? [] : [`(${orderOf(shape)}) > (${keyParameters(shape, 1)})`]),
    ...(token === null ? pushed(shape, request) : []),
  ]
  const rows = await session.query(
    `select ${projection.select} from ${projection.from} ${where(conditions)} order by ${orderOf(shape)} limit ${request.pageSize}`,
    after ?? [],
  )
  const last = rows.at(-1)
  const isLast = last === undefined || rows.length < request.pageSize
  const step: Step | null = isLast
    ? null
    : { walk: 'table', after: last.slice(0, shape.key.length).map((part) => part ?? ''), token }
  return {
    changes: rows.map((row) => ({ kind: 'changed', record: projection.read(row, 0) })),
    next: step === null ? null : JSON.stringify(step),
    token: step === null ? token : null,
  }
}

/** By the modified column, then the key: `after` holds both as the server wrote them, to the microsecond. */
async function readStamped(
  { session, shape, source }: ChangesContext,
  request: ReadChanges,
  stampColumn: string,
  atOrAfter: number | null,
  after: readonly string[] | null,
): Promise<ChangePage> {
  const projection = projectionOf(shape, request.fields, source)
  const { type } = columnOf(shape, stampColumn)
  const stamp = `t.${quote(stampColumn)}`
  const place =
    after === null
      ? `${stamp} >= $1::text::${type}`
      : `(${stamp}, ${orderOf(shape)}) > ($1::text::${type}, ${keyParameters(shape, 2)})`
  const rows = await session.query(
    `select ${projection.select} from ${projection.from} ${where([place, ...pushed(shape, request)])}
     order by ${stamp}, ${orderOf(shape)} limit ${request.pageSize}`,
    after ?? [new Date(atOrAfter ?? 0).toISOString()],
  )
  const last = rows.at(-1)
  const keys = shape.key.length
  const step: Step | null =
    last === undefined || rows.length < request.pageSize
      ? null
      : { walk: 'stamp', after: [last[keys + 1] ?? '', ...last.slice(0, keys).map((part) => part ?? '')] }
  return {
    changes: rows.map((row): Change => ({ kind: 'changed', record: projection.read(row, 0) })),
    next: step === null ? null : JSON.stringify(step),
    token: null,
  }
}

function pushed(shape: Shape, request: ReadChanges): readonly string[] {
  const filter = pushFilter(shape, request.filter ?? null)
  return filter === null ? [] : [filter.text]
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}
