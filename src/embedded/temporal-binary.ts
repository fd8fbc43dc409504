import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withFileLock } from './file-lock.js'
import { buildTemporal } from './temporal-build.js'
import { downloadTemporal, type GetTemporalOptions } from './temporal-download.js'

/** The version of the Temporal command line that is fetched or built; a later one does not build from modules. */
export const TEMPORAL_VERSION = '1.5.1'

export interface TemporalBinary {
  readonly path: string
  /** What it says about itself. */
  readonly version: string
}

export interface TemporalBinaryOptions {
  /** Where a downloaded or built program stays for the next start. */
  readonly cacheDirectory: string
  /** The name or path of a program of the machine's own, tried first. Default: `temporal` on the PATH. */
  readonly installed?: string
  /** The ways to get one, in order. Default: the official download, then a build from Go modules. */
  readonly sources?: readonly ((options: GetTemporalOptions) => Promise<void>)[]
  readonly onProgress: (message: string) => void
  /** Gives up a download or a build under way. */
  readonly signal?: AbortSignal
}

/**
 * Finds a `temporal` program: on the PATH, in the cache, from the official download, or by building it from Go modules.
 * Processes that need it at the same time wait for the one that gets it.
 * @throws Error that says what to install, when all ways fail
 */
export async function findTemporalBinary(options: TemporalBinaryOptions): Promise<TemporalBinary> {
  const onPath = await probe(options.installed ?? 'temporal')
  if (onPath !== null) return onPath

  const folder = join(options.cacheDirectory, `temporal-${TEMPORAL_VERSION}`)
  const path = join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal')
  const cached = await probe(path)
  if (cached !== null) return cached

  await mkdir(folder, { recursive: true })
  return await withFileLock(
    join(folder, 'fetch.lock'),
    () => {
      options.onProgress('Another start of Accord is getting the Temporal server; waiting for it')
    },
    async () => (await probe(path)) ?? (await fetchTemporal(path, options)),
  )
}

async function fetchTemporal(path: string, options: TemporalBinaryOptions): Promise<TemporalBinary> {
  const failures: unknown[] = []
  for (const get of options.sources ?? [downloadTemporal, buildTemporal]) {
    try {
      await get({
        version: TEMPORAL_VERSION,
        target: path,
        onProgress: options.onProgress,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      })
      const binary = await probe(path)
      if (binary !== null) return binary
      failures.push(new Error(`${path} does not run`))
    } catch (error) {
      options.signal?.throwIfAborted()
      failures.push(error)
    }
  }
  const reasons = failures.map(
    (failure) => `- ${failure instanceof Error ? failure.message : String(failure)}`,
  )
  throw new AggregateError(
    failures,
    `There is no Temporal server, and none could be had:\n${reasons.join('\n')}\n` +
      `Install the Temporal command line (https://docs.temporal.io/cli), so that "temporal --version" works, ` +
      `or Go 1.25 or later (https://go.dev/dl), from which Accord builds it, ` +
      `or name a running server with TEMPORAL_ADDRESS.`,
  )
}

/** The program at `path`, or of that name on the PATH, if it runs and is the Temporal command line. */
async function probe(path: string): Promise<TemporalBinary | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 })
    return stdout.startsWith('temporal version') ? { path, version: stdout.trim() } : null
  } catch {
    // Missing, damaged, of another platform, or another program of that name: the next way is tried.
    return null
  }
}
