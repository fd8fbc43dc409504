import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

const customerRow = z.object({
  customer_id: z.string(),
  company_name: z.string(),
  contact_name: z.string(),
  contact_title: z.string(),
  address: z.string(),
  city: z.string(),
  region: z.string(),
  postal_code: z.string(),
  country: z.string(),
  phone: z.string(),
  fax: z.string(),
})
const employeeRow = z.object({
  employee_id: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  title: z.string(),
  home_phone: z.string(),
})

const supplierRow = customerRow.omit({ customer_id: true }).extend({ supplier_id: z.string() })
const productRow = z.object({
  product_id: z.string(),
  product_name: z.string(),
  supplier_id: z.string(),
  category_id: z.string(),
  quantity_per_unit: z.string(),
  unit_price: z.string(),
  units_in_stock: z.string(),
  discontinued: z.enum(['0', '1']),
})
const categoryRow = z.object({ category_id: z.string(), category_name: z.string() })

export type NorthwindCustomer = z.infer<typeof customerRow>
export type NorthwindEmployee = z.infer<typeof employeeRow>

export type NorthwindSupplier = z.infer<typeof supplierRow>
export type NorthwindProduct = z.infer<typeof productRow>
export type NorthwindCategory = z.infer<typeof categoryRow>

export async function readCustomers(): Promise<NorthwindCustomer[]> {
  return z.array(customerRow).parse(await readCsv('customers.csv'))
}

export async function readEmployees(): Promise<NorthwindEmployee[]> {
  return z.array(employeeRow).parse(await readCsv('employees.csv'))
}

export async function readSuppliers(): Promise<NorthwindSupplier[]> {
  return z.array(supplierRow).parse(await readCsv('suppliers.csv'))
}

export async function readProducts(): Promise<NorthwindProduct[]> {
  return z.array(productRow).parse(await readCsv('products.csv'))
}

export async function readCategories(): Promise<NorthwindCategory[]> {
  return z.array(categoryRow).parse(await readCsv('categories.csv'))
}

async function readCsv(name: string): Promise<unknown> {
  return parse(await readFile(dataFile(name), 'utf8'), { columns: true, skip_empty_lines: true, bom: true })
}

/** The data lies beside this file's source; the compiled file finds it from the `dist` folder. */
function dataFile(name: string): string {
  const places = [`./data/${name}`, `../../../sandbox/demo/data/${name}`].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  )
  const found = places.find((place) => existsSync(place))
  if (found === undefined)
    throw new Error(`The demo's data file ${name} is missing. Looked for it at ${places.join(' and ')}.`)
  return found
}
