import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SimpleServer } from '../connectors/odata/simple-server.js'
import { startSimpleServer } from '../connectors/odata/simple-server.js'
import type { Bench } from '../connectors/support/sandbox.js'
import { benchFor, startTestSandbox } from '../connectors/support/sandbox.js'
import { SystemPair } from '../support/system-pair.js'

/** A server of others that knows no ETags and tells nothing of changes, and the sandbox of Dataverse. */
let shop: SimpleServer
let sales: Bench
let pair: SystemPair

type Customer = Readonly<Record<string, unknown>>

beforeAll(async () => {
  shop = await startSimpleServer()
  const sandbox = await startTestSandbox()
  const { running } = sandbox
  sales = await benchFor('DATAVERSE', running)
  process.env['ODATA_TEST_SECRET'] = running.clientSecret
  pair = await SystemPair.between(
    {
      localSystem: {
        kind: 'ODATA',
        settings: { url: shop.url, signIn: { kind: 'none' }, maximumFlight: 2_000 },
      },
      integrationSystem: {
        kind: 'DATAVERSE',
        settings: {
          url: running.dataverse.url,
          signIn: {
            kind: 'clientSecret',
            tokenUrl: running.tokenUrl,
            clientId: running.clientId,
            clientSecret: 'env:ODATA_TEST_SECRET',
            scope: `${running.dataverse.origin}/.default`,
          },
        },
      },
    },
    [
      async () => shop[Symbol.asyncDispose](),
      async () => sandbox[Symbol.asyncDispose](),
      () => sales.connector.close(),
    ],
  )
  for (let number = 1; number <= 25; number += 1)
    await shop.person('POST', 'customers', {
      _id: `c${number}`,
      name: `Customer ${number}`,
      city: 'London',
      number: `C${number}`,
    })
  const field = (localField: string, integrationField: string) => ({ localField, integrationField })
  await pair.map({
    name: 'SHOP',
    localTable: 'customers',
    integrationTable: 'accounts',
    conflictDetection: 'FIELDS',
    fields: [field('name', 'name'), field('city', 'address1_city'), field('number', 'accountnumber')],
  })
})
afterAll(() => pair.stop())

const accounts = async (): Promise<readonly Customer[]> => {
  const { value } = (await sales.person('GET', null)) as { value: readonly Customer[] }
  return value
}

/** What both systems hold, by number. */
async function held(): Promise<readonly [shop: object, sales: object]> {
  const byNumber = (rows: readonly Customer[], number: string, name: string, city: string) =>
    Object.fromEntries(rows.map((row) => [row[number], [row[name], row[city] ?? null]]))
  return [
    byNumber(await shop.rows(), 'number', 'name', 'city'),
    byNumber(await accounts(), 'accountnumber', 'name', 'address1_city'),
  ]
}

async function expectEqual(count: number): Promise<void> {
  const [inShop, inSales] = await held()
  expect(inSales).toEqual(inShop)
  expect(Object.keys(inShop)).toHaveLength(count)
}

async function accountOf(number: string): Promise<string> {
  const account = (await accounts()).find((row) => row['accountnumber'] === number)
  return String(account?.['accountid'])
}

test('the first run carries every record over, the second one finds nothing to do', async () => {
  expect(await pair.synchronize('SHOP')).toMatchObject({ to: { inserted: 25 } })
  await expectEqual(25)
  const second = await pair.synchronize('SHOP')
  expect(second.to).toEqual({ unchanged: 25 })
  expect(Object.keys(second.from)).not.toContain('modified')
})

test('edits and new records of each side reach the other', async () => {
  await shop.person('PATCH', `customers('c1')`, { name: 'Edited in the shop' })
  await sales.person('PATCH', await accountOf('C2'), { name: 'Edited in Sales' })
  await shop.person('PATCH', `customers('c3')`, { city: 'Paris' })
  await sales.person('PATCH', await accountOf('C3'), { name: 'Both edited' })
  await sales.person('POST', null, { name: 'New in Sales', accountnumber: 'C26' })
  const run = await pair.synchronize('SHOP')
  expect(run.to).toMatchObject({ modified: 2 })
  expect(run.from).toMatchObject({ modified: 1, inserted: 1 })
  await expectEqual(26)
  const [inShop] = await held()
  expect(inShop).toMatchObject({ C2: ['Edited in Sales', 'London'], C3: ['Both edited', 'Paris'] })
})

test('a deletion that nobody reports is found by the search, and waits for a person', async () => {
  await shop.person('DELETE', `customers('c4')`)
  expect((await pair.findDeleted('SHOP')).to).toMatchObject({ conflicts: 1 })
  const { skippedSynchRecords } = await pair.ask<{
    skippedSynchRecords: { nodes: readonly { errorClass: string; localRecord: { id: string } }[] }
  }>(`{ skippedSynchRecords(filter: { mapping: "SHOP" }) { nodes { errorClass } } }`)
  expect(skippedSynchRecords.nodes).toMatchObject([{ errorClass: 'DELETED_RECORD' }])
  expect(await accountOf('C4')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a creation whose answer is lost is there once', async () => {
  await sales.person('POST', null, { name: 'Lost on the way', accountnumber: 'C27' })
  shop.fault = { kind: 'lose', at: 'afterCommit', text: 'Lost on the way' }
  await pair.synchronize('SHOP')
  await pair.synchronize('SHOP')
  const rows = await shop.rows()
  expect(rows.filter((row) => row['number'] === 'C27')).toHaveLength(1)
  const again = await pair.synchronize('SHOP')
  expect(again.to).not.toHaveProperty('inserted')
})
