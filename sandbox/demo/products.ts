import { Decimal } from 'decimal.js'
import type { NorthwindProduct } from './northwind.js'
import { readCategories, readProducts } from './northwind.js'
import type { UnitCode } from './reference-data.js'
import { supplierNumber } from './suppliers.js'

/** A product of the demo, as Business Central has it. Decimals are text. */
export interface DemoProduct {
  readonly number: string
  readonly name: string
  readonly category: string
  readonly unit: UnitCode
  readonly price: string
  readonly cost: string
  readonly stock: string
  /** Of what a unit contains, in kilograms; 0 for what is measured by volume or counted. */
  readonly weight: string
  /** In litres, likewise. */
  readonly volume: string
  readonly supplierNumber: string
  readonly supplierItemNumber: string
  readonly discontinued: boolean
}

/** What the demo's company pays for goods, of the price it takes. */
const COST_SHARE = '0.7'

/** Words of the unit descriptions, as they begin. */
const CONTAINERS: readonly (readonly [word: string, unit: UnitCode])[] = [
  ['bag', 'BAG'],
  ['bottle', 'BOTTLE'],
  ['box', 'BOX'],
  ['can', 'CAN'],
  ['glass', 'JAR'],
  ['jar', 'JAR'],
  ['pkg', 'PACK'],
  ['tin', 'TIN'],
]

const KILOGRAMS: Readonly<Record<string, string>> = {
  k: '1',
  kg: '1',
  g: '0.001',
  lb: '0.45359237',
  oz: '0.028349523125',
}
const LITRES: Readonly<Record<string, string>> = {
  l: '1',
  cl: '0.01',
  ml: '0.001',
  cc: '0.001',
  'fl oz': '0.0295735295625',
}

export async function demoProducts(): Promise<DemoProduct[]> {
  const categories = new Map(
    (await demoCategories()).map((category): [string, string] => [category.id, category.code]),
  )
  return (await readProducts()).map((row) => toProduct(row, categories.get(row.category_id) ?? ''))
}

export async function demoCategories(): Promise<{ id: string; code: string; name: string }[]> {
  return (await readCategories()).map((row) => ({
    id: row.category_id,
    code: row.category_name.toUpperCase(),
    name: row.category_name,
  }))
}

function toProduct(row: NorthwindProduct, category: string): DemoProduct {
  // The data hold prices as binary fractions: 21.3500004.
  const price = new Decimal(row.unit_price).toDecimalPlaces(2)
  const unit = unitOf(row.quantity_per_unit)
  return {
    number: `P${row.product_id.padStart(5, '0')}`,
    name: row.product_name,
    category,
    unit,
    price: price.toFixed(),
    cost: price.times(COST_SHARE).toDecimalPlaces(2).toFixed(),
    stock: row.units_in_stock,
    ...contentOf(row.quantity_per_unit, unit),
    supplierNumber: supplierNumber(row.supplier_id),
    supplierItemNumber: `NW-${row.product_id.padStart(4, '0')}`,
    discontinued: row.discontinued === '1',
  }
}

/** The first container that a description names, `10 boxes x 30 bags` -> `BOX`; without one, the piece. */
export function unitOf(description: string): UnitCode {
  const found = CONTAINERS.map(([word, unit]) => ({ unit, at: description.search(new RegExp(`\\b${word}`)) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
  return found[0]?.unit ?? 'PCS'
}

/** `12 - 550 ml bottles` -> 6.6 litres. An ounce in a bottle or can is a fluid one. */
export function contentOf(description: string, unit: UnitCode): { weight: string; volume: string } {
  const match = /^(?:(\d+) - )?([\d.]+) ?(kg|g|lb|oz|l|cl|ml|cc|k)\b/.exec(description)
  const [, count = '1', amount = '0', sign = ''] = match ?? []
  const measure = sign === 'oz' && (unit === 'BOTTLE' || unit === 'CAN') ? 'fl oz' : sign
  const total = (factor: string | undefined): string =>
    new Decimal(count)
      .times(amount)
      .times(factor ?? '0')
      .toDecimalPlaces(3)
      .toFixed()
  return { weight: total(KILOGRAMS[measure]), volume: total(LITRES[measure]) }
}
