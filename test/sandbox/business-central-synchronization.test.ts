import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BothApis } from './business-central-support.js'
import { bothApis } from './business-central-support.js'
import type { Entity, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let apis: BothApis
beforeAll(async () => {
  running = await startTestSandbox()
  apis = bothApis(running)
})
afterAll(() => running.close())

const EXTRA: Readonly<Record<string, readonly string[]>> = {
  customers: ['contactName', 'fax', 'shippingAgentCode', 'primaryContactNumber', 'primaryContactId'],
  vendors: [
    'contactName',
    'fax',
    'purchaserCode',
    'shipmentMethodId',
    'shippingAgentCode',
    'primaryContactNumber',
    'primaryContactId',
  ],
  contacts: [
    'firstName',
    'middleName',
    'surname',
    'fax',
    'pager',
    'salespersonCode',
    'currencyId',
    'currencyCode',
    'parentId',
    'parentType',
  ],
  items: ['volume', 'grossWeight', 'netWeight', 'vendorNumber', 'vendorItemNumber'],
}

/** The members of an entity type in a $metadata document. */
function membersIn(metadata: string, entity: string): string[] {
  const type = new RegExp(`<EntityType Name="${entity}">(.*?)</EntityType>`).exec(metadata)?.[1] ?? ''
  return [...type.matchAll(/<Property Name="([^"]+)"/g)].map((match) => match[1] ?? '')
}

describe('the API with the members that API v2.0 lacks', () => {
  test('lists its sets, and no others', async () => {
    const service = await apis.get('/api/accord/synchronization/v1.0')
    expect(records(service).map((set) => set['name'])).toEqual([
      'companies',
      'customers',
      'vendors',
      'contacts',
      'items',
    ])
    expect(errorOf(await apis.get(`${apis.own}/currencies`))).toMatchObject({
      status: 404,
      code: 'BadRequest_ResourceNotFound',
    })
    expect(errorOf(await apis.get('/api/accord/synchronization/v2.0/customers'))).toMatchObject({
      status: 404,
      code: 'BadRequest_NotFound',
    })
    expect((await apis.get('/v2.0/tenant/production/api/Accord/synchronization/v1.0/customers')).status).toBe(
      200,
    )
  })

  test.each(Object.entries(EXTRA))(
    '%s: $metadata and records of each route show the same',
    async (set, extra) => {
      const entity = set.slice(0, -1)
      const standard = membersIn((await apis.get('/api/v2.0/$metadata')).text, entity)
      const extended = membersIn((await apis.get('/api/accord/synchronization/v1.0/$metadata')).text, entity)
      expect(extended.filter((member) => !standard.includes(member))).toEqual(extra)
      expect(standard.filter((member) => !extended.includes(member))).toEqual([])
      const record = await apis.created(set, { displayName: 'Shown' })
      const shown = (of: Entity): string[] => Object.keys(of).filter((member) => !member.startsWith('@odata'))
      expect(shown(record)).toEqual(extended)
      expect(shown((await apis.get(`${set}(${text(record, 'id')})`)).json)).toEqual(standard)
    },
  )

  test.each(Object.entries(EXTRA))(
    '%s: API v2.0 knows none of the members in body, $select and $filter',
    async (set, extra) => {
      const entity = set.slice(0, -1)
      for (const member of extra) {
        expect(errorOf(await apis.post(set, { displayName: 'x', [member]: '' }))).toMatchObject({
          status: 400,
          message: `The property '${member}' does not exist on type 'Microsoft.NAV.${entity}'. Make sure to only use property names that are defined by the type.`,
        })
        const unknown = `Could not find a property named '${member}' on type 'Microsoft.NAV.${entity}'.`
        expect(errorOf(await apis.get(`${set}?$select=${member}`))).toMatchObject({
          status: 400,
          message: unknown,
        })
        expect(errorOf(await apis.get(`${set}?$filter=${member} eq ''`))).toMatchObject({
          status: 400,
          message: unknown,
        })
      }
    },
  )

  test('a record is one record on both routes: id, ETag, stamp, and every write', async () => {
    const record = await apis.customer({ fax: '030-0076545', contactName: 'Maria Anders' })
    const id = text(record, 'id')
    const standard = await running.businessCentral.call('PATCH', `customers(${id})`, {
      body: { city: 'Berlin' },
      headers: { 'if-match': text(record, '@odata.etag') },
    })
    expect(standard.status).toBe(200)
    const extended = (await apis.get(`${apis.own}/customers(${id})`)).json
    expect(extended).toMatchObject({ city: 'Berlin', fax: '030-0076545', contactName: 'Maria Anders' })
    expect(extended).toMatchObject({
      '@odata.etag': standard.json['@odata.etag'],
      lastModifiedDateTime: standard.json['lastModifiedDateTime'],
    })
    const stale = await running.businessCentral.call('PATCH', `${apis.own}/customers(${id})`, {
      body: { fax: '' },
      headers: { 'if-match': text(record, '@odata.etag') },
    })
    expect(errorOf(stale)).toMatchObject({ status: 409, code: 'Request_EntityChanged' })
    expect((await apis.remove(`${apis.own}/customers(${id})`)).status).toBe(204)
    expect((await apis.get(`customers(${id})`)).status).toBe(404)
  })

  test('a batch, a filter and a page work as with API v2.0', async () => {
    const fax = '030-777'
    const requests = ['One', 'Two', 'Three'].map((displayName, index) => ({
      id: String(index),
      method: 'POST',
      url: index === 0 ? 'vendors' : `companies(${running.sandbox.businessCentral.companyId})/vendors`,
      body: { displayName, fax },
    }))
    const reply = await apis.post('/api/accord/synchronization/v1.0/$batch', { requests })
    const responses = reply.json['responses'] as { status: number }[]
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201])
    const query = `$filter=fax eq '${fax}'&$select=displayName,fax&$orderby=displayName`
    const page = await running.businessCentral.get(`${apis.own}/vendors?${query}`, {
      prefer: 'odata.maxpagesize=2',
    })
    expect(records(page).map((vendor) => vendor['displayName'])).toEqual(['One', 'Three'])
    const next = text(page.json, '@odata.nextLink')
    expect(next).toContain('/api/accord/synchronization/v1.0/companies(')
    expect(records(await apis.get(next)).map((vendor) => vendor['displayName'])).toEqual(['Two'])
  })

  test('items name their vendor and weigh something', async () => {
    const vendor = await apis.created('vendors', { displayName: 'Exotic Liquids', number: 'exotic' })
    const item = await apis.created('items', {
      displayName: 'Chai',
      vendorNumber: 'exotic',
      vendorItemNumber: 'EX-1',
      volume: 0.5,
      grossWeight: 1.25,
      netWeight: 1,
    })
    expect(item).toMatchObject({
      vendorNumber: 'EXOTIC',
      vendorItemNumber: 'EX-1',
      volume: 0.5,
      grossWeight: 1.25,
    })
    expect(errorOf(await apis.post(`${apis.own}/items`, { vendorNumber: 'NOBODY' }))).toEqual({
      status: 400,
      code: 'Internal_InvalidTableRelation',
      message:
        'The field Vendor No. of table Item contains a value (NOBODY) that cannot be found in the related table (Vendor).',
    })
    await apis.patch(`vendors(${text(vendor, 'id')})`, { number: 'LIQUIDS' })
    expect((await apis.get(`${apis.own}/items(${text(item, 'id')})`)).json).toMatchObject({
      vendorNumber: 'LIQUIDS',
    })
  })
})
