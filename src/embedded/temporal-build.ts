import { spawn } from 'node:child_process'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from './package-root.js'
import type { GetTemporalOptions } from './temporal-download.js'

const TOOL = 'github.com/temporalio/cli/cmd/temporal'
const PROGRESS_SECONDS = 10

/**
 * Builds the Temporal server from Go modules, at the versions and checksums kept in `scripts/temporal`. Takes a few
 * minutes; `onProgress` hears about it every ten seconds.
 * @throws Error when Go is missing or the build fails, with the end of its output
 */
export async function buildTemporal(options: GetTemporalOptions): Promise<void> {
  const draft = await mkdtemp(join(dirname(options.target), 'build-'))
  try {
    // Built in a copy: Go keeps its own notes beside the module file.
    for (const file of ['go.mod', 'go.sum']) {
      await cp(join(packageRoot(), 'scripts', 'temporal', file), join(draft, file))
    }
    options.onProgress(
      `Building the Temporal server ${options.version} from Go modules: 3 to 5 minutes, only this once`,
    )
    await go(options.signal, draft, ['version'], () => undefined)
    let downloaded = 0
    await withProgress(
      () => options.onProgress(`Building the Temporal server: ${downloaded} modules downloaded`),
      () =>
        go(options.signal, draft, ['mod', 'download', '-x'], (line) => {
          if (line.includes('.zip: 200')) downloaded += 1
        }),
    )
    let total = 0
    await go(options.signal, draft, ['list', '-deps', TOOL], () => {
      total += 1
    })
    let compiled = 0
    await withProgress(
      () =>
        options.onProgress(`Building the Temporal server: ${compiled} of about ${total} packages compiled`),
      () =>
        go(
          options.signal,
          draft,
          [
            'build',
            '-v',
            '-trimpath',
            '-buildvcs=false',
            '-ldflags',
            `-s -w -X github.com/temporalio/cli/temporalcli.Version=${options.version}`,
            '-o',
            'temporal-built',
            TOOL,
          ],
          () => {
            compiled += 1
          },
        ),
    )
    await rename(join(draft, 'temporal-built'), options.target)
    options.onProgress(`The Temporal server is built and kept in ${options.target}`)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function withProgress(report: () => void, action: () => Promise<void>): Promise<void> {
  const timer = setInterval(report, PROGRESS_SECONDS * 1000)
  try {
    await action()
  } finally {
    clearInterval(timer)
  }
}

async function go(
  signal: AbortSignal | undefined,
  folder: string,
  words: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const last: string[] = []
  await new Promise<void>((resolve, reject) => {
    const child = spawn('go', words, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
      // As the official releases: a program that needs no C compiler and no C library. No workspace of the machine's.
      env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '' },
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        onLine(line)
        last.push(line)
        if (last.length > 8) last.shift()
      })
    }
    child.once('error', (error) => {
      reject(
        signal?.aborted === true
          ? error
          : new Error(`Go is not installed, so the Temporal server cannot be built (${error.message})`),
      )
    })
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`"go ${words[0]}" failed for the Temporal server:\n${last.join('\n')}`))
    })
  })
}
