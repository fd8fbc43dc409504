import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let box = ''
let piece = ''
beforeAll(async () => {
  running = await startTestSandbox()
  box = text((await post('unitsOfMeasure', { code: 'box', displayName: 'Box', symbol: 'bx' })).json, 'id')
  piece = text((await post('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' })).json, 'id')
  await post('itemCategories', { code: 'drinks', displayName: 'Drinks' })
})
afterAll(() => running.close())

const UNKNOWN = '11111111-2222-4333-8444-555555555555'
const NOBODY = '00000000-0000-0000-0000-000000000000'
const post = (set: string, body: unknown): Promise<Reply> =>
  running.businessCentral.call('POST', set, { body })
const patch = (path: string, body: unknown): Promise<Reply> =>
  running.businessCentral.call('PATCH', path, { body, headers: { 'if-match': '*' } })
const get = (path: string): Promise<Reply> => running.businessCentral.get(path)

describe('items', () => {
  test('a new item has a number of the series, its type and the unit that was named', async () => {
    const created = await post('items', {
      displayName: 'Chai',
      baseUnitOfMeasureCode: 'box',
      itemCategoryCode: 'drinks',
      unitPrice: 18.5,
    })
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({
      number: 'P00010',
      displayName2: '',
      type: 'Inventory',
      baseUnitOfMeasureId: box,
      baseUnitOfMeasureCode: 'BOX',
      itemCategoryCode: 'DRINKS',
      taxGroupId: NOBODY,
      blocked: false,
      inventory: 0,
      unitPrice: 18.5,
    })
    expect((await post('items', { displayName: 'Chang' })).json).toMatchObject({
      number: 'P00020',
      baseUnitOfMeasureId: NOBODY,
      baseUnitOfMeasureCode: '',
    })
  })

  test('inventory is refused when an item is created and taken afterwards', async () => {
    expect(errorOf(await post('items', { displayName: 'Stock', inventory: 3 }))).toEqual({
      status: 400,
      code: 'Application_DialogException',
      message: 'Inventory cannot be changed during on insert.',
    })
    const created = await post('items', { displayName: 'Stock' })
    const changed = await patch(`items(${text(created.json, 'id')})`, { inventory: 3 })
    expect(changed.json).toMatchObject({ inventory: 3 })
  })

  test.each([
    [
      'id and code of two units',
      () => ({ baseUnitOfMeasureId: piece, baseUnitOfMeasureCode: 'BOX' }),
      'The unit of measure values do not match to a specific Unit of Measure.',
    ],
    [
      'an unknown unit by id',
      () => ({ baseUnitOfMeasureId: UNKNOWN }),
      'The "baseUnitOfMeasureId" does not match to a Unit of Measure.',
    ],
    [
      'an unknown unit by code',
      () => ({ baseUnitOfMeasureCode: 'KEG' }),
      'The "baseUnitOfMeasureCode" does not match to a Unit of Measure.',
    ],
    [
      'an unknown category',
      () => ({ itemCategoryCode: 'CARS' }),
      'The "itemCategoryCode" does not match to a Item Category.',
    ],
    [
      'a tax group, of which there are none',
      () => ({ taxGroupCode: 'FOOD' }),
      'The "taxGroupCode" does not match to a Tax Group.',
    ],
  ])('%s', async (_name, body, message) => {
    expect(errorOf(await post('items', { displayName: 'Refused', ...body() }))).toEqual({
      status: 400,
      code: 'Application_DialogException',
      message,
    })
  })

  test('the type is one of three', async () => {
    const service = await post('items', { displayName: 'Tasting', type: 'Service' })
    expect(service.json).toMatchObject({ type: 'Service' })
    const changed = await patch(`items(${text(service.json, 'id')})`, { type: 'Non_x002D_Inventory' })
    expect(changed.json).toMatchObject({ type: 'Non_x002D_Inventory' })
    expect(errorOf(await post('items', { displayName: 'Odd', type: 'Bundle' }))).toMatchObject({
      status: 400,
      message: `Cannot convert the literal 'Bundle' to the expected type 'Microsoft.NAV.itemType'.`,
    })
    const found = await get(`items?$filter=type eq 'Non_x002D_Inventory'`)
    expect(records(found).map((item) => item['displayName'])).toEqual(['Tasting'])
  })

  test('a renamed unit is followed by its items, which change with it', async () => {
    const unit = await post('unitsOfMeasure', { code: 'CRATE', displayName: 'Crate' })
    const item = await post('items', { displayName: 'Ale', baseUnitOfMeasureCode: 'CRATE' })
    await patch(`unitsOfMeasure(${text(unit.json, 'id')})`, { code: 'case' })
    const after = await get(`items(${text(item.json, 'id')})`)
    expect(after.json).toMatchObject({
      baseUnitOfMeasureId: unit.json['id'],
      baseUnitOfMeasureCode: 'CASE',
    })
    expect(after.json['@odata.etag']).not.toBe(item.json['@odata.etag'])
  })
})

describe('units of measure', () => {
  test('have a code of their own, at most ten characters long', async () => {
    expect((await get(`unitsOfMeasure(${box})`)).json).toMatchObject({
      code: 'BOX',
      displayName: 'Box',
      internationalStandardCode: '',
      symbol: 'bx',
    })
    expect(errorOf(await post('unitsOfMeasure', { displayName: 'Nameless' }))).toMatchObject({
      code: 'BadRequest_RequiredParamNotProvided',
    })
    expect(errorOf(await post('unitsOfMeasure', { code: 'BOX' }))).toMatchObject({
      code: 'Internal_EntityWithSameKeyExists',
    })
    expect(errorOf(await post('unitsOfMeasure', { code: 'ELEVENCHARS' }))).toMatchObject({
      code: 'Application_StringExceededLength',
    })
  })

  test('are changed by their ETag and deleted', async () => {
    const created = await post('unitsOfMeasure', { code: 'PALLET' })
    const path = `unitsOfMeasure(${text(created.json, 'id')})`
    const etag = text(created.json, '@odata.etag')
    const change = (): Promise<Reply> =>
      running.businessCentral.call('PATCH', path, { body: { symbol: 'pl' }, headers: { 'if-match': etag } })
    expect((await change()).status).toBe(200)
    expect(errorOf(await change())).toMatchObject({ status: 409, code: 'Request_EntityChanged' })
    expect((await running.businessCentral.call('DELETE', path)).status).toBe(204)
    expect((await get(path)).status).toBe(404)
  })
})

describe('vendors', () => {
  test('a vendor needs no name and has the local currency at first', async () => {
    const created = await post('vendors', {})
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({
      number: 'V00010',
      displayName: '',
      currencyId: NOBODY,
      currencyCode: 'USD',
      blocked: '_x0020_',
      balance: 0,
      irs1099Code: '',
    })
  })

  test('can be blocked for payment, not for shipment; the balance is not theirs to set', async () => {
    const created = await post('vendors', { displayName: 'Blocked', blocked: 'Payment' })
    expect(created.json).toMatchObject({ blocked: 'Payment' })
    const path = `vendors(${text(created.json, 'id')})`
    expect(errorOf(await patch(path, { blocked: 'Ship' }))).toMatchObject({ status: 400, code: 'BadRequest' })
    expect(errorOf(await patch(path, { balance: 1 }))).toMatchObject({ code: 'BadRequest_InvalidOperation' })
  })

  test('follow a currency that is renamed', async () => {
    const krone = await post('currencies', { code: 'DKK', displayName: 'Krone' })
    const vendor = await post('vendors', { displayName: 'Lyngbysild', currencyCode: 'dkk' })
    expect(vendor.json).toMatchObject({ currencyId: krone.json['id'], currencyCode: 'DKK' })
    await patch(`currencies(${text(krone.json, 'id')})`, { code: 'KR' })
    expect((await get(`vendors(${text(vendor.json, 'id')})`)).json).toMatchObject({ currencyCode: 'KR' })
  })
})
