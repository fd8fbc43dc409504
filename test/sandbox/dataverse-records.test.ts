import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let euro = ''
let dollar = ''
beforeAll(async () => {
  running = await startTestSandbox()
  dollar = text(records(await running.dataverse.get('organizations'))[0] ?? {}, '_basecurrencyid_value')
  const created = await create('transactioncurrencies', {
    isocurrencycode: 'EUR',
    currencyname: 'Euro',
    currencysymbol: '€',
    exchangerate: 0.8,
  })
  euro = text(created, 'transactioncurrencyid')
})
afterAll(() => running.close())

const UNKNOWN = '11111111-2222-4333-8444-555555555555'
const representation = { prefer: 'return=representation' }
const post = (set: string, body: unknown): Promise<Reply> =>
  running.dataverse.call('POST', set, { body, headers: representation })
const create = async (set: string, body: unknown): Promise<Entity> => {
  const reply = await post(set, body)
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return reply.json
}
const patch = (path: string, body: unknown): Promise<Reply> =>
  running.dataverse.call('PATCH', path, { body, headers: representation })

const REFUSALS: readonly {
  name: string
  send: () => Promise<Reply>
  status: number
  code: string
  message: string
}[] = [
  {
    name: 'too long a text',
    send: () => post('accounts', { name: 'x'.repeat(161) }),
    status: 400,
    code: '0x80044331',
    message: `The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'.`,
  },
  {
    name: 'a NUL character',
    send: () => post('accounts', { name: 'a\0' }),
    status: 400,
    code: '0x80040203',
    message: `The value of 'name' holds the character 0x00, which is not valid.`,
  },
  {
    name: 'an unknown member',
    send: () => post('accounts', { nickname: 'x' }),
    status: 400,
    code: '0x0',
    message: `Could not find a property named 'nickname' on type 'Microsoft.Dynamics.CRM.account'.`,
  },
  {
    name: 'a lookup written as a value',
    send: () => post('accounts', { _transactioncurrencyid_value: euro }),
    status: 400,
    code: '0x80048d19',
    message:
      'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
  },
  {
    name: 'a lookup to nothing',
    send: () =>
      post('accounts', { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${UNKNOWN})` }),
    status: 404,
    code: '0x80040217',
    message: `transactioncurrency With Id = ${UNKNOWN} Does Not Exist`,
  },
  {
    name: 'a choice out of range',
    send: () => post('accounts', { customertypecode: 13 }),
    status: 400,
    code: '0x8004431a',
    message: `A validation error occurred. The value 13 of 'customertypecode' on record of type 'account' is outside the valid range. Accepted Values: 1,2,3,4,5,6,7,8,9,10,11,12`,
  },
  {
    name: 'an ISO code twice',
    send: () => post('transactioncurrencies', { isocurrencycode: 'eur', currencyname: 'x', exchangerate: 1 }),
    status: 400,
    code: '0x80048cf3',
    message: `A currency with the ISO currency code 'eur' exists already.`,
  },
  {
    name: 'an ISO code changed',
    send: () => patch(`transactioncurrencies(${euro})`, { isocurrencycode: 'GBP' }),
    status: 400,
    code: '0x80040203',
    message: `The attribute 'isocurrencycode' of the 'transactioncurrency' entity cannot be changed.`,
  },
  {
    name: 'the rate of the base currency',
    send: () => patch(`transactioncurrencies(${dollar})`, { exchangerate: 2 }),
    status: 400,
    code: '0x80048cf5',
    message: 'The exchange rate of the base currency cannot be modified.',
  },
  {
    name: 'a stamp',
    send: () => post('accounts', { modifiedon: '2020-01-01T00:00:00Z' }),
    status: 400,
    code: '0x80040203',
    message: `The attribute 'modifiedon' of the 'account' entity cannot be set.`,
  },
  {
    name: 'an alternate key',
    send: () => running.dataverse.get(`accounts(accountnumber='A')`),
    status: 400,
    code: '0x0',
    message: `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.account'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.account'.`,
  },
  {
    name: 'a record that is gone',
    send: () => running.dataverse.get(`accounts(${UNKNOWN})`),
    status: 404,
    code: '0x80040217',
    message: `account With Id = ${UNKNOWN} Does Not Exist`,
  },
  {
    name: '$skip',
    send: () => running.dataverse.get('accounts?$skip=1'),
    status: 400,
    code: '0x80060888',
    message: 'Skip Clause is not supported in CRM',
  },
  {
    name: '$expand',
    send: () => running.dataverse.get('accounts?$expand=primarycontactid'),
    status: 501,
    code: '0x80040203',
    message: `The query option '$expand' is not served by the sandbox here.`,
  },
  {
    name: 'an unknown set',
    send: () => running.dataverse.get('customers'),
    status: 404,
    code: '0x8006088a',
    message: `Resource not found for the segment 'customers'.`,
  },
  {
    name: 'a set not served',
    send: () => running.dataverse.get('pricelevels'),
    status: 501,
    code: '0x80040203',
    message: `The sandbox does not serve 'pricelevels'.`,
  },
  {
    name: 'an unknown member in a filter',
    send: () => running.dataverse.get(`accounts?$filter=nickname eq 'x'`),
    status: 400,
    code: '0x0',
    message: `Could not find a property named 'nickname' on type 'Microsoft.Dynamics.CRM.account'.`,
  },
  {
    name: 'acting for nobody',
    send: () => running.dataverse.get('WhoAmI', { mscrmcallerid: UNKNOWN }),
    status: 400,
    code: '0x80041d1f',
    message: `The user Id(s) [${UNKNOWN}] is invalid.`,
  },
]

describe('refusals of Dataverse', () => {
  test.each(REFUSALS)('$name', async ({ send, status, code, message }) => {
    expect(errorOf(await send())).toEqual({ status, code, message })
  })
})

describe('records of Dataverse', () => {
  test('blank text is null, stamps are whole seconds, the author is the caller', async () => {
    const account = await create('accounts', { name: 'Form', fax: '' })
    expect(account).toMatchObject({ fax: null, statecode: 0, statuscode: 1, telephone1: null })
    expect(text(account, 'modifiedon')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const me = text((await running.dataverse.get('WhoAmI')).json, 'UserId')
    const person = text((await running.personInDataverse.get('WhoAmI')).json, 'UserId')
    expect(me).not.toBe(person)
    expect(account).toMatchObject({ _createdby_value: me, _modifiedby_value: me, _ownerid_value: me })
    const url = `accounts(${text(account, 'accountid')})`
    await running.personInDataverse.call('PATCH', url, { body: { fax: '1' } })
    expect((await running.dataverse.get(url)).json).toMatchObject({
      _createdby_value: me,
      _modifiedby_value: person,
    })
  })

  test('amounts keep their digits, take the base currency and follow the rate', async () => {
    const plain = await running.dataverse.call('POST', 'accounts', {
      text: '{"name":"Money","creditlimit":123456789012.3456}',
      headers: representation,
    })
    expect(plain.text).toContain('"creditlimit":123456789012.3456,')
    expect(plain.json).toMatchObject({ _transactioncurrencyid_value: dollar, exchangerate: 1 })
    const inEuro = await create('accounts', {
      name: 'Euro',
      creditlimit: 80,
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${euro})`,
    })
    expect(inEuro).toMatchObject({
      _transactioncurrencyid_value: euro,
      creditlimit: 80,
      creditlimit_base: 100,
      exchangerate: 0.8,
    })
    const chosen = await running.dataverse.get(`accounts(${text(inEuro, 'accountid')})?$select=creditlimit`)
    expect(Object.keys(chosen.json).sort()).toEqual([
      '@odata.context',
      '@odata.etag',
      '_transactioncurrencyid_value',
      'accountid',
      'creditlimit',
    ])
  })

  test('a lookup is set, cleared by null, and cleared when its record is deleted', async () => {
    const contact = await create('contacts', { firstname: 'Ann', lastname: 'Devon' })
    expect(contact['fullname']).toBe('Ann Devon')
    const contactUrl = `/contacts(${text(contact, 'contactid')})`
    const account = await create('accounts', { name: 'Lookup', 'primarycontactid@odata.bind': contactUrl })
    const url = `accounts(${text(account, 'accountid')})`
    expect(account['_primarycontactid_value']).toBe(contact['contactid'])
    expect(
      (await patch(url, { 'primarycontactid@odata.bind': null })).json['_primarycontactid_value'],
    ).toBeNull()
    const again = await patch(url, { 'primarycontactid@odata.bind': contactUrl })
    await running.dataverse.call('DELETE', contactUrl.slice(1))
    const after = (await running.dataverse.get(url)).json
    expect(after['_primarycontactid_value']).toBeNull()
    expect(after['@odata.etag']).not.toBe(again.json['@odata.etag'])
  })

  test('a customer lookup tells its kind', async () => {
    const account = await create('accounts', { name: 'Parent' })
    const contact = await create('contacts', {
      lastname: 'Child',
      'parentcustomerid_account@odata.bind': `/accounts(${text(account, 'accountid')})`,
    })
    const reply = await running.dataverse.get(
      `contacts(${text(contact, 'contactid')})?$select=_parentcustomerid_value`,
      { prefer: 'odata.include-annotations="*"' },
    )
    expect(reply.json).toMatchObject({
      _parentcustomerid_value: account['accountid'],
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
    })
  })

  test('a currency in use is not deleted', async () => {
    await create('accounts', {
      name: 'Uses',
      'transactioncurrencyid@odata.bind': `transactioncurrencies(${euro})`,
    })
    expect(errorOf(await running.dataverse.call('DELETE', `transactioncurrencies(${euro})`))).toMatchObject({
      status: 405,
      code: '0x80040227',
    })
  })

  test('state and status go together', async () => {
    const account = await create('accounts', { name: 'State' })
    const url = `accounts(${text(account, 'accountid')})`
    expect((await patch(url, { statecode: 1 })).json).toMatchObject({ statecode: 1, statuscode: 2 })
    expect(errorOf(await patch(url, { statecode: 0, statuscode: 2 })).code).toBe('0x80048408')
  })

  test('a version the client holds is not sent again', async () => {
    const account = await create('accounts', { name: 'Held' })
    const url = `accounts(${text(account, 'accountid')})`
    expect((await running.dataverse.get(url, { 'if-none-match': text(account, '@odata.etag') })).status).toBe(
      304,
    )
    expect((await running.dataverse.get(url, { 'if-none-match': 'null' })).status).toBe(200)
  })

  test('reading: text without case, wildcards, lists, paging, counting', async () => {
    const names = ['Ärger AG', 'ÄRGER ag', 'Apfel_Haus', 'ApfelXHaus', "O'Neil"]
    const ids: string[] = []
    for (const name of names)
      ids.push(text(await create('accounts', { name, accountnumber: 'READ' }), 'accountid'))
    const found = async (filter: string): Promise<string[]> =>
      records(
        await running.dataverse.get(
          `accounts?$select=name&$orderby=name&$filter=${encodeURIComponent(`accountnumber eq 'read' and (${filter})`)}`,
        ),
      ).map((record) => text(record, 'name'))
    expect(await found(`name eq 'ärger ag'`)).toHaveLength(2)
    expect(await found(`startswith(name,'apfel_')`)).toHaveLength(2)
    expect(await found(`contains(name,'o''n')`)).toEqual([`O'Neil`])
    expect(await found(`not startswith(name,'a') and name ne null`)).toHaveLength(3)
    expect(await found(`name eq 'O''Neil' or fax ne null`)).toHaveLength(1)
    expect(
      await found(
        `Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=["${ids[0]}","${ids[1]}"])`,
      ),
    ).toHaveLength(2)
    expect(
      await found(
        `Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['o''neil',"APFEL_HAUS"])`.replace(
          `'o''neil'`,
          `"o'neil"`,
        ),
      ),
    ).toHaveLength(2)
    expect(await found(`accountid eq ${ids[0]} or accountid eq ${ids[1]}`)).toHaveLength(2)
    const pages: string[] = []
    let next: string | undefined =
      `accounts?$select=name&$orderby=fax,name desc&$filter=accountnumber eq 'READ'&$count=true`
    while (next !== undefined) {
      const reply: Reply = await running.dataverse.get(next, { prefer: 'odata.maxpagesize=2' })
      expect(reply.json['@odata.count']).toBe(5)
      pages.push(...records(reply).map((record) => text(record, 'name')))
      next = reply.json['@odata.nextLink'] as string | undefined
    }
    expect([...pages].sort()).toEqual([...names].sort())
    expect((await running.dataverse.get(`accounts/$count?$filter=accountnumber eq 'READ'`)).text).toBe('5')
  })

  test('bulk calls are all or nothing', async () => {
    const type = { '@odata.type': 'Microsoft.Dynamics.CRM.account' }
    const bulk = (action: string, Targets: unknown): Promise<Reply> =>
      running.dataverse.call('POST', `accounts/Microsoft.Dynamics.CRM.${action}`, { body: { Targets } })
    const created = await bulk('CreateMultiple', [
      { ...type, name: 'Bulk 1' },
      { ...type, name: 'Bulk 2' },
    ])
    const ids = created.json['Ids'] as string[]
    expect(ids).toHaveLength(2)
    const targets = ids.map((accountid) => ({ ...type, accountid, fax: '7' }))
    expect((await bulk('UpdateMultiple', targets)).status).toBe(204)
    const refused = await bulk('UpdateMultiple', [
      ...targets.map((target) => ({ ...target, fax: '8' })),
      { ...type, accountid: randomUUID(), fax: '8' },
    ])
    expect(errorOf(refused)).toMatchObject({ status: 404, code: '0x80040217' })
    expect((await running.dataverse.get(`accounts(${ids[0]})`)).json['fax']).toBe('7')
    expect((await bulk('CreateMultiple', [{ name: 'No type' }])).status).toBe(400)
  })
})
