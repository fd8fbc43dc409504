import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestSandbox } from './support.js'
import { records, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox({ customers: 500 })
})
afterAll(() => running.close())

/** Follows nextLinks; `between` runs after every page. Returns the numbers in the order they came. */
async function walk(
  path: string,
  size: number,
  between: (page: number) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const numbers: string[] = []
  let next: string | undefined = path
  for (let page = 0; next !== undefined; page += 1) {
    const reply = await running.businessCentral.get(next, { prefer: `odata.maxpagesize=${size}` })
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
    numbers.push(...records(reply).map((record) => text(record, 'number')))
    next = reply.json['@odata.nextLink'] as string | undefined
    if (next !== undefined) await between(page)
  }
  return numbers
}

const ORDERS = [
  '',
  '$orderby=lastModifiedDateTime',
  '$orderby=lastModifiedDateTime desc',
  '$orderby=country,city desc',
  '$orderby=displayName',
] as const

describe('paging in Business Central', () => {
  test.each(ORDERS)('every record once, in order: %s', async (order) => {
    const numbers = await walk(`customers?$select=number&${order}`, 77)
    expect(numbers).toHaveLength(500)
    expect(new Set(numbers).size).toBe(500)
    const whole = await running.businessCentral.get(`customers?$select=number&${order}`)
    expect(records(whole).map((record) => text(record, 'number'))).toEqual(numbers)
  })

  test('edits, creations and deletions behind the cursor neither hide nor repeat anything', async () => {
    const client = running.businessCentral
    const first = records(await client.get('customers?$select=id,number&$top=3'))
    const gone = text(first[0] ?? {}, 'number')
    const numbers = await walk('customers?$select=number', 100, async (page) => {
      if (page === 0) await client.call('DELETE', `customers(${text(first[0] ?? {}, 'id')})`)
      if (page === 1)
        await client.call('PATCH', `customers(${text(first[1] ?? {}, 'id')})`, {
          body: { displayName: 'Edited' },
          headers: { 'if-match': '*' },
        })
    })
    expect(numbers).toHaveLength(500)
    expect(numbers).toContain(gone)
    expect(new Set(numbers).size).toBe(500)
  })

  test('a walk by stamp meets a record again that is edited ahead of it', async () => {
    const client = running.businessCentral
    const oldest =
      records(await client.get('customers?$select=id,number&$orderby=lastModifiedDateTime&$top=1'))[0] ?? {}
    const numbers = await walk(
      'customers?$select=number&$orderby=lastModifiedDateTime',
      100,
      async (page) => {
        if (page === 0)
          await client.call('PATCH', `customers(${text(oldest, 'id')})`, {
            body: { city: 'Moved' },
            headers: { 'if-match': '*' },
          })
      },
    )
    expect(numbers.filter((number) => number === text(oldest, 'number'))).toHaveLength(2)
    expect(numbers.at(-1)).toBe(text(oldest, 'number'))
  })

  test('a link is absolute and opaque', async () => {
    const reply = await running.businessCentral.get('customers', { prefer: 'odata.maxpagesize=2' })
    expect(text(reply.json, '@odata.nextLink')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.*\$skiptoken=/)
    expect(reply.headers.get('preference-applied')).toBe('odata.maxpagesize=2')
  })

  test('$top is carried on, $skip and $count are answered', async () => {
    expect(await walk('customers?$select=number&$top=130', 50)).toHaveLength(130)
    const counted = await running.businessCentral.get(
      "customers?$select=number&$top=2&$skip=3&$count=true&$filter=country eq 'US'",
    )
    expect(counted.json['@odata.count']).toBeGreaterThan(100)
    expect(records(counted)).toHaveLength(2)
  })

  test.each([
    [`startswith(displayName,'Alpine') and country eq 'de'`, (name: string) => name.startsWith('Alpine')],
    [`tolower(displayName) eq 'baltic bakery 1'`, () => true],
    [`contains(displayName,'Hotels') and creditLimit gt 20000`, (name: string) => name.includes('Hotels')],
    [`number eq 'g0000001' or number eq 'G0000002'`, () => true],
    [`(number eq 'G0000001' or number eq 'G0000002') and blocked eq '_x0020_'`, () => true],
    [`displayName eq 'O''Brien'`, () => true],
    [`lastModifiedDateTime lt 2000-01-01T00:00:00.000Z`, () => true],
  ])('filter %s', async (filter, fits) => {
    const reply = await running.businessCentral.get(
      `customers?$select=displayName&$filter=${encodeURIComponent(filter)}`,
    )
    expect(reply.status).toBe(200)
    expect(records(reply).every((record) => fits(text(record, 'displayName')))).toBe(true)
  })

  test('a list of ids on one field is answered in one call', async () => {
    const ids = records(await running.businessCentral.get('customers?$select=id&$top=200')).map((record) =>
      text(record, 'id'),
    )
    const filter = ids.map((id) => `id eq ${id}`).join(' or ')
    const reply = await running.businessCentral.get(
      `customers?$select=id&$filter=${encodeURIComponent(filter)}`,
    )
    expect(records(reply)).toHaveLength(200)
  })
})
