import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { ExpectedError } from '../exit-codes.js'

/**
 * A backup is one gzip file of lines:
 *
 *     accord-backup <format>
 *     <header as JSON>
 *     table <name>             once per table, those it refers to first
 *     <rows in PostgreSQL's text format of COPY, which never holds a raw line end>
 *     \.
 *     <trailer as JSON>        with the checksum of everything before it
 */
export const BACKUP_FORMAT = 1
export const MAGIC = 'accord-backup'
export const END_OF_ROWS = '\\.'

const headerSchema = z.object({
  accordVersion: z.string(),
  createdAt: z.string(),
  /** The schema: the migrations applied to it, in order. */
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** What sequences go on with. */
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string(), isCalled: z.boolean() })),
})
const trailerSchema = z.object({
  /** Of every byte before this line, as hexadecimal. */
  sha256: z.string(),
  rows: z.record(z.string(), z.number()),
})

export type BackupHeader = z.infer<typeof headerSchema>
export type BackupTrailer = z.infer<typeof trailerSchema>

/** The file is no backup, is damaged, or is of a later format. */
export class BackupFileError extends ExpectedError {
  override readonly name = 'BackupFileError'
}

/** One piece of a backup, in the order of the file. Rows come as they stand there, with their line ends. */
export type BackupPiece =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'table'; readonly name: string }
  | { readonly kind: 'rows'; readonly data: Buffer; readonly count: number }
  | { readonly kind: 'end-of-table' }
  | { readonly kind: 'trailer'; readonly trailer: BackupTrailer }

const BATCH_BYTES = 256 * 1024

/**
 * Reads a backup piece by piece and compares its checksum and row counts at the end.
 * @throws BackupFileError
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPiece> {
  const hash = createHash('sha256')
  const rows: Record<string, number> = {}
  let state: 'magic' | 'header' | 'between' | 'rows' | 'complete' = 'magic'
  let table = ''
  let batch: Buffer[] = []
  let batchBytes = 0
  const takeBatch = (): BackupPiece => {
    const piece = { kind: 'rows', data: Buffer.concat(batch), count: batch.length } as const
    rows[table] = (rows[table] ?? 0) + batch.length
    batch = []
    batchBytes = 0
    return piece
  }
  for await (const line of linesOf(file)) {
    if (state === 'rows') {
      hash.update(line)
      if (line.length === 3 && line.toString('latin1') === `${END_OF_ROWS}\n`) {
        if (batch.length > 0) yield takeBatch()
        yield { kind: 'end-of-table' }
        state = 'between'
        continue
      }
      batch.push(line)
      batchBytes += line.length
      if (batchBytes > BATCH_BYTES) yield takeBatch()
      continue
    }
    const text = line.toString('utf8').trimEnd()
    if (state === 'magic') {
      assertMagic(file, text)
      state = 'header'
    } else if (state === 'header') {
      yield { kind: 'header', header: parse(file, headerSchema, text) }
      state = 'between'
    } else if (state === 'between' && text.startsWith('table ')) {
      table = text.slice('table '.length)
      rows[table] = 0
      yield { kind: 'table', name: table }
      state = 'rows'
    } else if (state === 'between') {
      const trailer = parse(file, trailerSchema, text)
      const same = Object.keys(rows).every((name) => trailer.rows[name] === rows[name])
      if (!same || trailer.sha256 !== hash.digest('hex')) throw damaged(file, 'its checksum does not match')
      yield { kind: 'trailer', trailer }
      state = 'complete'
      continue
    } else {
      throw damaged(file, 'something follows its end')
    }
    hash.update(line)
  }
  if (state === 'magic') throw noBackup(file)
  if (state !== 'complete') throw damaged(file, 'its end is missing')
}

/** The lines of the uncompressed file, each with its line end. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file)
  const text = createGunzip()
  source.once('error', (error) => text.destroy(error))
  let rest: Buffer[] = []
  try {
    for await (const chunk of source.pipe(text) as AsyncIterable<Buffer>) {
      let start = 0
      for (;;) {
        const end = chunk.indexOf(0x0a, start)
        if (end === -1) break
        const part = chunk.subarray(start, end + 1)
        yield rest.length === 0 ? part : Buffer.concat([...rest, part])
        rest = []
        start = end + 1
      }
      if (start < chunk.length) rest.push(chunk.subarray(start))
    }
  } catch (error) {
    if (error instanceof BackupFileError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new BackupFileError(`There is no file ${file}.`, { cause: error })
    if (code === 'Z_DATA_ERROR' && source.bytesRead <= 64 * 1024) throw noBackup(file, error)
    if (code?.startsWith('Z_') === true) throw damaged(file, 'it cannot be decompressed', error)
    throw new BackupFileError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error })
  } finally {
    source.destroy()
  }
  if (rest.length > 0) yield Buffer.concat(rest)
}

function assertMagic(file: string, text: string): void {
  const [magic, format] = text.split(' ')
  if (magic !== MAGIC) throw noBackup(file)
  if (Number(format) !== BACKUP_FORMAT) {
    throw new BackupFileError(
      `${file} is a backup of format ${format}; this version of Accord reads format ${BACKUP_FORMAT}. ` +
        'Restore it with the version that wrote it.',
    )
  }
}

function parse<T>(file: string, schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(file, 'a part of it cannot be read', error)
  }
}

function noBackup(file: string, cause?: unknown): BackupFileError {
  return new BackupFileError(`${file} is not a backup of Accord ("accord backup FILE" writes them).`, {
    cause,
  })
}

function damaged(file: string, how: string, cause?: unknown): BackupFileError {
  return new BackupFileError(
    `The backup ${file} is damaged: ${how}. Nothing was restored; use another copy.`,
    {
      cause,
    },
  )
}
