import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { askFor } from '../../src/cli/connections/read-secrets.js'
import { UsageError } from '../../src/cli/exit-codes.js'

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\nvQIB\n-----END PRIVATE KEY-----'

test('secrets are asked for one after the other; a key that is pasted is read to its last line', async () => {
  const terminal = new PassThrough()
  const asked = askFor(['local.signIn.privateKey', 'integration.password'], terminal)
  terminal.write(`${KEY}\n`)
  terminal.write('s3cret\n')
  expect([...(await asked)]).toEqual([
    ['local.signIn.privateKey', KEY],
    ['integration.password', 's3cret'],
  ])
})

test.each(['\u0003', '\u0004'])('giving up (%j) changes nothing', async (key) => {
  const terminal = new PassThrough()
  const asked = askFor(['local.password'], terminal)
  terminal.write(key)
  await expect(asked).rejects.toThrow(UsageError)
})
