import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from '../machine.js'
import type { PostgresSize } from './scenario.js'

export interface PostgresReport {
  readonly at: string
  readonly machine: Machine
  readonly sizes: readonly PostgresSize[]
  /** One object per line that a peer printed. */
  readonly peers: readonly unknown[]
}

/** Writes `<date>-postgres.json` with everything and `.md` to read. Returns the paths without ending. */
export async function writePostgresReport(folder: string, report: PostgresReport): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${report.at.slice(0, 16).replace('T', '-').replace(':', '')}-postgres`)
  await writeFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(`${path}.md`, markdownOf(report))
  return path
}

function markdownOf({ at, machine, sizes, peers }: PostgresReport): string {
  const all = sizes.flatMap((size) => size.measurements)
  const steps = [...new Set(all.flatMap((measurement) => Object.keys(measurement.steps)))]
  const number = (value: number | null, digits = 0): string => (value === null ? '' : value.toFixed(digits))
  const lines = [
    `# PostgreSQL to PostgreSQL, ${at.slice(0, 10)}`,
    '',
    `Accord ${machine.accord}, Node ${machine.node}, PostgreSQL ${machine.postgres}, Temporal ${machine.temporal}; ` +
      `${machine.system}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGibibytes} GiB, ` +
      `load before ${machine.loadBefore}. Both databases, Accord's own, Temporal and one worker share this machine.`,
    '',
    '| Rows | What | Records | s | Rows/s | Worker processor s | Peak MiB |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: |',
    ...sizes.flatMap(({ rows, copySeconds, measurements }) => [
      `| ${rows} | COPY piped from one database to the other | ${rows} | ${number(copySeconds, 2)} | ${number(rows / copySeconds)} | | |`,
      ...measurements.map(
        (measurement) =>
          `| ${rows} | ${measurement.what} | ${measurement.records} | ${number(measurement.seconds, 2)} | ${number(measurement.rowsPerSecond)} | ${number(measurement.workerProcessorSeconds, 2)} | ${number(measurement.workerPeakMebibytes)} |`,
      ),
    ]),
    '',
    'After every run both tables are equal in every mapped column, every row is coupled with a base, and no error is open.',
    '',
    '## Where the time goes',
    '',
    'Seconds in each step; the next page is read while one is written, so steps may overlap.',
    '',
    `| Rows | What | ${steps.join(' | ')} |`,
    `| ---: | --- | ${steps.map(() => '---:').join(' | ')} |`,
    ...all.map(
      (measurement) =>
        `| ${measurement.rows} | ${measurement.what} | ${steps.map((step) => number(measurement.steps[step]?.seconds ?? null, 2)).join(' | ')} |`,
    ),
    ...(peers.length === 0
      ? []
      : ['', '## Beside others', '', ...peers.map((peer) => `- \`${JSON.stringify(peer)}\``)]),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
