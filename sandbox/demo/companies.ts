import type { NorthwindCustomer } from './northwind.js'
import { readCustomers } from './northwind.js'
import type { Country } from './reference-data.js'
import { COUNTRIES } from './reference-data.js'

/** A company of the demo with what both systems know about it, before the differences. */
export interface DemoCompany {
  readonly number: string
  readonly name: string
  readonly contact: string
  readonly contactTitle: string
  readonly street: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  /** ISO code. */
  readonly country: string
  readonly phone: string
  readonly fax: string
  readonly email: string
  readonly website: string
  readonly creditLimit: string
  /** Null: the local currency. */
  readonly currency: string | null
  /** Members that are blank in Business Central and filled in Sales. */
  readonly blankInBusinessCentral: readonly ('website' | 'phone')[]
}

/** A company as Sales has it. */
export interface DemoAccount extends DemoCompany {
  /** Null: found by its name alone. */
  readonly accountNumber: string | null
}

/** People on both sides noted different things: the five conflicts to settle at first contact. */
const DIFFERENCES: Readonly<Record<string, Partial<DemoCompany>>> = {
  AROUT: { phone: '(171) 555-7780' },
  BLAUS: { street: 'Friedrichsring 4' },
  FRANK: { city: 'Unterhaching' },
  GREAL: { website: 'https://shop.great-lakes-food-market.example.com' },
  SAVEA: { email: 'purchasing@save-a-lot-markets.example.com' },
}

const IN_SALES = 60
const WITHOUT_NUMBER = 4

export async function demoCompanies(): Promise<DemoCompany[]> {
  return (await readCustomers()).map(toCompany)
}

/** Sixty of the companies; every fourth without a number, a few with blanks, five with differences. */
export function demoAccounts(companies: readonly DemoCompany[]): DemoAccount[] {
  const chosen = companies
    .filter((company, index) => index % 3 !== 2 || company.number in DIFFERENCES)
    .slice(0, IN_SALES)
  return chosen.map((company, index) => {
    const difference = DIFFERENCES[company.number]
    const blank = difference === undefined && index % 10 === 4
    return {
      ...company,
      ...(blank ? { website: '' } : {}),
      ...difference,
      accountNumber: index % WITHOUT_NUMBER === WITHOUT_NUMBER - 1 ? null : company.number,
    }
  })
}

function toCompany(row: NorthwindCustomer, index: number): DemoCompany {
  const country = countryOf(row.country)
  const domain = domainOf(row.company_name)
  const different = row.customer_id in DIFFERENCES
  return {
    number: row.customer_id,
    name: row.company_name,
    contact: row.contact_name,
    contactTitle: row.contact_title,
    street: row.address,
    city: row.city,
    region: row.region,
    postalCode: row.postal_code,
    country: country.code,
    phone: row.phone,
    fax: row.fax,
    email: `info@${domain}`,
    website: `https://${domain}`,
    creditLimit: String(2500 + ((index * 1750) % 24_000)),
    currency: country.currency,
    blankInBusinessCentral: different || index % 12 !== 7 ? [] : index % 24 === 7 ? ['website'] : ['phone'],
  }
}

/** Throws when the demo does not know the country. */
export function countryOf(name: string): Country {
  const country = COUNTRIES[name]
  if (country === undefined) throw new Error(`The demo has no ISO code for the country ${name}.`)
  return country
}

/** The domain of a company's website and addresses. */
export function domainOf(companyName: string): string {
  return `${slug(companyName)}.example.com`
}

/** `Königlich Essen` -> `koniglich-essen` */
export function slug(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .replaceAll(/['’.]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
