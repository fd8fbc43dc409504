import { randomUUID } from 'node:crypto'
import { DynamicsWebApi } from 'dynamics-web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestSandbox } from './support.js'
import { fetchToken, startTestSandbox } from './support.js'

/** The Dataverse sandbox as a client sees it that nobody here wrote. */

interface Account {
  readonly accountid: string
  readonly name: string
  readonly telephone1: string | null
}

let running: TestSandbox
let client: DynamicsWebApi
beforeAll(async () => {
  running = await startTestSandbox()
  const { dataverse, tokenUrl, clientId, clientSecret } = running.sandbox
  client = new DynamicsWebApi({
    serverUrl: dataverse.origin,
    dataApi: { version: '9.2' },
    onTokenRefresh: () => fetchToken(tokenUrl, clientId, clientSecret),
  })
})
afterAll(() => running.close())

const created = (name: string): Promise<Account> =>
  client.create<Partial<Account>, Account>({
    collection: 'accounts',
    data: { name },
    returnRepresentation: true,
  })

describe('records', () => {
  test('are created, read, changed, upserted and deleted', async () => {
    const id = await client.create<object, string>({ collection: 'accounts', data: { name: 'Alfreds' } })
    const read = await client.retrieve<Account>({ collection: 'accounts', key: id, select: ['name'] })
    expect(read).toMatchObject({ accountid: id, name: 'Alfreds' })
    await client.update({ collection: 'accounts', key: id, data: { telephone1: '030-1' } })
    const changed = await client.update<object, Account>({
      collection: 'accounts',
      key: id,
      data: { telephone1: '030-2' },
      returnRepresentation: true,
      select: ['telephone1'],
    })
    expect(changed).toMatchObject({ telephone1: '030-2' })
    const mine = randomUUID()
    await client.upsert({ collection: 'accounts', key: mine, data: { name: 'Chosen' } })
    expect(await client.retrieve<Account>({ collection: 'accounts', key: mine })).toMatchObject({
      name: 'Chosen',
    })
    await client.deleteRecord({ collection: 'accounts', key: id })
    await expect(client.retrieve({ collection: 'accounts', key: id })).rejects.toMatchObject({
      status: 404,
      code: '0x80040217',
    })
  })

  test('are changed only in the version that was read', async () => {
    const account = await created('Versioned')
    const { accountid: key } = account
    const ifmatch = (account as unknown as { '@odata.etag': string })['@odata.etag']
    const change = (): Promise<unknown> =>
      client.update({ collection: 'accounts', key, data: { fax: '1' }, ifmatch })
    // The client tells a stale version by its answer.
    expect([await change(), await change()]).toEqual([true, false])
  })

  test('refer to each other', async () => {
    const [parent, child] = [await created('Parent'), await created('Child')]
    const data = { 'parentaccountid@odata.bind': `/accounts(${parent.accountid})` }
    await client.update({ collection: 'accounts', key: child.accountid, data })
    expect(
      await client.retrieve({
        collection: 'accounts',
        key: child.accountid,
        select: ['_parentaccountid_value'],
        includeAnnotations: '*',
      }),
    ).toMatchObject({
      _parentaccountid_value: parent.accountid,
      '_parentaccountid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
    })
  })
})

describe('collections', () => {
  test('are read page by page, filtered, ordered and counted', async () => {
    for (let at = 1; at <= 7; at += 1) await created(`Page ${at}`)
    const query = {
      collection: 'accounts',
      select: ['name'],
      filter: `startswith(name,'Page ')`,
      orderBy: ['name desc'],
    }
    const names: string[] = []
    let page = await client.retrieveMultiple<Account>({ ...query, maxPageSize: 3, count: true })
    expect(page.oDataCount).toBe(7)
    for (;;) {
      names.push(...page.value.map(({ name }) => name))
      if (page.oDataNextLink === undefined) break
      page = await client.retrieveMultiple<Account>({ ...query, maxPageSize: 3 }, page.oDataNextLink)
    }
    expect(names).toEqual([7, 6, 5, 4, 3, 2, 1].map((at) => `Page ${at}`))
    expect((await client.retrieveAll<Account>(query)).value).toHaveLength(7)
    expect(await client.count({ collection: 'accounts', filter: `name eq 'Page 1'` })).toBe(1)
  })

  test('tell their changes and deletions by delta link', async () => {
    const [kept, gone] = [await created('Kept'), await created('Gone')]
    const tracked = { collection: 'accounts', select: ['name'], trackChanges: true }
    const first = await client.retrieveMultiple<Account>(tracked)
    expect(first.oDataDeltaLink).toMatch(/deltatoken/)
    await client.update({ collection: 'accounts', key: kept.accountid, data: { name: 'Changed' } })
    await client.deleteRecord({ collection: 'accounts', key: gone.accountid })
    const delta = await client.retrieveMultiple<Account>({ collection: 'accounts' }, first.oDataDeltaLink)
    expect(delta.value).toMatchObject([
      { accountid: kept.accountid, name: 'Changed' },
      { id: gone.accountid, reason: 'deleted' },
    ])
    expect(delta.oDataDeltaLink).not.toBe(first.oDataDeltaLink)
  })
})

describe('many at once', () => {
  test('operations of a batch, in a change set and without', async () => {
    const key = (await created('Before')).accountid
    client.startBatch()
    void client.create({ collection: 'accounts', data: { name: 'In a change set' } })
    void client.update({ collection: 'accounts', key, data: { name: 'After' } })
    void client.retrieve({ collection: 'accounts', key, select: ['name'], inChangeSet: false })
    const [id, , read] = (await client.executeBatch()) as [string, unknown, Account]
    expect(await client.retrieve<Account>({ collection: 'accounts', key: id })).toMatchObject({
      name: 'In a change set',
    })
    expect(read).toMatchObject({ name: 'After' })
  })

  test('the errors of a batch that goes on', async () => {
    client.startBatch()
    void client.create({ collection: 'accounts', data: { name: 'x'.repeat(161) }, inChangeSet: false })
    void client.create({ collection: 'accounts', data: { name: 'Fine' }, inChangeSet: false })
    const [refused, id] = (await client.executeBatch({ continueOnError: true })) as [
      { error: { code: string } },
      string,
    ]
    expect(refused.error.code).toBe('0x80044331')
    expect(await client.retrieve<Account>({ collection: 'accounts', key: id })).toMatchObject({
      name: 'Fine',
    })
  })

  test('bulk messages, which are found for a table, with ids of our own, and all or nothing', async () => {
    const filter = `primaryobjecttypecode eq 'account' and (sdkmessageid/name eq 'CreateMultiple' or sdkmessageid/name eq 'UpsertMultiple')`
    const messages = await client.retrieveMultiple({
      collection: 'sdkmessagefilters',
      select: ['primaryobjecttypecode'],
      filter,
    })
    expect(messages.value).toHaveLength(2)
    const ids = [randomUUID(), randomUUID()]
    const targets = (names: readonly string[]): object => ({
      Targets: names.map((name, index) => ({
        '@odata.type': 'Microsoft.Dynamics.CRM.account',
        accountid: ids[index],
        name,
      })),
    })
    const call = (message: string, names: readonly string[]): Promise<unknown> =>
      client.callAction({
        collection: 'accounts',
        actionName: `Microsoft.Dynamics.CRM.${message}`,
        action: targets(names),
      })
    const nameOf = async (index: number): Promise<string> =>
      (await client.retrieve<Account>({ collection: 'accounts', key: ids[index] ?? '', select: ['name'] }))
        .name
    expect(await call('CreateMultiple', ['One', 'Two'])).toMatchObject({ Ids: ids })
    await call('UpdateMultiple', ['Uno', 'Due'])
    expect([await nameOf(0), await nameOf(1)]).toEqual(['Uno', 'Due'])
    ids.push(randomUUID())
    await call('UpsertMultiple', ['Eins', 'Zwei', 'Drei'])
    expect([await nameOf(0), await nameOf(2)]).toEqual(['Eins', 'Drei'])
    await expect(call('UpdateMultiple', ['Never', 'x'.repeat(161)])).rejects.toMatchObject({
      code: '0x80044331',
    })
    expect(await nameOf(0)).toBe('Eins')
  })
})

test('functions and definitions', async () => {
  expect(await client.callFunction('WhoAmI')).toHaveProperty('UserId')
  const definition = await client.retrieveEntity<{ readonly ChangeTrackingEnabled: boolean }>({
    key: `LogicalName='account'`,
    select: ['ChangeTrackingEnabled', 'EntitySetName'],
  })
  expect(definition).toMatchObject({ ChangeTrackingEnabled: true, EntitySetName: 'accounts' })
  expect(await client.retrieveCsdlMetadata()).toContain('<EntitySet Name="accounts"')
})
