import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SecretError } from '../../src/config.js'
import { readKeyRing, secretKeyFile, type KeySettings } from '../../src/secrets/key-ring.js'
import {
  createSecretOpener,
  decryptSecret,
  encryptSecret,
  keptAs,
  type SecretPlace,
} from '../../src/secrets/stored-secret.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const place: SecretPlace = { connectionId: 'one', side: 'LOCAL', member: 'signIn.clientSecret' }
const [key, other] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]

function settings(given: string | null, previousKeys: string | null = null): KeySettings {
  return { dataDirectory: join(folder, 'none'), secrets: { key: given, previousKeys } }
}

test('a stored secret is read again by the key alone, and its text differs each time', () => {
  const ring = readKeyRing(settings(key))
  const kept = encryptSecret('pässword\n', ring, place)
  expect(kept).toMatch(/^encrypted:v1:[0-9a-f]{12}:/)
  expect(kept).not.toContain('pässword')
  expect(encryptSecret('pässword\n', ring, place)).not.toBe(kept)
  expect(createSecretOpener(settings(key))(kept, place)).toBe('pässword\n')
})

test.each<Partial<SecretPlace>>([
  { connectionId: 'another' },
  { side: 'INTEGRATION' },
  { member: 'signIn.password' },
])('a stored secret that was copied to another place is refused: %j', (changed) => {
  const ring = readKeyRing(settings(key))
  const kept = encryptSecret('marked', ring, place)
  expect(() => decryptSecret(kept, ring, { ...place, ...changed })).toThrow(/belongs to another connection/)
})

test('a stored secret that was changed is refused', () => {
  const ring = readKeyRing(settings(key))
  const kept = encryptSecret('marked', ring, place)
  const [start, , end] = [kept.slice(0, -30), kept.slice(-30, -29), kept.slice(-29)]
  const changed = `${start}${kept.at(-30) === 'A' ? 'B' : 'A'}${end}`
  expect(() => decryptSecret(changed, ring, place)).toThrow(SecretError)
})

test('a previous key still decrypts; an unknown one is named by its id, and no key is shown', () => {
  const kept = encryptSecret('marked', readKeyRing(settings(key)), place)
  expect(createSecretOpener(settings(other, key))(kept, place)).toBe('marked')
  const open = () => createSecretOpener(settings(other))(kept, place)
  expect(open).toThrow(new RegExp(`${readKeyRing(settings(key)).current.id}, which is not known here`))
  expect(open).not.toThrow(other.slice(0, 10))
})

test('the key is one of the settings, a file, or that of the data folder; without any it says what to do', () => {
  const file = join(folder, 'key')
  writeFileSync(file, `${key}\n`)
  const id = readKeyRing(settings(key)).current.id
  expect(readKeyRing(settings(`file:${file}`)).current.id).toBe(id)
  writeFileSync(secretKeyFile(folder), `${other}\n${key}\n`)
  const ring = readKeyRing({ ...settings(null), dataDirectory: folder })
  expect(ring.previous.map((previous) => previous.id)).toEqual([id])
  expect(() => readKeyRing(settings(null))).toThrow(/ACCORD_SECRET_KEY/)
  expect(() => readKeyRing(settings('c2hvcnQ='))).toThrow(/32 bytes/)
  expect(() => readKeyRing(settings('c2hvcnQ='))).not.toThrow(/c2hvcnQ/)
})

test('references stay what they are', () => {
  expect(['env:NAME', 'file:/run/secret', 'encrypted:v1:', 'a secret'].map(keptAs)).toEqual([
    'ENVIRONMENT',
    'FILE',
    'STORED',
    null,
  ])
})

test.each([
  'env:ACCORD_SECRET_KEY',
  'env:ACCORD_DATABASE_URL',
  `file:${secretKeyFile(folder)}`,
  `file:${folder}/./api-token`,
  `file:${folder}/postgres/password`,
])("what is Accord's own is sent to no other system: %s", (reference) => {
  const open = createSecretOpener({ ...settings(key), dataDirectory: folder })
  expect(() => open(reference, place)).toThrow("refers to what is Accord's own")
})

test("what is Accord's own has many names", () => {
  const [file, link] = [join(folder, 'mounted-key'), join(folder, 'harmless')]
  writeFileSync(file, key)
  symlinkSync(file, link)
  const token = join(folder, 'mounted-token')
  const open = createSecretOpener({
    dataDirectory: join(folder, 'none'),
    secrets: { key: `file:${file}`, previousKeys: 'env:EARLIER_KEY', others: [`file:${token}`] },
  })
  for (const reference of [
    `file:${token}`,
    `file:${file}`,
    `file:${link}`,
    'env:EARLIER_KEY',
    'file:/proc/self/environ',
  ])
    expect(() => open(reference, place)).toThrow("refers to what is Accord's own")
})
