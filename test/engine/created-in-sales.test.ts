import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { counts, TestEngine } from '../support/engine.js'
import { RawRows, type RawRow } from '../support/raw-rows.js'

let engine: TestEngine

beforeAll(async () => {
  engine = await TestEngine.start({ mappings: 'all' })
  for (const { name } of DEFAULT_MAPPINGS) await engine.synchronize(name)
}, 120_000)
afterAll(() => engine.stop())

const create = (set: string, values: RawRow): Promise<RawRow> =>
  engine.person.send('POST', `${engine.sandbox.dataverse.url}/${set}`, values, {
    prefer: 'return=representation',
  })

async function named(set: string, name: string): Promise<RawRow> {
  const rows = await new RawRows(engine).businessCentral(set)
  const found = [...rows.values()].filter((row) => row['displayName'] === name)
  expect(found).toHaveLength(1)
  return found[0] ?? {}
}

test('a vendor and its contact come to Business Central, the contact under its vendor', async () => {
  const account = await create('accounts', {
    name: 'Sandstone Quarries',
    customertypecode: 11,
    address1_city: 'Dresden',
    address1_primarycontactname: 'Lena Vogt',
    fax: '030-1',
    paymenttermscode: 3,
    address1_freighttermscode: 2,
  })
  await create('contacts', {
    firstname: 'Lena',
    lastname: 'Vogt',
    emailaddress1: 'lena@sandstone.example',
    mobilephone: '+49 170 0',
    'parentcustomerid_account@odata.bind': `/accounts(${String(account['accountid'])})`,
  })
  expect(counts((await engine.synchronize('VENDOR')).from)).toMatchObject({ inserted: 1 })
  expect(counts((await engine.synchronize('CONTACT')).from)).toMatchObject({ inserted: 1 })
  const vendor = await named('vendors', 'Sandstone Quarries')
  const rows = new RawRows(engine)
  expect(vendor).toMatchObject({ city: 'Dresden', contactName: 'Lena Vogt', fax: '030-1' })
  const terms = await rows.businessCentral('paymentTerms')
  expect(terms.get(String(vendor['paymentTermsId']))).toMatchObject({ code: 'NET 45' })
  const methods = await rows.businessCentral('shipmentMethods')
  expect(methods.get(String(vendor['shipmentMethodId']))).toMatchObject({ code: 'NO CHARGE' })
  expect(await named('contacts', 'Lena Vogt')).toMatchObject({
    type: 'Person',
    firstName: 'Lena',
    surname: 'Vogt',
    email: 'lena@sandstone.example',
    mobilePhoneNumber: '+49 170 0',
    companyName: 'Sandstone Quarries',
    parentId: vendor['id'],
    parentType: 'Vendor',
  })
  expect(counts((await engine.synchronize('CUSTOMER')).from)).not.toHaveProperty('inserted')
})

test('a contact under another contact is nobody of a company, and stays in Sales', async () => {
  const [parent] = (await new RawRows(engine).dataverse('contacts', 'contactid')).keys()
  await create('contacts', {
    lastname: 'Assistant',
    'parentcustomerid_contact@odata.bind': `/contacts(${String(parent)})`,
  })
  expect(counts((await engine.synchronize('CONTACT')).from)).toMatchObject({ OUT_OF_FILTER: 1 })
})

test('a product comes to Business Central as an item in its unit of measure', async () => {
  const rows = new RawRows(engine)
  const groups = await rows.dataverse('uomschedules', 'uomscheduleid')
  const [group] = [...groups].find(([, row]) => row['name'] === 'NAV BOTTLE') ?? []
  const units = await rows.dataverse('uoms', 'uomid')
  const [unit] = [...units].find(([, row]) => row['_uomscheduleid_value'] === group) ?? []
  const product = await create('products', {
    productnumber: 'BIRCH-1',
    name: 'Birch sap',
    producttypecode: 1,
    quantitydecimal: 2,
    'defaultuomscheduleid@odata.bind': `/uomschedules(${String(group)})`,
    'defaultuomid@odata.bind': `/uoms(${String(unit)})`,
  })
  const url = `${engine.sandbox.dataverse.url}/products(${String(product['productid'])})`
  expect(counts((await engine.synchronize('ITEM-PRODUCT')).from)).toMatchObject({ OUT_OF_FILTER: 1 })
  await engine.person.send('PATCH', url, { statecode: 0 }, { 'if-match': '*' })
  expect(counts((await engine.synchronize('ITEM-PRODUCT')).from)).toMatchObject({ inserted: 1 })
  expect(await named('items', 'Birch sap')).toMatchObject({
    type: 'Inventory',
    baseUnitOfMeasureCode: 'BOTTLE',
  })
})

test('nothing of it was an error, and nothing comes back', async () => {
  for (const { name } of DEFAULT_MAPPINGS) {
    const { to, from } = await engine.synchronize(name)
    for (const job of [to, from]) expect({ name, ...counts(job) }).not.toHaveProperty('inserted')
  }
  const errors = await engine.database.em.fork().find(SynchError, { resolvedAt: null })
  expect(errors.filter((error) => error.errorClass !== 'CONFLICT').map((error) => error.message)).toEqual([])
}, 120_000)
