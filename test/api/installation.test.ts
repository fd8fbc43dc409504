import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInstallation } from '../../src/installation.js'
import { startTestApi, type TestApi } from './support/api.js'

const KEY = Buffer.alloc(32, 7).toString('base64')
let api: TestApi
beforeAll(async () => {
  api = await startTestApi('installation', undefined, undefined, {
    installation: createInstallation(
      { dataDirectory: '/nowhere', secrets: { key: KEY, previousKeys: null } },
      {
        ACCORD_ERROR_DAYS: '30',
        ACCORD_SECRET_KEY: KEY,
        ACCORD_DATABASE_URL: 'postgres://a:b@c/d',
        ACCORD_TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
      },
    ),
  })
})
afterAll(() => api.close())

interface Answer {
  readonly installation: {
    readonly version: string
    readonly settings: readonly { readonly variable: string }[]
    readonly secretKey: { readonly current: string | null }
  }
}

test('settings are told as they hold, secrets never', async () => {
  const { data, errors } = await api.ask<Answer>(
    '{ installation { version settings { variable purpose value isSet isSecret } secretKey { current previous problem } } }',
  )
  expect(errors).toEqual([])
  const { settings, secretKey, version } = data.installation
  const of = (variable: string) => settings.find((one) => one.variable === variable)
  expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  expect(of('ACCORD_ERROR_DAYS')).toMatchObject({ value: '30', isSet: true, isSecret: false })
  expect(of('ACCORD_HISTORY_DAYS')).toMatchObject({ value: '180', isSet: false })
  expect(of('ACCORD_SECRET_KEY')).toMatchObject({ value: null, isSet: true, isSecret: true })
  expect(of('ACCORD_DATABASE_URL')).toMatchObject({ value: null, isSet: true, isSecret: true })
  expect(of('ACCORD_TEMPORAL_UI_URL')).toMatchObject({ value: 'http://127.0.0.1:8233', isSecret: false })
  expect(secretKey).toEqual({ current: expect.stringMatching(/^[0-9a-f]{12}$/), previous: [], problem: null })
  expect(JSON.stringify(data)).not.toContain(KEY)
})

test('where there is no key, what to do is told', () => {
  const { secretKey } = createInstallation({
    dataDirectory: '/nowhere',
    secrets: { key: null, previousKeys: null },
  })
  expect(secretKey()).toMatchObject({
    current: null,
    problem: expect.stringContaining('Set ACCORD_SECRET_KEY'),
  })
})
