import type { RecordSnapshot } from '../../domain/record.js'
import type { Failure } from '../../domain/failure.js'
import { ConnectorError, type WriteRequest, type WriteResult } from '../connector.js'
import { partsOf } from './keys.js'
import { projectionOf, type StampSource } from './projection.js'
import { keyList, keyRow, readByIds } from './reads.js'
import type { Session } from './sessions.js'
import { columnOf, quote, type Column, type Shape } from './shape.js'
import { outgoing } from './values.js'

export interface WriteContext {
  readonly session: Session
  readonly shape: Shape
  readonly source: StampSource
  readonly returnFields: readonly string[]
}

type Create = Extract<WriteRequest, { readonly kind: 'create' }>
type Update = Extract<WriteRequest, { readonly kind: 'update' }>
type Delete = Extract<WriteRequest, { readonly kind: 'delete' }>

/** Writes requests of any kinds, one statement for each kind and set of columns. Throws what the database refuses. */
export async function writeSet(
  context: WriteContext,
  requests: readonly WriteRequest[],
): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = []
  const creations = requests.filter((request) => request.kind === 'create')
  const updates = requests.filter((request) => request.kind === 'update')
  const deletions = requests.filter((request) => request.kind === 'delete')
  for (const group of Map.groupBy(deletions, () => '').values())
    results.push(...(await remove(context, group)))
  for (const group of Map.groupBy(updates, (request) => columnsOf(context.shape, request).join()).values())
    results.push(...(await update(context, group)))
  for (const group of Map.groupBy(creations, (request) => columnsOf(context.shape, request).join()).values())
    results.push(...(await create(context, group)))
  return results
}

/** The columns that a request writes, besides the key, sorted; what the database fills in itself is left to it where it is blank. */
function columnsOf(shape: Shape, request: Create | Update): readonly string[] {
  return Object.keys(request.values)
    .filter((name) => {
      if (shape.key.some((column) => column.name === name)) return false
      if (request.kind === 'update' || request.values[name] !== null) return true
      const column = columnOf(shape, name)
      return !(column.notNull && column.hasDefault)
    })
    .sort()
}

async function create(context: WriteContext, requests: readonly Create[]): Promise<readonly WriteResult[]> {
  const { shape, session } = context
  const { known, results } = withParts(shape, requests)
  const [first] = known
  if (first === undefined) return results
  const columns = columnsOf(shape, first.request).map((name) => columnOf(shape, name))
  const rows = known.map(({ request, parts }) => ({ ...keyRow(parts), ...rowOf(columns, request.values) }))
  const keys = keyList(shape)
  const targets = [...shape.key, ...columns].map((column) => quote(column.name)).join(', ')
  const values = [
    ...shape.key.map((_, index) => `i.k${index}`),
    ...columns.map((_, index) => `i.c${index}`),
  ].join(', ')
  const projection = projectionOf(shape, context.returnFields, context.source, true)
  const written = await session.query(
    `insert into ${shape.qualified} as t (${targets}) overriding system value
     select ${values} from json_to_recordset($1::json) as i(${keys.columns}${recordColumns(columns)})
     on conflict (${shape.key.map((column) => quote(column.name)).join(', ')}) do nothing
     returning ${shape.isPartitioned ? shape.key.map((column) => `t.${quote(column.name)}::text`).join(', ') : projection.select}`,
    [JSON.stringify(rows)],
  )
  const records = shape.isReadAgain
    ? await readBack(
        context,
        known.map(({ request }) => request.id ?? ''),
        written.length,
      )
    : new Map(written.map((row) => projection.read(row, 0)).map((record) => [record.id, record]))
  const made = shape.isReadAgain
    ? new Set(written.map((row) => projectionKey(context, row)))
    : new Set(records.keys())
  const asked = new Set(known.map(({ request }) => request.id))
  const other = [...made].find((id) => !asked.has(id))
  if (other !== undefined) throw otherKey(shape, other)
  return [
    ...results,
    ...known.map(({ request }): WriteResult => {
      const id = request.id ?? ''
      const record = records.get(id)
      if (!made.has(id)) return exists(shape, request)
      return record === undefined
        ? { kind: 'gone', ref: request.ref }
        : { kind: 'written', ref: request.ref, record }
    }),
  ]
}

async function update(context: WriteContext, requests: readonly Update[]): Promise<readonly WriteResult[]> {
  const { shape, session } = context
  const { known, results } = withParts(shape, requests)
  const [first] = known
  if (first === undefined) return results
  const columns = columnsOf(shape, first.request).map((name) => columnOf(shape, name))
  const rows = known.map(({ request, parts }, n) => ({
    n,
    v: request.version,
    ...keyRow(parts),
    ...rowOf(columns, request.values),
  }))
  const keys = keyList(shape)
  const changes = columns.map((column, index) => `${quote(column.name)} = i.c${index}`).join(', ')
  const projection = projectionOf(shape, context.returnFields, context.source, true)
  const written = await session.query(
    `update ${shape.qualified} t set ${changes || `${quote(shape.key[0]?.name ?? '')} = t.${quote(shape.key[0]?.name ?? '')}`}
     from json_to_recordset($1::json) as i(n int, v text, ${keys.columns}${recordColumns(columns)})
     where ${keys.join} and t.xmin::text = i.v
     returning i.n::text, ${projection.select}`,
    [JSON.stringify(rows)],
  )
  const byNumber = new Map(written.map((row) => [Number(row[0]), projection.read(row, 1)]))
  const done = known.filter((_, n) => byNumber.has(n))
  const again = shape.isReadAgain
    ? await readBack(
        context,
        done.map(({ request }) => request.id),
        done.length,
      )
    : null
  const rest = await gone(
    context,
    known.filter((_, n) => !byNumber.has(n)).map(({ request }) => request),
  )
  return [
    ...results,
    ...rest,
    ...known.flatMap(({ request }, n): WriteResult[] => {
      const own = byNumber.get(n)
      if (own === undefined) return []
      const record = again === null ? own : again.get(request.id)
      return [
        record === undefined
          ? { kind: 'gone', ref: request.ref }
          : { kind: 'written', ref: request.ref, record },
      ]
    }),
  ]
}

async function remove(context: WriteContext, requests: readonly Delete[]): Promise<readonly WriteResult[]> {
  const { shape, session } = context
  const { known, results } = withParts(shape, requests)
  if (known.length === 0) return results
  const rows = known.map(({ request, parts }, n) => ({ n, v: request.version, ...keyRow(parts) }))
  const keys = keyList(shape)
  const removed = await session.query(
    `delete from ${shape.qualified} t using json_to_recordset($1::json) as i(n int, v text, ${keys.columns})
     where ${keys.join} and t.xmin::text = i.v returning i.n::text`,
    [JSON.stringify(rows)],
  )
  const done = new Set(removed.map((row) => Number(row[0])))
  return [
    ...results,
    ...(await gone(
      context,
      known.filter((_, n) => !done.has(n)).map(({ request }) => request),
    )),
    ...known.flatMap(({ request }, n): WriteResult[] =>
      done.has(n) ? [{ kind: 'deleted', ref: request.ref }] : [],
    ),
  ]
}

/** What was not written is at another version, or is not there any more. */
async function gone(
  context: WriteContext,
  requests: readonly (Update | Delete)[],
): Promise<readonly WriteResult[]> {
  if (requests.length === 0) return []
  const answers = await readByIds(
    context.session,
    context.shape,
    { kind: 'none' },
    [],
    requests.map((request) => request.id),
  )
  return requests.map((request, index) => ({
    kind: answers[index]?.kind === 'found' ? 'stale' : 'gone',
    ref: request.ref,
  }))
}

/** Triggers may have changed what was written: what it is now, within the same transaction. */
async function readBack(
  { session, shape, source, returnFields }: WriteContext,
  ids: readonly string[],
  count: number,
): Promise<ReadonlyMap<string, RecordSnapshot>> {
  if (count === 0) return new Map()
  const answers = await readByIds(
    session,
    shape,
    source.kind === 'commit' ? { kind: 'none' } : source,
    returnFields,
    ids,
  )
  return new Map(
    answers.flatMap((answer) =>
      answer.kind === 'found' ? [[answer.record.id, answer.record] as const] : [],
    ),
  )
}

function projectionKey(context: WriteContext, row: readonly (string | null)[]): string {
  return projectionOf(context.shape, [], { kind: 'none' }).read(
    [...row.slice(0, context.shape.key.length), '', null],
    0,
  ).id
}

interface Known<Request> {
  readonly request: Request
  readonly parts: readonly string[]
}

/** Requests with the parts of their ids; one whose id no record can have is refused or gone. */
function withParts<Request extends WriteRequest>(
  shape: Shape,
  requests: readonly Request[],
): { readonly known: readonly Known<Request>[]; readonly results: readonly WriteResult[] } {
  const known: Known<Request>[] = []
  const results: WriteResult[] = []
  for (const request of requests) {
    const parts = request.id === null ? null : partsOf(shape, request.id)
    if (parts !== null) known.push({ request, parts })
    else if (request.kind === 'create')
      results.push({ kind: 'refused', ref: request.ref, failure: noSuchId(shape, request.id) })
    else results.push({ kind: 'gone', ref: request.ref })
  }
  return { known, results }
}

function rowOf(
  columns: readonly Column[],
  values: Create['values'],
): Readonly<Record<string, string | boolean | null>> {
  return Object.fromEntries(
    columns.map((column, index) => [`c${index}`, outgoing(column, values[column.name] ?? null)]),
  )
}

function recordColumns(columns: readonly Column[]): string {
  return columns.map((column, index) => `, c${index} ${column.type}`).join('')
}

/** A key that came with the values may be another record's; one that we made can only be ours. */
function exists(shape: Shape, request: Create): WriteResult {
  const isNatural = shape.key.some((column) => (request.values[column.name] ?? null) !== null)
  if (!isNatural) return { kind: 'exists', ref: request.ref }
  const names = shape.key.map((column) => column.name)
  return {
    kind: 'refused',
    ref: request.ref,
    failure: {
      errorClass: 'DUPLICATE',
      message: `A record of ${shape.name} with ${names.join(', ')} ${request.id ?? ''} is there already.`,
      cause: 'Another record has the same primary key.',
      remedy: 'Couple the two records, or change the key of one.',
      ...(names[0] === undefined ? {} : { field: names[0] }),
    },
  }
}

/** Taken for one that is not there, it would be created again and again; as nothing is committed yet, nothing is. */
function otherKey(shape: Shape, id: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `A record of ${shape.name} was given another primary key, ${id}, than Accord had chosen for it.`,
    cause:
      'A trigger of the table sets the primary key of new records, or its type writes the key in another way.',
    remedy:
      'Let the trigger keep a primary key that is given, or give the column a default from a sequence instead.',
  })
}

function noSuchId(shape: Shape, id: string | null): Failure {
  return {
    errorClass: 'VALIDATION',
    message: `"${id ?? ''}" cannot be the primary key of a record of ${shape.name}.`,
    cause: 'The id does not fit the types of the columns of the primary key.',
    remedy: 'Correct the values that make up the key, on the other side.',
  }
}
