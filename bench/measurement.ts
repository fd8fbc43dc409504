import type { PassDirection } from '../src/domain/mapping.js'
import type { Accord, FinishedRun } from './accord.js'
import { checkInvariants, type Invariants } from './invariants.js'
import type { Sandboxes, Traffic } from './sandboxes.js'
import { historyOf, type Step } from './steps.js'

/** One run and everything it cost. Memory in MiB. */
export interface Measurement {
  readonly what: string
  readonly couplings: number
  /** Records that the run is about: created or edited. */
  readonly records: number
  readonly seconds: number
  /** Null where the run is about no records. */
  readonly rowsPerSecond: number | null
  readonly counts: Readonly<Record<string, number>>
  readonly calls: {
    readonly businessCentral: number
    readonly dataverse: number
    readonly total: number
  }
  /** Rows that both systems gave out, in lists and inside batches. */
  readonly rowsRead: number
  readonly traffic: { readonly businessCentral: Traffic; readonly dataverse: Traffic }
  readonly workerPeakMebibytes: number | null
  readonly workerProcessorSeconds: number | null
  readonly sandboxProcessorSeconds: number | null
  readonly temporalEvents: number
  readonly steps: Readonly<Record<string, Step>>
  readonly invariants: Invariants
}

export interface Task {
  readonly what: string
  readonly couplings: number
  readonly records: number
  readonly direction?: PassDirection
}

/** Runs CUSTOMER once. Throws when what must hold after it does not. */
export async function measure(accord: Accord, sandboxes: Sandboxes, task: Task): Promise<Measurement> {
  await sandboxes.resetTraffic()
  await accord.worker.resetPeak()
  const workerBefore = await accord.worker.processorSeconds()
  const sandboxBefore = await sandboxes.process.processorSeconds()
  const started = performance.now()
  const finished = await accord.synchronize('CUSTOMER', task.direction)
  const seconds = (performance.now() - started) / 1000
  const workerPeakMebibytes = await accord.worker.peakMebibytes()
  const workerAfter = await accord.worker.processorSeconds()
  const sandboxAfter = await sandboxes.process.processorSeconds()
  const traffic = await sandboxes.traffic()
  const { events, steps } = await historyOf(accord.control.client, finished.run.workflowId)
  const invariants = await checkInvariants(accord, sandboxes)
  const businessCentral = callsOf(traffic.businessCentral)
  const dataverse = callsOf(traffic.dataverse)
  const measurement: Measurement = {
    what: task.what,
    couplings: task.couplings,
    records: task.records,
    seconds,
    rowsPerSecond: task.records === 0 ? null : task.records / seconds,
    counts: countsOf(finished),
    calls: { businessCentral, dataverse, total: businessCentral + dataverse },
    rowsRead: rowsReadOf(traffic.businessCentral) + rowsReadOf(traffic.dataverse),
    traffic,
    workerPeakMebibytes,
    workerProcessorSeconds: difference(workerBefore, workerAfter),
    sandboxProcessorSeconds: difference(sandboxBefore, sandboxAfter),
    temporalEvents: events,
    steps,
    invariants,
  }
  if (!invariants.hold || failuresIn(measurement) > 0) {
    throw new Error(`${task.what}: ${JSON.stringify({ invariants, counts: measurement.counts })}`)
  }
  const written = (measurement.counts['inserted'] ?? 0) + (measurement.counts['modified'] ?? 0)
  if (written !== task.records)
    throw new Error(`${task.what}: ${written} records were written, not ${task.records}.`)
  return measurement
}

function failuresIn({ counts }: Measurement): number {
  return (counts['failed'] ?? 0) + (counts['conflicts'] ?? 0) + (counts['skipped'] ?? 0)
}

function callsOf(traffic: Traffic): number {
  return Object.values(traffic.calls).reduce((sum, count) => sum + count.calls, 0)
}

function rowsReadOf(traffic: Traffic): number {
  return [...Object.entries(traffic.calls), ...Object.entries(traffic.items)]
    .filter(([name]) => name.startsWith('GET '))
    .reduce((sum, [, count]) => sum + count.rows, 0)
}

/** The counters of all passes that are not zero; for echoes and the like the reason counts. */
function countsOf({ jobs }: FinishedRun): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  const add = (name: string, count: number): void => {
    if (count !== 0) sum[name] = (sum[name] ?? 0) + count
  }
  for (const job of jobs) {
    const { conflicts, deleted, failed, inserted, modified, retried, skipped, unchanged } = job
    const plain = { inserted, modified, deleted, unchanged, skipped, failed, conflicts, retried }
    for (const [name, count] of Object.entries(plain)) add(name, count)
    for (const [reason, count] of Object.entries(job.ignored)) add(`ignored ${reason}`, count)
  }
  return sum
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before
}
