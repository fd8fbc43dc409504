import { describe, expect, test } from 'vitest'
import { createTokenSource } from '../../src/connectors/http/token-source.js'
import { createTransport } from '../../src/connectors/http/transport.js'
import { failureOf } from './support/failures.js'
import type { Script } from './support/scripted-server.js'
import { deadAddress, startScriptedServer, tokenAnswer } from './support/scripted-server.js'

const SECRET = 'the-secret-value'
const settings = (tokenUrl: string): Parameters<typeof createTokenSource>[0] => ({
  tokenUrl,
  form: () =>
    Promise.resolve({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: SECRET,
      scope: 'https://example.test/.default',
    }),
  requestTimeout: 5000,
})

async function withSource(
  script: Script,
  use: (
    source: ReturnType<typeof createTokenSource>,
    clock: { now: number },
    calls: () => number,
  ) => Promise<void>,
): Promise<void> {
  await using server = await startScriptedServer(script)
  const transport = createTransport(2)
  const clock = { now: 1_000_000 }
  try {
    const source = createTokenSource(settings(`${server.url}/token`), transport, () => clock.now)
    await use(source, clock, () => server.requests.length)
  } finally {
    await transport.close()
  }
}

function counting(lifetime = 3600): Script {
  let count = 0
  return () => tokenAnswer(`token-${(count += 1)}`, lifetime)
}

test('a token is kept until a minute before its end, and asked for once by all who wait', async () => {
  await withSource(counting(), async (source, clock, calls) => {
    expect(await Promise.all([source.token(), source.token(), source.token()])).toEqual([
      'token-1',
      'token-1',
      'token-1',
    ])
    clock.now += 3_539_000
    expect(await source.token()).toBe('token-1')
    clock.now += 2_000
    expect(await source.token()).toBe('token-2')
    expect(calls()).toBe(2)
  })
})

test('a token of a short life is used for nine tenths of it', async () => {
  await withSource(counting(10), async (source, clock) => {
    expect(await source.token()).toBe('token-1')
    clock.now += 8_900
    expect(await source.token()).toBe('token-1')
    clock.now += 200
    expect(await source.token()).toBe('token-2')
  })
})

test('a refused token is replaced; refusing an older one changes nothing', async () => {
  await withSource(counting(), async (source, _clock, calls) => {
    expect(await source.token()).toBe('token-1')
    source.reject('token-1')
    expect(await Promise.all([source.token(), source.token()])).toEqual(['token-2', 'token-2'])
    source.reject('token-1')
    expect(await source.token()).toBe('token-2')
    expect(calls()).toBe(2)
  })
})

const refusal = (status: number, error: string, number: number, text: string): Script => {
  const body = {
    error,
    error_description: `AADSTS${number}: ${text}\r\nTrace ID: 1\r\nCorrelation ID: 2`,
    error_codes: [number],
  }
  return () => ({ status, headers: { 'retry-after': '7' }, body: JSON.stringify(body) })
}

describe('refusals', () => {
  test.each([
    [401, 'invalid_client', 7000215, 'SETUP', 'wrong', 'value of the client secret'],
    [401, 'invalid_client', 7000222, 'SETUP', 'expired', 'new client secret'],
    [400, 'unauthorized_client', 700016, 'SETUP', 'unknown in this tenant', 'client id'],
    [400, 'invalid_request', 90002, 'SETUP', 'tenant', 'tenant'],
    [400, 'invalid_scope', 70011, 'SETUP', 'scope', '/.default'],
    [400, 'invalid_grant', 53003, 'PERMISSION', 'Conditional Access', 'Exclude'],
    [400, 'invalid_client', 4711, 'SETUP', 'refused', 'client id'],
  ])('%i %s %i', async (status, error, number, errorClass, cause, remedy) => {
    await withSource(refusal(status, error, number, 'Something.'), async (source) => {
      const { failure } = await failureOf(source.token())
      expect(failure).toMatchObject({
        errorClass,
        code: error,
        status,
        message: `No access token: AADSTS${number}: Something.`,
      })
      expect(failure.cause).toContain(cause)
      expect(failure.remedy).toContain(remedy)
      expect(JSON.stringify(failure)).not.toContain(SECRET)
    })
  })

  test.each([
    [429, 'too_many', 'THROTTLED'],
    [503, 'server_error', 'UNAVAILABLE'],
    [400, 'temporarily_unavailable', 'UNAVAILABLE'],
  ])('%i %s passes', async (status, error, errorClass) => {
    await withSource(refusal(status, error, 90055, 'Wait.'), async (source) => {
      const { failure, retryAfter } = await failureOf(source.token())
      expect(failure.errorClass).toBe(errorClass)
      expect(retryAfter).toBe(7000)
    })
  })

  test.each(['<html>', '{}', '{"access_token":"","expires_in":1}', '{"access_token":"x"}', '[]'])(
    'an answer without a token: %s',
    async (body) => {
      await withSource(
        () => ({ body }),
        async (source) => {
          expect((await failureOf(source.token())).failure.errorClass).toBe('SETUP')
        },
      )
    },
  )

  test('the next caller asks again after a failure', async () => {
    let calls = 0
    const script: Script = () => ((calls += 1) === 1 ? 'drop' : tokenAnswer('good'))
    await withSource(script, async (source) => {
      expect((await failureOf(source.token())).failure.errorClass).toBe('UNAVAILABLE')
      expect(await source.token()).toBe('good')
    })
  })

  test('nobody listens', async () => {
    const transport = createTransport(1)
    const source = createTokenSource(settings(await deadAddress()), transport, Date.now)
    const { failure } = await failureOf(source.token())
    expect(failure).toMatchObject({ errorClass: 'UNAVAILABLE', code: 'ECONNREFUSED' })
    await transport.close()
  })
})
