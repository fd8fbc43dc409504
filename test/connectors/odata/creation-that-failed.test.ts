import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { WriteResult } from '../../../src/connectors/connector.js'
import { createConnector } from '../../../src/connectors/create-connector.js'

const METADATA = `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Shop">
<EntityType Name="Invoice"><Key><PropertyRef Name="Id"/></Key>
<Property Name="Id" Type="Edm.Int32" Nullable="false"/>
<Property Name="Number" Type="Edm.String" MaxLength="20"/>
<Property Name="Total" Type="Edm.Decimal" Scale="2"/></EntityType>
<EntityType Name="Item"><Key><PropertyRef Name="Code"/></Key>
<Property Name="Code" Type="Edm.String" MaxLength="20" Nullable="false"/>
<Property Name="Total" Type="Edm.Decimal" Scale="2"/></EntityType>
<EntityContainer Name="All"><EntitySet Name="Items" EntityType="Shop.Item"/><EntitySet Name="Invoices" EntityType="Shop.Invoice"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

let server: Server | null = null
afterEach(() => server?.close())

/** A service that answers every creation with an error, and has one invoice with the number S000001, and one item A1. */
async function serviceThatHas(total: number): Promise<string> {
  const error = { error: { code: 'Internal', message: 'Something went wrong.' } }
  const answerTo = ({ method, url = '' }: IncomingMessage): readonly [number, string, string] => {
    if (url.includes('$metadata')) return [200, 'application/xml', METADATA]
    if (method === 'POST') return [500, 'application/json', JSON.stringify(error)]
    const item = { '@odata.etag': 'W/"1"', Code: 'A1', Total: total }
    if (url.includes('/Items')) return [200, 'application/json', JSON.stringify(item)]
    const value = [{ '@odata.etag': 'W/"1"', Id: 1, Number: 'S000001', Total: total }]
    return [200, 'application/json', JSON.stringify({ value })]
  }
  const made = createServer((request, response) => {
    const [status, type, body] = answerTo(request)
    request.resume()
    response.writeHead(status, { 'content-type': type, 'odata-version': '4.0' }).end(body)
  })
  server = made
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
}

async function created(
  total: number,
  set = 'Invoices',
  id: string | null = null,
  key: Readonly<Record<string, string>> = { Number: 'S000001' },
): Promise<WriteResult | undefined> {
  const connector = createConnector('ODATA', {
    url: await serviceThatHas(total),
    signIn: { kind: 'none' },
    batch: 'none',
    sets: { Invoices: { assignedKey: { field: 'Number' } } },
  })
  const results: WriteResult[] = []
  const table = await connector.describeTable(set)
  const values = { ...key, Total: '12.5' }
  await connector.write(table, [{ kind: 'create', ref: '1', id, values, deadline: Date.now() + 30_000 }], {
    returnFields: [...Object.keys(key), 'Total'],
    beforeCall: () => Promise.resolve(),
    onResults: (more) => {
      results.push(...more)
      return Promise.resolve()
    },
  })
  await connector.close()
  return results[0]
}

test('a creation that failed, though the record is there as it was sent, may be ours', async () => {
  expect(await created(12.5)).toMatchObject({ kind: 'unknown' })
})

test('a creation that failed over the key of another record is told as such', async () => {
  expect(await created(99)).toMatchObject({ kind: 'exists' })
})

test('another record under the key that came with the values is not taken for ours', async () => {
  expect(await created(99, 'Items', 'A1', { Code: 'A1' })).toMatchObject({
    kind: 'refused',
    failure: { errorClass: 'DUPLICATE' },
  })
  server?.close()
  expect(await created(12.5, 'Items', 'A1', { Code: 'A1' })).toMatchObject({ kind: 'exists' })
})
