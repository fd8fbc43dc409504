import { z } from 'zod'
import type { Connection, Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import { Originals } from '../common/originals.js'
import { nextVersions } from '../common/records.js'
import type { Switch } from '../common/switches.js'
import { wholeSecond } from './values.js'

export const exchangeRateSchema = z.strictObject({
  /** ISO code. */
  currency: z.string().min(1).toUpperCase(),
  /** Units of it for one of the base currency; null: nobody filled it in. */
  rate: z.number().positive().nullable(),
})

/** `POST /sandbox/exchange-rates`: the rate of a currency, also none, which the API would refuse. */
export function exchangeRateSwitch(
  database: Database,
  now: () => number,
): Switch<z.infer<typeof exchangeRateSchema>> {
  const originals = new Originals('exchangeRate')
  return {
    set: ({ currency, rate }) =>
      transaction(database, async (connection) => {
        const { rows } = await connection.query<{ rate: string | null }>(
          'select exchangerate::text as rate from transactioncurrencies where upper(isocurrencycode) = $1',
          [currency],
        )
        const [known] = rows
        if (known === undefined) return `Dataverse has no currency '${currency}'.`
        await originals.keep(connection, currency, known.rate)
        await store(connection, currency, rate === null ? null : String(rate), now())
        return null
      }),
    async clear() {
      await transaction(database, async (connection) => {
        for (const [currency, rate] of await originals.take(connection))
          await store(connection, currency, z.string().nullable().parse(rate), now())
      })
    },
    async report() {
      const { rows } = await database.query(
        `select isocurrencycode as currency, exchangerate::float as rate from transactioncurrencies order by 1`,
      )
      return { rates: rows }
    },
  }
}

async function store(
  connection: Connection,
  currency: string,
  rate: string | null,
  at: number,
): Promise<void> {
  // Versions are given out under a lock that is held until the commit; readers of changes rely on it.
  await connection.query(`select pg_advisory_xact_lock(hashtext('record_version'))`)
  const [version] = await nextVersions(connection, 1)
  await connection.query(
    `update transactioncurrencies set exchangerate = $2, modifiedon = $3, versionnumber = $4 where upper(isocurrencycode) = $1`,
    [currency, rate, wholeSecond(at), version],
  )
}
