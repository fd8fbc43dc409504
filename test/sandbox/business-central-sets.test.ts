import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BothApis } from './business-central-support.js'
import { bothApis } from './business-central-support.js'
import type { TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let apis: BothApis
beforeAll(async () => {
  running = await startTestSandbox()
  apis = bothApis(running)
})
afterAll(() => running.close())

const ADDRESS = 'addressLine1 addressLine2 city state country postalCode'

/** The members that API v2.0 documents, besides the id and the stamp of the last change. */
const SETS: readonly { set: string; entity: string; key: 'number' | 'code'; members: string }[] = [
  {
    set: 'customers',
    entity: 'customer',
    key: 'number',
    members: `number displayName type ${ADDRESS} phoneNumber email website salespersonCode balanceDue creditLimit taxLiable taxAreaId taxAreaDisplayName taxRegistrationNumber currencyId currencyCode paymentTermsId shipmentMethodId paymentMethodId blocked`,
  },
  {
    set: 'vendors',
    entity: 'vendor',
    key: 'number',
    members: `number displayName ${ADDRESS} phoneNumber email website taxRegistrationNumber currencyId currencyCode irs1099Code paymentTermsId paymentMethodId taxLiable blocked balance`,
  },
  {
    set: 'contacts',
    entity: 'contact',
    key: 'number',
    members: `number type displayName jobTitle companyNumber companyName contactBusinessRelation ${ADDRESS} phoneNumber mobilePhoneNumber email website searchName privacyBlocked taxRegistrationNumber lastInteractionDate`,
  },
  {
    set: 'items',
    entity: 'item',
    key: 'number',
    members:
      'number displayName displayName2 type itemCategoryId itemCategoryCode blocked gtin inventory unitPrice priceIncludesTax unitCost taxGroupId taxGroupCode baseUnitOfMeasureId baseUnitOfMeasureCode generalProductPostingGroupId generalProductPostingGroupCode inventoryPostingGroupId inventoryPostingGroupCode',
  },
  { set: 'itemCategories', entity: 'itemCategory', key: 'code', members: 'code displayName' },
  {
    set: 'unitsOfMeasure',
    entity: 'unitOfMeasure',
    key: 'code',
    members: 'code displayName internationalStandardCode symbol',
  },
  {
    set: 'currencies',
    entity: 'currency',
    key: 'code',
    members: 'code displayName symbol amountDecimalPlaces amountRoundingPrecision',
  },
  {
    set: 'salespeoplePurchasers',
    entity: 'salespersonPurchaser',
    key: 'code',
    members: 'code displayName email email2 phoneNo jobTitle commisionPercent privacyBlocked blocked',
  },
  {
    set: 'paymentTerms',
    entity: 'paymentTerm',
    key: 'code',
    members:
      'code displayName dueDateCalculation discountDateCalculation discountPercent calculateDiscountOnCreditMemos',
  },
  { set: 'shipmentMethods', entity: 'shipmentMethod', key: 'code', members: 'code displayName' },
]

test.each(SETS)('$set: its members are the documented ones', async ({ set, entity, key, members }) => {
  const metadata = (await apis.get('/api/v2.0/$metadata')).text
  const type = new RegExp(`<EntityType Name="${entity}">(.*?)</EntityType>`).exec(metadata)?.[1] ?? ''
  const declared = [...type.matchAll(/<Property Name="([^"]+)"/g)].map((match) => match[1])
  expect(declared).toEqual(['id', ...members.split(' '), 'lastModifiedDateTime'])
  const created = await apis.post(set, { [key]: 'MEMBERS', displayName: 'Members' })
  const shown = Object.keys(created.json).filter((member) => !member.startsWith('@odata'))
  expect(shown).toEqual(declared)
})

test.each(SETS)('$set: created, found, changed by ETag and deleted', async ({ set, key }) => {
  const created = await apis.post(set, { [key]: ' first ', displayName: 'First' })
  expect(created.status).toBe(201)
  expect(created.json).toMatchObject({ [key]: 'FIRST', displayName: 'First' })
  const path = `${set}(${text(created.json, 'id')})`
  const found = records(await apis.get(`${set}?$filter=${key} eq 'first' and startswith(displayName,'Fi')`))
  expect(found).toMatchObject([{ id: created.json['id'] }])
  const stamp = text(created.json, 'lastModifiedDateTime')
  expect(records(await apis.get(`${set}?$filter=lastModifiedDateTime ge ${stamp}`))).toHaveLength(1)

  const etag = text(created.json, '@odata.etag')
  const change = (headers: Record<string, string>): ReturnType<BothApis['get']> =>
    running.businessCentral.call('PATCH', path, { body: { displayName: 'Changed' }, headers })
  expect(errorOf(await change({}))).toMatchObject({ status: 400, code: 'BadRequest_InvalidToken' })
  const changed = await change({ 'if-match': etag })
  expect(changed.json).toMatchObject({ [key]: 'FIRST', displayName: 'Changed' })
  expect(errorOf(await change({ 'if-match': etag }))).toMatchObject({
    status: 409,
    code: 'Request_EntityChanged',
  })

  await apis.post(set, { [key]: 'SECOND', displayName: 'Second' })
  expect(errorOf(await apis.patch(path, { [key]: 'second' }))).toMatchObject({
    status: 400,
    code: 'Internal_EntityWithSameKeyExists',
  })
  expect((await apis.patch(path, { [key]: 'third' })).json).toMatchObject({
    id: created.json['id'],
    [key]: 'THIRD',
  })
  expect((await apis.remove(path)).status).toBe(204)
  expect(errorOf(await apis.get(path))).toMatchObject({ status: 404, code: 'Internal_RecordNotFound' })
})

test('options are declared with their members', async () => {
  const metadata = (await apis.get('/api/v2.0/$metadata')).text
  expect(metadata).toContain(
    '<EnumType Name="vendorBlocked"><Member Name="_x0020_" Value="0"/><Member Name="Payment" Value="1"/><Member Name="All" Value="2"/></EnumType>',
  )
  expect(metadata).toContain('<Property Name="blocked" Type="Microsoft.NAV.vendorBlocked"/>')
})
