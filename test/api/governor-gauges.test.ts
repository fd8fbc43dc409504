import { afterAll, beforeAll, expect, test } from 'vitest'
import { SharedGovernor } from '../../src/connectors/shared-governor.js'
import type { CallEnd } from '../../src/domain/governor.js'
import { Lane } from '../../src/domain/lane.js'
import { PostgresGovernorStore } from '../../src/persistence/governor.js'
import { startTestApi, type TestApi } from './support/api.js'

const QUESTION = `{
  governorGauges {
    endpoint principal windowMilliseconds blockedUntil
    requests { used limit believed }
    executionMilliseconds { used limit }
    concurrency { used limit believed }
    lanes { lane running waiting }
  }
}`

let api: TestApi
beforeAll(async () => {
  api = await startTestApi('governor_gauges')
})
afterAll(() => api.close())

test('the gauge tells what runs, waits and is used up, and how long the system has asked to wait', async () => {
  const governor = new SharedGovernor(new PostgresGovernorStore(api.database))
  const who = { endpoint: 'https://org.crm4.dynamics.com', principal: 'the-client' }
  const limits = { window: 300_000, requests: 6_000, execution: 1_200_000, concurrency: 2 }
  const call = { limits, operation: 'write', rows: 1, longest: 60_000 } as const
  const end: CallEnd = { requests: 1, duration: 250, throttled: null, remaining: null }

  expect((await api.ask(QUESTION)).data).toEqual({ governorGauges: [] })

  const first = await governor.admit(who, { ...call, lane: Lane.live })
  await governor.admit(who, { ...call, lane: Lane.backfill })
  const third = governor.admit(who, { ...call, lane: Lane.person })
  await expect
    .poll(async () => (await api.ask(QUESTION)).data)
    .toEqual({
      governorGauges: [
        {
          ...who,
          windowMilliseconds: 300_000,
          blockedUntil: null,
          requests: { used: 2, limit: 6_000, believed: 1 },
          executionMilliseconds: { used: 40, limit: 1_200_000 },
          concurrency: { used: 2, limit: 2, believed: 1 },
          lanes: [
            { lane: 'PERSON', running: 0, waiting: 1 },
            { lane: 'LIVE', running: 1, waiting: 0 },
            { lane: 'RETRY', running: 0, waiting: 0 },
            { lane: 'BACKFILL', running: 1, waiting: 0 },
          ],
        },
      ],
    })

  first.release(end)
  const admitted = await third
  admitted.release({ ...end, throttled: { retryAfter: 60_000, by: 'concurrency' } })
  await governor.close()
  const answer = await api.ask<{ governorGauges: { blockedUntil: string }[] }>(QUESTION)
  expect(answer.data.governorGauges).toMatchObject([{ concurrency: { used: 1 }, requests: { used: 3 } }])
  expect(Date.parse(answer.data.governorGauges[0]?.blockedUntil ?? '')).toBeGreaterThan(Date.now())
})
