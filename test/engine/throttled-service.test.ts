import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTableReader } from '../../src/temporal/table-reader.js'
import { TestEngine } from '../support/engine.js'

/** More than there are slots for steps at work. */
const STEPS = 24
const LONG = 60_000

let engine: TestEngine
beforeAll(async () => {
  engine = await TestEngine.start()
})
afterAll(() => engine.stop())

test('steps that wait for a service that takes no calls keep no other step from its work', async () => {
  const { connectionId } = await engine.mapping('CUSTOMER')
  const reader = createTableReader(engine.control.client, engine.config.temporal.taskQueue)
  const faults = `${engine.sandbox.dataverse.origin}/sandbox/faults`
  await fetch(faults, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // Every call: several are under way before the first is answered.
    body: JSON.stringify({ times: null, action: { kind: 'status', status: 429, retryAfter: 5 } }),
  })

  const ended: string[] = []
  const waiting = Array.from({ length: STEPS }, (_, number) =>
    reader
      .read({ connectionId, side: 'INTEGRATION', table: `none${number}` }, LONG)
      .then(() => ended.push('INTEGRATION')),
  )
  const other = await reader.read({ connectionId, side: 'LOCAL', table: null }, LONG)

  expect(other).toEqual({ failure: null })
  expect(ended).toEqual([])
  await fetch(faults, { method: 'DELETE' })
  await Promise.all(waiting)
})
