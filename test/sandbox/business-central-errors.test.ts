import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestSandbox } from './support.js'
import { errorOf, startTestSandbox, text } from './support.js'

let running: TestSandbox
let euro = ''
beforeAll(async () => {
  running = await startTestSandbox()
  const currency = await running.businessCentral.call('POST', 'currencies', {
    body: { code: 'eur', displayName: 'Euro' },
  })
  euro = text(currency.json, 'id')
  await running.businessCentral.call('POST', 'currencies', { body: { code: 'GBP', displayName: 'Pound' } })
  await running.businessCentral.call('POST', 'customers', { body: { number: 'TAKEN', displayName: 'Taken' } })
})
afterAll(() => running.close())

const UNKNOWN = '11111111-2222-4333-8444-555555555555'
const post = (body: unknown): Promise<Reply> => running.businessCentral.call('POST', 'customers', { body })
const patch = async (body: unknown): Promise<Reply> => {
  const created = await post({ displayName: 'Before' })
  return running.businessCentral.call('PATCH', `customers(${text(created.json, 'id')})`, {
    body,
    headers: { 'if-match': '*' },
  })
}
const get = (path: string): Promise<Reply> => running.businessCentral.get(path)

const REFUSALS: readonly {
  name: string
  send: () => Promise<Reply>
  status: number
  code: string
  message: string
}[] = [
  {
    name: 'POST without a name',
    send: () => post({}),
    status: 400,
    code: 'Application_DialogException',
    message: 'A "displayName" must be provided.',
  },
  {
    name: 'PATCH to a blank name',
    send: () => patch({ displayName: '' }),
    status: 400,
    code: 'Application_DialogException',
    message: 'The blank "displayName" is not allowed.',
  },
  {
    name: 'too long a text',
    send: () => post({ displayName: 'x', addressLine2: 'y'.repeat(57) }),
    status: 400,
    code: 'Application_StringExceededLength',
    message: `The length of the string is 57, but it must be less than or equal to 50 characters. Value: ${'y'.repeat(57)}`,
  },
  {
    name: 'an emoji counts twice',
    send: () => post({ displayName: '😀'.repeat(51) }),
    status: 400,
    code: 'Application_StringExceededLength',
    message: `The length of the string is 102, but it must be less than or equal to 100 characters. Value: ${'😀'.repeat(51)}`,
  },
  {
    name: 'a NUL character',
    send: () => post({ displayName: 'a\0b' }),
    status: 400,
    code: 'BadRequest',
    message: `The value of 'displayName' holds the character 0x00, which is not valid.`,
  },
  {
    name: 'a number taken',
    send: () => post({ displayName: 'x', number: ' taken ' }),
    status: 400,
    code: 'Internal_EntityWithSameKeyExists',
    message: `The record in table Customer already exists. Identification fields and values: No.='TAKEN'`,
  },
  {
    name: 'a read-only member',
    send: () => patch({ balanceDue: 1 }),
    status: 400,
    code: 'BadRequest_InvalidOperation',
    message: `Control 'balanceDue' is read-only`,
  },
  {
    name: 'an unknown member',
    send: () => post({ displayName: 'x', fax: '1' }),
    status: 400,
    code: 'BadRequest',
    message: `The property 'fax' does not exist on type 'Microsoft.NAV.customer'. Make sure to only use property names that are defined by the type.`,
  },
  {
    name: 'currency id and code that disagree',
    send: () => post({ displayName: 'x', currencyId: euro, currencyCode: 'GBP' }),
    status: 400,
    code: 'Application_DialogException',
    message: 'The currency values do not match to a specific Currency.',
  },
  {
    name: 'an unknown currency id',
    send: () => post({ displayName: 'x', currencyId: UNKNOWN }),
    status: 400,
    code: 'Application_DialogException',
    message: 'The "currencyId" does not match to a Currency.',
  },
  {
    name: 'an unknown currency code',
    send: () => post({ displayName: 'x', currencyCode: 'XXX' }),
    status: 400,
    code: 'Application_DialogException',
    message: 'The "currencyCode" does not match to a Currency.',
  },
  {
    name: 'unknown payment terms',
    send: () => post({ displayName: 'x', paymentTermsId: UNKNOWN }),
    status: 400,
    code: 'Application_DialogException',
    message: 'The "paymentTermsId" does not match to a Payment Terms.',
  },
  {
    name: 'an unknown salesperson',
    send: () => post({ displayName: 'x', salespersonCode: 'zz' }),
    status: 400,
    code: 'Internal_InvalidTableRelation',
    message:
      'The field Salesperson Code of table Customer contains a value (ZZ) that cannot be found in the related table (Salesperson/Purchaser).',
  },
  {
    name: 'a bad option',
    send: () => post({ displayName: 'x', blocked: 'Perhaps' }),
    status: 400,
    code: 'BadRequest',
    message: `Cannot convert the literal 'Perhaps' to the expected type 'Microsoft.NAV.customerBlocked'.`,
  },
  {
    name: 'a number in quotes',
    send: () => post({ displayName: 'x', creditLimit: '1' }),
    status: 400,
    code: 'BadRequest',
    message: `Cannot convert the literal '1' to the expected type 'Edm.Decimal'.`,
  },
  {
    name: 'no JSON',
    send: () => running.businessCentral.call('POST', 'customers', { text: '{"displayName":' }),
    status: 400,
    code: 'BadRequest',
    message: 'Invalid JSON. The body of the request cannot be read.',
  },
  {
    name: 'a record that is gone',
    send: () => get(`customers(${UNKNOWN})`),
    status: 404,
    code: 'Internal_RecordNotFound',
    message: `The Customer does not exist. Identification fields and values: SystemId='{${UNKNOWN.toUpperCase()}}'`,
  },
  {
    name: 'a key that is no GUID',
    send: () => get('customers(12)'),
    status: 400,
    code: 'BadRequest_NotFound',
    message: `The key '12' is not valid: a GUID without quotes was expected.`,
  },
  {
    name: 'an unknown set',
    send: () => get('clients'),
    status: 404,
    code: 'BadRequest_ResourceNotFound',
    message: `Resource not found for the segment 'clients'.`,
  },
  {
    name: 'a set not served',
    send: () => get('locations'),
    status: 501,
    code: 'BadRequest_MethodNotImplemented',
    message: `The sandbox does not serve 'locations'.`,
  },
  {
    name: 'an unknown company',
    send: () => get(`/api/v2.0/companies(${UNKNOWN})/customers`),
    status: 404,
    code: 'Internal_CompanyNotFound',
    message: `The company '${UNKNOWN}' does not exist.`,
  },
  {
    name: 'an unknown environment',
    send: () => get('/v2.0/tenant/elsewhere/api/v2.0/companies'),
    status: 404,
    code: 'NoEnvironment',
    message: 'Environment does not exist.',
  },
  {
    name: 'or over different fields',
    send: () => get(`customers?$filter=city eq 'A' or state eq 'B'`),
    status: 400,
    code: 'BadRequest',
    message: `The 'OR' operator is not supported on distinct fields on an OData filter.`,
  },
  {
    name: 'a filter that is not OData',
    send: () => get(`customers?$filter=city eq 'A`),
    status: 400,
    code: 'BadRequest_NotFound',
    message: `There is an unterminated string literal at position 8 in 'city eq 'A'.`,
  },
  {
    name: 'an unknown member in $select',
    send: () => get('customers?$select=fax'),
    status: 400,
    code: 'BadRequest_NotFound',
    message: `Could not find a property named 'fax' on type 'Microsoft.NAV.customer'.`,
  },
  {
    name: '$expand',
    send: () => get('customers?$expand=currency'),
    status: 501,
    code: 'BadRequest_MethodNotImplemented',
    message: `The query option '$expand' is not served by the sandbox.`,
  },
  {
    name: 'a write to a read-only set',
    send: () => running.businessCentral.call('POST', 'currencyExchangeRates', { body: {} }),
    status: 405,
    code: 'BadRequest_MethodNotAllowed',
    message: `'POST' requests are not allowed for 'currencyExchangeRates'.`,
  },
  {
    name: 'PATCH of a set',
    send: () => running.businessCentral.call('PATCH', 'customers', { body: {} }),
    status: 405,
    code: 'BadRequest_MethodNotAllowed',
    message: `'PATCH' requests are not allowed for 'customers'.`,
  },
]

describe('refusals of Business Central', () => {
  test.each(REFUSALS)('$name', async ({ send, status, code, message }) => {
    const reply = await send()
    expect(errorOf(reply)).toEqual({ status, code, message })
    expect(reply.text).toMatch(/ {2}CorrelationId: {2}[0-9a-f-]{36}\."/)
  })
})

describe('records of Business Central', () => {
  test('blanks, codes and the local currency have their forms', async () => {
    const created = await running.businessCentral.call('POST', 'customers', {
      text: `{"id":"${UNKNOWN}","displayName":"Form","number":" ab1 ","country":"de","creditLimit":12345678901234.5678}`,
    })
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({
      number: 'AB1',
      country: 'DE',
      city: '',
      blocked: '_x0020_',
      type: 'Company',
      currencyId: '00000000-0000-0000-0000-000000000000',
      currencyCode: 'USD',
    })
    expect(created.text).toContain('"creditLimit":12345678901234.5678,')
    expect(text(created.json, 'id')).not.toBe(UNKNOWN)
    expect(text(created.json, 'lastModifiedDateTime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('currency follows id, code, the local code and a rename', async () => {
    const created = await post({ displayName: 'Currency', currencyCode: 'eur' })
    expect(created.json).toMatchObject({ currencyId: euro, currencyCode: 'EUR' })
    const id = text(created.json, 'id')
    const change = (body: unknown): Promise<Reply> =>
      running.businessCentral.call('PATCH', `customers(${id})`, { body, headers: { 'if-match': '*' } })
    expect((await change({ currencyCode: 'USD' })).json).toMatchObject({
      currencyId: '00000000-0000-0000-0000-000000000000',
      currencyCode: 'USD',
    })
    expect((await change({ currencyId: euro })).json).toMatchObject({ currencyId: euro, currencyCode: 'EUR' })
    await running.businessCentral.call('PATCH', `currencies(${euro})`, {
      body: { code: 'EURO' },
      headers: { 'if-match': '*' },
    })
    expect((await get(`customers(${id})`)).json).toMatchObject({ currencyId: euro, currencyCode: 'EURO' })
  })

  test('the number series goes on from the highest number', async () => {
    await post({ displayName: 'High', number: 'C00700' })
    expect((await post({ displayName: 'Next' })).json).toMatchObject({ number: 'C00710' })
    const many = await Promise.all(Array.from({ length: 8 }, () => post({ displayName: 'Side by side' })))
    expect(new Set(many.map((reply) => reply.json['number'])).size).toBe(8)
  })

  test('the long address and the company in the query lead to the same records', async () => {
    const { companyId } = running.sandbox.businessCentral
    const short = await get(`/api/v2.0/customers?company=${companyId}&$count=true&$top=0`)
    const long = await get(
      `/v2.0/tenant/Production/api/v2.0/companies(${companyId})/customers?$count=true&$top=0`,
    )
    expect(short.json['@odata.count']).toBe(long.json['@odata.count'])
    expect((await get('/api/v2.0')).status).toBe(200)
    expect((await get('/api/v2.0/$metadata')).text).toContain('EntityType Name="customer"')
  })
})
