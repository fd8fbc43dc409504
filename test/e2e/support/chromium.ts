import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defaultCacheDirectory } from '../../../src/embedded/cache-directory.js'

const execute = promisify(execFile)
const FONT_SETTINGS = 'fonts.conf'

/** What the package @sparticuz/chromium brings, unpacked: it needs no library or font of the machine but the C library. */
export interface UnpackedChromium {
  readonly executable: string
  /** The environment it is started with. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Unpacks Chromium once per user and version, which takes some seconds, and says how to start it. Two that do so at the same time
 * do not meet: each unpacks into a folder of its own, and the first one gives it the final name.
 */
export async function unpackChromium(): Promise<UnpackedChromium> {
  const packageFolder = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))))
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string
  }
  const cache = defaultCacheDirectory(process.env['XDG_CACHE_HOME'])
  const folder = join(cache, `chromium-${version}`)
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true })
    const own = await mkdtemp(join(cache, 'chromium-unpacking-'))
    try {
      await unpackInto(own, packageFolder)
      await writeFile(join(own, FONT_SETTINGS), fontSettings(folder))
      await rename(own, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }
  const executable = join(folder, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(folder, FONT_SETTINGS) }
  return { executable, environment: { ...(await libraries(folder, executable)), ...fonts } }
}

/** The package unpacks into the folder for temporary files, so a process of its own is given another one. */
async function unpackInto(folder: string, packageFolder: string): Promise<void> {
  const script = `
    import chromium, { inflate } from '@sparticuz/chromium'
    await chromium.executablePath()
    await inflate(${JSON.stringify(join(packageFolder, 'bin', 'al2023.tar.br'))})`
  await execute(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: packageFolder,
    env: { ...process.env, TMPDIR: folder },
  })
}

/** The machine's own libraries where it has them all, since they fit its C library best; else those of the package. */
async function libraries(folder: string, executable: string): Promise<Record<string, string>> {
  const { stdout } = await execute('ldd', [executable])
  return stdout.includes('not found') ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } : {}
}

/** The fonts of the package alone, so that pages look the same everywhere. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`
}
