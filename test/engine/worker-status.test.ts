import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runWorker } from '../../src/worker.js'
import { TestEngine } from '../support/engine.js'

let engine: TestEngine
let worker: Awaited<ReturnType<typeof runWorker>>
let url = ''

beforeAll(async () => {
  engine = await TestEngine.start({ worker: false })
  const workerPort = await freePort()
  url = `http://127.0.0.1:${workerPort}`
  worker = await runWorker({ ...engine.config, telemetry: { ...engine.config.telemetry, workerPort } })
})
afterAll(async () => {
  await worker.stop()
  await engine.stop()
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

test('a worker tells its health to whoever asks', async () => {
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  const ready = await fetch(`${url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ok', checks: { database: 'ok', temporal: 'ok' } },
  ])
})

test('a worker tells who has the token of the machine what its steps take, and what it has carried', async () => {
  expect((await fetch(`${url}/metrics`)).status).toBe(401)
  const { to } = await engine.synchronize('CURRENCY')
  const answer = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${engine.config.api.token}` },
  })
  const text = await answer.text()
  expect(text).toMatch(
    /^accord_activity_duration_seconds_count\{.*activity="startRun",outcome="ok".*\} [1-9]/m,
  )
  const [, carried] =
    /^accord_rows_total\{.*mapping="CURRENCY",outcome="inserted".*\} (\d+)$/m.exec(text) ?? []
  expect(Number(carried)).toBe(to?.inserted)
  expect(text).toMatch(/^accord_runs_total\{.*mapping="CURRENCY",status="COMPLETED".*\} 1$/m)
})
