import { foldCase } from '../../domain/text.js'
import type { ReadById, RecordSnapshot } from '../../domain/record.js'
import type { IdPage } from '../connector.js'
import { idOf, partsOf } from './keys.js'
import { keyParameters, orderOf, projectionOf, type StampSource } from './projection.js'
import type { Session } from './sessions.js'
import { columnOf, quote, type Shape } from './shape.js'
import { isOfType, isText } from './values.js'

const LARGEST_ID_PAGE = 50_000

/** `k0`, `k1`, … of a list of keys that travels as JSON. */
export function keyList(shape: Shape): { readonly columns: string; readonly join: string } {
  return {
    columns: shape.key.map((column, index) => `k${index} ${column.type}`).join(', '),
    join: shape.key.map((column, index) => `t.${quote(column.name)} = i.k${index}`).join(' and '),
  }
}

/** A key as a row of such a list. */
export function keyRow(parts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(parts.map((part, index) => [`k${index}`, part]))
}

export async function readByIds(
  session: Session,
  shape: Shape,
  source: StampSource,
  fields: readonly string[],
  ids: readonly string[],
): Promise<readonly ReadById[]> {
  const asked = ids.map((id) => ({ id, parts: partsOf(shape, id) }))
  const rows = asked.flatMap(({ parts }, n) => (parts === null ? [] : [{ n, ...keyRow(parts) }]))
  const found = new Map<number, RecordSnapshot>()
  if (rows.length > 0) {
    const projection = projectionOf(shape, fields, source)
    const keys = keyList(shape)
    const answer = await session.query(
      `select i.n::text, ${projection.select} from json_to_recordset($1::json) as i(n int, ${keys.columns}) join ${withJoin(projection.from, keys.join)}`,
      [JSON.stringify(rows)],
    )
    for (const row of answer) found.set(Number(row[0]), projection.read(row, 1))
  }
  return asked.map(({ id }, n): ReadById => {
    const record = found.get(n)
    return record === undefined ? { kind: 'gone', id } : { kind: 'found', record }
  })
}

/** `table t left join log on …` with the condition of the table put behind it. */
function withJoin(from: string, condition: string): string {
  const place = from.indexOf(' left join ')
  return place < 0 ? `${from} on ${condition}` : `${from.slice(0, place)} on ${condition}${from.slice(place)}`
}

/**
 * Records in which a column holds one of the values. Text is compared without case: as the server folds it, and as we do, so that
 * nothing is missed where the two differ in a letter.
 */
export async function readByValues(
  session: Session,
  shape: Shape,
  source: StampSource,
  fields: readonly string[],
  field: string,
  values: readonly string[],
): Promise<readonly RecordSnapshot[]> {
  const column = columnOf(shape, field)
  const known = values.filter((value) => isOfType(column, value))
  if (known.length === 0) return []
  const projection = projectionOf(shape, fields, source)
  const name = `t.${quote(field)}`
  if (!isText(column)) {
    const rows = await session.query(
      `select ${projection.select} from ${projection.from} where ${name} = any($1::text[]::${column.type}[])`,
      [known],
    )
    return rows.map((row) => projection.read(row, 0))
  }
  const folded = `lower(normalize(${name}::text, NFC))`
  const rows = await session.query(
    `select ${projection.select} from ${projection.from}
     where ${folded} = any(array(select lower(normalize(v, NFC)) from unnest($1::text[]) v union select unnest($2::text[])))`,
    [known, [...new Set(known.map(foldCase))]],
  )
  return rows.map((row) => projection.read(row, 0))
}

/** A page of ids in the order of the key; `next` is the last key. */
export async function readIds(session: Session, shape: Shape, next: string | null): Promise<IdPage> {
  const keys = shape.key.map((column) => `t.${quote(column.name)}::text`).join(', ')
  const after = next === null ? null : (JSON.parse(next) as string[])
  const where = after === null ? '' : `where (${orderOf(shape)}) > (${keyParameters(shape, 1)})`
  const rows = await session.query(
    `select ${keys} from ${shape.qualified} t ${where} order by ${orderOf(shape)} limit ${LARGEST_ID_PAGE}`,
    after ?? [],
  )
  const last = rows.at(-1)
  return {
    ids: rows.map((row) => idOf(shape, row)),
    next: last !== undefined && rows.length === LARGEST_ID_PAGE ? JSON.stringify(last) : null,
  }
}
