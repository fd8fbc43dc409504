import { ConnectorError } from '../connector.js'
import type { Row, Session } from './sessions.js'

/** A column as pg_catalog has it. */
export interface Column {
  readonly name: string
  /** The type as it is written in a cast, without length or precision. */
  readonly type: string
  /** The type below domains: `varchar`, `numeric`, `int4`, `timestamptz`, or the name of an enum. */
  readonly base: string
  readonly notNull: boolean
  readonly hasDefault: boolean
  /** Computed from other columns. */
  readonly isGenerated: boolean
  /** `always`: a value of ours is refused, except where it overrides the sequence. */
  readonly identity: 'always' | 'byDefault' | null
  /** Of a text type with a length, characters. */
  readonly length: number | null
  readonly precision: number | null
  readonly scale: number | null
  /** The labels of an enum in their order. */
  readonly labels: readonly string[] | null
  /** The sequence that fills the column, as it is written in nextval. */
  readonly sequence: string | null
  /** The table of the same schema to which the column refers, by its primary key of one column. */
  readonly references: string | null
  readonly comment: string | null
}

/** A table as pg_catalog has it. */
export interface Shape {
  readonly schema: string
  readonly name: string
  readonly oid: string
  /** Quoted, with its schema. */
  readonly qualified: string
  readonly comment: string | null
  readonly columns: readonly Column[]
  /** The columns of the primary key, in its order. */
  readonly key: readonly Column[]
  /** After triggers or deferred ones of others may change a record again; then it is read once more before the commit. */
  readonly isReadAgain: boolean
  /** Constraints that are checked at the commit; they are checked at once in our transactions. */
  readonly isDeferred: boolean
  readonly isPartitioned: boolean
  /** The server keeps the time of every commit (track_commit_timestamp). */
  readonly keepsCommitTime: boolean
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function columnOf(shape: Shape, name: string): Column {
  const column = shape.columns.find((candidate) => candidate.name === name)
  if (column !== undefined) return column
  throw new ConnectorError({
    errorClass: 'SETUP',
    message: `The table ${shape.name} has no column ${name}.`,
    cause: 'The column was removed or renamed, or the settings of the connection name another one.',
    remedy: 'Correct the mapping, or the settings of the connection.',
  })
}

const TABLE = `
select c.oid::text, n.nspname, c.relname, obj_description(c.oid, 'pg_class'), c.relkind,
  exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D'
    and (t.tgtype & 2) = 0 and t.tgname not like 'accord\\_%')::text,
  (exists (select from pg_constraint k where k.conrelid = c.oid and k.condeferrable)
    or exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgdeferrable))::text,
  current_setting('track_commit_timestamp')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`

const COLUMNS = `
select a.attname, format_type(a.atttypid, -1),
  case when b.oid is null then t.typname else b.typname end,
  a.attnotnull::text, a.atthasdef::text, a.attgenerated, a.attidentity,
  (case when b.oid is null then a.atttypmod else t.typtypmod end)::text,
  (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = coalesce(b.oid, t.oid))::text,
  coalesce(pg_get_serial_sequence($2, a.attname),
    (select substring(pg_get_expr(d.adbin, d.adrelid) from '^nextval\\(''(.+)''::regclass\\)$') from pg_attrdef d
      where d.adrelid = a.attrelid and d.adnum = a.attnum)),
  (select r.relname from pg_constraint f join pg_class r on r.oid = f.confrelid
    join pg_constraint p on p.conrelid = f.confrelid and p.contype = 'p' and p.conkey = f.confkey
    where f.conrelid = a.attrelid and f.contype = 'f' and f.conkey = array[a.attnum]
      and r.relnamespace = (select relnamespace from pg_class where oid = a.attrelid)
    order by f.oid limit 1),
  (select array_position(i.indkey::int2[], a.attnum) from pg_index i where i.indrelid = a.attrelid and i.indisprimary)::text,
  col_description(a.attrelid, a.attnum)
from pg_attribute a
join pg_type t on t.oid = a.atttypid
left join pg_type b on t.typtype = 'd' and b.oid = t.typbasetype
where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
order by a.attnum`

/** Reads a table's shape; null where there is no such table. A table without a primary key has an empty `key`. */
export async function readShape(session: Session, schema: string, name: string): Promise<Shape | null> {
  const [table] = await session.query(TABLE, [schema, name])
  if (table === undefined) return null
  const oid = text(table, 0)
  const qualified = `${quote(schema)}.${quote(name)}`
  const rows = await session.query(COLUMNS, [oid, qualified])
  const read = rows.map((row) => ({ column: columnOfRow(row), place: row[11] ?? null }))
  const key = read
    .filter((item) => item.place !== null)
    .sort((left, right) => Number(left.place) - Number(right.place))
    .map((item) => item.column)
  return {
    schema,
    name,
    oid,
    qualified,
    comment: table[3] ?? null,
    columns: read.map((item) => item.column),
    key,
    isReadAgain: table[4] === 'p' || table[5] === 'true',
    isDeferred: table[6] === 'true',
    isPartitioned: table[4] === 'p',
    keepsCommitTime: table[7] === 'on',
  }
}

function columnOfRow(row: Row): Column {
  const base = text(row, 2)
  const modifier = Number(row[7] ?? '-1')
  const labels = row[8] ?? null
  const identity = text(row, 6)
  return {
    name: text(row, 0),
    type: text(row, 1),
    base,
    notNull: row[3] === 'true',
    hasDefault: row[4] === 'true' || identity !== '',
    isGenerated: text(row, 5) !== '',
    identity: identity === 'a' ? 'always' : identity === 'd' ? 'byDefault' : null,
    ...modifierOf(base, modifier),
    labels: labels === null ? null : (JSON.parse(labels) as string[]),
    sequence: row[9] ?? null,
    references: row[10] ?? null,
    comment: row[12] ?? null,
  }
}

/** pg_attribute packs length, precision and scale into one number, four more than they are. */
function modifierOf(base: string, modifier: number): Pick<Column, 'length' | 'precision' | 'scale'> {
  const none = { length: null, precision: null, scale: null }
  if (modifier < 4) return none
  if (base === 'varchar' || base === 'bpchar') return { ...none, length: modifier - 4 }
  if (base !== 'numeric') return none
  const packed = modifier - 4
  // The scale is a signed number of eleven bits.
  const scale = ((packed & 0x7ff) ^ 1024) - 1024
  return { ...none, precision: (packed >> 16) & 0xffff, scale: Math.max(0, scale) }
}

function text(row: Row, index: number): string {
  return row[index] ?? ''
}
