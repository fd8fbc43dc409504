import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { IdPage, WriteResult } from '../../src/connectors/connector.js'
import { createConnector } from '../../src/connectors/create-connector.js'
import type { Work } from './support/dialect.js'
import { BUSINESS_CENTRAL_DIALECT, DATAVERSE_DIALECT, workOn } from './support/dialect.js'
import { failureOf } from './support/failures.js'
import type { Bench, TestSandbox } from './support/sandbox.js'
import { benchFor, startTestSandbox, writeAll } from './support/sandbox.js'

let sandbox: TestSandbox

beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
})

describe.each([BUSINESS_CENTRAL_DIALECT, DATAVERSE_DIALECT])('$kind', (dialect) => {
  let bench: Bench
  let work: Work
  const { name, city, amount } = dialect
  const kindsOf = (results: ReadonlyMap<string, WriteResult>): Record<string, string> =>
    Object.fromEntries([...results].map(([ref, result]) => [ref, result.kind]))

  beforeAll(async () => {
    bench = await benchFor(dialect.kind, sandbox.running)
    work = workOn(bench, dialect)
  })
  afterEach(async () => {
    await bench.clearFaults()
  })
  afterAll(async () => {
    await bench.connector.close()
  })

  test('what was created is what is read, with its version, its stamp and its blanks', async () => {
    const record = await work.createOne({
      [name]: 'Alfreds Futterkiste',
      [amount]: '12345678901.25',
      [city]: null,
    })
    expect(record.values).toMatchObject({
      [name]: 'Alfreds Futterkiste',
      [amount]: '12345678901.25',
      [city]: null,
    })
    expect(record.values).toHaveProperty(dialect.lookup)
    expect(await work.readOne(record.id)).toEqual(record)
    expect(Math.abs(record.stamp - Date.now())).toBeLessThan(60_000)
  })

  test('hundreds of records in bulk, each with a result of its own', async () => {
    const records = await work.createRecords(
      ...Array.from({ length: 450 }, (_, index) => ({ [name]: `Bulk ${index}` })),
    )
    expect(new Set(records.map((record) => record.id)).size).toBe(450)
    expect(records.map((record) => record.values[name])).toEqual(records.map((_, index) => `Bulk ${index}`))
    const answers = await bench.connector.readByIds(
      bench.table,
      work.fields,
      records.map((record) => record.id),
    )
    expect(answers).toEqual(records.map((record) => ({ kind: 'found', record })))
    const results = await writeAll(
      bench,
      records.map((record, index) => work.updateRequest(String(index), record, { [city]: 'Berlin' })),
    )
    expect(new Set(Object.values(kindsOf(results)))).toEqual(new Set(['written']))
  })

  test('updated, stale, gone and refused stand side by side', async () => {
    const [fine, stale, gone, refused] = await work.createRecords(
      { [name]: 'A' },
      { [name]: 'B' },
      { [name]: 'C' },
      { [name]: 'D' },
    )
    if (!fine || !stale || !gone || !refused) throw new Error('Four were asked for.')
    await bench.person('PATCH', stale.id, { [city]: 'Bern' })
    await bench.person('DELETE', gone.id)
    const results = await writeAll(
      bench,
      [
        work.updateRequest('refused', refused, { [name]: 'x'.repeat(dialect.longestName + 1) }),
        work.updateRequest('stale', stale, { [name]: 'B2' }),
        work.updateRequest('gone', gone, { [name]: 'C2' }),
        work.updateRequest('fine', fine, { [name]: 'A2' }),
      ],
      [name],
    )
    expect(kindsOf(results)).toEqual({ refused: 'refused', stale: 'stale', gone: 'gone', fine: 'written' })
    expect(results.get('refused')).toMatchObject({
      failure: { errorClass: 'VALIDATION', field: name, status: 400 },
    })
    expect((await work.readOne(stale.id)).values).toMatchObject({ [name]: 'B', [city]: 'Bern' })
    const after = await work.readOne(fine.id)
    expect(results.get('fine')).toMatchObject({
      record: { version: after.version, stamp: after.stamp, values: { [name]: 'A2' } },
    })
    expect(await bench.connector.readByIds(bench.table, [], [gone.id])).toEqual([
      { kind: 'gone', id: gone.id },
    ])
  })

  test('a creation that landed before exists', async () => {
    const request = work.createRequest('again', { [name]: 'Twice' })
    expect(kindsOf(await writeAll(bench, [request]))).toEqual({ again: 'written' })
    expect(kindsOf(await writeAll(bench, [request]))).toEqual({ again: 'exists' })
  })

  test('bad text is refused for its record alone, emoji and long text pass', async () => {
    const texts = {
      nul: 'a\0b',
      emoji: 'Café 🧀 Ωmega',
      long: 'x'.repeat(dialect.longestName),
      huge: 'x'.repeat(10_000),
    }
    const results = await writeAll(
      bench,
      Object.entries(texts).map(([ref, text]) => work.createRequest(ref, { [name]: text })),
      [name],
    )
    expect(kindsOf(results)).toEqual({ nul: 'refused', emoji: 'written', long: 'written', huge: 'refused' })
    expect(results.get('emoji')).toMatchObject({ record: { values: { [name]: texts.emoji } } })
    expect(results.get('huge')).toMatchObject({ failure: { errorClass: 'VALIDATION' } })
  })

  test('a lone surrogate never harms its neighbours', async () => {
    const results = await writeAll(bench, [
      work.createRequest('bad', { [name]: 'a\ud800b' }),
      work.createRequest('good', { [name]: 'Good' }),
    ])
    expect(results.get('good')?.kind).toBe('written')
    expect(['written', 'refused']).toContain(results.get('bad')?.kind)
  })

  test('blanks are written and read back as blanks', async () => {
    const record = await work.createOne({ [name]: 'Blank', [city]: 'Ulm', [amount]: '5' })
    const results = await writeAll(
      bench,
      [work.updateRequest('1', record, { [city]: null, [amount]: null, [dialect.lookup]: null })],
      work.fields,
    )
    const expected = { [city]: null, [amount]: dialect.kind === 'DATAVERSE' ? null : '0' }
    expect(results.get('1')).toMatchObject({ kind: 'written', record: { values: expected } })
  })

  test('found by value, without regard to case', async () => {
    const record = await work.createOne({ [name]: "O'Neil & Söhne, #1+?" })
    const code = String(record.values[dialect.codeField])
    const byName = await bench.connector.readByValues(bench.table, work.fields, name, [
      "o'NEIL & söhne, #1+?",
      'nobody',
      '\0',
    ])
    expect(byName).toEqual([record])
    const byCode = await bench.connector.readByValues(bench.table, work.fields, dialect.codeField, [
      code.toLowerCase(),
      'X',
    ])
    expect(byCode).toEqual([record])
  })

  test('changes since a mark come in pages and in full', async () => {
    const records = await work.createRecords(
      ...Array.from({ length: 25 }, (_, index) => ({ [name]: `Change ${index}` })),
    )
    const mark = Math.min(...records.map((record) => record.stamp))
    const seen = await work.readAll({ kind: 'stamp', atOrAfter: mark }, 10)
    expect(seen.pages).toBeGreaterThan(2)
    for (const record of records) expect(seen.changes).toContainEqual({ kind: 'changed', record })
    const later = await work.readAll({ kind: 'stamp', atOrAfter: Date.now() + 3_600_000 }, 10)
    expect(later).toEqual({ changes: [], pages: 1, token: null })
  })

  test('everything from the beginning', async () => {
    const record = await work.createOne({ [name]: 'First' })
    const seen = await work.readAll({ kind: 'beginning' }, 40)
    expect(seen.changes).toContainEqual({ kind: 'changed', record })
    const ids = seen.changes.map((change) => (change.kind === 'changed' ? change.record.id : change.id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('a record is deleted on the version that was compared, and on no other', async () => {
    const [first, second] = await work.createRecords({ [name]: 'Deleted' }, { [name]: 'Kept' })
    if (first === undefined || second === undefined) throw new Error('Two were asked for.')
    await bench.person('PATCH', second.id, { [city]: 'Elsewhere' })
    const requests = [work.deleteRequest('1', first), work.deleteRequest('2', second)]
    expect(kindsOf(await writeAll(bench, requests))).toEqual({ 1: 'deleted', 2: 'stale' })
    const answers = await bench.connector.readByIds(bench.table, [name], [first.id, second.id])
    expect(answers.map((answer) => answer.kind)).toEqual(['gone', 'found'])
    expect(kindsOf(await writeAll(bench, [work.deleteRequest('1', first)]))).toEqual({ 1: 'gone' })
  })

  test('the ids of a table are all of them, each once; what is deleted is among them no more', async () => {
    const [kept, deleted] = await work.createRecords({ [name]: 'Counted' }, { [name]: 'Counted no more' })
    if (kept === undefined || deleted === undefined) throw new Error('Two were asked for.')
    await writeAll(bench, [work.deleteRequest('1', deleted)])
    const ids: string[] = []
    let next: string | null = null
    do {
      const page: IdPage = await bench.connector.readIds(bench.table, next)
      ids.push(...page.ids)
      next = page.next
    } while (next !== null)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain(kept.id)
    expect(ids).not.toContain(deleted.id)
    expect(await bench.connector.countRecords(bench.table, null)).toBe(ids.length)
  })

  test('a connection lost before the commit and after it: unknown both times', async () => {
    for (const at of ['beforeCommit', 'afterCommit'] as const) {
      const request = work.createRequest('1', { [name]: `Lost ${at}` })
      await bench.fault({ path: 'batch', action: { kind: 'drop', at } })
      expect(kindsOf(await writeAll(bench, [request]))).toEqual({ 1: 'unknown' })
      const code = String(request.values[dialect.codeField])
      const landed = await bench.connector.readByValues(bench.table, work.fields, dialect.codeField, [code])
      expect(landed).toHaveLength(at === 'afterCommit' ? 1 : 0)
    }
  })

  test('an answer that comes too late is unknown', async () => {
    const impatient = await benchFor(dialect.kind, sandbox.running, { requestTimeout: 1000 })
    try {
      await impatient.connector.readClock()
      await bench.fault({ path: 'batch', action: { kind: 'delay', milliseconds: 3000, at: 'afterCommit' } })
      expect(kindsOf(await writeAll(impatient, [work.createRequest('1', { [name]: 'Late' })]))).toEqual({
        1: 'unknown',
      })
    } finally {
      await impatient.connector.close()
    }
  })

  test('throttled: nothing was sent, and the time to wait is known', async () => {
    await bench.fault({ path: 'batch', action: { kind: 'status', status: 429, retryAfter: 17 } })
    const request = work.createRequest('1', { [name]: 'Throttled' })
    expect(await failureOf(writeAll(bench, [request]))).toMatchObject({
      failure: { errorClass: 'THROTTLED' },
      retryAfter: 17_000,
    })
    expect(kindsOf(await writeAll(bench, [request]))).toEqual({ 1: 'written' })
  })

  test('a refused token is renewed without a trace', async () => {
    await bench.fault({ path: 'batch', action: { kind: 'status', status: 401 } })
    expect(kindsOf(await writeAll(bench, [work.createRequest('1', { [name]: 'Renewed' })]))).toEqual({
      1: 'written',
    })
    await bench.fault({ path: '.', action: { kind: 'status', status: 401 } })
    await bench.connector.readClock()
  })

  test('unavailable while reading', async () => {
    await bench.fault({ path: bench.table.name, action: { kind: 'status', status: 503 } })
    expect((await failureOf(work.readAll({ kind: 'beginning' }, 10))).failure.errorClass).toBe('UNAVAILABLE')
  })

  test('a rule of the system refuses one of many', async () => {
    await bench.fault({
      times: null,
      action: { kind: 'reject', field: city, value: 'Atlantis', message: 'Atlantis has sunk.' },
    })
    const results = await writeAll(bench, [
      work.createRequest('bad', { [name]: 'Bad', [city]: 'Atlantis' }),
      work.createRequest('good', { [name]: 'Good', [city]: 'Athens' }),
    ])
    expect(kindsOf(results)).toEqual({ bad: 'refused', good: 'written' })
    expect(results.get('bad')).toMatchObject({ failure: { message: 'Atlantis has sunk.' } })
  })

  test('the clock is the system’s, and facts are known', async () => {
    const { at, readAt } = await bench.connector.readClock()
    expect(at % 1000).toBe(0)
    expect(Math.abs(at - readAt)).toBeLessThan(60_000)
    const facts = await bench.connector.readFacts()
    const known = dialect.kind === 'DATAVERSE' ? facts.baseCurrency : facts.localCurrencyCode
    expect(known).toMatch(dialect.kind === 'DATAVERSE' ? /^[0-9a-f-]{36}$/ : /^[A-Z]{3}$/)
  })

  test('a wrong secret is explained', async () => {
    const { running } = sandbox
    const system = dialect.kind === 'DATAVERSE' ? running.dataverse : running.businessCentral
    const connector = createConnector(dialect.kind, {
      url: system.url,
      signIn: {
        kind: 'clientSecret',
        tokenUrl: running.tokenUrl,
        clientId: running.clientId,
        clientSecret: 'wrong-secret-value',
        scope: `${system.origin}/.default`,
      },
    })
    const { failure } = await failureOf(connector.readClock())
    expect(failure).toMatchObject({ errorClass: 'SETUP', code: 'invalid_client' })
    expect(failure.remedy).toContain('secret')
    expect(JSON.stringify(failure)).not.toContain('wrong-secret-value')
    await connector.close()
  })
})
