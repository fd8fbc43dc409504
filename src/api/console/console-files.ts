import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** Of what is compressed once and sent often: nearly the best, at a tenth of the time. */
const BROTLI_QUALITY = 9

const ENCODERS = {
  br: (content: Buffer) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (content: Buffer) => promisify(gzip)(content),
} as const
export type Encoding = keyof typeof ENCODERS

/** One file of the built console. */
export class ConsoleFile {
  private readonly encoded = new Map<Encoding, Promise<Buffer>>()

  constructor(
    readonly type: string,
    readonly content: Buffer,
  ) {}

  /** Compressed when it is first asked for, and kept. */
  as(encoding: Encoding): Promise<Buffer> {
    const known = this.encoded.get(encoding)
    if (known !== undefined) return known
    const made = ENCODERS[encoding](this.content)
    this.encoded.set(encoding, made)
    return made
  }
}

/** Where the build puts the console. */
export function consoleFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return join(folder, 'dist', 'console')
}

/** The files of the console by their path below it, such as `assets/index-Cx1.js`; none where it was not built. */
export async function readConsole(folder: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  if (!existsSync(join(folder, 'index.html'))) return new Map()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name)
        const type = TYPES[extname(name)] ?? 'application/octet-stream'
        const below = path.slice(folder.length + 1).replaceAll('\\', '/')
        return [below, new ConsoleFile(type, await readFile(path))] as const
      }),
    ),
  )
}
