import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BothApis } from './business-central-support.js'
import { NOBODY, UNKNOWN, bothApis } from './business-central-support.js'
import type { Entity, TestSandbox } from './support.js'
import { errorOf, startTestSandbox, text } from './support.js'

let running: TestSandbox
let apis: BothApis
beforeAll(async () => {
  running = await startTestSandbox()
  apis = bothApis(running)
  await apis.post('salespeoplePurchasers', { code: 'ND', displayName: 'Nancy Davolio' })
  await apis.post('currencies', { code: 'EUR', displayName: 'Euro' })
})
afterAll(() => running.close())

describe('contacts', () => {
  test('the name of a person is composed of its parts', async () => {
    const maria = await apis.person(null, { middleName: 'Luise' })
    expect(maria).toMatchObject({
      displayName: 'Maria Luise Anders',
      currencyCode: 'USD',
      parentType: '_x0020_',
    })
    const path = `${apis.own}/contacts(${text(maria, 'id')})`
    expect((await apis.patch(path, { middleName: '' })).json).toMatchObject({ displayName: 'Maria Anders' })
    expect((await apis.patch(path, { displayName: 'M. Anders' })).json).toMatchObject({
      displayName: 'M. Anders',
      firstName: 'Maria',
    })
    expect(errorOf(await apis.patch(path, { firstName: '', surname: '' }))).toMatchObject({
      message: 'The blank "displayName" is not allowed.',
    })
    const company = await apis.created('contacts', { displayName: 'Anders & Co.', firstName: 'Maria' })
    expect(company).toMatchObject({ displayName: 'Anders & Co.', companyNumber: company['number'] })
  })

  test('salesperson and currency are checked', async () => {
    expect(await apis.person(null, { salespersonCode: 'nd', currencyCode: 'eur' })).toMatchObject({
      salespersonCode: 'ND',
      currencyCode: 'EUR',
    })
    expect(
      errorOf(await apis.post(`${apis.own}/contacts`, { displayName: 'x', salespersonCode: 'ZZ' })),
    ).toMatchObject({
      code: 'Internal_InvalidTableRelation',
    })
    expect(
      errorOf(await apis.post(`${apis.own}/contacts`, { displayName: 'x', currencyCode: 'XXX' })),
    ).toMatchObject({
      message: 'The "currencyCode" does not match to a Currency.',
    })
  })

  test.each([
    ['Customer', 'customers'],
    ['Vendor', 'vendors'],
  ])('a %s brings its own contact, which follows it and outlives it', async (relation, set) => {
    const company = await apis.created(set, {
      displayName: 'Alfreds Futterkiste',
      city: 'Berlin',
      fax: '030-1',
    })
    const companysOwn = await apis.companyContact(company)
    expect(companysOwn).toMatchObject({
      displayName: 'Alfreds Futterkiste',
      companyNumber: companysOwn['number'],
      companyName: 'Alfreds Futterkiste',
      city: 'Berlin',
      fax: '030-1',
      contactBusinessRelation: relation,
      parentType: relation,
    })
    const maria = await apis.person(company)
    const changed = await apis.patch(`${set}(${text(company, 'id')})`, {
      displayName: 'Futterkiste',
      city: 'Bonn',
    })
    expect(await apis.contact(companysOwn)).toMatchObject({ displayName: 'Futterkiste', city: 'Bonn' })
    const after = await apis.contact(maria)
    expect(after).toMatchObject({
      companyName: 'Futterkiste',
      lastModifiedDateTime: changed.json['lastModifiedDateTime'],
    })
    expect(after['@odata.etag']).not.toBe(maria['@odata.etag'])
    await apis.remove(`${set}(${text(company, 'id')})`)
    expect(await apis.contact(companysOwn)).toMatchObject({
      contactBusinessRelation: 'None',
      parentId: NOBODY,
    })
    expect(await apis.contact(maria)).toMatchObject({
      companyNumber: companysOwn['number'],
      contactBusinessRelation: 'None',
      parentId: NOBODY,
      parentType: '_x0020_',
    })
  })

  test('the parent of a person can be set, changed and cleared', async () => {
    const first = await apis.customer()
    const second = await apis.created('vendors', { displayName: 'Exotic Liquids' })
    const maria = await apis.person(first)
    expect(maria).toMatchObject({
      companyNumber: (await apis.companyContact(first))['number'],
      companyName: 'Alfreds Futterkiste',
      contactBusinessRelation: 'Customer',
      parentId: first['id'],
      parentType: 'Customer',
    })
    const path = `${apis.own}/contacts(${text(maria, 'id')})`
    expect((await apis.patch(path, { parentId: second['id'] })).json).toMatchObject({
      companyName: 'Exotic Liquids',
      contactBusinessRelation: 'Vendor',
      parentType: 'Vendor',
    })
    expect((await apis.patch(path, { parentId: NOBODY })).json).toMatchObject({
      companyNumber: '',
      companyName: '',
      contactBusinessRelation: 'None',
      parentId: NOBODY,
      parentType: '_x0020_',
    })
  })

  test('API v2.0 sets the same by the number of the company', async () => {
    const company = await apis.customer()
    const number = (await apis.companyContact(company))['number']
    const standard = await apis.post('contacts', {
      type: 'Person',
      displayName: 'Maria Anders',
      companyNumber: number,
    })
    expect(standard.json).toMatchObject({
      companyName: 'Alfreds Futterkiste',
      contactBusinessRelation: 'Customer',
    })
    expect(await apis.contact(standard.json)).toMatchObject({
      parentId: company['id'],
      parentType: 'Customer',
    })
    const unknown = await apis.post('contacts', {
      type: 'Person',
      displayName: 'x',
      companyNumber: 'CT999999',
    })
    expect(errorOf(unknown)).toMatchObject({
      code: 'Internal_InvalidTableRelation',
      message:
        'The field Company No. of table Contact contains a value (CT999999) that cannot be found in the related table (Contact).',
    })
  })

  test('an unknown parent, two that disagree, and the parent of a company are refused', async () => {
    const [first, second] = [await apis.customer(), await apis.customer()]
    const number = (await apis.companyContact(second))['number']
    const refusals: readonly [object, string][] = [
      [{ parentId: UNKNOWN }, 'The contact cannot be synchronized because the company does not exist.'],
      [
        { parentId: first['id'], companyNumber: number },
        'The company values do not match to a specific Contact.',
      ],
      [
        { parentId: first['id'], type: 'Company' },
        'Only a contact of type Person can be given to a company.',
      ],
    ]
    for (const [rest, message] of refusals) {
      const reply = await apis.post(`${apis.own}/contacts`, { type: 'Person', displayName: 'x', ...rest })
      expect(errorOf(reply)).toEqual({ status: 400, code: 'Application_DialogException', message })
    }
    expect(
      errorOf(await apis.post(`${apis.own}/contacts`, { displayName: 'x', parentType: 'Vendor' })),
    ).toMatchObject({
      code: 'BadRequest_InvalidOperation',
    })
  })

  test('the contact of a company that had none comes with its first person', async () => {
    const company = await apis.customer()
    await apis.remove(`contacts(${text(await apis.companyContact(company), 'id')})`)
    const maria = await apis.person(company)
    expect(await apis.companyContact(company)).toMatchObject({ number: maria['companyNumber'] })
  })

  test('a company and its person may come in one batch', async () => {
    const requests = [
      { method: 'POST', url: 'contacts', body: { number: 'COMPANY1', displayName: 'Leka Trading' } },
      {
        method: 'POST',
        url: 'contacts',
        body: { type: 'Person', displayName: 'Chandra Leka', companyNumber: 'COMPANY1' },
      },
    ]
    const reply = await apis.post('/api/v2.0/$batch', { requests })
    const responses = reply.json['responses'] as { status: number; body: Entity }[]
    expect(responses.map(({ status }) => status)).toEqual([201, 201])
    expect(responses[1]?.body).toMatchObject({ companyName: 'Leka Trading' })
  })

  test('persons follow the name and the number of their company', async () => {
    const company = await apis.created('contacts', { displayName: 'Leka' })
    const chandra = await apis.person(null, { companyNumber: company['number'] })
    await apis.patch(`contacts(${text(company, 'id')})`, { displayName: 'Leka Trading', number: 'LEKA' })
    expect(await apis.contact(company)).toMatchObject({ companyNumber: 'LEKA', companyName: 'Leka Trading' })
    expect(await apis.contact(chandra)).toMatchObject({
      companyNumber: 'LEKA',
      companyName: 'Leka Trading',
      contactBusinessRelation: '_x0020_',
    })
  })

  test('persons of a deleted company belong to none', async () => {
    const company = await apis.customer()
    const maria = await apis.person(company)
    await apis.remove(`contacts(${text(await apis.companyContact(company), 'id')})`)
    expect(await apis.contact(maria)).toMatchObject({ companyNumber: '', companyName: '', parentId: NOBODY })
  })
})

describe('primary contacts', () => {
  test.each(['customers', 'vendors'])('%s: id or number, and the name comes along', async (set) => {
    const company = await apis.created(set, { displayName: 'Alfreds Futterkiste' })
    const path = `${apis.own}/${set}(${text(company, 'id')})`
    const maria = await apis.person(company)
    expect((await apis.patch(path, { primaryContactId: maria['id'] })).json).toMatchObject({
      primaryContactId: maria['id'],
      primaryContactNumber: maria['number'],
      contactName: 'Maria Anders',
    })
    const hans = await apis.person(company, { firstName: 'Hans' })
    const body = { primaryContactNumber: hans['number'], contactName: 'Mr. Anders' }
    expect((await apis.patch(path, body)).json).toMatchObject({
      primaryContactId: hans['id'],
      contactName: 'Mr. Anders',
    })
    await apis.patch(`contacts(${text(hans, 'id')})`, { number: `${text(hans, 'number')}X` })
    expect((await apis.get(path)).json).toMatchObject({ primaryContactNumber: `${text(hans, 'number')}X` })
    await apis.remove(`contacts(${text(hans, 'id')})`)
    expect((await apis.get(path)).json).toMatchObject({ primaryContactNumber: '', primaryContactId: NOBODY })
  })

  test('clearing one clears the name', async () => {
    const company = await apis.customer()
    const path = `${apis.own}/customers(${text(company, 'id')})`
    await apis.patch(path, { primaryContactId: (await apis.person(company))['id'] })
    expect((await apis.patch(path, { primaryContactId: NOBODY })).json).toMatchObject({
      primaryContactNumber: '',
      contactName: '',
    })
  })

  test('must exist and belong to the company', async () => {
    const company = await apis.customer()
    const path = `${apis.own}/customers(${text(company, 'id')})`
    const stranger = await apis.person(await apis.customer())
    const refusals: readonly [object, string][] = [
      [{ primaryContactId: UNKNOWN }, 'The "primaryContactId" does not match to a Contact.'],
      [{ primaryContactNumber: 'NOBODY' }, 'The "primaryContactNumber" does not match to a Contact.'],
      [
        {
          primaryContactId: stranger['id'],
          primaryContactNumber: (await apis.companyContact(company))['number'],
        },
        'The contact values do not match to a specific Contact.',
      ],
      [
        { primaryContactId: stranger['id'] },
        `Contact ${text(stranger, 'number')} Maria Anders is not related to customer ${text(company, 'number')} Alfreds Futterkiste.`,
      ],
    ]
    for (const [body, message] of refusals) {
      expect(errorOf(await apis.patch(path, body))).toEqual({
        status: 400,
        code: 'Application_DialogException',
        message,
      })
    }
  })
})
