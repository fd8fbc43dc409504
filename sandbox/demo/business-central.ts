import { LOCAL_CURRENCY } from '../business-central/company.js'
import type { Trade } from '../business-central/company-contacts.js'
import { companyContact } from '../business-central/company-contacts.js'
import { ZERO_GUID } from '../business-central/table.js'
import { markFilled } from '../common/clock.js'
import type { Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import type { Row } from '../common/table.js'
import { Seed } from './business-central-seed.js'
import type { DemoCompany } from './companies.js'
import { demoCompanies } from './companies.js'
import type { Content } from './content.js'
import { generateCustomers } from './generated-customers.js'
import { readEmployees } from './northwind.js'
import { personContact } from './persons.js'
import { demoCategories, demoProducts } from './products.js'
import { CURRENCIES, PAYMENT_TERMS, SHIPMENT_METHODS, UNITS_OF_MEASURE } from './reference-data.js'
import type { DemoSupplier } from './suppliers.js'
import { demoSuppliers } from './suppliers.js'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/** What companies and items refer to. */
interface References {
  readonly currencyIds: ReadonlyMap<string, string>
  readonly salespeople: readonly Row[]
  readonly paymentTerms: readonly Row[]
  readonly shipmentMethods: readonly Row[]
}

/** Fills an empty Business Central. Every stamp lies a day or more in the past. */
export async function seedBusinessCentral(database: Database, content: Content, now: number): Promise<void> {
  await transaction(database, async (connection) => {
    await markFilled(connection, content.kind)
    const seed = new Seed(connection, now - DAY)
    const references = await addReferences(seed)
    if (content.kind === 'generated') {
      await generateCustomers(connection, content.customers, now - HOUR)
      return
    }
    const companies = await demoCompanies()
    const customers = await seed.add(
      'customers',
      companies.map((company, index) => customerRow(company, index, references)),
    )
    const suppliers = await demoSuppliers()
    const vendors = await seed.add(
      'vendors',
      suppliers.map((supplier, index) => vendorRow(supplier, index, references)),
    )
    await addContacts(seed, [
      ...customers.map((row, index) => contactsOf('Customer', row, companies[index])),
      ...vendors.map((row, index) => contactsOf('Vendor', row, suppliers[index])),
    ])
    await addItems(seed)
  })
  await database.query('analyze')
}

async function addReferences(seed: Seed): Promise<References> {
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
  return {
    currencyIds: new Map(currencies.map((row) => [row['code'] ?? '', row['id'] ?? ZERO_GUID])),
    salespeople: await seed.add('salespeoplePurchasers', await salespeopleRows()),
    paymentTerms: await seed.add(
      'paymentTerms',
      PAYMENT_TERMS.map((terms) => ({
        code: terms.code,
        displayName: terms.name,
        dueDateCalculation: terms.due,
        discountDateCalculation: terms.discountDue,
        discountPercent: terms.discount,
      })),
    ),
    shipmentMethods: await seed.add(
      'shipmentMethods',
      SHIPMENT_METHODS.map(({ code, name }) => ({ code, displayName: name })),
    ),
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

function customerRow(company: DemoCompany, index: number, references: References): Row {
  const shown = (member: 'website' | 'phone'): string =>
    company.blankInBusinessCentral.includes(member) ? '' : company[member]
  return {
    ...companyRow(company, index, references),
    phoneNumber: shown('phone'),
    website: shown('website'),
    creditLimit: company.creditLimit,
    salespersonCode: pick(references.salespeople, index)?.['code'] ?? '',
  }
}

function vendorRow(supplier: DemoSupplier, index: number, references: References): Row {
  return {
    ...companyRow(supplier, index, references),
    phoneNumber: supplier.phone,
    website: supplier.website,
    purchaserCode: pick(references.salespeople, index)?.['code'] ?? '',
  }
}

/** What customers and vendors have in common. */
function companyRow(company: DemoCompany | DemoSupplier, index: number, references: References): Row {
  const { currency } = company
  return {
    number: company.number,
    displayName: company.name,
    addressLine1: company.street,
    city: company.city,
    state: company.region,
    country: company.country,
    postalCode: company.postalCode,
    email: company.email,
    contactName: company.contact,
    fax: company.fax,
    currencyId: currency === null ? ZERO_GUID : (references.currencyIds.get(currency) ?? ZERO_GUID),
    currencyCode: currency ?? LOCAL_CURRENCY,
    paymentTermsId: pick(references.paymentTerms, index)?.['id'] ?? ZERO_GUID,
    shipmentMethodId: pick(references.shipmentMethods, index + 1)?.['id'] ?? ZERO_GUID,
  }
}

interface Contacts {
  readonly trade: Trade
  readonly company: Row
  readonly name: string
  readonly title: string
}

function contactsOf(trade: Trade, company: Row, source: DemoCompany | DemoSupplier | undefined): Contacts {
  return { trade, company, name: source?.contact ?? '', title: source?.contactTitle ?? '' }
}

/** A contact for every company and one for its person. */
async function addContacts(seed: Seed, all: readonly Contacts[]): Promise<void> {
  const number = (index: number): string => `CT${String(index + 1).padStart(6, '0')}`
  await seed.add(
    'contacts',
    all.map(({ trade, company }, index) => companyContact(trade, company, number(index))),
  )
  await seed.add(
    'contacts',
    all.map(({ trade, company, name, title }, index) =>
      personContact(trade, company, number(index), { number: number(all.length + index), name, title }),
    ),
  )
}

async function addItems(seed: Seed): Promise<void> {
  const units = await seed.add(
    'unitsOfMeasure',
    UNITS_OF_MEASURE.map(({ code, name, standard }) => ({
      code,
      displayName: name,
      internationalStandardCode: standard,
      symbol: code.toLowerCase(),
    })),
  )
  const categories = await seed.add(
    'itemCategories',
    (await demoCategories()).map(({ code, name }) => ({ code, displayName: name })),
  )
  const idOf = (rows: readonly Row[], code: string): string =>
    rows.find((row) => row['code'] === code)?.['id'] ?? ZERO_GUID
  await seed.add(
    'items',
    (await demoProducts()).map((product) => ({
      number: product.number,
      displayName: product.name,
      itemCategoryId: idOf(categories, product.category),
      itemCategoryCode: product.category,
      blocked: product.discontinued ? 't' : 'f',
      inventory: product.stock,
      unitPrice: product.price,
      unitCost: product.cost,
      baseUnitOfMeasureId: idOf(units, product.unit),
      baseUnitOfMeasureCode: product.unit,
      volume: product.volume,
      grossWeight: product.weight,
      netWeight: product.weight,
      vendorNumber: product.supplierNumber,
      vendorItemNumber: product.supplierItemNumber,
    })),
  )
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % items.length]
}
