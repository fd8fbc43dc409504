import type { Connector } from '../connectors/connector.js'
import { ConnectorError } from '../connectors/connector.js'
import { notExamined } from '../connectors/http/find-failure.js'
import { TRANSACTION_CURRENCY } from '../domain/catalog/dataverse.js'
import type { TableUse } from '../domain/checked-tables.js'
import { examineCurrencies, gapOf, type DatedRate } from '../domain/diagnosis/exchange-rates.js'
import type { Finding } from '../domain/finding.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { TableDefinition } from '../domain/schema.js'
import { otherSide, Side } from '../domain/value.js'

const PAGE = 1000

type Systems = Readonly<Record<Side, Connector>>
type Uses = Readonly<Record<Side, readonly TableUse[]>>

/** Business Central's own tables of currencies; no mapping is made of the second one. */
const CURRENCIES = tableOf('currencies', [
  { name: 'code', caption: 'Code', type: { kind: 'code', maxLength: 10 } },
])
const EXCHANGE_RATES = tableOf('currencyExchangeRates', [
  { name: 'currencyCode', caption: 'Currency Code', type: { kind: 'code', maxLength: 10 } },
  { name: 'startingDate', caption: 'Starting Date', type: { kind: 'date' } },
  { name: 'exchangeRateAmount', caption: 'Amount', type: { kind: 'decimal', scale: 15, nullable: true } },
  {
    name: 'relationalExchangeRateAmount',
    caption: 'Relational Amount',
    type: { kind: 'decimal', scale: 15, nullable: true },
  },
])

/** Whether both systems have the exchange rates of the currencies that they share. Empty for other kinds of systems. */
export async function checkCurrencies(
  systems: Systems,
  uses: Uses,
  now: number,
): Promise<readonly Finding[]> {
  const side = Object.values(Side).find((one) => systems[one].kind === 'BUSINESS_CENTRAL')
  if (side === undefined || systems[otherSide(side)].kind !== 'DATAVERSE') return []
  const [businessCentral, dataverse] = [systems[side], systems[otherSide(side)]]
  try {
    const [currencies, rates, transactionCurrencies, ownFacts, otherFacts] = await Promise.all([
      readAll(businessCentral, CURRENCIES),
      readAll(businessCentral, EXCHANGE_RATES),
      readAll(dataverse, TRANSACTION_CURRENCY, ['isocurrencycode', 'exchangerate']),
      businessCentral.readFacts(),
      dataverse.readFacts(),
    ])
    const today = new Date(now).toISOString().slice(0, 10)
    const ratesOf = Map.groupBy(rates, (rate) => codeOf(rate, 'currencyCode'))
    const codes = new Set(transactionCurrencies.map((record) => codeOf(record, 'isocurrencycode')))
    const base = transactionCurrencies.find((record) => record.id === otherFacts.baseCurrency)
    return examineCurrencies({
      side,
      today,
      localCurrency: ownFacts.localCurrencyCode?.toUpperCase() ?? null,
      baseCurrency: base === undefined ? null : codeOf(base, 'isocurrencycode'),
      businessCentral: await Promise.all(
        currencies.map(async (record) => {
          const code = codeOf(record, 'code')
          const own = (ratesOf.get(code) ?? []).map(rateOf)
          // Counted only where it matters: the other system has not the currency, and there is no rate.
          const matters = !codes.has(code) && gapOf(own, today) !== null
          return { code, rates: own, used: matters && (await isUsed(businessCentral, uses[side], record)) }
        }),
      ),
      dataverse: await Promise.all(
        transactionCurrencies.map(async (record) => {
          const usable = isPositive(record.values['exchangerate'])
          const used = !usable && (await isUsed(dataverse, uses[otherSide(side)], record))
          const since = new Date(record.stamp).toISOString().slice(0, 10)
          return { code: codeOf(record, 'isocurrencycode'), usable, used, since }
        }),
      ),
    })
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return [notExamined('The exchange rates were not compared.', error.failure)]
  }
}

/** Whether records of a mapped table are in that currency. */
async function isUsed(
  connector: Connector,
  uses: readonly TableUse[],
  currency: RecordSnapshot,
): Promise<boolean> {
  for (const { table } of uses) {
    for (const field of table.fields) {
      const refersToCurrencies =
        field.type.kind === 'lookup' &&
        ['currencies', 'transactioncurrencies'].includes(field.type.table) &&
        field.customApi !== true
      if (!refersToCurrencies) continue
      const inIt = { kind: 'compare', field: field.name, comparison: '=', value: currency.id } as const
      if ((await connector.countRecords(table, inIt)) > 0) return true
    }
  }
  return false
}

async function readAll(
  connector: Connector,
  table: TableDefinition,
  fields = table.fields.map((field) => field.name),
): Promise<readonly RecordSnapshot[]> {
  const records: RecordSnapshot[] = []
  let next: string | null = null
  do {
    const page: Awaited<ReturnType<Connector['readChanges']>> = await connector.readChanges({
      table,
      fields,
      from: next === null ? { kind: 'beginning' } : { kind: 'next', next },
      pageSize: PAGE,
      track: false,
    })
    records.push(...page.changes.flatMap((change) => (change.kind === 'changed' ? [change.record] : [])))
    next = page.next
  } while (next !== null)
  return records
}

function rateOf({ values }: RecordSnapshot): DatedRate {
  const from = values['startingDate']
  return {
    from: typeof from === 'string' ? from : null,
    usable: isPositive(values['exchangeRateAmount']) && isPositive(values['relationalExchangeRateAmount']),
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === 'string' && Number(value) > 0
}

function codeOf({ values }: RecordSnapshot, field: string): string {
  return String(values[field] ?? '')
    .trim()
    .toUpperCase()
}

function tableOf(name: string, fields: TableDefinition['fields']): TableDefinition {
  return {
    system: 'BUSINESS_CENTRAL',
    name,
    caption: name,
    keyField: 'id',
    stampField: 'lastModifiedDateTime',
    stampResolution: 1,
    nameField: fields[0]?.name ?? 'id',
    page: '',
    fields,
  }
}
