import { describe, expect, test } from 'vitest'
import { ConnectorSettingsError, createConnector } from '../../src/connectors/create-connector.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import type { SystemKind } from '../../src/domain/schema.js'

const good = {
  url: 'https://org.crm4.dynamics.com/api/data/v9.2/',
  signIn: {
    kind: 'clientSecret',
    tokenUrl: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token',
    clientId: 'client',
    clientSecret: 'secret-value',
    scope: 'https://org.crm4.dynamics.com/.default',
  },
}

function problemsOf(kind: SystemKind, settings: unknown): readonly string[] {
  try {
    createConnector(kind, settings)
  } catch (error) {
    if (error instanceof ConnectorSettingsError) return error.problems
    throw error
  }
  return []
}

describe('settings', () => {
  test('defaults fill what is left out, and a slash at the end does no harm', async () => {
    const connector = createConnector('DATAVERSE', good)
    expect(connector).toMatchObject({
      kind: 'DATAVERSE',
      maximumFlight: 600_000,
    })
    expect(connector.recordUrl(ACCOUNT, 'x')).not.toContain('v9.2//')
    await connector.close()
  })

  test('every problem is named at once, and no value is repeated', () => {
    const problems = problemsOf('BUSINESS_CENTRAL', {
      ...good,
      signIn: { ...good.signIn, clientId: '', clientSecrett: 'secret-value' },
      companyId: 'CRONUS',
      requestTimeout: -1,
      concurrency: 9,
    })
    const text = problems.join('\n')
    for (const name of ['url', 'clientId', 'companyId', 'requestTimeout', 'concurrency', 'clientSecrett']) {
      expect(text).toContain(name)
    }
    expect(text).not.toContain('secret-value')
  })

  test.each([
    ['http://org.crm4.dynamics.com/api/data/v9.2', false],
    ['http://localhost:4000/api/data/v9.2', true],
    ['http://127.0.0.1:4000/api/data/v9.2', true],
    ['http://127.0.0.1.example.com/api/data/v9.2', false],
    ['ftp://localhost/api/data/v9.2', false],
    ['org.crm4.dynamics.com/api/data/v9.2', false],
    ['https://org.crm4.dynamics.com', false],
  ])('%s is fine: %s', (url, fine) => {
    expect(problemsOf('DATAVERSE', { ...good, url }).length === 0).toBe(fine)
  })

  test.each([null, undefined, 'x', []])('%j is no settings', (settings) => {
    expect(problemsOf('DATAVERSE', settings).length).toBeGreaterThan(0)
  })
})
