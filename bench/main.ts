import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { packageRoot } from '../src/embedded/package-root.js'
import { writeApiReport } from './api/report.js'
import { runApiScenario, type ApiScenario } from './api/scenario.js'
import { Cleanup } from './cleanup.js'
import { measureCopyPipe, type CopyPipe } from './copy-pipe.js'
import { describeMachine, versionOf, type Machine } from './machine.js'
import type { Measurement } from './measurement.js'
import { runPeers } from './peers.js'
import { writePostgresReport } from './postgres/report.js'
import { runPostgresScenario, type PostgresSize } from './postgres/scenario.js'
import { tableOf, writeReport } from './report.js'
import { runScenario } from './scenario.js'
import { describeLoad, writeLimitsReport } from './limits-report.js'
import { measureLimits, type LimitedLoad } from './limits.js'
import { startServers, type Servers } from './servers.js'

interface Arguments {
  /** Null: those of the scenario. */
  readonly sizes: readonly number[] | null
  readonly scenario: 'customers' | 'postgres' | 'api'
  readonly peers: boolean
  readonly limits: boolean
  readonly scale: number
  readonly out: string
}

const program = new Command('bench')
  .description('Measures Accord between its sandboxes: first load, incremental runs, runs without changes.')
  .option(
    '--sizes <numbers>',
    'customers, rows or errors, several with commas; by default 1,000 and 20,000, of errors 1,000,000',
    sizesOf,
    null,
  )
  .addOption(
    new Option(
      '--scenario <name>',
      'customers between the sandboxes, rows between two PostgreSQL tables, or the API over that many errors',
    )
      .choices(['customers', 'postgres', 'api'])
      .default('customers'),
  )
  .option('--peers', 'also a peer for two-way changes; installs Debian packages, as root', false)
  .option(
    '--limits',
    'only the first load under the limits of Dataverse, with one worker and with two',
    false,
  )
  .option('--scale <number>', 'of the time of these limits: 1 is as documented', Number, 0.2)
  .option('--out <folder>', 'folder of the results', join(packageRoot(), 'bench', 'results'))
  .parse()

function sizesOf(text: string): readonly number[] {
  const sizes = text.split(',').map(Number)
  if (sizes.some((size) => !Number.isInteger(size) || size < 100 || size > 1_000_000))
    throw new InvalidArgumentError('Whole numbers from 100 to 1,000,000, with commas.')
  return sizes
}

async function bench(options: Arguments, cleanup: Cleanup): Promise<void> {
  const at = new Date().toISOString()
  const servers = await startServers(cleanup)
  const machine = await describeMachine(servers.postgresVersion)
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  const sizes = options.sizes ?? (options.scenario === 'api' ? [1_000_000] : [1000, 20_000])
  if (options.scenario === 'api') {
    const scenarios: ApiScenario[] = []
    for (const size of sizes) scenarios.push(await runApiScenario(servers, cleanup, size, say))
    const written = await writeApiReport(options.out, {
      at,
      machine,
      peerVersion: await versionOf('node_modules/postgraphile/package.json'),
      scenarios,
    })
    process.stdout.write(`Written: ${written}.json, ${written}.md\n`)
    return
  }
  if (options.limits) {
    await benchLimits({ ...options, sizes }, servers, cleanup, at, machine)
    return
  }
  if (options.scenario === 'postgres') {
    const measured: PostgresSize[] = []
    for (const size of sizes) measured.push(await runPostgresScenario(servers, cleanup, size, say))
    const others = options.peers ? await runPeers(cleanup, Math.max(...sizes)) : []
    const written = await writePostgresReport(options.out, { at, machine, sizes: measured, peers: others })
    process.stdout.write(`Written: ${written}.json, ${written}.md\n`)
    return
  }
  const measurements: Measurement[] = []
  const copyPipes: CopyPipe[] = []
  for (const size of sizes) {
    const pipe = await measureCopyPipe(servers, cleanup, size)
    copyPipes.push(pipe)
    say(`${size} customers, copy pipe: ${pipe.seconds.toFixed(2)} s`)
    const measured = await runScenario(servers, cleanup, size, (measurement) => {
      say(`${size} customers, ${measurement.what}: ${measurement.seconds.toFixed(2)} s`)
    })
    measurements.push(...measured)
  }
  const peers = options.peers ? await runPeers(cleanup, Math.max(...sizes)) : []
  const path = await writeReport(options.out, { at, machine, measurements, copyPipes, peers })
  process.stdout.write(`${tableOf(measurements)}\n`)
  for (const { customers, rowsPerSecond } of copyPipes)
    process.stdout.write(`Copy pipe, ${customers} customers: ${Math.round(rowsPerSecond)} rows/s\n`)
  process.stdout.write(`Written: ${path}.json, ${path}.md\n`)
}

async function benchLimits(
  { sizes, out, scale }: Arguments & { readonly sizes: readonly number[] },
  servers: Servers,
  cleanup: Cleanup,
  at: string,
  machine: Machine,
): Promise<void> {
  const measured: LimitedLoad[] = []
  for (const size of sizes) {
    for (const workers of [1, 2]) {
      const load = await measureLimits(servers, cleanup, size, workers, scale)
      measured.push(load)
      process.stderr.write(`${describeLoad(load)}\n`)
    }
  }
  process.stdout.write(`Written: ${await writeLimitsReport(out, { at, machine, loads: measured })}\n`)
}

/** Settles with the exit code when somebody asks this process to end. */
const interrupted = new Promise<number>((resolve) => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => {
      resolve(code)
    })
})

function report(error: unknown): number {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
}

const cleanup = new Cleanup()
const work = bench(program.opts<Arguments>(), cleanup).then(() => 0, report)
const code = await Promise.race([work, interrupted])
const cleaned = await cleanup.close().then(() => 0, report)
process.exit(code === 0 ? cleaned : code)
