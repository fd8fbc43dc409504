import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLogger } from '../../src/log.js'
import { startTracing, withSpan, type Tracing } from '../../src/telemetry/tracing.js'
import { Scenario } from '../support/scenario.js'

interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
}

/** As a collector of OpenTelemetry receives them. */
interface Export {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[]
  }[]
}

const spans: CollectedSpan[] = []
let collector: Server
let tracing: Tracing
let scenario: Scenario

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.url === '/v1/traces') {
        const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString()) as Export
        for (const { scopeSpans } of resourceSpans) spans.push(...scopeSpans.flatMap((scope) => scope.spans))
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve)
  })
  tracing = startTracing('accord-test', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`)
  scenario = await Scenario.start()
})
afterAll(async () => {
  await scenario.stop()
  await tracing.close()
  collector.close()
})

/** Names from a span up to the one that nothing is above. */
function lineOf(span: CollectedSpan): readonly string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
  return parent === undefined ? [span.name] : [span.name, ...lineOf(parent)]
}

test('a call to a system has the request that asked for it above it; history, errors and logs name the trace', async () => {
  const [pair, refused] = [await scenario.pair(), await scenario.pair()]
  await scenario.person.editCustomer(pair.customerId, { displayName: 'Traced and Sons' })
  await scenario.person.editCustomer(refused.customerId, { displayName: 'Refused' })
  await scenario.fault('dataverse', { action: { kind: 'reject', field: 'name', value: 'Refused' } })
  const run = await scenario.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
  expect(run.status).toBe('COMPLETED')

  const { synchErrors, writes } = await traceIdsOf(run.id)
  const [traceId] = writes
  expect(traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(synchErrors).toEqual([traceId])

  const dataverse = new URL(scenario.engine.sandbox.dataverse.origin).host
  const linesOfCalls = () =>
    spans
      .filter((span) => span.traceId === traceId && span.name === `POST ${dataverse}`)
      .map((span) => lineOf(span))
  await expect
    .poll(() => linesOfCalls().some((line) => line.at(-1) === 'POST /graphql'), { timeout: 60_000 })
    .toBe(true)
  expect(linesOfCalls()).toContainEqual([
    `POST ${dataverse}`,
    expect.stringMatching(/^RunActivity:/),
    'StartWorkflow:runMapping',
    'POST /graphql',
  ])
})

test('a line of the log names the trace in which it was written, and none without one', async () => {
  const lines: string[] = []
  const logger = createLogger('test', 'info', { write: (line: string) => lines.push(line) })
  const traceId = await withSpan('work', {}, async (span) => {
    logger.info('Within')
    return span.spanContext().traceId
  })
  logger.info('Without')
  const [within, without] = lines.map((line) => JSON.parse(line) as { traceId?: string })
  expect(within?.traceId).toBe(traceId)
  expect(without).not.toHaveProperty('traceId')
})

/** What the API shows of the traces of a run's errors and writes. */
async function traceIdsOf(
  runId: string,
): Promise<{ readonly synchErrors: readonly string[]; readonly writes: readonly string[] }> {
  const { integrationSynchErrors } = await scenario.ask<{
    integrationSynchErrors: { nodes: readonly { traceId: string; run: { id: string } | null }[] }
  }>('{ integrationSynchErrors(first: 500) { nodes { traceId run { id } } } }')
  const { recordWrites } = await scenario.ask<{
    recordWrites: { nodes: readonly { traceId: string; run: { id: string } | null }[] }
  }>('{ recordWrites(first: 500) { nodes { traceId run { id } } } }')
  const ofRun = (nodes: readonly { traceId: string; run: { id: string } | null }[]) =>
    nodes.filter(({ run }) => run?.id === runId).map(({ traceId }) => traceId)
  return { synchErrors: ofRun(integrationSynchErrors.nodes), writes: ofRun(recordWrites.nodes) }
}
