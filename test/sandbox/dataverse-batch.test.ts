import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from './multipart.js'
import { batchBody, sendBatch } from './multipart.js'
import type { TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

const create = (name: string, id: string = randomUUID(), rest: Partial<Operation> = {}): Operation => ({
  method: 'PATCH',
  url: `accounts(${id})`,
  headers: { 'If-None-Match': '*' },
  body: { name },
  ...rest,
})
const TOO_LONG = 'x'.repeat(161)
const countOf = async (name: string): Promise<number> =>
  records(await running.dataverse.get(`accounts?$select=name&$filter=name eq '${name}'`)).length
const onward = { prefer: 'odata.continue-on-error' }

describe('multipart $batch of Dataverse', () => {
  test('stops at the first error, which gives the outer status', async () => {
    const { reply, operations } = await sendBatch(running.dataverse, [
      create('Stops'),
      create(TOO_LONG),
      create('Stops'),
    ])
    expect(reply.status).toBe(400)
    expect(operations.map(({ status }) => status)).toEqual([204, 400])
    expect(await countOf('Stops')).toBe(1)
  })

  test('goes on when asked to; conditions hold per item', async () => {
    const id = randomUUID()
    const { reply, operations } = await sendBatch(
      running.dataverse,
      [
        create('Goes on', id, { headers: { 'If-None-Match': '*', Prefer: 'return=representation' } }),
        create('Goes on', id),
        { method: 'PATCH', url: `accounts(${id})`, headers: { 'If-Match': 'W/"1"' }, body: { fax: '1' } },
        {
          method: 'PATCH',
          url: `accounts(${id})?$select=fax`,
          headers: { 'If-Match': '*', Prefer: 'return=representation' },
          body: { fax: '2' },
        },
        { method: 'GET', url: `accounts(${id})?$select=fax` },
        { method: 'GET', url: `accounts(${randomUUID()})?$select=fax` },
        { method: 'DELETE', url: `accounts(${id})`, headers: { 'If-Match': '*' } },
        { method: 'GET', url: `accounts?$filter=name eq 'Goes on'` },
      ],
      onward,
    )
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toMatch(/^multipart\/mixed; ?boundary=batchresponse_/)
    expect(operations.map(({ status }) => status)).toEqual([201, 412, 412, 200, 200, 404, 204, 200])
    expect(operations[3]?.json).toMatchObject({ fax: '2' })
    expect(operations[4]?.json['@odata.etag']).toBe(operations[3]?.json['@odata.etag'])
    expect(operations[7]?.json['value']).toEqual([])
  })

  test('a change set is all or nothing and may refer to its own creations', async () => {
    const contact: Operation = { method: 'POST', url: 'contacts', contentId: '1', body: { lastname: 'Set' } }
    const account: Operation = {
      method: 'POST',
      url: 'accounts',
      contentId: '2',
      body: { name: 'Set', 'primarycontactid@odata.bind': '$1' },
    }
    const rename: Operation = { method: 'PATCH', url: '$2', contentId: '3', body: { fax: '3' } }
    const { reply, operations } = await sendBatch(running.dataverse, [[contact, account, rename]])
    expect(reply.status).toBe(200)
    expect(reply.text).toContain('boundary=changesetresponse_')
    expect(reply.text).toContain('Content-ID: 2')
    expect(operations.map(({ status }) => status)).toEqual([204, 204, 204])
    const [stored] = records(await running.dataverse.get(`accounts?$filter=name eq 'Set'`))
    expect(stored).toMatchObject({ fax: '3' })
    expect(stored?.['_primarycontactid_value']).not.toBeNull()

    const failed = await sendBatch(
      running.dataverse,
      [[create('Set fails'), create(TOO_LONG)], create('Set fails')],
      onward,
    )
    expect(failed.operations.map(({ status }) => status)).toEqual([400, 204])
    expect(await countOf('Set fails')).toBe(1)
  })

  test('GET in a change set, a nested batch, lines without CR and too many operations are refused', async () => {
    const inSet = await sendBatch(running.dataverse, [[{ method: 'GET', url: 'accounts' }]])
    expect(inSet.reply.status).toBe(400)
    const nested = await sendBatch(running.dataverse, [{ method: 'POST', url: '$batch' }])
    expect(nested.reply.status).toBeGreaterThanOrEqual(400)
    const bare = await running.dataverse.call('POST', '$batch', {
      text: batchBody([create('Bare')]).replaceAll('\r\n', '\n'),
      headers: { 'content-type': 'multipart/mixed; boundary=batch_test' },
    })
    expect(errorOf(bare).status).toBe(400)
    const many = await sendBatch(
      running.dataverse,
      Array.from({ length: 1001 }, () => create('Many')),
    )
    expect(many.reply.status).toBe(400)
    expect(await countOf('Many')).toBe(0)
  })

  test('a thousand conditional changes each get their own answer', async () => {
    const ids = Array.from({ length: 1000 }, () => randomUUID())
    const created = await sendBatch(
      running.dataverse,
      ids.map((id) =>
        create('Thousand', id, { headers: { 'If-None-Match': '*', Prefer: 'return=representation' } }),
      ),
    )
    const etags = created.operations.map(({ json }) => String(json['@odata.etag']))
    expect(new Set(etags).size).toBe(1000)
    const changes = ids.map((id, index): Operation => ({
      method: 'PATCH',
      url: `accounts(${id})?$select=fax`,
      headers: {
        'If-Match': index % 10 === 0 ? 'W/"1"' : (etags[index] ?? ''),
        Prefer: 'return=representation',
      },
      body: { fax: String(index) },
    }))
    const changed = await sendBatch(running.dataverse, changes, onward)
    expect(changed.operations.filter(({ status }) => status === 412)).toHaveLength(100)
    const landed = changed.operations.flatMap(({ status, json }) =>
      status === 200 ? [[json['accountid'], json['fax']]] : [],
    )
    expect(landed).toEqual(ids.flatMap((id, index) => (index % 10 === 0 ? [] : [[id, String(index)]])))
  })

  test('batches over the same records in opposite order both come through', async () => {
    const ids = Array.from({ length: 100 }, () => randomUUID())
    await sendBatch(
      running.dataverse,
      ids.map((id) => create('Opposite', id)),
    )
    const change = (fax: string, order: readonly string[]): ReturnType<typeof sendBatch> =>
      sendBatch(
        running.dataverse,
        order.map((id) => ({
          method: 'PATCH',
          url: `accounts(${id})`,
          headers: { 'If-Match': '*' },
          body: { fax },
        })),
      )
    const results = await Promise.all([change('1', ids), change('2', ids.toReversed()), change('3', ids)])
    expect(results.flatMap(({ operations }) => operations).every(({ status }) => status === 204)).toBe(true)
  })
})
