import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WriteRequest } from '../../src/connectors/connector.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { answerBatch, DATAVERSE, idOf, withRig } from './support/rig.js'
import { benchFor, startTestSandbox, writeAll, type Bench, type TestSandbox } from './support/sandbox.js'
import type { ReceivedRequest } from './support/scripted-server.js'

const creation = (name: string, id: string = randomUUID()): WriteRequest => ({
  kind: 'create',
  ref: id,
  id,
  values: { name },
  deadline: Infinity,
})

describe('creations by CreateMultiple', () => {
  let sandbox: TestSandbox
  let bench: Bench
  beforeAll(async () => {
    sandbox = await startTestSandbox()
    bench = await benchFor('DATAVERSE', sandbox.running, { bulkMessages: true, concurrency: 1 })
  })
  afterAll(async () => {
    await bench.connector.close()
    await sandbox[Symbol.asyncDispose]()
  })

  /** Calls since the last time, by path. */
  const calls = async (): Promise<Readonly<Record<string, number>>> => {
    const address = `${sandbox.running.dataverse.origin}/sandbox/metrics`
    const metrics = (await (await fetch(address)).json()) as { calls: Record<string, { calls: number }> }
    await fetch(address, { method: 'DELETE' })
    return Object.fromEntries(Object.entries(metrics.calls).map(([name, count]) => [name, count.calls]))
  }
  const countOf = (all: Readonly<Record<string, number>>, part: string): number =>
    Object.entries(all).reduce((sum, [name, count]) => sum + (name.includes(part) ? count : 0), 0)

  test('have our ids and are answered as they are read', async () => {
    const requests = Array.from({ length: 30 }, (_, index) => creation(`Together ${index}`))
    await calls()
    const results = await writeAll(bench, requests, ['name'])
    const made = await calls()
    expect(countOf(made, 'CreateMultiple')).toBe(1)
    expect(countOf(made, '$batch')).toBe(0)
    const read = await bench.connector.readByIds(bench.table, ['name'], [...results.keys()])
    for (const answer of read) {
      if (answer.kind !== 'found') throw new Error(`Not found: ${answer.id}`)
      expect(results.get(answer.record.id)).toEqual({
        kind: 'written',
        ref: answer.record.id,
        record: answer.record,
      })
    }
    expect(read.map((answer) => (answer.kind === 'found' ? answer.record.values['name'] : null))).toEqual(
      requests.map((request) => ('values' in request ? request.values['name'] : null)),
    )
  })

  test('one bad record is found by one further call, and keeps none of the others', async () => {
    const good = Array.from({ length: 20 }, (_, index) => creation(`Beside ${index}`))
    const bad = creation('x'.repeat(161))
    await calls()
    const results = await writeAll(bench, [...good.slice(0, 7), bad, ...good.slice(7)], ['name'])
    const made = await calls()
    expect([countOf(made, 'CreateMultiple'), countOf(made, '$batch')]).toEqual([1, 1])
    expect(results.get(bad.ref)).toMatchObject({ kind: 'refused', failure: { errorClass: 'VALIDATION' } })
    expect(good.map(({ ref }) => results.get(ref)?.kind)).toEqual(good.map(() => 'written'))
  })

  test('one that is there already is told as such', async () => {
    const [first, second] = [creation('First'), creation('Second')]
    await writeAll(bench, [first], ['name'])
    const results = await writeAll(bench, [first, second], ['name'])
    expect([results.get(first.ref)?.kind, results.get(second.ref)?.kind]).toEqual(['exists', 'written'])
  })
})

describe('a record that somebody changes before it is read', () => {
  const stamp = '2026-01-01T00:00:00Z'
  const person = '00000000-0000-4000-8000-000000000009'
  const us = '00000000-0000-4000-8000-000000000001'
  const row = (id: string, modifiedBy: string) => ({
    accountid: id,
    '@odata.etag': 'W/"2"',
    name: 'As it is',
    createdon: stamp,
    modifiedon: stamp,
    _createdby_value: us,
    _modifiedby_value: modifiedBy,
  })

  test('is not taken for what was written', async () => {
    const answer = (request: ReceivedRequest) => {
      const { path } = request
      if (path.includes('EntityDefinitions')) return { body: '{"value":[{"LogicalName":"account"}]}' }
      if (path.includes('sdkmessagefilters')) return { body: '{"value":[{"sdkmessagefilterid":"1"}]}' }
      if (path.includes('CreateMultiple')) return { body: '{"Ids":[]}' }
      if (path.includes('$batch')) return answerBatch(request, () => ({ status: 500 }))
      return { body: JSON.stringify({ value: [row(idOf(1), us), row(idOf(2), person)] }) }
    }
    await withRig(
      DATAVERSE,
      answer,
      async ({ connector }) => {
        const requests = [creation('One', idOf(1)), creation('Two', idOf(2))]
        const results = await writeAll({ connector, table: ACCOUNT }, requests, ['name'])
        expect(requests.map(({ ref }) => results.get(ref)?.kind)).toEqual(['written', 'unknown'])
      },
      { settings: { bulkMessages: true } },
    )
  })
})
