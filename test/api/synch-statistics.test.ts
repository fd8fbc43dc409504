import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Rows } from './support/rows.js'
import { startTestApi, type TestApi } from './support/api.js'

let api: TestApi
let rows: Rows
beforeAll(async () => {
  api = await startTestApi('synch_statistics')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const QUESTION = `query ($mapping: String, $time: TimeRange, $interval: StatisticsInterval! = HOUR) {
  synchStatistics(mapping: $mapping, time: $time, interval: $interval) {
    from jobs failedJobs written unchanged leftOut apart seconds longestLagSeconds mapping { name }
  }
}`
const at = (time: string) => new Date(`2026-03-01T${time}Z`)
const DAY = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }

/** A run that completed, with one job. */
async function ran(mappingId: string, from: string, to: string, counts: object = {}): Promise<void> {
  const times = { requestedAt: at(from), startedAt: at(from), finishedAt: at(to) }
  const runId = await rows.run(mappingId, { ...times, status: 'COMPLETED', kind: 'SCHEDULED' })
  await rows.job(mappingId, runId, { start: at(from), finish: at(to), status: 'COMPLETED', ...counts })
}

test('throughput and lag by hour, and by day', async () => {
  const mapping = await rows.mapping()
  await ran(mapping, '08:10:00', '08:10:10', { inserted: 3, modified: 2, unchanged: 1, ignored: { ECHO: 4 } })
  await ran(mapping, '08:40:00', '08:40:30', { deleted: 1, skipped: 1, failed: 1, conflicts: 1 })
  await ran(mapping, '10:00:00', '10:00:05', { modified: 7 })

  const byHour = await api.ask(QUESTION, { mapping: 'CUSTOMER', time: DAY })
  const CUSTOMER = { name: 'CUSTOMER' }
  expect(byHour).toMatchObject({
    errors: [],
    data: {
      synchStatistics: [
        {
          from: '2026-03-01T08:00:00.000Z',
          jobs: 2,
          failedJobs: 0,
          written: 6,
          unchanged: 1,
          leftOut: 4,
          apart: 3,
          seconds: 40,
          longestLagSeconds: 30 * 60 + 30,
          mapping: CUSTOMER,
        },
        {
          from: '2026-03-01T10:00:00.000Z',
          jobs: 1,
          failedJobs: 0,
          written: 7,
          unchanged: 0,
          leftOut: 0,
          apart: 0,
          seconds: 5,
          longestLagSeconds: 80 * 60 + 5,
          mapping: CUSTOMER,
        },
      ],
    },
  })
  const byDay = await api.ask(QUESTION, { time: DAY, interval: 'DAY' })
  expect(byDay.data).toMatchObject({
    synchStatistics: [{ from: '2026-03-01T00:00:00.000Z', jobs: 3, written: 13, longestLagSeconds: 4805 }],
  })
})

test('more spans than are told at once are refused in words', async () => {
  const { errors } = await api.ask(QUESTION, {
    time: { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
  })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})
