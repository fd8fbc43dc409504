import { countryOf, domainOf } from './companies.js'
import { readSuppliers } from './northwind.js'

/** A supplier of the demo, as Business Central has it. */
export interface DemoSupplier {
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
  /** Null: the local currency. */
  readonly currency: string | null
}

export async function demoSuppliers(): Promise<DemoSupplier[]> {
  return (await readSuppliers()).map((row) => {
    const country = countryOf(row.country)
    const domain = domainOf(row.company_name)
    return {
      number: supplierNumber(row.supplier_id),
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
      currency: country.currency,
    }
  })
}

/** `7` -> `V00007` */
export function supplierNumber(id: string): string {
  return `V${id.padStart(5, '0')}`
}
