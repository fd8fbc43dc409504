import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { splitName } from '../../sandbox/demo/persons.js'
import { contentOf, unitOf } from '../../sandbox/demo/products.js'
import type { BothApis } from './business-central-support.js'
import { NOBODY, bothApis } from './business-central-support.js'
import type { Entity, TestSandbox } from './support.js'
import { records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let apis: BothApis
let customers: Entity[] = []
let vendors: Entity[] = []
let contacts: Entity[] = []
let items: Entity[] = []
beforeAll(async () => {
  running = await startTestSandbox({ demo: true })
  apis = bothApis(running)
  const all = async (set: string): Promise<Entity[]> => records(await apis.get(`${apis.own}/${set}`))
  customers = await all('customers')
  vendors = await all('vendors')
  contacts = await all('contacts')
  items = await all('items')
})
afterAll(() => running.close())

const codes = async (set: string, member = 'code'): Promise<unknown[]> =>
  records(await apis.get(set)).map((record) => record[member])

describe('the demo of Business Central', () => {
  test('the suppliers are vendors, with what customers and vendors have', async () => {
    expect(vendors).toHaveLength(29)
    expect(vendors.find((vendor) => vendor['number'] === 'V00003')).toMatchObject({
      displayName: `Grandma Kelly's Homestead`,
      contactName: 'Regina Murphy',
      addressLine1: '707 Oxford Rd.',
      country: 'US',
      currencyId: NOBODY,
      currencyCode: 'USD',
      fax: '(313) 555-3349',
    })
    expect(customers.find((customer) => customer['number'] === 'ALFKI')).toMatchObject({
      contactName: 'Maria Anders',
      fax: '030-0076545',
    })
    const currencies = await codes('currencies')
    expect(currencies).toHaveLength(12)
    for (const vendor of vendors) expect(['USD', ...currencies]).toContain(vendor['currencyCode'])
    const salespeople = await codes('salespeoplePurchasers')
    for (const vendor of vendors) expect(salespeople).toContain(vendor['purchaserCode'])
  })

  test('payment terms and shipment methods are those of Sales, and every company has one', async () => {
    const captions = (list: Entity[]): unknown[] => list.map(({ code, displayName }) => [code, displayName])
    const terms = records(await apis.get('paymentTerms?$orderby=code'))
    expect(captions(terms)).toEqual([
      ['2% 10, NET', '2% 10, Net 30'],
      ['NET 30', 'Net 30'],
      ['NET 45', 'Net 45'],
      ['NET 60', 'Net 60'],
    ])
    const methods = records(await apis.get('shipmentMethods?$orderby=code'))
    expect(captions(methods)).toEqual([
      ['FOB', 'FOB'],
      ['NO CHARGE', 'No Charge'],
    ])
    for (const company of [...customers, ...vendors]) {
      expect(terms.map((term) => term['id'])).toContain(company['paymentTermsId'])
      expect(methods.map((method) => method['id'])).toContain(company['shipmentMethodId'])
    }
  })

  test('every company has a contact and a person', () => {
    const companies = contacts.filter((contact) => contact['type'] === 'Company')
    const persons = contacts.filter((contact) => contact['type'] === 'Person')
    for (const [set, relation] of [
      [customers, 'Customer'],
      [vendors, 'Vendor'],
    ] as const) {
      for (const owner of set) {
        const own = companies.filter((contact) => contact['parentId'] === owner['id'])
        expect(own).toMatchObject([{ displayName: owner['displayName'], contactBusinessRelation: relation }])
        expect(persons.filter((contact) => contact['parentId'] === owner['id'])).toMatchObject([
          {
            displayName: owner['contactName'],
            companyNumber: own[0]?.['number'],
            companyName: owner['displayName'],
            parentType: relation,
            phoneNumber: owner['phoneNumber'],
          },
        ])
      }
    }
    expect(companies.length + persons.length).toBe(2 * (91 + 29))
    for (const person of persons) {
      const parts = ['firstName', 'middleName', 'surname'].map((member) => text(person, member))
      expect(parts.filter((part) => part !== '').join(' ')).toBe(person['displayName'])
      expect(person['jobTitle']).not.toBe('')
    }
  })

  test('the products are items of a vendor, in a unit; discontinued ones are blocked', async () => {
    expect(items).toHaveLength(77)
    expect(items.filter((item) => item['blocked'] === true)).toHaveLength(10)
    expect(items.find((item) => item['number'] === 'P00003')).toMatchObject({
      displayName: 'Aniseed Syrup',
      itemCategoryCode: 'CONDIMENTS',
      vendorNumber: 'V00001',
      baseUnitOfMeasureCode: 'BOTTLE',
      unitPrice: 10,
      unitCost: 7,
      inventory: 13,
      volume: 6.6,
      grossWeight: 0,
    })
    const units = records(await apis.get('unitsOfMeasure'))
    const numbers = vendors.map((vendor) => vendor['number'])
    for (const item of items) {
      expect(numbers).toContain(item['vendorNumber'])
      expect(units.find((unit) => unit['id'] === item['baseUnitOfMeasureId'])).toMatchObject({
        code: item['baseUnitOfMeasureCode'],
      })
    }
    const used = new Set(items.map((item) => item['baseUnitOfMeasureCode']))
    expect([...used].sort()).toEqual((await codes('unitsOfMeasure')).sort())
  })

  test('the number series go on behind the demo', async () => {
    expect(await apis.created('vendors', {})).toMatchObject({ number: 'V00030' })
    expect(await apis.created('items', {})).toMatchObject({ number: 'P00080' })
    // The vendor's own contact took the number before.
    expect(await apis.person(null)).toMatchObject({ number: 'CT000242' })
  })
})

test.each([
  ['Maria Anders', 'Maria', '', 'Anders'],
  ['José Pedro Freyre', 'José', 'Pedro', 'Freyre'],
  ['Isabel de Castro', 'Isabel', '', 'de Castro'],
  ['Antonio del Valle Saavedra', 'Antonio', '', 'del Valle Saavedra'],
  ['Prince', 'Prince', '', ''],
])('%s is split into its parts', (name, first, middle, last) => {
  expect(splitName(name)).toEqual({ first, middle, last })
})

test.each([
  ['10 boxes x 30 bags', 'BOX', '0', '0'],
  ['24 - 12 oz bottles', 'BOTTLE', '0', '8.517'],
  ['48 - 6 oz jars', 'JAR', '8.165', '0'],
  ['1k pkg.', 'PACK', '1', '0'],
  ['12 - 75 cl bottles', 'BOTTLE', '0', '9'],
  ['24 - 0.5 l bottles', 'BOTTLE', '0', '12'],
  ['500 g', 'PCS', '0.5', '0'],
  ['16 pies', 'PCS', '0', '0'],
])('%s is a %s', (description, unit, weight, volume) => {
  expect(unitOf(description)).toBe(unit)
  expect(contentOf(description, unitOf(description))).toEqual({ weight, volume })
})
