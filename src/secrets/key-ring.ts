import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { resolveSecret, SecretError } from '../secrets.js'

/** A key for stored secrets. Its id is a fingerprint: it says which key a secret was encrypted with, and nothing about the key. */
export interface SecretKey {
  readonly id: string
  readonly bytes: Buffer
}

/** The key that encrypts, and those that only decrypt what was encrypted before. */
export interface KeyRing {
  readonly current: SecretKey
  readonly previous: readonly SecretKey[]
}

/** Where the keys are: settings as they were given, and the folder of the key that `accord up` makes. */
export interface KeySettings {
  readonly dataDirectory: string
  readonly secrets: {
    readonly key: string | null
    readonly previousKeys: string | null
    /** Accord's other secrets as they were set: no connection may refer to where they are. */
    readonly others?: readonly string[]
  }
}

const KEY_BYTES = 32
const REFERENCE = /^(?:env|file):/

/** The key that `accord up` makes once, readable by its owner alone. Its first line is the key in use, further ones are previous keys. */
export const secretKeyFile = (dataDirectory: string): string => join(dataDirectory, 'secret-key')

/**
 * The keys for stored secrets: those of the settings, else those of the data folder. They are read each time, so that a new key
 * is known without a restart and none is kept in memory.
 * @throws SecretError where there is no key, or something that is none; never with a part of a key
 */
export function readKeyRing({ dataDirectory, secrets }: KeySettings): KeyRing {
  const file = secretKeyFile(dataDirectory)
  const given = secrets.key ?? (existsSync(file) ? `file:${file}` : null)
  if (given === null) {
    throw new SecretError(
      'There is no key for stored secrets. Set ACCORD_SECRET_KEY to the same 32 bytes in base64 for the API and every worker ' +
        '("openssl rand -base64 32" makes them), or give each secret as a reference, env:NAME or file:PATH.',
    )
  }
  const [current, ...previous] = [
    ...keysOf('ACCORD_SECRET_KEY', given),
    ...(secrets.previousKeys === null ? [] : keysOf('ACCORD_SECRET_KEY_PREVIOUS', secrets.previousKeys)),
  ]
  if (current === undefined) throw new SecretError('ACCORD_SECRET_KEY holds no key.')
  return { current, previous }
}

/** The key of that id, whether in use or previous. */
export function keyOf(ring: KeyRing, id: string): SecretKey | undefined {
  return [ring.current, ...ring.previous].find((key) => key.id === id)
}

function keysOf(setting: string, given: string): readonly SecretKey[] {
  return given.split(/[\s,]+/).flatMap((word) => {
    if (word === '') return []
    const text = REFERENCE.test(word) ? resolveSecret(word) : word
    return text
      .split(/[\s,]+/)
      .filter((part) => part !== '')
      .map((part) => parseKey(setting, part))
  })
}

function parseKey(setting: string, text: string): SecretKey {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== KEY_BYTES || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) {
    throw new SecretError(
      `${setting} holds something that is no key: expected ${KEY_BYTES} bytes in base64, as "openssl rand -base64 32" makes them.`,
    )
  }
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 12), bytes }
}
