import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError, loadConfig, resolveSecret, SecretError } from '../../src/config.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('settings', () => {
  test('an empty environment gives the defaults', () => {
    const config = loadConfig({})
    expect(config.dataDirectory).toBe(resolve('.accord'))
    expect(config.databaseUrl).toBeNull()
    expect(config.temporal).toEqual({
      address: null,
      namespace: 'default',
      taskQueue: 'accord',
      uiUrl: null,
    })
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 4000, publicUrl: null, token: null })
    expect(config.engine.commitDelaySeconds).toBe(60)
  })

  test('nobody is asked at a provider of sign-in unless one is named; then by app roles', () => {
    expect(loadConfig({}).signIn).toEqual({ provider: null, sessionHours: 12, auditDays: 730 })
    const { provider } = loadConfig({
      ACCORD_OIDC_ISSUER: 'https://login.microsoftonline.com/contoso/v2.0',
      ACCORD_OIDC_CLIENT_ID: 'accord',
      ACCORD_OIDC_VIEWERS: 'Reader, Auditor',
    }).signIn
    expect(provider).toMatchObject({
      clientSecret: null,
      audience: null,
      roleClaim: 'roles',
      administrators: ['Accord.Administrator'],
      viewers: ['Reader', 'Auditor'],
    })
  })

  test.each([
    ['http://login.example.com', /ACCORD_OIDC_ISSUER/],
    ['https://login.example.com?tenant=1', /ACCORD_OIDC_ISSUER/],
    ['https://login.example.com', /ACCORD_OIDC_CLIENT_ID: It is needed beside ACCORD_OIDC_ISSUER/],
    ['http://127.0.0.1:4500', /ACCORD_OIDC_CLIENT_ID: It is needed/],
  ])('a provider of sign-in at %s, and nothing besides, is refused', (issuer, expected) => {
    expect(() => loadConfig({ ACCORD_OIDC_ISSUER: issuer })).toThrow(expected)
  })

  test.each([
    ['10.0.0.7, 10.1.0.0/16,loopback,::1,fd00::/8', 5],
    ['', 0],
  ])('proxies that are trusted: %s', (value, count) => {
    expect(loadConfig({ ACCORD_TRUSTED_PROXIES: value }).api.trustedProxies).toHaveLength(count)
  })

  test.each(['1', 'true', 'proxy.example.com', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.7/8/9', '::/0'])(
    'proxies that nobody can mean are refused: %s',
    (value) => {
      expect(() => loadConfig({ ACCORD_TRUSTED_PROXIES: value })).toThrow(/ACCORD_TRUSTED_PROXIES/)
    },
  )

  test.each([
    ['https://accord.example.com/', 'https://accord.example.com'],
    ['https://apps.example.com/accord/', 'https://apps.example.com/accord'],
    ['http://localhost:4000/a/b-c', 'http://localhost:4000/a/b-c'],
  ])('people may reach it at %s', (value, expected) => {
    expect(loadConfig({ ACCORD_PUBLIC_URL: value }).api.publicUrl).toBe(expected)
  })

  test.each([
    'https://apps.example.com/accord?x=1',
    'https://apps.example.com/accord#x',
    'https://someone:secret@apps.example.com',
    'https://apps.example.com/ac%2fcord',
    'https://apps.example.com//accord',
    'https://apps.example.com/graphql',
    'https://apps.example.com/hints/x',
    'https://apps.example.com/assets',
    'ftp://apps.example.com',
    'apps.example.com',
  ])('people cannot reach it at %s', (value) => {
    expect(() => loadConfig({ ACCORD_PUBLIC_URL: value })).toThrow(/ACCORD_PUBLIC_URL/)
  })

  test('an empty variable is one that was not set', () => {
    expect(loadConfig({ ACCORD_API_PORT: '', TEMPORAL_ADDRESS: '' })).toEqual(loadConfig({}))
  })

  test('what is set counts', () => {
    const config = loadConfig({
      ACCORD_DATA: '/var/lib/accord',
      ACCORD_DATABASE_URL: 'postgresql://accord:secret@db:5432/accord',
      TEMPORAL_ADDRESS: 'temporal:7233',
      ACCORD_COMMIT_DELAY_SECONDS: '0',
      ACCORD_LOG_LEVEL: 'debug',
    })
    expect(config.dataDirectory).toBe('/var/lib/accord')
    expect(config.databaseUrl).toBe('postgresql://accord:secret@db:5432/accord')
    expect(config.temporal.address).toBe('temporal:7233')
    expect(config.engine.commitDelaySeconds).toBe(0)
    expect(config.logLevel).toBe('debug')
  })

  test('every problem is named at once, with what is expected, and without secrets', () => {
    const load = () =>
      loadConfig({
        ACCORD_API_PORT: '70000',
        ACCORD_PAGE_SIZE: 'many',
        TEMPORAL_ADDRESS: 'http://temporal:7233',
        ACCORD_DATABASE_URL: 'mysql://accord:secret@db/accord',
      })
    expect(load).toThrow(ConfigError)
    expect(load).toThrow(/ACCORD_API_PORT: "70000" is not a port number from 1 to 65535/)
    expect(load).toThrow(/ACCORD_PAGE_SIZE: "many" is not a whole number from 1 to 20000/)
    expect(load).toThrow(/TEMPORAL_ADDRESS: "http:\/\/temporal:7233" is not host:port/)
    expect(load).toThrow(/ACCORD_DATABASE_URL: its value is not postgresql:/)
    expect(load).not.toThrow(/secret/)
  })

  test('settings cannot be changed afterwards', () => {
    const config = loadConfig({})
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.api)).toBe(true)
  })
})

describe('secrets by reference', () => {
  test('env:NAME is an environment variable', () => {
    expect(resolveSecret('env:SALES_SECRET', { SALES_SECRET: 'a:b c' })).toBe('a:b c')
  })

  test('file:PATH is the content of a file, without the line end', () => {
    const file = join(folder, 'secret')
    writeFileSync(file, ' kept as it is \n')
    expect(resolveSecret(`file:${file}`)).toBe(' kept as it is ')
  })

  test.each([
    ['env:SALES_SECRET', /set the environment variable SALES_SECRET/],
    [`file:${join(folder, 'nowhere')}`, /cannot be read/],
    ['hunter2', /env:NAME .* file:PATH/],
    ['env:', /env:NAME .* file:PATH/],
    ['vault:accord', /env:NAME .* file:PATH/],
  ])('%s is refused with what to do', (reference, message) => {
    const read = () => resolveSecret(reference, {})
    expect(read).toThrow(SecretError)
    expect(read).toThrow(message)
  })

  test('a malformed reference, which may be the secret itself, is not repeated', () => {
    expect(() => resolveSecret('hunter2', {})).not.toThrow(/hunter2/)
  })
})
