import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../src/embedded/port.js'
import { run } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-usage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('help', () => {
  test.each([
    ['up'],
    ['serve'],
    ['worker'],
    ['sync'],
    ['status'],
    ['sandbox'],
    ['backup'],
    ['restore'],
    ['reset'],
  ])('%s explains itself', async (command) => {
    const { code, output } = await run([command, '--help'])
    expect(code).toBe(0)
    expect(output).toContain(`Usage: accord ${command}`)
  })

  test.each([['export'], ['diff'], ['apply']])('mappings %s explains itself', async (command) => {
    const { code, output } = await run(['mappings', command, '--help'])
    expect(code).toBe(0)
    expect(output).toContain(`Usage: accord mappings ${command}`)
  })

  test('the whole names every command, exit code and setting', async () => {
    const { code, output } = await run(['--help'])
    expect(code).toBe(0)
    expect(output).toContain('sync [options] <mapping>')
    expect(output).toContain('Exit codes: 0 good; 1 failed, as where a name is not known; 2 wrong usage')
    expect(output).toContain('ACCORD_DATABASE_URL')
  })
})

describe('wrong usage ends with 2', () => {
  test.each([
    [['synch'], "unknown command 'synch'"],
    [['sync'], "missing required argument 'mapping'"],
    [['sync', 'CUSTOMER', '--mode', 'everything'], 'Allowed choices are modified, full, unconditional'],
    [['status', '--xml'], "unknown option '--xml'"],
  ])('%j', async (words, message) => {
    const { code, trouble } = await run(words)
    expect(code).toBe(2)
    expect(trouble).toContain(message)
  })

  test('wrong settings, all at once', async () => {
    const { code, trouble } = await run(['status'], { ACCORD_API_PORT: '0', TEMPORAL_ADDRESS: 'nowhere' })
    expect(code).toBe(2)
    expect(trouble).toContain('ACCORD_API_PORT')
    expect(trouble).toContain('TEMPORAL_ADDRESS')
  })

  test('deleting everything without a person to ask, and without --yes', async () => {
    const settings = { ACCORD_DATA: join(folder, 'reset'), ACCORD_API_PORT: String(await findFreePort()) }
    // Makes the token, so that there is something to delete.
    await run(['status'], settings)
    const { code, trouble } = await run(['reset'], settings)
    expect(code).toBe(2)
    expect(trouble).toContain('add --yes')
    expect(await run(['reset', '--yes'], settings)).toMatchObject({ code: 0 })
  })
})

describe('what cannot be done ends with 1 and says what to do', () => {
  test('nothing runs', async () => {
    const port = await findFreePort()
    const { code, trouble } = await run(['status'], { ACCORD_DATA: folder, ACCORD_API_PORT: String(port) })
    expect(code).toBe(1)
    expect(trouble).toContain(`The API at http://127.0.0.1:${port}/graphql does not answer`)
    expect(trouble).toContain('npm start')
  })

  test.each([['serve'], ['worker']])('%s without a database or Temporal', async (command) => {
    const { code, trouble } = await run([command], { ACCORD_DATA: folder })
    expect(code).toBe(1)
    expect(trouble).toContain('ACCORD_DATABASE_URL and TEMPORAL_ADDRESS must be set')
  })

  test('a database that does not answer', async () => {
    const port = await findFreePort()
    const { code, trouble } = await run(['backup', join(folder, 'never')], {
      ACCORD_DATA: folder,
      ACCORD_DATABASE_URL: `postgresql://accord:secret@127.0.0.1:${port}/accord`,
    })
    expect(code).toBe(1)
    expect(trouble).toContain(`The database at postgresql://accord@127.0.0.1:${port}/accord cannot be used`)
    expect(trouble).not.toContain('secret')
  })
})
