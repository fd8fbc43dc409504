import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CopyPipe } from './copy-pipe.js'
import type { Machine } from './machine.js'
import type { Measurement } from './measurement.js'

export interface Report {
  readonly at: string
  readonly machine: Machine
  readonly measurements: readonly Measurement[]
  readonly copyPipes: readonly CopyPipe[]
  /** One object per line that a peer printed. */
  readonly peers: readonly unknown[]
}

const HEAD = ['Customers', 'What', 'Records', 's', 'Rows/s', 'Calls', 'Rows read', 'Peak MiB', 'Events']

/** Writes `<date>.json` with everything and `<date>.md` to read. Returns the paths without ending. */
export async function writeReport(folder: string, report: Report): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, report.at.slice(0, 16).replace('T', '-').replace(':', ''))
  await writeFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(`${path}.md`, markdownOf(report))
  return path
}

/** The measurements as a table for a terminal. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows = [HEAD, ...measurements.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

function cellsOf(measurement: Measurement): readonly string[] {
  return [
    String(measurement.couplings),
    measurement.what,
    String(measurement.records),
    measurement.seconds.toFixed(2),
    measurement.rowsPerSecond === null ? '' : String(Math.round(measurement.rowsPerSecond)),
    String(measurement.calls.total),
    String(measurement.rowsRead),
    measurement.workerPeakMebibytes === null ? '' : String(measurement.workerPeakMebibytes),
    String(measurement.temporalEvents),
  ]
}

function markdownOf(report: Report): string {
  const { machine } = report
  const lines = [
    `# Benchmark of ${report.at.slice(0, 10)}`,
    '',
    `Accord ${machine.accord}, Node ${machine.node}, PostgreSQL ${machine.postgres}, Temporal ${machine.temporal}; ` +
      `${machine.system}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGibibytes} GiB, ` +
      `load before ${machine.loadBefore}. All servers, both sandboxes and one worker share this machine.`,
    '',
    ...markdownTable(HEAD, report.measurements.map(cellsOf)),
    '',
    'After every run: one account for each customer, all coupled, equal in every text field, no open error.',
    'Peak: resident memory of the worker alone. Events: of the workflow of the run.',
    '',
    '## Where the time of the runs goes',
    '',
    'Seconds in each step; the next page is read while one is written, so steps may overlap. Processor: seconds of the',
    'worker and of the sandboxes.',
    '',
    ...stepsTable(report.measurements),
    '',
    '## Calls',
    '',
    ...callsTable(report.measurements),
    '',
    '## Beside others',
    '',
    ...report.copyPipes.map(
      (pipe) =>
        `- Copy pipe, ${pipe.customers} customers: ${pipe.seconds.toFixed(2)} s, ${Math.round(pipe.rowsPerSecond)} rows/s ` +
        `(${pipe.how}; no state, no comparison).`,
    ),
    ...report.peers.map((peer) => `- \`${JSON.stringify(peer)}\``),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function stepsTable(measurements: readonly Measurement[]): readonly string[] {
  const names = [...new Set(measurements.flatMap((measurement) => Object.keys(measurement.steps)))]
  const seconds = (value: number | null | undefined): string => (value == null ? '' : value.toFixed(2))
  return markdownTable(
    ['Customers', 'What', ...names, 'Worker', 'Sandboxes'],
    measurements.map((measurement) => [
      String(measurement.couplings),
      measurement.what,
      ...names.map((name) => seconds(measurement.steps[name]?.seconds)),
      seconds(measurement.workerProcessorSeconds),
      seconds(measurement.sandboxProcessorSeconds),
    ]),
  )
}

function callsTable(measurements: readonly Measurement[]): readonly string[] {
  const rows = measurements.flatMap((measurement) =>
    (['businessCentral', 'dataverse'] as const).flatMap((system) => {
      const { calls, items } = measurement.traffic[system]
      const name = system === 'dataverse' ? 'Dataverse' : 'Business Central'
      return [
        ...Object.entries(calls).map(([call, count]) => [name, call, count] as const),
        ...Object.entries(items).map(([call, count]) => [name, `in batches: ${call}`, count] as const),
      ].map(([where, call, count]) => [
        String(measurement.couplings),
        measurement.what,
        where,
        call,
        String(count.calls),
        String(count.rows),
      ])
    }),
  )
  return markdownTable(['Customers', 'What', 'System', 'Call', 'Calls', 'Rows'], rows)
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
