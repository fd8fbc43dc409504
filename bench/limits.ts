import { z } from 'zod'
import { CUSTOMER_MAPPING } from '../src/domain/catalog/default-mappings.js'
import { startAccord } from './accord.js'
import type { Cleanup } from './cleanup.js'
import { checkInvariants, type Invariants } from './invariants.js'
import { startSandboxes } from './sandboxes.js'
import type { Servers } from './servers.js'

/**
 * What the sandbox enforces for one principal on one web server. `scale` 1: as documented; 0.2: in a fifth of the time. Times are in
 * seconds but for the tariff.
 */
export interface EnforcedLimits {
  readonly scale: number
  readonly windowSeconds: number
  readonly requests: number
  readonly executionSeconds: number
  readonly concurrent: number
  readonly millisecondsPerRowWritten: number
}

function limitsOf(scale: number): EnforcedLimits {
  return {
    scale,
    windowSeconds: 300 * scale,
    requests: Math.round(6_000 * scale),
    executionSeconds: 1_200 * scale,
    concurrent: 52,
    millisecondsPerRowWritten: 30 * scale,
  }
}

const reportSchema = z.object({
  principals: z.record(
    z.string(),
    z.object({
      mostAtOnce: z.number(),
      totals: z.object({ calls: z.number(), executionSeconds: z.number() }),
      refused: z.record(z.string(), z.number()),
    }),
  ),
})

/** A first load under limits. Times are in seconds. */
export interface LimitedLoad {
  readonly customers: number
  readonly workers: number
  readonly limits: EnforcedLimits
  readonly seconds: number
  /** The least time in which so many rows can be written under these limits by anybody. */
  readonly leastSeconds: number
  /** Least time over time. */
  readonly efficiency: number
  readonly calls: number
  readonly executionSeconds: number
  readonly mostAtOnce: number
  /** Calls that were answered with 429. */
  readonly throttled: number
  readonly failed: number
  readonly invariants: Invariants
}

/** Loads all customers into empty accounts under the limits. Throws when what must hold afterwards does not. */
export async function measureLimits(
  servers: Servers,
  cleanup: Cleanup,
  customers: number,
  workers: number,
  scale: number,
): Promise<LimitedLoad> {
  const enforced = limitsOf(scale)
  const { windowSeconds, requests, executionSeconds, concurrent } = enforced
  const name = `limits_${customers}_${workers}`
  const sandboxes = await startSandboxes(servers, cleanup, name, customers)
  const limits = {
    window: windowSeconds * 1000,
    requests,
    execution: executionSeconds * 1000,
    concurrency: concurrent,
  }
  const accord = await startAccord(servers, cleanup, name, sandboxes, { workers, dataverse: { limits } })
  for (const dependency of CUSTOMER_MAPPING.dependsOn) await accord.synchronize(dependency)

  const address = `${sandboxes.facts.dataverse.origin}/sandbox/limits`
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ windowSeconds, requests, executionSeconds, concurrent, tariffFactor: scale }),
  })
  if (!answer.ok) throw new Error(`The limits are not enforced: ${answer.status} ${await answer.text()}`)
  const startedAt = performance.now()
  const { jobs } = await accord.synchronize('CUSTOMER', 'TO_INTEGRATION_TABLE')
  const seconds = (performance.now() - startedAt) / 1000
  const { principals } = reportSchema.parse(await (await fetch(address)).json())
  const used = Object.values(principals)
  const sum = (of: (principal: (typeof used)[number]) => number): number =>
    used.reduce((total, principal) => total + of(principal), 0)

  const leastSeconds = leastTime(enforced, customers)
  const load: LimitedLoad = {
    customers,
    workers,
    limits: enforced,
    seconds,
    leastSeconds,
    efficiency: leastSeconds / seconds,
    calls: sum(({ totals }) => totals.calls),
    executionSeconds: sum(({ totals }) => totals.executionSeconds),
    mostAtOnce: Math.max(...used.map(({ mostAtOnce }) => mostAtOnce)),
    throttled: sum(({ refused }) => Object.values(refused).reduce((total, count) => total + count, 0)),
    failed: jobs.reduce((total, job) => total + job.failed + job.skipped + job.conflicts, 0),
    invariants: await checkInvariants(accord, sandboxes),
  }
  await accord.stop()
  await sandboxes.stop()
  if (!load.invariants.hold || load.failed > 0) throw new Error(`Not all is well: ${JSON.stringify(load)}`)
  return load
}

/** A full window's execution time can be used at once, and again whenever the window has gone by; in between as many calls as may run. */
function leastTime(limits: EnforcedLimits, rows: number): number {
  const execution = (rows * limits.millisecondsPerRowWritten) / 1000
  const windows = Math.ceil(execution / limits.executionSeconds) - 1
  const rest = execution - windows * limits.executionSeconds
  return windows * limits.windowSeconds + rest / limits.concurrent
}
