import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { resolveSecret, type Config } from '../config.js'

/** Where the parts of `accord up` keep their data. */
export const postgresFolder = (dataDirectory: string): string => join(dataDirectory, 'postgres')
export const temporalFolder = (dataDirectory: string): string => join(dataDirectory, 'temporal')

/** Creates the data folder. It holds secrets: nobody else may list it, though PostgreSQL's account may pass through. */
export async function ensureDataFolder(dataDirectory: string): Promise<void> {
  await mkdir(dataDirectory, { recursive: true })
  await chmod(dataDirectory, 0o711)
}

/** The bearer token of the API: the one that was set, else one that is made once and kept in the data folder. */
export async function ensureApiToken(config: Config): Promise<string> {
  const { token } = config.api
  if (token !== null) return /^(?:env|file):/.test(token) ? resolveSecret(token) : token
  return await ensureSecretFile(join(config.dataDirectory, 'api-token'))
}

/** Where the secret of the sandboxes' client is; connections refer to it as `file:PATH`. */
export const sandboxSecretFile = (dataDirectory: string): string =>
  join(dataDirectory, 'sandbox-client-secret')

/** The secret kept in a file, which only its owner can read; made at the first call. */
export async function ensureSecretFile(file: string): Promise<string> {
  await ensureDataFolder(dirname(file))
  try {
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(file, 'utf8')).trim()
}
