import { closeSync, openSync, readSync, fstatSync } from 'node:fs'
import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

const LARGEST_LOG = 20 * 1024 * 1024

/** The log of one part of `accord up`; a large one of an earlier start is put aside as `.1`. */
export async function openLogFile(dataDirectory: string, name: string): Promise<string> {
  const folder = join(dataDirectory, 'logs')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${name}.log`)
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LARGEST_LOG) await rename(file, `${file}.1`)
  return file
}

/** The last lines of a log, for a message about what went wrong. */
export function readLogTail(file: string, lines = 12): string {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const buffer = Buffer.alloc(Math.min(size, 16 * 1024))
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } finally {
    closeSync(descriptor)
  }
}
