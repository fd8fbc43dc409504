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
<EntityContainer Name="All"><EntitySet Name="Invoices" EntityType="Shop.Invoice"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

let server: Server | null = null
afterEach(() => server?.close())

/** A service that answers every creation with an error, and has one invoice with the number S000001. */
async function serviceThatHas(total: number): Promise<string> {
  const error = { error: { code: 'Internal', message: 'Something went wrong.' } }
  const answerTo = ({ method, url = '' }: IncomingMessage): readonly [number, string, string] => {
    if (url.includes('$metadata')) return [200, 'application/xml', METADATA]
    if (method === 'POST') return [500, 'application/json', JSON.stringify(error)]
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

async function created(total: number): Promise<WriteResult | undefined> {
  const connector = createConnector('ODATA', {
    url: await serviceThatHas(total),
    signIn: { kind: 'none' },
    batch: 'none',
    sets: { Invoices: { assignedKey: { field: 'Number' } } },
  })
  const results: WriteResult[] = []
  const table = await connector.describeTable('Invoices')
  const values = { Number: 'S000001', Total: '12.5' }
  await connector.write(
    table,
    [{ kind: 'create', ref: '1', id: null, values, deadline: Date.now() + 30_000 }],
    {
      returnFields: ['Number', 'Total'],
      beforeCall: () => Promise.resolve(),
      onResults: (more) => {
        results.push(...more)
        return Promise.resolve()
      },
    },
  )
  await connector.close()
  return results[0]
}

test('a creation that failed, though the record is there as it was sent, may be ours', async () => {
  expect(await created(12.5)).toMatchObject({ kind: 'unknown' })
})

test('a creation that failed over the key of another record is told as such', async () => {
  expect(await created(99)).toMatchObject({ kind: 'exists' })
})
