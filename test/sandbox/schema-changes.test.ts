import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let account: string
let customer: string
beforeAll(async () => {
  running = await startTestSandbox()
  const created = await running.dataverse.call('POST', 'accounts', {
    body: { name: 'Alfreds', fax: '030-1', telephone1: '030-2' },
    headers: { prefer: 'return=representation' },
  })
  account = text(created.json, 'accountid')
  const other = await running.businessCentral.call('POST', 'customers', {
    body: { displayName: 'Alfreds', website: 'alfreds.example', city: 'Berlin' },
  })
  customer = text(other.json, 'id')
})
afterAll(() => running.close())
afterEach(async () => {
  await running.release('dataverse', 'schema')
  await running.release('businessCentral', 'schema')
})

const changeAccount = (body: object): Promise<Reply> =>
  running.dataverse.call('PATCH', `accounts(${account})`, {
    body,
    headers: { 'if-match': '*', prefer: 'return=representation' },
  })
const changeCustomer = (body: object): Promise<Reply> =>
  running.businessCentral.call('PATCH', `customers(${customer})`, { body, headers: { 'if-match': '*' } })
const attributeNames = async (): Promise<unknown[]> =>
  records(
    await running.dataverse.get(`EntityDefinitions(LogicalName='account')/Attributes?$select=LogicalName`),
  ).map((attribute) => attribute['LogicalName'])

describe('a column of Dataverse', () => {
  test('that was removed is unknown to reads, writes and definitions, and comes back with its value', async () => {
    await running.turn('dataverse', 'schema', { table: 'accounts', column: 'fax', change: 'remove' })
    const unknown = { status: 400, code: '0x0', message: expect.stringContaining(`'fax'`) as string }
    expect(errorOf(await running.dataverse.get('accounts?$select=name,fax'))).toEqual(unknown)
    expect(errorOf(await running.dataverse.get(`accounts?$filter=fax eq '030-1'`))).toEqual(unknown)
    expect((await running.dataverse.get(`accounts?$filter=name eq 'fax'`)).status).toBe(200)
    expect(errorOf(await changeAccount({ fax: '1' }))).toEqual(unknown)
    expect((await changeAccount({ name: 'Alfreds Futterkiste' })).json).not.toHaveProperty('fax')
    expect((await running.dataverse.get(`accounts(${account})`)).json).not.toHaveProperty('fax')
    expect(await attributeNames()).not.toContain('fax')
    await running.release('dataverse', 'schema')
    expect((await running.dataverse.get(`accounts(${account})`)).json).toMatchObject({ fax: '030-1' })
  })

  test('that was renamed travels under its new name, also through the links of tracked changes', async () => {
    await running.turn('dataverse', 'schema', {
      table: 'accounts',
      column: 'telephone1',
      change: 'rename',
      to: 'mainphone',
    })
    expect((await changeAccount({ mainphone: '040-1' })).json).toMatchObject({ mainphone: '040-1' })
    expect((await changeAccount({ telephone1: '040-2' })).status).toBe(400)
    const found = await running.dataverse.get(`accounts?$select=mainphone&$filter=mainphone eq '040-1'`)
    expect(records(found)).toMatchObject([{ mainphone: '040-1' }])
    const tracked = await running.dataverse.get('accounts?$select=mainphone', {
      prefer: 'odata.track-changes',
    })
    await changeAccount({ mainphone: '040-3' })
    const delta = await running.dataverse.get(text(tracked.json, '@odata.deltaLink'))
    expect(records(delta)).toMatchObject([{ accountid: account, mainphone: '040-3' }])
    const names = await attributeNames()
    expect([names.includes('mainphone'), names.includes('telephone1')]).toEqual([true, false])
  })

  test('that became required or shorter refuses what does not fit, also in bulk', async () => {
    await running.turn('dataverse', 'schema', { table: 'accounts', column: 'fax', change: 'require' })
    await running.turn('dataverse', 'schema', {
      table: 'accounts',
      column: 'name',
      change: 'shorten',
      length: 5,
    })
    expect(errorOf(await changeAccount({ fax: null }))).toMatchObject({ status: 400, code: '0x80040203' })
    const Targets = [{ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'Alfreds', fax: '1' }]
    const bulk = await running.dataverse.call('POST', 'accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
      body: { Targets },
    })
    expect(errorOf(bulk)).toMatchObject({ status: 400, code: '0x80044331' })
    const definition = await running.dataverse.get(
      `EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=MaxLength`,
    )
    expect(definition.json).toMatchObject({ MaxLength: 5 })
  })
})

describe('a member of Business Central', () => {
  test('that was removed, renamed or shortened is refused or travels anew, and metadata tells it', async () => {
    const turn = (body: object): Promise<void> =>
      running.turn('businessCentral', 'schema', { table: 'customers', ...body })
    await turn({ column: 'website', change: 'remove' })
    await turn({ column: 'city', change: 'rename', to: 'town' })
    await turn({ column: 'displayName', change: 'shorten', length: 10 })
    expect((await changeCustomer({ website: 'x' })).status).toBe(400)
    expect(errorOf(await changeCustomer({ displayName: 'Alfreds Futterkiste' }))).toMatchObject({
      code: 'Application_StringExceededLength',
    })
    const changed = await changeCustomer({ town: 'Ulm' })
    expect(changed.json).toMatchObject({ town: 'Ulm' })
    const read = await running.businessCentral.get(`customers(${customer})`)
    expect(read.json).toMatchObject({ town: 'Ulm', displayName: 'Alfreds' })
    expect(read.json).not.toHaveProperty('website')
    const metadata = (await running.businessCentral.get('/api/v2.0/$metadata')).text
    const customers = /<EntityType Name="customer">.*?<\/EntityType>/.exec(metadata)?.[0] ?? ''
    expect(customers).toContain('Name="town"')
    expect(customers).not.toContain('Name="website"')
    await running.release('businessCentral', 'schema')
    expect((await running.businessCentral.get(`customers(${customer})`)).json).toMatchObject({
      city: 'Ulm',
      website: 'alfreds.example',
    })
  })
})
