import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'

/** Makes the key for stored secrets where there is none yet, readable by its owner alone. */
export async function ensureSecretKey(file: string): Promise<void> {
  try {
    await writeFile(file, `${newKey()}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Puts a new key in front of those there are. */
export async function addSecretKey(file: string): Promise<void> {
  await replace(file, [newKey(), ...(await keysIn(file))])
}

/** Keeps the key in use alone. */
export async function forgetPreviousKeys(file: string): Promise<void> {
  await replace(file, (await keysIn(file)).slice(0, 1))
}

const newKey = (): string => randomBytes(32).toString('base64')

async function keysIn(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8')).split(/\s+/).filter((key) => key !== '')
}

/** In one step: a process that reads it meanwhile finds the old keys or the new ones. */
async function replace(file: string, keys: readonly string[]): Promise<void> {
  const draft = `${file}.new`
  await writeFile(draft, `${keys.join('\n')}\n`, { mode: 0o600 })
  await rename(draft, file)
}
