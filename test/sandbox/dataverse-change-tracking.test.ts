import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Entity, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

const DAY = 24 * 60 * 60 * 1000
let link = ''
beforeEach(async () => {
  link = (await follow('accounts?$select=name,fax', { prefer: 'odata.track-changes' })).link
})

/** Follows a tracked read to its end. */
async function follow(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ changed: Entity[]; deleted: string[]; link: string; pages: number }> {
  const changed: Entity[] = []
  const deleted: string[] = []
  let next = path
  for (let pages = 1; ; pages += 1) {
    const reply = await running.dataverse.get(next, headers)
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
    for (const record of records(reply)) {
      if (record['reason'] === 'deleted') deleted.push(text(record, 'id'))
      else if (deleted.length === 0) changed.push(record)
      else throw new Error(`${JSON.stringify(record)} came after a deletion.`)
    }
    const delta = reply.json['@odata.deltaLink']
    if (typeof delta === 'string') return { changed, deleted, link: delta, pages }
    next = text(reply.json, '@odata.nextLink')
  }
}

const create = async (name: string): Promise<string> => {
  const id = randomUUID()
  await running.dataverse.call('PATCH', `accounts(${id})`, { body: { name } })
  return id
}

describe('change tracking in Dataverse', () => {
  test('a delta has the chosen members of what changed, own changes too, once, and deletions last', async () => {
    const [stays, goes] = [await create('Stays'), await create('Goes')]
    const start = await follow('accounts?$select=name,fax', {
      prefer: 'odata.track-changes,odata.maxpagesize=1',
    })
    expect(start.pages).toBeGreaterThanOrEqual(2)
    expect(start.changed.map((record) => record['accountid'])).toEqual(expect.arrayContaining([stays, goes]))

    await running.dataverse.call('PATCH', `accounts(${stays})`, { body: { fax: '1' } })
    await running.dataverse.call('PATCH', `accounts(${stays})`, { body: { telephone1: '2' } })
    await running.dataverse.call('DELETE', `accounts(${goes})`)
    const brief = await create('Brief')
    await running.dataverse.call('DELETE', `accounts(${brief})`)

    const count = await running.dataverse.get(
      start.link.replace('/accounts?', '/accounts/$count?').replace(/\$select=[^&]*&/, ''),
    )
    expect(count.text).toBe('3')
    const delta = await follow(start.link)
    expect(delta.changed).toHaveLength(1)
    expect(delta.changed[0]).toMatchObject({ accountid: stays, name: 'Stays', fax: '1' })
    expect(delta.changed[0]).not.toHaveProperty('telephone1')
    expect(delta.deleted).toEqual([goes, brief])
    expect(delta.link).toMatch(/\$deltatoken=\d+!\d\d%2F\d\d%2F\d{4}%20\d\d%3A\d\d%3A\d\d$/)
    expect(await follow(delta.link)).toMatchObject({ changed: [], deleted: [] })
  })

  test('a delta is paged, and changes during its paging come with the next one', async () => {
    const ids = await Promise.all(Array.from({ length: 7 }, (_unused, index) => create(`Paged ${index}`)))
    const first = await running.dataverse.get(link, { prefer: 'odata.maxpagesize=3' })
    expect(records(first)).toHaveLength(3)
    const later = await create('Later')
    await running.dataverse.call('DELETE', `accounts(${ids[0]})`)
    const rest = await follow(text(first.json, '@odata.nextLink'))
    const next = await follow(rest.link)
    expect(next.changed.map((record) => record['accountid'])).toEqual([later])
    expect(next.deleted).toEqual([ids[0]])
    const seen = [...records(first), ...rest.changed].map((record) => record['accountid'])
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(ids.slice(1)))
  })

  test('a record restored under its old id is there with its tombstone', async () => {
    const id = await create('Restored')
    const after = await follow(link)
    await running.dataverse.call('DELETE', `accounts(${id})`)
    await running.dataverse.call('PATCH', `accounts(${id})`, { body: { name: 'Back' } })
    const delta = await follow(after.link)
    expect(delta.changed).toMatchObject([{ accountid: id, name: 'Back' }])
    expect(delta.deleted).toEqual([id])
  })

  test('a change that was begun before a delta and commits after it comes with the next delta', async () => {
    const slow = await create('Slow')
    const fast = await create('Fast')
    const start = await follow(link)
    await running.fault('dataverse', {
      method: 'PATCH',
      path: slow,
      action: { kind: 'delay', at: 'beforeCommit', milliseconds: 400 },
    })
    const pending = running.dataverse.call('PATCH', `accounts(${slow})`, { body: { fax: 'late' } })
    await running.dataverse.call('PATCH', `accounts(${fast})`, { body: { fax: 'early' } })
    const during = await follow(start.link)
    expect(during.changed.map((record) => record['accountid'])).toEqual([fast])
    expect((await pending).status).toBe(204)
    const after = await follow(during.link)
    expect(after.changed).toMatchObject([{ accountid: slow, fax: 'late' }])
  })

  test('readers beside many writers lose no change', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_unused, index) => create(`Busy ${index}`)))
    let place = (await follow(link)).link
    const seen = new Map<string, string>()
    let writing = true
    const reader = async (): Promise<void> => {
      for (let last = false; !last;) {
        last = !writing
        const delta = await follow(place, { prefer: 'odata.maxpagesize=4' })
        for (const record of delta.changed) seen.set(text(record, 'accountid'), String(record['fax']))
        place = delta.link
      }
    }
    const reading = reader()
    await Promise.all(
      Array.from({ length: 6 }, async (_unused, writer) => {
        for (let round = 0; round < 25; round += 1) {
          const id = ids[(writer * 5 + round * 7) % ids.length] ?? ''
          await running.dataverse.call('PATCH', `accounts(${id})`, { body: { fax: `${writer}.${round}` } })
        }
      }),
    )
    writing = false
    await reading
    const stored = records(
      await running.dataverse.get(`accounts?$select=fax&$filter=startswith(name,'Busy ') and fax ne null`),
    )
    expect(stored.length).toBeGreaterThan(0)
    expect(stored.map((record) => [record['accountid'], seen.get(text(record, 'accountid'))])).toEqual(
      stored.map((record) => [record['accountid'], record['fax']]),
    )
  })

  test.each(['$filter=name eq null', '$orderby=name', '$expand=primarycontactid', '$top=1'])(
    'refuses %s',
    async (option) => {
      const reply = await running.dataverse.get(`accounts?${option}`, { prefer: 'odata.track-changes' })
      expect(errorOf(reply)).toMatchObject({ status: 400, code: '0x80060888' })
    },
  )

  test('a token of more than seven days has expired', async () => {
    const clock = (offset: number): Promise<Response> =>
      fetch(`${running.sandbox.dataverse.origin}/sandbox/clock`, {
        method: 'POST',
        body: JSON.stringify({ offset }),
      })
    await clock(7 * DAY + 60_000)
    try {
      expect(errorOf(await running.dataverse.get(link))).toEqual({
        status: 400,
        code: '0x80044352',
        message: 'Version stamp associated with the client has expired. Please perform a full sync.',
      })
    } finally {
      await clock(0)
    }
    expect((await running.dataverse.get(link)).status).toBe(200)
  })
})
