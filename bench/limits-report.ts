import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LimitedLoad } from './limits.js'
import type { Machine } from './machine.js'

export interface LimitsReport {
  readonly at: string
  readonly machine: Machine
  readonly loads: readonly LimitedLoad[]
}

/** One line for a terminal. */
export function describeLoad(load: LimitedLoad): string {
  return (
    `${load.customers} customers, ${load.workers} workers: ${load.seconds.toFixed(1)} s, at least ${load.leastSeconds.toFixed(1)} s, ` +
    `${(load.efficiency * 100).toFixed(1)} %; ${load.throttled} calls throttled, ${load.failed} records failed`
  )
}

/** Writes `<date>-limits.json` with everything and `<date>-limits.md` to read. Returns the path without ending. */
export async function writeLimitsReport(folder: string, report: LimitsReport): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${report.at.slice(0, 16).replace('T', '-').replace(':', '')}-limits`)
  await writeFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(`${path}.md`, markdownOf(report))
  return path
}

function markdownOf({ at, machine, loads }: LimitsReport): string {
  const [first] = loads
  if (first === undefined) return ''
  const { limits } = first
  const head = [
    'Customers',
    'Workers',
    's',
    'Least s',
    'Least / s',
    'Calls',
    'Execution s',
    'At once',
    '429',
    'Failed',
  ]
  const rows = loads.map((load) => [
    String(load.customers),
    String(load.workers),
    load.seconds.toFixed(1),
    load.leastSeconds.toFixed(1),
    load.efficiency.toFixed(3),
    String(load.calls),
    load.executionSeconds.toFixed(1),
    String(load.mostAtOnce),
    String(load.throttled),
    String(load.failed),
  ])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    `# First load under the limits of Dataverse, ${at.slice(0, 10)}`,
    '',
    `Accord ${machine.accord}, Node ${machine.node}, PostgreSQL ${machine.postgres}, Temporal ${machine.temporal}; ` +
      `${machine.system}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGibibytes} GiB, ` +
      `load before ${machine.loadBefore}. All servers, both sandboxes and the workers share this machine.`,
    '',
    `The sandbox enforces, for one principal on one web server: ${limits.requests} requests and ${limits.executionSeconds} s of execution in ` +
      `${limits.windowSeconds} s, ${limits.concurrent} calls at a time; a row written takes ${limits.millisecondsPerRowWritten} ms. That is the ` +
      `documented service in ${limits.scale} of its time.`,
    '',
    line(head),
    line(head.map(() => '---:')),
    ...rows.map(line),
    '',
    'Least s: each window’s execution time used up at once, the rest with all calls that may run. Rows read are Accord’s own expense.',
    'After every run: one account for each customer, all coupled, equal in every text field, no open error.',
    '',
  ].join('\n')
}
