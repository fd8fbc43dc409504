import type { Connection } from '../common/database.js'
import { quoted } from '../common/table.js'
import type { BusinessCentralTable } from './table.js'

export const SERIES_STATEMENT = `create table if not exists number_series (
  name text primary key,
  last bigint not null
)`

/**
 * The next numbers of a table's series, going on from the highest number of the series that was ever used or given by
 * hand. The series stays locked until the end of the transaction, so that nobody else is given the same ones.
 */
export async function nextNumbers(
  connection: Connection,
  table: BusinessCentralTable,
  count: number,
): Promise<string[]> {
  const { series, primary } = table
  if (series === undefined || primary === null || count === 0) return []
  await connection.query('insert into number_series (name, last) values ($1, 0) on conflict do nothing', [
    table.name,
  ])
  const stored = await connection.query<{ last: string }>(
    'select last from number_series where name = $1 for update',
    [table.name],
  )
  const highest = await connection.query<{ last: string | null }>(
    `select max(substr(${quoted(primary)}, $2::int)::bigint) as last from ${quoted(table.name)} where ${quoted(primary)} ~ $1`,
    [`^${series.prefix}\\d{${series.digits},12}$`, series.prefix.length + 1],
  )
  const last = Math.max(Number(stored.rows[0]?.last ?? '0'), Number(highest.rows[0]?.last ?? '0'))
  const first = Math.floor(last / series.step) * series.step + series.step
  const numbers = Array.from({ length: count }, (_unused, index) => first + index * series.step)
  await connection.query('update number_series set last = $2 where name = $1', [table.name, numbers.at(-1)])
  return numbers.map((number) => `${series.prefix}${String(number).padStart(series.digits, '0')}`)
}
