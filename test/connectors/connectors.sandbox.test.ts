import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { WriteResult } from '../../src/connectors/connector.js'
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
  const { name } = dialect
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
