import { expect, test } from 'vitest'
import { createLogger } from '../../src/log.js'

test('what holds a secret is hidden in a log, wherever it stands', () => {
  const lines: string[] = []
  const logger = createLogger('test', 'trace', { write: (line: string) => lines.push(line) })
  const settings = { url: 'https://example.com', signIn: { clientId: 'accord', clientSecret: 'MARK' } }
  logger.error(
    {
      password: 'MARK',
      headers: { authorization: 'Bearer MARK' },
      connection: { localSystem: { settings } },
      err: Object.assign(new Error('failed'), { settings, token: 'MARK' }),
      list: [settings],
    },
    'A line',
  )
  expect(lines.join('')).not.toContain('MARK')
  expect(lines.join('')).toContain('"clientId":"accord"')
})
