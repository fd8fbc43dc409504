import { randomUUID } from 'node:crypto'
import { LOCAL_CURRENCY } from '../business-central/company.js'
import type { BusinessCentralTable } from '../business-central/table.js'
import { ZERO_GUID } from '../business-central/table.js'
import { COMPANY_TABLES } from '../business-central/tables.js'
import { markFilled } from '../common/clock.js'
import type { Connection, Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import { insertRows, nextVersions } from '../common/records.js'
import type { Row } from '../common/table.js'
import { blankRow } from '../common/table.js'
import type { DemoCompany } from './companies.js'
import { demoCompanies } from './companies.js'
import type { Content } from './content.js'
import { generateCustomers } from './generated-customers.js'
import { readEmployees } from './northwind.js'
import { CURRENCIES, PAYMENT_TERMS, SHIPMENT_METHODS } from './reference-data.js'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/** Fills an empty Business Central. Every stamp lies a day or more in the past. */
export async function seedBusinessCentral(database: Database, content: Content, now: number): Promise<void> {
  await transaction(database, async (connection) => {
    await markFilled(connection, content.kind)
    const seed = new Seed(connection, now - DAY)
    const currencies = await seed.add(
      'currencies',
      CURRENCIES.map(({ code, name, symbol }) => ({
        code,
        displayName: name,
        symbol,
        amountDecimalPlaces: '2:2',
        amountRoundingPrecision: '0.01',
      })),
    )
    await seed.add(
      'currencyExchangeRates',
      CURRENCIES.map(({ code, dollars }) => ({
        currencyCode: code,
        startingDate: '2024-01-01',
        exchangeRateAmount: '1',
        relationalExchangeRateAmount: dollars,
      })),
    )
    const salespeople = await seed.add('salespeoplePurchasers', await salespeopleRows())
    const paymentTerms = await seed.add(
      'paymentTerms',
      PAYMENT_TERMS.map((terms) => ({
        code: terms.code,
        displayName: terms.name,
        dueDateCalculation: terms.due,
        discountDateCalculation: terms.discountDue,
        discountPercent: terms.discount,
      })),
    )
    const shipmentMethods = await seed.add(
      'shipmentMethods',
      SHIPMENT_METHODS.map(({ code, name }) => ({ code, displayName: name })),
    )
    if (content.kind === 'generated') {
      await generateCustomers(connection, content.customers, now - HOUR)
      return
    }
    const currencyIds = new Map(currencies.map((row) => [row['code'], row['id']]))
    const companies = await demoCompanies()
    await seed.add(
      'customers',
      companies.map((company, index) => ({
        ...customerRow(
          company,
          company.currency === null ? ZERO_GUID : (currencyIds.get(company.currency) ?? ZERO_GUID),
        ),
        salespersonCode: pick(salespeople, index)?.['code'] ?? '',
        paymentTermsId: pick(paymentTerms, index)?.['id'] ?? ZERO_GUID,
        shipmentMethodId: pick(shipmentMethods, index + 1)?.['id'] ?? ZERO_GUID,
      })),
    )
  })
  await database.query('analyze')
}

function customerRow(company: DemoCompany, currencyId: string): Row {
  const shown = (member: 'website' | 'phone'): string =>
    company.blankInBusinessCentral.includes(member) ? '' : company[member]
  return {
    number: company.number,
    displayName: company.name,
    addressLine1: company.street,
    city: company.city,
    state: company.region,
    country: company.country,
    postalCode: company.postalCode,
    phoneNumber: shown('phone'),
    email: company.email,
    website: shown('website'),
    creditLimit: company.creditLimit,
    currencyId,
    currencyCode: company.currency ?? LOCAL_CURRENCY,
  }
}

async function salespeopleRows(): Promise<Row[]> {
  return (await readEmployees()).map((employee) => ({
    code: `${employee.first_name.charAt(0)}${employee.last_name.charAt(0)}`,
    displayName: `${employee.first_name} ${employee.last_name}`,
    email: `${employee.first_name}.${employee.last_name}@example.com`.toLowerCase(),
    phoneNo: employee.home_phone,
    jobTitle: employee.title.slice(0, 30),
    commisionPercent: '5',
  }))
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % items.length]
}

class Seed {
  private step = 0

  constructor(
    private readonly connection: Connection,
    private readonly latest: number,
  ) {}

  /** Inserts records of a table, each an hour older than the one before. Returns them with their ids. */
  async add(name: string, values: readonly Row[]): Promise<Row[]> {
    const table = tableOf(name)
    const versions = await nextVersions(this.connection, values.length)
    const rows = values.map((value, index): Row => {
      this.step += 1
      return {
        ...blankRow(table),
        ...value,
        id: randomUUID(),
        [table.stamp]: new Date(this.latest - this.step * HOUR).toISOString(),
        [table.version]: versions[index] ?? '0',
      }
    })
    await insertRows(this.connection, table, rows)
    return rows
  }
}

function tableOf(name: string): BusinessCentralTable {
  const table = COMPANY_TABLES.find((candidate) => candidate.name === name)
  if (table === undefined) throw new Error(`Business Central has no table ${name}.`)
  return table
}
