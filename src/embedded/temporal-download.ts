import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const RELEASES = 'https://github.com/temporalio/cli/releases/download'
/** Where there is no network the answer has to come quickly: the next way takes minutes anyway. */
const ANSWER_SECONDS = 5
const TRANSFER_SECONDS = 300

export interface GetTemporalOptions {
  readonly version: string
  /** The file to write. */
  readonly target: string
  readonly onProgress: (message: string) => void
  readonly signal?: AbortSignal
}

/**
 * Downloads the official release, compares it with the checksum published beside it and puts the program in its place.
 * @throws Error when there is no network (within 5 s), no release for this platform, or a wrong checksum
 */
export async function downloadTemporal(options: GetTemporalOptions): Promise<void> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const archiveName = `temporal_cli_${options.version}_${platform}_${architecture}.tar.gz`
  const base = `${RELEASES}/v${options.version}`

  options.onProgress(`Downloading the Temporal server ${options.version}`)
  const checksums = await download(`${base}/checksums.txt`, options.signal)
  const expected = checksums
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, name]) => name === archiveName)?.[0]
  if (expected === undefined) throw new Error(`The official download has no ${archiveName}`)
  const archive = await download(`${base}/${archiveName}`, options.signal)
  const found = createHash('sha256').update(archive).digest('hex')
  if (found !== expected) {
    throw new Error(`The official download ${archiveName} is damaged: sha256 ${found} instead of ${expected}`)
  }

  const draft = await mkdtemp(join(dirname(options.target), 'download-'))
  try {
    const file = join(draft, archiveName)
    await writeFile(file, archive)
    await promisify(execFile)('tar', ['-xzf', file, '-C', draft])
    const program = join(draft, platform === 'windows' ? 'temporal.exe' : 'temporal')
    await chmod(program, 0o755)
    await rename(program, options.target)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function download(url: string, abort?: AbortSignal): Promise<Buffer> {
  const answer = new AbortController()
  const timer = setTimeout(() => {
    answer.abort(new Error(`no answer within ${ANSWER_SECONDS} s`))
  }, ANSWER_SECONDS * 1000)
  try {
    const signal = AbortSignal.any([
      answer.signal,
      AbortSignal.timeout(TRANSFER_SECONDS * 1000),
      ...(abort === undefined ? [] : [abort]),
    ])
    const response = await fetch(url, { signal })
    clearTimeout(timer)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The official download ${url} failed: ${reason}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
