import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sendBatch } from './multipart.js'
import type { Reply, TestSandbox } from './support.js'
import { CLIENT, errorOf, startTestSandbox } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())
afterEach(async () => {
  for (const system of ['businessCentral', 'dataverse'] as const) {
    await running.release(system, 'limits')
    await running.release(system, 'faults')
  }
})

type System = 'businessCentral' | 'dataverse'
interface Report {
  readonly principals: Readonly<
    Record<
      string,
      {
        readonly inWindow: { readonly requests: number; readonly executionSeconds: number }
        readonly mostAtOnce: number
      }
    >
  >
}
async function reportOf(system: System): Promise<Report['principals'][string]> {
  const reply = await fetch(`${running.sandbox[system].origin}/sandbox/limits`)
  const own = ((await reply.json()) as Report).principals[CLIENT.id]
  if (own === undefined) throw new Error('Nobody came in.')
  return own
}
const limit = (system: System, options: object): Promise<void> => running.turn(system, 'limits', options)
const account = (name: string): object => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name })
const whoAmI = (): Promise<Reply> => running.dataverse.get('WhoAmI')

describe('Dataverse', () => {
  test('tells what is left, and refuses the request that is too many until the window has passed', async () => {
    await limit('dataverse', { requests: 2 })
    const first = await whoAmI()
    expect(first.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('1')
    expect(first.headers.get('x-ms-ratelimit-time-remaining-xrm-requests')).toBe('1,200.00')
    expect((await whoAmI()).headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('0')
    const refused = await whoAmI()
    expect(errorOf(refused)).toMatchObject({ status: 429, code: '0x80072322' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(200)
    expect(errorOf(await whoAmI())).toMatchObject({ status: 429, code: '0x80072322' })
    expect((await running.personInDataverse.get('WhoAmI')).status).toBe(200)
    await limit('dataverse', { windowSeconds: 0.001 })
    await vi.waitFor(async () => expect((await whoAmI()).status).toBe(200))
  })

  test('charges the rows of a bulk call and of a batch, and refuses when the execution time is used up', async () => {
    await limit('dataverse', { executionSeconds: 0.2, millisecondsPerRowWritten: 30 })
    const Targets = ['A', 'B', 'C'].map(account)
    const created = await running.dataverse.call('POST', 'accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
      body: { Targets },
    })
    expect(created.status).toBe(200)
    expect((await reportOf('dataverse')).inWindow).toEqual({ requests: 1, executionSeconds: 0.09 })
    const operation = { method: 'POST', url: 'accounts', body: { name: 'In a batch' } }
    const batch = await sendBatch(running.dataverse, [operation, operation, operation, operation])
    expect(batch.reply.status).toBe(200)
    expect((await reportOf('dataverse')).inWindow.executionSeconds).toBeCloseTo(0.21, 5)
    const refused = await whoAmI()
    expect(errorOf(refused)).toMatchObject({ status: 429, code: '0x80072321' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(200)
  })

  test('charges rows that are read, in a batch as well as alone', async () => {
    await limit('dataverse', {})
    await running.dataverse.get('systemusers?$top=2')
    await sendBatch(running.dataverse, [{ method: 'GET', url: 'systemusers?$top=1' }])
    expect((await reportOf('dataverse')).inWindow.executionSeconds).toBeCloseTo(0.003, 5)
  })

  test('carries out so many at the same time and no more', async () => {
    await limit('dataverse', { concurrent: 2, millisecondsPerCall: 300 })
    const replies = await Promise.all(Array.from({ length: 4 }, whoAmI))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429])
    expect(replies.filter(({ status }) => status === 429).map((reply) => errorOf(reply).code)).toEqual([
      '0x80072326',
      '0x80072326',
    ])
  })
})

describe('Business Central', () => {
  test('lets requests wait for their turn', async () => {
    await limit('businessCentral', { millisecondsPerCall: 20 })
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => running.businessCentral.get('customers')),
    )
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await reportOf('businessCentral')).mostAtOnce).toBe(5)
  })

  test('refuses those that find no place in the queue, and those that waited too long', async () => {
    await limit('businessCentral', { concurrent: 1, queued: 1, queueSeconds: 0.1, millisecondsPerCall: 1000 })
    const replies = await Promise.all(
      Array.from({ length: 3 }, () => running.businessCentral.get('customers')),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 429, 503])
    expect(replies.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe(null)
  })
})

test('without limits nothing is counted and no budget is told', async () => {
  expect((await whoAmI()).headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe(null)
  const reply = await fetch(`${running.sandbox.dataverse.origin}/sandbox/limits`)
  expect(await reply.json()).toEqual({ settings: null, principals: {} })
})
