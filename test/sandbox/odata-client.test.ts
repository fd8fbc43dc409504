import { EdmV4, OData } from '@odata/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestSandbox } from './support.js'
import { startTestSandbox } from './support.js'

/** Both sandboxes as an OData client sees them that nobody here wrote. It signs in by itself, too. */

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox({ demo: true })
})
afterAll(() => running.close())

function clientOf(system: 'businessCentral' | 'dataverse', place = ''): ReturnType<typeof OData.New4> {
  const { tokenUrl, clientId, clientSecret, [system]: server } = running.sandbox
  return OData.New4({
    serviceEndpoint: `${server.url}/${place}`,
    credential: { tokenUrl, clientId, clientSecret, scope: `${server.origin}/.default` },
  })
}
const inCompany = (): ReturnType<typeof OData.New4> =>
  clientOf('businessCentral', `companies(${running.sandbox.businessCentral.companyId})/`)

describe('Business Central', () => {
  test('its metadata', async () => {
    const document = await clientOf('businessCentral').newRequest({ collection: '$metadata' })
    expect(document as unknown).toContain('<EntitySet Name="customers"')
  })

  test('its collections', async () => {
    const client = inCompany()
    const customers = client.getEntitySet<{ id: string; number: string; city: string }>('customers')
    const filter = client.newFilter().property('number').eq('ALFKI')
    const [customer] = await customers.query(filter)
    expect(customer).toMatchObject({ number: 'ALFKI', city: 'Berlin' })
    const some = client.newParam().select(['number']).orderby('number', 'desc').top(2)
    const found = await client.newRequest<{ number: string }>({ collection: 'customers', params: some })
    expect(found.value?.map(({ number }) => number)).toEqual(['WOLZA', 'WILMK'])
    expect(await customers.retrieve(EdmV4.Guid.from(customer?.id ?? ''))).toMatchObject({
      number: 'ALFKI',
    })
  })

  test('a batch in JSON', async () => {
    const client = inCompany()
    const requests = [
      client.newBatchRequest({ collection: 'customers', params: client.newParam().top(1) }),
      client.newBatchRequest({ collection: 'customers', method: 'POST', entity: { displayName: 'New' } }),
    ]
    const [read, made] = await clientOf('businessCentral').execBatchRequestsJson(
      (await Promise.all(requests)).map((request) =>
        Promise.resolve({
          ...request,
          url: `companies(${running.sandbox.businessCentral.companyId})/${request.url}`,
        }),
      ),
    )
    expect([read?.status, made?.status]).toEqual([200, 201])
    expect(await made?.json()).toMatchObject({ displayName: 'New' })
  })
})

describe('Dataverse', () => {
  test('its metadata', async () => {
    const document = await clientOf('dataverse').newRequest({ collection: '$metadata' })
    expect(document as unknown).toContain('<EntitySet Name="accounts"')
  })

  test('its collections', async () => {
    const client = clientOf('dataverse')
    const accounts = client.getEntitySet<{ accountid: string; name: string; accountnumber: string }>(
      'accounts',
    )
    const made = await accounts.create({ name: 'Made', accountnumber: 'MADE' })
    expect(made as unknown).toBeFalsy()
    const [account] = await accounts.query(client.newFilter().property('accountnumber').eq('MADE'))
    const id = EdmV4.Guid.from(account?.accountid ?? '')
    await accounts.update(id, { name: 'Changed' })
    expect(await accounts.retrieve(id)).toMatchObject({ name: 'Changed' })
    await accounts.delete(id)
    expect(await accounts.count(client.newFilter().property('accountnumber').eq('MADE'))).toBe(0)
  })

  test('a batch of many parts', async () => {
    const client = clientOf('dataverse')
    const replies = await client.execBatchRequests([
      client.newBatchRequest({ collection: 'accounts', params: client.newParam().top(1).select(['name']) }),
      client.newBatchRequest({ collection: 'accounts', method: 'POST', entity: { name: 'In a batch' } }),
    ])
    expect(replies.map(({ status }) => status)).toEqual([200, 204])
    const [read] = replies
    expect(await read?.json()).toHaveProperty('value')
  })
})
