import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { SharedConnectors } from '../../src/connector-source.js'
import { SecretError } from '../../src/config.js'
import { Lane } from '../../src/domain/lane.js'
import type { Connection } from '../../src/persistence/entities/connection.js'

const HOUR = 3_600_000

function connection(url = 'https://one.example.com/api/v2.0'): Connection {
  const signIn = {
    kind: 'clientSecret',
    tokenUrl: 'https://login.example.com/token',
    clientId: 'accord',
    clientSecret: 'file:/run/secret',
    scope: 'https://api.example.com/.default',
  }
  return {
    id: 'contoso',
    name: 'contoso',
    localSystem: { kind: 'BUSINESS_CENTRAL', settings: { url, signIn } },
    integrationSystem: { kind: 'DATAVERSE', settings: {} },
  } as unknown as Connection
}

function start() {
  const at = { now: 0, secret: 'first' as string | null }
  const shared = new SharedConnectors(
    () => {
      if (at.secret === null) throw new SecretError('The secret file:/run/secret cannot be read: it is gone.')
      return at.secret
    },
    pino({ level: 'silent' }),
    { admit: async () => ({ release: () => undefined }) },
    () => at.now,
  )
  return { at, shared }
}

test('one connector serves all callers until settings or secret change', async () => {
  const { at, shared } = start()
  const first = shared.of(connection(), 'LOCAL', Lane.live)
  expect(shared.of(connection(), 'LOCAL', Lane.live)).toBe(first)
  at.secret = 'second'
  const second = shared.of(connection(), 'LOCAL', Lane.live)
  expect(second).not.toBe(first)
  expect(shared.of(connection('https://two.example.com/api/v2.0'), 'LOCAL', Lane.live)).not.toBe(second)
  await shared.close()
})

test('a connector that was replaced is closed when no step can hold it any more; one in use stays', async () => {
  const { at, shared } = start()
  const closed = vi.spyOn(shared.of(connection(), 'LOCAL', Lane.live), 'close')
  at.secret = 'second'
  const inUse = vi.spyOn(shared.of(connection(), 'LOCAL', Lane.live), 'close')
  expect(closed).not.toHaveBeenCalled()
  at.now = HOUR / 4
  shared.of(connection(), 'LOCAL', Lane.live)
  at.now = HOUR * 0.6
  shared.of(connection(), 'LOCAL', Lane.live)
  expect(closed).toHaveBeenCalledTimes(1)
  expect(inUse).not.toHaveBeenCalled()
  await shared.close()
  expect(inUse).toHaveBeenCalledTimes(1)
})

test('the secrets of a connection that nobody asks for are let go', async () => {
  const { at, shared } = start()
  const idle = vi.spyOn(shared.of(connection(), 'LOCAL', Lane.live), 'close')
  at.now = HOUR
  shared.closeIdle()
  expect(idle).toHaveBeenCalledTimes(1)
  await shared.close()
})

test('a secret that cannot be had is a failure of the setup, which names the connection', () => {
  const { at, shared } = start()
  at.secret = null
  expect(() => shared.of(connection(), 'LOCAL', Lane.live)).toThrow(
    'A secret of the connection contoso cannot be used.',
  )
})
