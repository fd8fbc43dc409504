import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { counts, TestEngine } from '../support/engine.js'
import { RawRows, type RawRow } from '../support/raw-rows.js'
import { quoted } from '../support/person.js'

/** What a field mapping of a pair must show on both sides: what was to be carried, and what is there. */
type Landing = (local: RawRow, integration: RawRow) => readonly [expected: unknown, found: unknown]

/** Blank until contacts are coupled: has a test of its own. */
const PRIMARY_CONTACT = 'primaryContactId:primarycontactid'

let engine: TestEngine

beforeAll(async () => {
  engine = await TestEngine.start({ mappings: 'all' })
  await emptySales()
  await hireSomebody()
  await completeNorthwind()
}, 60_000)
afterAll(() => engine.stop())

/** Northwind is in Business Central; of Sales only the people and the base currency are left. */
async function emptySales(): Promise<void> {
  const rows = new RawRows(engine)
  const url = engine.sandbox.dataverse.url
  for (const id of (await rows.dataverse('accounts', 'accountid')).keys())
    await engine.person.deleteAccount(id)
  for (const [id, row] of await rows.dataverse('transactioncurrencies', 'transactioncurrencyid')) {
    if (row['isocurrencycode'] !== 'USD')
      await engine.person.send('DELETE', `${url}/transactioncurrencies(${id})`, null)
  }
}

/** A user in Sales, and an option of its payment terms, that Business Central does not know yet. */
async function hireSomebody(): Promise<void> {
  const url = engine.sandbox.dataverse.url
  const [unit] = (await new RawRows(engine).dataverse('businessunits', 'businessunitid')).keys()
  await engine.person.send('POST', `${url}/systemusers`, {
    firstname: 'Anna',
    lastname: 'Kowalska',
    internalemailaddress: 'anna.kowalska@example.com',
    mobilephone: '(206) 555-0199',
    'businessunitid@odata.bind': `/businessunits(${String(unit)})`,
  })
  await engine.person.send('POST', `${url}/InsertOptionValue`, {
    EntityLogicalName: 'account',
    AttributeLogicalName: 'paymenttermscode',
    Value: 5,
    Label: { LocalizedLabels: [{ Label: 'Cash on Delivery', LanguageCode: 1033 }] },
  })
}

/** What nobody of Northwind has is given to some, and one of a customer's persons becomes its primary contact. */
async function completeNorthwind(): Promise<void> {
  const rows = new RawRows(engine)
  const { url, companyId } = engine.sandbox.businessCentral
  const root = `${url.replace(/v2\.0$/, 'accord/synchronization/v1.0')}/companies(${companyId})`
  const edit = (set: string, row: RawRow | undefined, changes: RawRow) =>
    engine.person.send('PATCH', `${root}/${set}(${String(row?.['id'])})`, changes, { 'if-match': '*' })
  const contacts = [...(await rows.businessCentral('contacts')).values()]
  const person = contacts.find((row) => row['type'] === 'Person' && row['parentType'] === 'Customer')
  await edit('contacts', person, {
    addressLine2: '2nd floor',
    mobilePhoneNumber: '+48 600 000 000',
    pager: '7',
  })
  const [vendor] = (await rows.businessCentral('vendors')).values()
  await edit('vendors', vendor, { addressLine2: 'Gate 4' })
  const changes = { addressLine2: 'Building B', primaryContactId: person?.['id'] }
  await edit('customers', { id: person?.['parentId'] }, changes)
}

const FIRST_RUNS: Readonly<Record<string, object>> = {
  SALESPEOPLE: { from: { inserted: 1, unchanged: 9 } },
  CURRENCY: { to: { inserted: 12 } },
  'PAYMENT TERMS': { from: { inserted: 1, unchanged: 4 } },
  'SHIPMENT METHOD': { from: { unchanged: 2 } },
  CUSTOMER: { to: { inserted: 91 } },
  VENDOR: { to: { inserted: 29 } },
  CONTACT: { to: { inserted: 120 } },
  'UNIT OF MEASURE': { to: { inserted: 8 } },
  'ITEM-PRODUCT': { to: { inserted: 67 } },
}

describe('from an empty Sales, in the order of their dependencies', () => {
  test('the first run of every default mapping creates what is missing', async () => {
    const done: Record<string, object> = {}
    for (const { name } of DEFAULT_MAPPINGS) {
      const { run, to, from } = await engine.synchronize(name)
      expect(run.status, `${name}: ${run.message ?? ''}`).toBe('COMPLETED')
      done[name] = { to: counts(to), from: counts(from) }
    }
    expect(done).toMatchObject(FIRST_RUNS)
    const errors = await engine.database.em.fork().find(SynchError, {})
    expect(errors.map((error) => error.message)).toEqual([])
  }, 180_000)

  test.each(DEFAULT_MAPPINGS)('$name: every field of every pair has landed', async (mapping) => {
    const rows = new RawRows(engine)
    const landings = await landingsOf(rows)
    const em = engine.database.em.fork()
    const couplings = await em.find(CouplingRecord, { mappingId: (await engine.mapping(mapping.name)).id })
    const local = await rows.businessCentral(mapping.localTable)
    const integration = await integrationRows(rows, mapping.integrationTable)
    expect(couplings.length).toBeGreaterThan(0)
    const missing: string[] = []
    const carried = new Set<string>()
    for (const coupling of couplings) {
      const [ours, theirs] = [local.get(coupling.localId), integration.get(coupling.integrationId)]
      if (ours === undefined || theirs === undefined) throw new Error('A coupled record is not there.')
      for (const field of mapping.fields) {
        const landing = landings[field.name] ?? asItIs(field.localField ?? '', field.integrationField ?? '')
        const [expected, found] = landing(ours, theirs)
        if (expected !== null) carried.add(field.name)
        if (expected !== found)
          missing.push(
            `${String(ours['displayName'])} ${field.name}: ${String(expected)}, not ${String(found)}`,
          )
      }
    }
    expect(missing).toEqual([])
    expect(mapping.fields.map((field) => field.name).filter((name) => !carried.has(name))).toEqual(
      mapping.name === 'CUSTOMER' || mapping.name === 'VENDOR' ? [PRIMARY_CONTACT] : [],
    )
  })

  test('products are active, in the primary unit of their unit group', async () => {
    const rows = new RawRows(engine)
    const units = await rows.dataverse('uoms', 'uomid')
    const products = [...(await rows.dataverse('products', 'productid')).values()]
    expect(products).toHaveLength(67)
    for (const product of products) {
      const unit = units.get(String(product['_defaultuomid_value']))
      expect(product['statecode']).toBe(0)
      expect(unit).toMatchObject({
        isschedulebaseuom: true,
        _uomscheduleid_value: product['_defaultuomscheduleid_value'],
      })
    }
  })

  test('the second run of every mapping finds everything unchanged', async () => {
    for (const { name } of DEFAULT_MAPPINGS) {
      const { to, from } = await engine.synchronize(name, 'FULL')
      for (const job of [to, from]) {
        const { unchanged = 0, OUT_OF_FILTER: _filtered, ...rest } = counts(job)
        expect({ name, rest }).toEqual({ name, rest: {} })
        expect(unchanged > 0).toBe(job !== undefined)
      }
    }
  }, 180_000)

  test('the primary contact is there as soon as its customer is looked at again', async () => {
    const before = new RawRows(engine)
    const customer = [...(await before.businessCentral('customers')).values()].find(
      (row) => row['primaryContactNumber'] !== '',
    )
    const person = (await before.businessCentral('contacts')).get(String(customer?.['primaryContactId']))
    const account = `name eq ${quoted(String(customer?.['displayName']))}`
    expect((await engine.person.account(account))?.['_primarycontactid_value']).toBeNull()
    await engine.person.editCustomer(String(customer?.['id']), { phoneNumber: '+48 22 000 0000' })
    await engine.synchronize('CUSTOMER')
    const primary = (await engine.person.account(account))?.['_primarycontactid_value']
    const contacts = await new RawRows(engine).dataverse('contacts', 'contactid')
    expect(contacts.get(String(primary))?.['fullname']).toBe(person?.['displayName'])
  })
})

async function integrationRows(rows: RawRows, name: string): Promise<ReadonlyMap<string, RawRow>> {
  const table = tableOf('DATAVERSE', name)
  if (table.optionColumn === undefined) return rows.dataverse(name, table.keyField)
  const labels = await rows.labels(table.optionColumn.column)
  return new Map([...labels].map(([value, label]) => [value, { value, label }]))
}

/** The same text, or the same number, on both sides; blank is blank. */
function asItIs(localField: string, integrationField: string): Landing {
  const shown = (value: unknown): unknown => (value === '' || value === undefined ? null : value)
  return (local, integration) => [shown(local[localField]), shown(integration[integrationField])]
}

/** What is not the same text on both sides. */
async function landingsOf(rows: RawRows): Promise<Readonly<Record<string, Landing>>> {
  const [salespeople, paymentTerms, shipmentMethods, units, customers, vendors, persons] = await Promise.all(
    [
      'salespeoplePurchasers',
      'paymentTerms',
      'shipmentMethods',
      'unitsOfMeasure',
      'customers',
      'vendors',
      'contacts',
    ].map((set) => rows.businessCentral(set)),
  )
  const [users, currencies, groups, accounts, contacts] = await Promise.all([
    rows.dataverse('systemusers', 'systemuserid'),
    rows.dataverse('transactioncurrencies', 'transactioncurrencyid'),
    rows.dataverse('uomschedules', 'uomscheduleid'),
    rows.dataverse('accounts', 'accountid'),
    rows.dataverse('contacts', 'contactid'),
  ])
  const [terms, freight] = [
    await rows.labels('paymenttermscode'),
    await rows.labels('address1_freighttermscode'),
  ]
  const codeOf = (label: string | undefined): string | null =>
    label?.slice(0, 10).trim().toUpperCase() ?? null
  const emailOf = (code: unknown): unknown =>
    [...(salespeople?.values() ?? [])].find((person) => person['code'] === code)?.['email']
  const owner =
    (member: string): Landing =>
    (local, integration) => [
      emailOf(local[member]),
      users.get(String(integration['_ownerid_value']))?.['internalemailaddress'],
    ]
  return {
    'currencyId:transactioncurrencyid': (local, integration) => [
      local['currencyCode'],
      currencies.get(String(integration['_transactioncurrencyid_value']))?.['isocurrencycode'],
    ],
    'creditLimit:creditlimit': (local, integration) => [
      local['currencyCode'] === 'USD' ? local['creditLimit'] : null,
      integration['creditlimit'],
    ],
    'salespersonId:ownerid': owner('salespersonCode'),
    'purchaserId:ownerid': owner('purchaserCode'),
    'paymentTermsId:paymenttermscode': (local, integration) => [
      paymentTerms?.get(String(local['paymentTermsId']))?.['code'],
      codeOf(terms.get(String(integration['paymenttermscode']))),
    ],
    'shipmentMethodId:address1_freighttermscode': (local, integration) => [
      shipmentMethods?.get(String(local['shipmentMethodId']))?.['code'],
      codeOf(freight.get(String(integration['address1_freighttermscode']))),
    ],
    [PRIMARY_CONTACT]: (_local, integration) => [null, integration['_primarycontactid_value']],
    'parentId:parentcustomerid': (local, integration) => [
      (customers?.get(String(local['parentId'])) ?? vendors?.get(String(local['parentId'])))?.['displayName'],
      accounts.get(String(integration['_parentcustomerid_value']))?.['name'],
    ],
    'type:': (local) => [local['type'], 'Person'],
    'surname:lastname': (local, integration) => [
      persons?.get(String(local['id']))?.['surname'],
      contacts.get(String(integration['contactid']))?.['lastname'],
    ],
    'baseUnitOfMeasureId:defaultuomscheduleid': (local, integration) => [
      `NAV ${String(units?.get(String(local['baseUnitOfMeasureId']))?.['code'])}`,
      groups.get(String(integration['_defaultuomscheduleid_value']))?.['name'],
    ],
    // Of a unit of measure and its group, and of an option.
    'code:code': (local, integration) =>
      'label' in integration
        ? [codeOf(String(integration['label'])), local['code']]
        : [`NAV ${String(local['code'])}`, integration['name']],
  }
}
