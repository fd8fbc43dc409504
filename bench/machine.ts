import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../src/embedded/package-root.js'

/** What the figures depend on. Nothing that tells whose machine it is. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGibibytes: number
  /** Processes that wanted a core in the minute before; above nought, others used the machine as well. */
  readonly loadBefore: number
  readonly system: string
  readonly node: string
  readonly postgres: string
  readonly temporal: string
  readonly accord: string
}

export async function describeMachine(postgresVersion: string): Promise<Machine> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGibibytes: Math.round(totalmem() / 1024 ** 3),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres: postgresVersion,
    temporal: `development server, SDK ${await versionOf('node_modules/@temporalio/worker/package.json')}`,
    accord: await versionOf('package.json'),
  }
}

/** The version that a package's manifest names; `file`: below the root of the project. */
export async function versionOf(file: string): Promise<string> {
  const text = await readFile(join(packageRoot(), file), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
