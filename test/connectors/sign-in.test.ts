import { execFileSync } from 'node:child_process'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './support/failures.js'
import { BUSINESS_CENTRAL, DATAVERSE, withRig } from './support/rig.js'
import { startScriptedServer, tokenAnswer, type ReceivedRequest } from './support/scripted-server.js'

const DATE = 'Mon, 01 Jun 2026 10:00:00 GMT'
const answerClock = () => ({ body: '{"value":[]}', headers: { date: DATE } })
const SCOPE = 'https://example.test/.default'

/** A self-signed certificate for this machine with its key, both PEM. */
let folder = ''
let certificate = ''
let privateKey = ''
let otherKey = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'accord-sign-in-'))
  const make = (name: string): void => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
    const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)]
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
      {
        stdio: 'ignore',
      },
    )
  }
  make('one')
  make('other')
  certificate = readFileSync(join(folder, 'one.crt'), 'utf8')
  privateKey = readFileSync(join(folder, 'one.key'), 'utf8')
  otherKey = readFileSync(join(folder, 'other.key'), 'utf8')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Reads the clock with this sign-in and gives what the service and the token endpoint were asked. */
async function asked(signIn: (tokenUrl: string) => object): Promise<{
  readonly service: ReceivedRequest
  readonly form: URLSearchParams | null
  readonly tokenUrl: string
}> {
  await using tokens = await startScriptedServer(() => tokenAnswer('the-token'))
  const tokenUrl = `${tokens.url}/tenant/oauth2/v2.0/token`
  let service: ReceivedRequest | null = null
  const answer = (request: ReceivedRequest) => {
    service = request
    return answerClock()
  }
  await withRig(DATAVERSE, answer, ({ connector }) => connector.readClock().then(() => undefined), {
    settings: { signIn: signIn(tokenUrl) },
  })
  const [first] = tokens.requests
  if (service === null) throw new Error('Nothing was asked.')
  return { service, form: first === undefined ? null : new URLSearchParams(first.body), tokenUrl }
}

describe('kinds of sign-in', () => {
  test('a certificate proves who we are by an assertion that Microsoft Entra can verify', async () => {
    const { service, form, tokenUrl } = await asked((url) => ({
      kind: 'certificate',
      tokenUrl: url,
      clientId: 'the-client',
      certificate,
      privateKey,
      scope: SCOPE,
    }))
    expect(service.headers.authorization).toBe('Bearer the-token')
    expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    expect(form?.has('client_secret')).toBe(false)
    const assertion = form?.get('client_assertion') ?? ''
    const thumbprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '')
    expect(decodeProtectedHeader(assertion)).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': Buffer.from(thumbprint, 'hex').toString('base64url'),
    })
    const expected = { audience: tokenUrl, issuer: 'the-client', subject: 'the-client' }
    const { payload } = await jwtVerify(assertion, createPublicKey(certificate), expected)
    expect(Number(payload.exp) - Number(payload.nbf)).toBeLessThanOrEqual(600)
    expect(payload.jti).toMatch(/./)
  })

  test('a key of another certificate is a matter of setup, told before anything is sent', async () => {
    const signIn = (tokenUrl: string) => ({
      kind: 'certificate',
      tokenUrl,
      clientId: 'c',
      certificate,
      privateKey: otherKey,
      scope: SCOPE,
    })
    const error = await failureOf(asked(signIn))
    expect(error.failure).toMatchObject({ errorClass: 'SETUP' })
    expect(error.failure.message).toContain('does not belong')
    expect(JSON.stringify(error.failure)).not.toContain('PRIVATE KEY')
  })

  test('a user with password asks the token endpoint in the name of the application', async () => {
    const { service, form } = await asked((tokenUrl) => ({
      kind: 'password',
      tokenUrl,
      clientId: 'the-client',
      username: 'integration@contoso.test',
      password: 'pässword',
      scope: SCOPE,
    }))
    expect(Object.fromEntries(form ?? [])).toEqual({
      grant_type: 'password',
      client_id: 'the-client',
      username: 'integration@contoso.test',
      password: 'pässword',
      scope: SCOPE,
    })
    expect(service.headers.authorization).toBe('Bearer the-token')
  })

  test.each([
    [{ kind: 'basic', username: 'user', password: 'pässword' }, `Basic ${btoa('user:pÃ¤ssword')}`],
    [{ kind: 'bearer', token: 'given' }, 'Bearer given'],
    [{ kind: 'none' }, undefined],
  ])('$kind asks no token endpoint', async (signIn, authorization) => {
    const { service, form } = await asked(() => signIn)
    expect(service.headers.authorization).toBe(authorization)
    expect(form).toBeNull()
  })

  test('a refused password is not tried again, as that would lock the account', async () => {
    let calls = 0
    const answer = () => {
      calls += 1
      return { status: 401, body: '{}' }
    }
    const settings = { signIn: { kind: 'basic', username: 'user', password: 'wrong' } }
    await withRig(
      BUSINESS_CENTRAL,
      answer,
      async ({ connector }) => {
        expect((await failureOf(connector.readClock())).failure.errorClass).toBe('SETUP')
      },
      { settings },
    )
    expect(calls).toBe(1)
  })
})

describe('Business Central', () => {
  test('calls are shared out among its registered applications in turn', async () => {
    const names = ['one', 'two', 'three']
    const basic = (username: string) => ({ kind: 'basic', username, password: 'p' })
    const users: string[] = []
    const answer = ({ headers }: ReceivedRequest) => {
      users.push(atob(headers.authorization?.slice('Basic '.length) ?? '').split(':', 1)[0] ?? '')
      return answerClock()
    }
    const settings = { signIn: basic('one'), furtherSignIns: [basic('two'), basic('three')] }
    await withRig(
      BUSINESS_CENTRAL,
      answer,
      async ({ connector }) => {
        for (let call = 0; call < 6; call += 1) await connector.readClock()
      },
      { settings },
    )
    expect(users).toEqual([...names, ...names])
  })

  test('on-premises every request names the tenant, links of the service once', async () => {
    const paths: string[] = []
    const answer = ({ path }: ReceivedRequest) => {
      paths.push(path)
      return answerClock()
    }
    const settings = { tenant: 'default two' }
    await withRig(
      BUSINESS_CENTRAL,
      answer,
      async ({ connector, table, server }) => {
        await connector.readClock()
        await connector.readIds(table, `${server.url}/api/v2.0/customers?tenant=other&$skiptoken=1`)
      },
      { settings },
    )
    const service = paths.filter((path) => !path.startsWith('/token'))
    expect(service[0]).toMatch(/[?&]tenant=default%20two$/)
    expect(service.at(-1)).toBe('/api/v2.0/customers?tenant=other&$skiptoken=1')
  })
})

describe('the way there', () => {
  test('an authority of one’s own is trusted where the settings name it, and only there', async () => {
    const server = createSecureServer({ cert: certificate, key: privateKey }, (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', date: DATE }).end('{"value":[]}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/api/data/v9.2`
    const read = (further: object): Promise<unknown> =>
      withRig(DATAVERSE, answerClock, ({ connector }) => connector.readClock().then(() => undefined), {
        settings: { url, signIn: { kind: 'none' }, ...further },
      })
    await read({ certificateAuthorities: certificate })
    expect((await failureOf(read({}))).failure).toMatchObject({ errorClass: 'SETUP' })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  test('a proxy is asked for a way to the service, with its own credentials', async () => {
    const tunnels: { readonly target: string; readonly authorization: string | undefined }[] = []
    const sockets = new Set<Socket>()
    const proxy = createServer().on('connect', ({ url = '', headers }, socket, head) => {
      tunnels.push({ target: url, authorization: headers['proxy-authorization'] })
      const [host = '', port = ''] = url.split(':')
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onward.write(head)
        onward.pipe(socket).pipe(onward)
      })
      sockets.add(onward).add(socket as Socket)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const settings = { proxy: proxyUrl, proxySignIn: { username: 'out', password: 'there' } }
    await withRig(
      DATAVERSE,
      answerClock,
      async ({ connector, server }) => {
        await connector.readClock()
        expect(tunnels.length).toBeGreaterThan(0)
        for (const tunnel of tunnels) {
          expect(tunnel).toEqual({
            target: new URL(server.url).host,
            authorization: `Basic ${btoa('out:there')}`,
          })
        }
      },
      { settings },
    )
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => proxy.close(resolve))
  })
})
