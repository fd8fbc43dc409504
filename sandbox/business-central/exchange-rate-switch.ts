import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Connection, Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import { Originals } from '../common/originals.js'
import { insertRows, nextVersions } from '../common/records.js'
import type { Switch } from '../common/switches.js'
import { blankRow } from '../common/table.js'
import { CURRENCY_EXCHANGE_RATES } from './reference-tables.js'

const rateSchema = z.strictObject({
  /** `2026-01-01` */
  from: z.iso.date(),
  /** Units of the local currency for one of this currency. */
  rate: z.number().positive(),
})

export const exchangeRatesSchema = z.strictObject({
  currency: z.string().min(1).toUpperCase(),
  /** All rates that the currency has from now on; none: they are missing. */
  rates: z.array(rateSchema),
})

/** `POST /sandbox/exchange-rates`: the rates of a currency, which the API itself does not let anybody change. */
export function exchangeRateSwitch(
  database: Database,
  now: () => number,
): Switch<z.infer<typeof exchangeRatesSchema>> {
  const originals = new Originals('exchangeRates')
  return {
    async set({ currency, rates }) {
      await transaction(database, async (connection) => {
        await originals.keep(connection, currency, await ratesOf(connection, currency))
        await replaceRates(connection, currency, rates, now())
      })
      return null
    },
    async clear() {
      await transaction(database, async (connection) => {
        for (const [currency, rates] of await originals.take(connection))
          await replaceRates(connection, currency, z.array(rateSchema).parse(rates), now())
      })
    },
    async report() {
      const { rows } = await database.query(
        `select "currencyCode" as currency, "startingDate"::text as "from", "relationalExchangeRateAmount"::float / "exchangeRateAmount"::float as rate
           from "currencyExchangeRates" order by 1, 2`,
      )
      return { rates: rows }
    },
  }
}

async function ratesOf(connection: Connection, currency: string): Promise<z.infer<typeof rateSchema>[]> {
  const { rows } = await connection.query<{ from: string; rate: string }>(
    `select "startingDate"::text as "from", ("relationalExchangeRateAmount" / "exchangeRateAmount")::text as rate
       from "currencyExchangeRates" where "currencyCode" = $1 order by 1`,
    [currency],
  )
  return rows.map(({ from, rate }) => ({ from, rate: Number(rate) }))
}

async function replaceRates(
  connection: Connection,
  currency: string,
  rates: readonly z.infer<typeof rateSchema>[],
  at: number,
): Promise<void> {
  await connection.query('delete from "currencyExchangeRates" where "currencyCode" = $1', [currency])
  const versions = await nextVersions(connection, rates.length)
  await insertRows(
    connection,
    CURRENCY_EXCHANGE_RATES,
    rates.map(({ from, rate }, index) => ({
      ...blankRow(CURRENCY_EXCHANGE_RATES),
      id: randomUUID(),
      currencyCode: currency,
      startingDate: from,
      exchangeRateAmount: '1',
      relationalExchangeRateAmount: String(rate),
      [CURRENCY_EXCHANGE_RATES.stamp]: new Date(at).toISOString(),
      [CURRENCY_EXCHANGE_RATES.version]: versions[index] ?? '0',
    })),
  )
}
