import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let schedule = ''
let unit = ''
let otherUnit = ''
beforeAll(async () => {
  running = await startTestSandbox()
  schedule = text(await create('uomschedules', { name: 'Pieces', baseuomname: 'PCS' }), 'uomscheduleid')
  unit = text((await unitsOf(schedule))[0] ?? {}, 'uomid')
  const other = await create('uomschedules', { name: 'Boxes', baseuomname: 'BOX' })
  otherUnit = text((await unitsOf(text(other, 'uomscheduleid')))[0] ?? {}, 'uomid')
})
afterAll(() => running.close())

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
const unitsOf = async (id: string): Promise<Entity[]> =>
  records(await running.dataverse.get(`uoms?$filter=_uomscheduleid_value eq ${id}`))

/** A product as somebody would send it, with these differences; undefined leaves a member out. */
const product = (rest: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'Chai',
  productnumber: `P-${Math.random()}`,
  quantitydecimal: 2,
  'defaultuomscheduleid@odata.bind': `/uomschedules(${schedule})`,
  'defaultuomid@odata.bind': `/uoms(${unit})`,
  ...rest,
})

describe('unit groups', () => {
  test('a new one has its primary unit', async () => {
    const units = await unitsOf(schedule)
    expect(units).toHaveLength(1)
    expect(units[0]).toMatchObject({
      name: 'PCS',
      quantity: 1,
      isschedulebaseuom: true,
      _baseuom_value: null,
    })
    expect(errorOf(await patch(`uomschedules(${schedule})`, { baseuomname: 'X' })).status).toBe(400)
  })

  test('a unit counts in units of its own group', async () => {
    const box = await create('uoms', {
      name: 'Dozen',
      quantity: 12,
      'uomscheduleid@odata.bind': `/uomschedules(${schedule})`,
      'baseuom@odata.bind': `/uoms(${unit})`,
    })
    expect(box).toMatchObject({
      _uomscheduleid_value: schedule,
      _baseuom_value: unit,
      isschedulebaseuom: false,
    })
    expect(
      errorOf(await patch(`uoms(${text(box, 'uomid')})`, { 'baseuom@odata.bind': `/uoms(${otherUnit})` }))
        .code,
    ).toBe('0x80043b16')
    expect((await patch(`uoms(${text(box, 'uomid')})`, { quantity: 13 })).json['quantity']).toBe(13)
    expect(errorOf(await patch(`uoms(${unit})`, { quantity: 2 })).code).toBe('0x80043b18')
  })

  test('one in use stays, one without products goes with its units', async () => {
    await create('products', product())
    expect(errorOf(await running.dataverse.call('DELETE', `uomschedules(${schedule})`))).toMatchObject({
      status: 405,
      code: '0x80040227',
    })
    const loose = text(await create('uomschedules', { name: 'Loose', baseuomname: 'L' }), 'uomscheduleid')
    const [primary] = await unitsOf(loose)
    expect((await running.dataverse.call('DELETE', `uoms(${text(primary ?? {}, 'uomid')})`)).status).toBe(405)
    expect((await running.dataverse.call('DELETE', `uomschedules(${loose})`)).status).toBe(204)
    expect((await running.dataverse.get(`uoms(${text(primary ?? {}, 'uomid')})`)).status).toBe(404)
  })
})

const REFUSALS: readonly { name: string; body: () => unknown; code: string }[] = [
  { name: 'no number', body: () => product({ productnumber: undefined }), code: '0x80043b05' },
  { name: 'a blank number', body: () => product({ productnumber: '' }), code: '0x80043b05' },
  { name: 'no name', body: () => product({ name: undefined }), code: '0x80040203' },
  {
    name: 'no unit group',
    body: () => product({ 'defaultuomscheduleid@odata.bind': undefined }),
    code: '0x80043b13',
  },
  { name: 'no unit', body: () => product({ 'defaultuomid@odata.bind': undefined }), code: '0x80043b14' },
  {
    name: 'a unit of another group',
    body: () => product({ 'defaultuomid@odata.bind': `/uoms(${otherUnit})` }),
    code: '0x80043b16',
  },
  { name: 'no decimals', body: () => product({ quantitydecimal: undefined }), code: '0x80043b07' },
  { name: 'too many decimals', body: () => product({ quantitydecimal: 6 }), code: '0x80043b07' },
  { name: 'a negative stock', body: () => product({ quantityonhand: -1 }), code: '0x80044330' },
  { name: 'a state of its own', body: () => product({ statecode: 0 }), code: '0x80048408' },
]

describe('products', () => {
  test.each(REFUSALS)('are refused with $name', async ({ body, code }) => {
    expect(errorOf(await post('products', body()))).toMatchObject({ status: 400, code })
  })

  test('have a number each, whatever its case', async () => {
    const first = await create('products', product({ productnumber: 'Unique' }))
    expect(errorOf(await post('products', product({ productnumber: 'UNIQUE' })))).toMatchObject({
      status: 400,
      code: '0x80043b06',
    })
    const renamed = await patch(`products(${text(first, 'productid')})`, { productnumber: 'unique' })
    expect(renamed.json['productnumber']).toBe('unique')
    await patch(`products(${text(first, 'productid')})`, { productnumber: 'Free again' })
    await create('products', product({ productnumber: 'UNIQUE' }))
  })

  test('made at the same moment with the same number: one is made', async () => {
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => post('products', product({ productnumber: 'At once' }))),
    )
    expect(replies.map((reply) => errorOf(reply).code).sort()).toEqual([
      '',
      ...Array<string>(4).fill('0x80043b06'),
    ])
  })

  test('keep amounts and quantities', async () => {
    const created = await create('products', {
      ...product(),
      price: 18.5,
      standardcost: 12.3456,
      currentcost: 12,
      quantityonhand: 39.5,
      stockvolume: 0.25,
      stockweight: 1.123456,
      vendorid: 'V0001',
      vendorpartnumber: 'EX-1',
      validfromdate: '2026-01-31',
    })
    const dollar = records(await running.dataverse.get('organizations'))[0]?.['_basecurrencyid_value']
    expect(created).toMatchObject({
      price: 18.5,
      price_base: 18.5,
      standardcost: 12.3456,
      _transactioncurrencyid_value: dollar,
      quantityonhand: 39.5,
      stockweight: 1.12346,
      vendorid: 'V0001',
      validfromdate: '2026-01-31',
      productstructure: 1,
    })
  })

  test('are changed only where nobody else did meanwhile, and tracked', async () => {
    const first = await running.dataverse.get('products?$select=name', { prefer: 'odata.track-changes' })
    const created = await create('products', product())
    const path = `products(${text(created, 'productid')})`
    await patch(path, { name: 'Chang' })
    const stale = { 'if-match': text(created, '@odata.etag') }
    expect(
      (await running.dataverse.call('PATCH', path, { body: { name: 'X' }, headers: stale })).status,
    ).toBe(412)
    expect((await running.dataverse.call('DELETE', path, { headers: stale })).status).toBe(412)
    const link = text(first.json, '@odata.deltaLink')
    expect(records(await running.dataverse.get(link))).toEqual([
      expect.objectContaining({ productid: created['productid'], name: 'Chang' }),
    ])
    expect((await running.dataverse.call('DELETE', path, { headers: { 'if-match': '*' } })).status).toBe(204)
    expect(records(await running.dataverse.get(link))).toEqual([
      expect.objectContaining({ id: created['productid'], reason: 'deleted' }),
    ])
  })
})

type StateName = 'Active' | 'Retired' | 'Draft' | 'UnderRevision'
const STATES: Record<StateName, number> = { Active: 0, Retired: 1, Draft: 2, UnderRevision: 3 }
/** How a new product gets into a state. */
const WAY: Record<StateName, readonly StateName[]> = {
  Draft: [],
  Active: ['Active'],
  Retired: ['Active', 'Retired'],
  UnderRevision: ['Active', 'UnderRevision'],
}
/** The error of each transition; null where it is possible. */
const TRANSITIONS: Record<StateName, Record<StateName, string | null>> = {
  Draft: { Draft: '0x8004F981', Active: null, Retired: '0x8004F978', UnderRevision: '0x8004F913' },
  Active: { Draft: '0x8004F912', Active: '0x8004F982', Retired: null, UnderRevision: null },
  Retired: { Draft: '0x8004F979', Active: null, Retired: '0x8004F980', UnderRevision: '0x8004F913' },
  UnderRevision: { Draft: '0x8004F912', Active: null, Retired: null, UnderRevision: '0x8004F883' },
}
const CASES = Object.entries(TRANSITIONS).flatMap(([from, targets]) =>
  Object.entries(targets).map(([to, code]) => ({ from: from as StateName, to: to as StateName, code })),
)

describe('states of products', () => {
  test('a new one is a draft', async () => {
    expect(await create('products', product())).toMatchObject({ statecode: 2, statuscode: 0 })
  })

  test.each(CASES)('$from to $to: $code', async ({ from, to, code }) => {
    const path = `products(${text(await create('products', product()), 'productid')})`
    for (const step of WAY[from])
      expect((await patch(path, { statecode: STATES[step] })).json['statecode']).toBe(STATES[step])
    const reply = await patch(path, { statecode: STATES[to] })
    expect(reply.status === 200 ? null : errorOf(reply).code).toBe(code)
    expect((await running.dataverse.get(path)).json['statecode']).toBe(STATES[code === null ? to : from])
  })

  test('on sale its unit group stays, under revision it may change', async () => {
    const path = `products(${text(await create('products', product()), 'productid')})`
    await patch(path, { statecode: 0, statuscode: 1 })
    const other = (await running.dataverse.get(`uoms(${otherUnit})`)).json['_uomscheduleid_value']
    const regroup = {
      'defaultuomscheduleid@odata.bind': `/uomschedules(${String(other)})`,
      'defaultuomid@odata.bind': `/uoms(${otherUnit})`,
    }
    expect(errorOf(await patch(path, regroup)).code).toBe('0x8004F995')
    expect((await patch(path, { price: 3 })).json['price']).toBe(3)
    await patch(path, { statecode: 3 })
    expect((await patch(path, regroup)).json['_defaultuomid_value']).toBe(otherUnit)
  })

  test('an organisation may do without drafts', async () => {
    const organization = text(
      records(await running.dataverse.get('organizations'))[0] ?? {},
      'organizationid',
    )
    const set = (value: boolean): Promise<Reply> =>
      patch(`organizations(${organization})`, { createproductswithoutparentinactivestate: value })
    await set(true)
    try {
      expect(await create('products', product())).toMatchObject({ statecode: 0, statuscode: 1 })
    } finally {
      await set(false)
    }
  })
})
