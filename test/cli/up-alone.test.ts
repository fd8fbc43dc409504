import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assertPortFree, findFreePort } from '../../src/embedded/port.js'
import { createTestDatabase, temporalAddress } from '../support/environment.js'
import { run, start } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-alone-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('without the demo there are neither sandboxes nor connections, and a key for stored secrets', async () => {
  const database = await createTestDatabase('up_alone')
  const settings: Record<string, string> = {
    ACCORD_DATA: join(folder, 'data'),
    ACCORD_DEMO: 'off',
    ACCORD_DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress(),
    ACCORD_TASK_QUEUE: 'up-alone',
    ACCORD_API_PORT: String(await findFreePort()),
    ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT: String(await findFreePort()),
  }
  const up = start(['up'], settings)
  try {
    await up.waitForOutput('Accord runs')
    expect(up.output).not.toContain('sandbox')
    await assertPortFree(
      Number(settings['ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT']),
      'the sandbox',
      'ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT',
    )
    expect((await run(['connections', 'list'], settings)).output).toContain('There is no connection yet')
    const key = join(folder, 'data', 'secret-key')
    expect(existsSync(key)).toBe(true)
    expect(statSync(key).mode & 0o077).toBe(0)
  } finally {
    up.child.kill('SIGINT')
    await up.ended
    await database.drop()
  }
})
