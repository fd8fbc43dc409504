import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Operation } from './multipart.js'
import { sendBatch } from './multipart.js'
import type { Reply, TestSandbox } from './support.js'
import { errorOf, fetchToken, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())
beforeEach(async () => {
  for (const system of ['businessCentral', 'dataverse'] as const) {
    await fetch(`${running.sandbox[system].origin}/sandbox/faults`, { method: 'DELETE' })
  }
})

const create = (displayName: string): Promise<Reply> =>
  running.businessCentral.call('POST', 'customers', { body: { displayName } })
const named = async (name: string): Promise<number> =>
  records(await running.businessCentral.get(`customers?$filter=displayName eq '${name}'`)).length
const accountsNamed = async (name: string): Promise<number> =>
  records(await running.dataverse.get(`accounts?$filter=name eq '${name}'`)).length

describe('faults on demand', () => {
  test.each([
    [401, 'Authentication_InvalidCredentials', '0x8004a101'],
    [403, 'Internal_ServerError', '0x80040220'],
    [429, 'Application_TooManyRequests', '0x80072322'],
    [503, 'Internal_TenantUnavailable', '0x80044150'],
  ])('status %i, once, with Retry-After', async (status, businessCentralCode, dataverseCode) => {
    for (const system of ['businessCentral', 'dataverse'] as const) {
      await running.fault(system, {
        method: 'get',
        path: 'contacts',
        action: { kind: 'status', status, retryAfter: 7 },
      })
      const first = await running[system].get('contacts')
      expect(errorOf(first)).toMatchObject({
        status,
        code: system === 'dataverse' ? dataverseCode : businessCentralCode,
      })
      expect(first.headers.get('retry-after')).toBe('7')
      expect((await running[system].get('contacts')).status).toBe(200)
    }
  })

  test('a connection dropped before the commit leaves nothing, one dropped after it leaves everything', async () => {
    await running.fault('businessCentral', {
      method: 'POST',
      path: 'customers',
      action: { kind: 'drop', at: 'beforeCommit' },
    })
    await expect(create('Dropped before')).rejects.toThrow('fetch failed')
    expect(await named('Dropped before')).toBe(0)
    await running.fault('businessCentral', {
      method: 'POST',
      path: 'customers',
      action: { kind: 'drop', at: 'afterCommit' },
    })
    await expect(create('Dropped after')).rejects.toThrow('fetch failed')
    expect(await named('Dropped after')).toBe(1)
  })

  test('a write that is slow to commit has an old stamp when it becomes visible', async () => {
    await running.fault('businessCentral', {
      path: 'customers',
      method: 'POST',
      action: { kind: 'delay', at: 'beforeCommit', milliseconds: 300 },
    })
    const slow = create('Slow commit')
    const fast = await create('Fast commit')
    const stored = await slow
    expect(text(stored.json, 'lastModifiedDateTime') <= text(fast.json, 'lastModifiedDateTime')).toBe(true)
  })

  test.each([
    ['drop', { kind: 'drop' }, 'cut'],
    ['status', { kind: 'status', status: 503 }, 503],
  ] as const)('%s after some items of a batch leaves those', async (name, action, expected) => {
    await running.fault('businessCentral', { path: '\\$batch', afterItems: 2, action })
    await running.fault('dataverse', { path: '\\$batch', afterItems: 2, action })
    const label = `After two ${name}`
    const requests = Array.from({ length: 4 }, () => ({
      method: 'POST',
      url: 'customers',
      body: { displayName: label },
    }))
    const outcome = (work: Promise<{ status: number }>): Promise<number | string> =>
      work.then(
        ({ status }) => status,
        () => 'cut',
      )
    expect(
      await outcome(running.businessCentral.call('POST', '/api/v2.0/$batch', { body: { requests } })),
    ).toBe(expected)
    expect(await named(label)).toBe(2)
    const operations = Array.from({ length: 4 }, () => ({
      method: 'POST',
      url: 'accounts',
      body: { name: label },
    }))
    expect(await outcome(sendBatch(running.dataverse, operations).then(({ reply }) => reply))).toBe(expected)
    expect(await accountsNamed(label)).toBe(2)
  })

  test('single items of a batch can fail', async () => {
    await running.fault('dataverse', {
      method: 'PATCH',
      path: 'accounts',
      times: 1,
      action: { kind: 'status', status: 403 },
    })
    const operations = Array.from({ length: 3 }, () => ({
      method: 'PATCH',
      url: `accounts(${crypto.randomUUID()})`,
      body: { name: 'Item' },
    }))
    const sent = await sendBatch(running.dataverse, operations, { prefer: 'odata.continue-on-error' })
    expect(sent.operations.map(({ status }) => status)).toEqual([403, 204, 204])
  })

  test('records with a certain value are refused until told otherwise', async () => {
    const action = {
      kind: 'reject',
      field: 'displayName',
      value: 'Cursed',
      status: 400,
      code: 'Application_DialogException',
      message: 'Not this one.',
    }
    await running.fault('businessCentral', { times: null, action })
    expect(errorOf(await create('Cursed'))).toEqual({
      status: 400,
      code: 'Application_DialogException',
      message: 'Not this one.',
    })
    expect((await create('Blessed')).status).toBe(201)
    const requests = ['Cursed', 'Fine'].map((displayName) => ({
      method: 'POST',
      url: 'customers',
      body: { displayName },
    }))
    const batch = await running.businessCentral.call('POST', '/api/v2.0/$batch', {
      body: { requests },
      headers: { prefer: 'odata.continue-on-error' },
    })
    expect((batch.json['responses'] as { status: number }[]).map(({ status }) => status)).toEqual([400, 201])
    const { origin } = running.sandbox.businessCentral
    const listed = (await (await fetch(`${origin}/sandbox/faults`)).json()) as { faults: { acted: number }[] }
    expect(listed.faults).toMatchObject([{ acted: 2, times: null }])
    await fetch(`${origin}/sandbox/faults`, { method: 'DELETE' })
    expect((await create('Cursed')).status).toBe(201)
  })

  test('a fault acts for a while, or begins later', async () => {
    await running.fault('dataverse', {
      path: 'contacts',
      forMilliseconds: 400,
      action: { kind: 'status', status: 503 },
    })
    expect((await running.dataverse.get('contacts')).status).toBe(503)
    await vi.waitFor(async () => expect((await running.dataverse.get('contacts')).status).toBe(200))
    const listed = await fetch(`${running.sandbox.dataverse.origin}/sandbox/faults`)
    expect(await listed.json()).toEqual({ faults: [] })
    const action = { kind: 'status', status: 500 }
    await running.fault('dataverse', { path: 'accounts', afterMilliseconds: 60_000, action })
    expect((await running.dataverse.get('accounts')).status).toBe(200)
  })

  test.each([
    ['html', 'text/html', '<html>'],
    ['empty', null, ''],
  ])('what is in front of a service answers with %s', async (form, type, start) => {
    await running.fault('businessCentral', { action: { kind: 'status', status: 502, form } })
    const reply = await running.businessCentral.get('customers')
    expect([reply.status, reply.headers.get('content-type')]).toEqual([502, type])
    expect(reply.text.slice(0, 6)).toBe(start)
    expect(reply.headers.get('retry-after')).toBe(null)
  })

  test('a write happens though its answer never comes', async () => {
    for (const system of ['businessCentral', 'dataverse'] as const)
      await running.fault(system, { method: 'POST', action: { kind: 'timeout' } })
    const { sandbox } = running
    const impatient = (url: string, body: object): Promise<Response> =>
      fetch(url, { method: 'POST', body: JSON.stringify(body), headers, signal: AbortSignal.timeout(500) })
    const token = await fetchToken(sandbox.tokenUrl, sandbox.clientId, sandbox.clientSecret)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const customers = `${sandbox.businessCentral.url}/customers`
    await expect(impatient(customers, { displayName: 'Late' })).rejects.toThrow('timeout')
    await expect(impatient(`${sandbox.dataverse.url}/accounts`, { name: 'Late' })).rejects.toThrow('timeout')
    expect([await named('Late'), await accountsNamed('Late')]).toEqual([1, 1])
  })

  test('a version is taken for a stale one, in a batch for each item by itself', async () => {
    const customer = await create('Fresh')
    const path = `customers(${text(customer.json, 'id')})`
    await running.fault('businessCentral', { action: { kind: 'stale' } })
    const change = (etag: string): Promise<Reply> =>
      running.businessCentral.call('PATCH', path, { body: { city: 'Ulm' }, headers: { 'if-match': etag } })
    expect((await change('*')).status).toBe(200)
    const etag = (await running.businessCentral.get(path)).json['@odata.etag'] as string
    expect(errorOf(await change(etag))).toMatchObject({ status: 409, code: 'Request_EntityChanged' })
    expect((await change(etag)).status).toBe(200)

    const account = await running.dataverse.call('POST', 'accounts', {
      body: { name: 'Fresh' },
      headers: { prefer: 'return=representation' },
    })
    await running.fault('dataverse', { action: { kind: 'stale' } })
    const operation = (ifMatch: string): Operation => ({
      method: 'PATCH',
      url: `accounts(${text(account.json, 'accountid')})`,
      headers: { 'If-Match': ifMatch },
      body: { fax: '1' },
    })
    const { operations } = await sendBatch(
      running.dataverse,
      [operation('*'), operation(text(account.json, '@odata.etag')), operation('*')],
      { prefer: 'odata.continue-on-error' },
    )
    expect(operations.map(({ status }) => status)).toEqual([204, 412, 204])
  })

  test('a delta token is taken for one that is too old', async () => {
    const first = await running.dataverse.get('contacts?$select=fullname', { prefer: 'odata.track-changes' })
    const link = text(first.json, '@odata.deltaLink')
    await running.fault('dataverse', { action: { kind: 'expiredToken' } })
    expect((await running.dataverse.get('contacts')).status).toBe(200)
    expect(errorOf(await running.dataverse.get(link))).toMatchObject({ status: 400, code: '0x80044352' })
    expect((await running.dataverse.get(link)).status).toBe(200)
  })

  test('the token endpoint has faults of its own', async () => {
    const { tokenUrl, clientId, clientSecret } = running.sandbox
    await running.fault('dataverse', {
      path: 'oauth2',
      action: { kind: 'status', status: 503, form: 'html' },
    })
    expect((await running.dataverse.get('WhoAmI')).status).toBe(200)
    await expect(fetchToken(tokenUrl, clientId, clientSecret)).rejects.toThrow('No token: 503')
    await running.fault('dataverse', { path: 'oauth2', action: { kind: 'drop' } })
    await expect(fetchToken(tokenUrl, clientId, clientSecret)).rejects.toThrow('fetch failed')
    expect(await fetchToken(tokenUrl, clientId, clientSecret)).toMatch(/^ey/)
  })

  test('a fault that makes no sense is refused', async () => {
    const post = (fault: object): Promise<Response> =>
      fetch(`${running.sandbox.dataverse.origin}/sandbox/faults`, {
        method: 'POST',
        body: JSON.stringify(fault),
      })
    expect((await post({ action: { kind: 'explode' } })).status).toBe(400)
    expect((await post({ path: '(', action: { kind: 'drop' } })).status).toBe(400)
  })
})

describe('the sandbox tells about itself', () => {
  test('calls, items and records are counted by pattern', async () => {
    const { origin } = running.sandbox.businessCentral
    const created = await create('Counted')
    await fetch(`${origin}/sandbox/metrics`, { method: 'DELETE' })
    const url = `customers(${text(created.json, 'id')})`
    await running.businessCentral.get(url)
    await running.businessCentral.get(`customers?$filter=displayName eq 'Counted'`)
    await running.businessCentral.call('POST', '/api/v2.0/$batch', {
      body: {
        requests: [
          { method: 'GET', url },
          { method: 'GET', url },
        ],
      },
    })
    expect(await (await fetch(`${origin}/sandbox/metrics`)).json()).toMatchObject({
      total: { calls: 3, rows: 4 },
      calls: {
        'GET customers({id})': { calls: 1, rows: 1 },
        'GET customers': { calls: 1, rows: 1 },
        'POST $batch': { calls: 1, rows: 2 },
      },
      items: { 'GET customers({id})': { calls: 2, rows: 2 } },
    })
  })

  test('the clock can be set; answers and stamps tell its time, also after a restart', async () => {
    const hour = 60 * 60 * 1000
    let again = await startTestSandbox()
    try {
      const setClock = (offset: number): Promise<Response> =>
        fetch(`${again.sandbox.businessCentral.origin}/sandbox/clock`, {
          method: 'POST',
          body: JSON.stringify({ offset }),
        })
      expect((await setClock(-hour)).status).toBe(200)
      again = await again.restart()
      const created = await again.businessCentral.call('POST', 'customers', {
        body: { displayName: 'Clock' },
      })
      const expected = Date.now() - hour
      for (const shown of [created.headers.get('date') ?? '', text(created.json, 'lastModifiedDateTime')]) {
        expect(Math.abs(Date.parse(shown) - expected)).toBeLessThan(hour / 2)
      }
      expect(
        Math.abs(Date.parse((await again.dataverse.get('WhoAmI')).headers.get('date') ?? '') - Date.now()),
      ).toBeLessThan(hour / 2)
    } finally {
      await again.close()
    }
  })
})
