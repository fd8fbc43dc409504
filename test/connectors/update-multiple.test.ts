import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { WriteRequest } from '../../src/connectors/connector.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import type { Values } from '../../src/domain/value.js'
import { answerBatch, DATAVERSE, idOf, withRig } from './support/rig.js'
import { benchFor, startTestSandbox, writeAll, type Bench, type TestSandbox } from './support/sandbox.js'
import type { ReceivedRequest } from './support/scripted-server.js'

type Update = Extract<WriteRequest, { kind: 'update' }>

const update = (id: string, version: string, values: Values): Update => ({
  kind: 'update',
  ref: id,
  id,
  version,
  values,
  deadline: Infinity,
})

describe('updates by UpdateMultiple', () => {
  let sandbox: TestSandbox
  let bench: Bench
  beforeAll(async () => {
    sandbox = await startTestSandbox()
    bench = await benchFor('DATAVERSE', sandbox.running, { concurrency: 1 })
  })
  afterAll(async () => {
    await bench.connector.close()
    await sandbox[Symbol.asyncDispose]()
  })
  beforeEach(() => bench.clearFaults())

  const metricsAddress = (): string => `${sandbox.running.dataverse.origin}/sandbox/metrics`
  /** Calls of `UpdateMultiple` and of batches while something is done. */
  const callsOf = async (work: () => Promise<unknown>): Promise<readonly [number, number]> => {
    await fetch(metricsAddress(), { method: 'DELETE' })
    await work()
    const { calls } = (await (await fetch(metricsAddress())).json()) as {
      calls: Record<string, { calls: number }>
    }
    const countOf = (part: string) =>
      Object.entries(calls).reduce(
        (sum, [name, { calls: count }]) => sum + (name.includes(part) ? count : 0),
        0,
      )
    return [countOf('UpdateMultiple'), countOf('$batch')]
  }

  /** Accounts as they are compared, each about to get another city. */
  const compared = async (count: number): Promise<readonly Update[]> => {
    const made = await writeAll(
      bench,
      Array.from({ length: count }, (_, index): WriteRequest => {
        const id = randomUUID()
        return { kind: 'create', ref: id, id, values: { name: `Account ${index}` }, deadline: Infinity }
      }),
    )
    return [...made.values()].map((result) => {
      if (result.kind !== 'written') throw new Error(`It was not made: ${result.kind}`)
      return update(result.ref, result.record.version, { address1_city: 'Porto' })
    })
  }
  const citiesOf = async (updates: readonly Update[]) => {
    const read = await bench.connector.readByIds(
      bench.table,
      ['address1_city'],
      updates.map(({ id }) => id),
    )
    return read.map((answer) =>
      answer.kind === 'found' ? answer.record.values['address1_city'] : answer.kind,
    )
  }
  const kindsOf = (updates: readonly Update[], results: Awaited<ReturnType<typeof writeAll>>) =>
    updates.map(({ ref }) => results.get(ref)?.kind)

  test('go together where that is allowed, and are answered as they are read', async () => {
    const updates = await compared(30)
    let results: Awaited<ReturnType<typeof writeAll>> = new Map()
    const calls = await callsOf(async () => {
      results = await writeAll(bench, updates, ['name', 'address1_city'], { bulkUpdates: true })
    })
    expect(calls).toEqual([1, 0])
    const read = await bench.connector.readByIds(bench.table, ['name', 'address1_city'], [...results.keys()])
    for (const answer of read) {
      if (answer.kind !== 'found') throw new Error(`Not found: ${answer.id}`)
      expect(results.get(answer.record.id)).toEqual({
        kind: 'written',
        ref: answer.record.id,
        record: answer.record,
      })
    }
    expect(await citiesOf(updates)).toEqual(updates.map(() => 'Porto'))
  })

  test('go in a batch, each with its version, where it is not', async () => {
    const updates = await compared(3)
    expect(await callsOf(() => writeAll(bench, updates))).toEqual([0, 1])
    expect(await citiesOf(updates)).toEqual(['Porto', 'Porto', 'Porto'])
  })

  test('what was edited or deleted since it was compared is left alone', async () => {
    const updates = await compared(5)
    const [edited, deleted] = [updates[1]?.id ?? '', updates[3]?.id ?? '']
    await bench.person('PATCH', edited, { address1_city: 'Turin' })
    await bench.person('DELETE', deleted)
    const results = await writeAll(bench, updates, [], { bulkUpdates: true })
    expect(kindsOf(updates, results)).toEqual(['written', 'stale', 'written', 'gone', 'written'])
    expect(await citiesOf(updates)).toEqual(['Porto', 'Turin', 'Porto', 'gone', 'Porto'])
  })

  test('one bad record is found by one further call, and keeps none of the others', async () => {
    const updates = (await compared(20)).map((request, index) =>
      index === 7 ? update(request.id, request.version, { name: 'x'.repeat(161) }) : request,
    )
    let results: Awaited<ReturnType<typeof writeAll>> = new Map()
    const calls = await callsOf(async () => {
      results = await writeAll(bench, updates, [], { bulkUpdates: true })
    })
    expect(calls).toEqual([1, 1])
    expect(kindsOf(updates, results)).toEqual(
      updates.map((_, index) => (index === 7 ? 'refused' : 'written')),
    )
  })

  test('are not mixed with creations and deletions', async () => {
    const [first, second, third] = await compared(3)
    if (first === undefined || second === undefined || third === undefined) throw new Error('Too few.')
    const id = randomUUID()
    const mixed: readonly WriteRequest[] = [
      first,
      { kind: 'create', ref: id, id, values: { name: 'New' }, deadline: Infinity },
      second,
      { ...third, kind: 'delete' },
    ]
    const results = await writeAll(bench, mixed, [], { bulkUpdates: true })
    expect(mixed.map(({ ref }) => results.get(ref)?.kind)).toEqual([
      'written',
      'written',
      'written',
      'deleted',
    ])
  })

  test('whether they have landed is not known when the answer is lost', async () => {
    const updates = await compared(3)
    await bench.fault({
      method: 'POST',
      path: 'UpdateMultiple',
      action: { kind: 'drop', at: 'afterCommit' },
    })
    const results = await writeAll(bench, updates, [], { bulkUpdates: true })
    expect(kindsOf(updates, results)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(await citiesOf(updates)).toEqual(['Porto', 'Porto', 'Porto'])
  })
})

test('a record that somebody changes before it is read is not taken for what was written', async () => {
  const us = '00000000-0000-4000-8000-000000000001'
  const person = '00000000-0000-4000-8000-000000000009'
  let isWritten = false
  const row = (id: string, modifiedBy: string) => ({
    accountid: id,
    '@odata.etag': isWritten ? 'W/"2"' : 'W/"1"',
    name: 'As it is',
    modifiedon: '2026-01-01T00:00:00Z',
    _modifiedby_value: modifiedBy,
  })
  const answer = (request: ReceivedRequest) => {
    const { path } = request
    if (path.includes('WhoAmI')) return { body: JSON.stringify({ UserId: us }) }
    if (path.includes('EntityDefinitions')) return { body: '{"value":[{"LogicalName":"account"}]}' }
    if (path.includes('sdkmessagefilters')) return { body: '{"value":[{"sdkmessagefilterid":"1"}]}' }
    if (path.includes('$batch')) return answerBatch(request, () => ({ status: 500 }))
    if (path.includes('UpdateMultiple')) {
      isWritten = true
      return { status: 204 }
    }
    return { body: JSON.stringify({ value: [row(idOf(1), us), row(idOf(2), person)] }) }
  }
  await withRig(DATAVERSE, answer, async ({ connector }) => {
    const requests = [update(idOf(1), 'W/"1"', { name: 'One' }), update(idOf(2), 'W/"1"', { name: 'Two' })]
    const results = await writeAll({ connector, table: ACCOUNT }, requests, ['name'], { bulkUpdates: true })
    expect(requests.map(({ ref }) => results.get(ref)?.kind)).toEqual(['written', 'unknown'])
  })
})
