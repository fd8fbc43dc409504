import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { Side } from '../domain/value.js'
import { resolveSecret, SecretError } from '../secrets.js'
import { SETTINGS } from '../settings.js'
import { keyOf, readKeyRing, type KeyRing, type KeySettings } from './key-ring.js'

/** Where a secret belongs. It is authenticated with the secret: copied to another place, a stored secret cannot be read. */
export interface SecretPlace {
  readonly connectionId: string
  readonly side: Side
  /** Path within the settings: `signIn.clientSecret`. */
  readonly member: string
}

const ALGORITHM = 'aes-256-gcm'
const PREFIX = 'encrypted:'
const IV_BYTES = 12
const TAG_BYTES = 16

/** `encrypted:v1:<key id>:<iv>:<ciphertext>:<tag>`, the last three in base64url. */
const STORED = /^encrypted:v1:([0-9a-f]+):([\w-]+):([\w-]*):([\w-]+)$/

/** How a secret is kept. `null`: the text is no secret that is kept, but the secret itself. */
export function keptAs(text: string): 'ENVIRONMENT' | 'FILE' | 'STORED' | null {
  if (text.startsWith(PREFIX)) return 'STORED'
  if (text.startsWith('env:')) return 'ENVIRONMENT'
  return text.startsWith('file:') ? 'FILE' : null
}

/** Encrypts a secret for one place with the key in use (AES-256-GCM). */
export function encryptSecret(secret: string, ring: KeyRing, place: SecretPlace): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, ring.current.bytes, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(contextOf(place))
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return `${PREFIX}v1:${ring.current.id}:${parts.join(':')}`
}

/** @throws SecretError where the key is not known here, or the text was made for another place or changed */
export function decryptSecret(stored: string, ring: KeyRing, place: SecretPlace): string {
  const [, keyId = '', iv = '', text = '', tag = ''] = STORED.exec(stored) ?? []
  const where = `The stored secret ${place.member}`
  if (keyId === '') throw new SecretError(`${where} is in no form that this version of Accord knows.`)
  const key = keyOf(ring, keyId)
  if (key === undefined) {
    const known = [ring.current, ...ring.previous].map(({ id }) => id).join(', ')
    throw new SecretError(
      `${where} was encrypted with the key ${keyId}, which is not known here (known: ${known}). Set ACCORD_SECRET_KEY, or ` +
        'ACCORD_SECRET_KEY_PREVIOUS, to that key for the API and every worker; where it is lost, enter the secret again.',
    )
  }
  try {
    const decipher = createDecipheriv(ALGORITHM, key.bytes, Buffer.from(iv, 'base64url'), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(contextOf(place))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    const secret = [decipher.update(Buffer.from(text, 'base64url')), decipher.final()]
    return Buffer.concat(secret).toString('utf8')
  } catch (error) {
    throw new SecretError(
      `${where} cannot be decrypted: it was changed, or belongs to another connection. Enter the secret again.`,
      { cause: error },
    )
  }
}

/** Gives secrets for use: stored ones decrypted, references resolved. What it returns throws SecretError, never with the secret. */
export function createSecretOpener(settings: KeySettings): (kept: string, place: SecretPlace) => string {
  return (kept, place) => {
    if (keptAs(kept) === 'STORED') return decryptSecret(kept, readKeyRing(settings), place)
    if (isOwn(kept, settings)) {
      throw new SecretError(
        `The secret ${place.member} refers to what is Accord's own, ${kept}, which is sent to no other system.`,
      )
    }
    return resolveSecret(kept)
  }
}

/** The one file of the data folder that connections refer to, those of the demo. */
const SANDBOX_SECRET = 'sandbox-client-secret'

/**
 * Accord's own settings, keys and tokens and whatever is in its data folder, wherever they are kept, and by whatever name: a reference to one
 * would send it to whoever is at the address.
 */
function isOwn(reference: string, { dataDirectory, secrets }: KeySettings): boolean {
  const [, kind, name = ''] = REFERENCE.exec(reference) ?? []
  const keys = [
    ...[secrets.key, secrets.previousKeys].flatMap((given) => given?.split(/[\s,]+/) ?? []),
    ...(secrets.others ?? []),
  ]
  const named = (which: string): readonly string[] =>
    keys.flatMap((key) => {
      const [, how, place] = REFERENCE.exec(key) ?? []
      return how === which && place !== undefined ? [place] : []
    })
  if (kind === 'env')
    return [...Object.values(SETTINGS).map(({ variable }) => variable), ...named('env')].includes(name)
  if (kind !== 'file') return false
  const file = realPath(name)
  const data = `${realPath(dataDirectory)}${sep}`
  return (
    (file.startsWith(data) && file !== `${data}${SANDBOX_SECRET}`) ||
    named('file').some((path) => realPath(path) === file) ||
    ENVIRONMENT.test(file)
  )
}

const REFERENCE = /^(env|file):(.*)$/s

/** The environment of a process as a file: it holds the settings. */
const ENVIRONMENT = /^\/proc\/.*\benviron$/

/** A file has many names: links lead to it as well. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // What is not there is nothing to be kept; reading it says so.
    return resolve(path)
  }
}

function contextOf({ connectionId, side, member }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([connectionId, side, member]), 'utf8')
}
