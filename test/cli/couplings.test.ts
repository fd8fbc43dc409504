import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, TOKEN, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { run, type Finished } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-couplings-'))
let api: TestApi
let rows: Rows
let mapping: string

beforeAll(async () => {
  api = await startTestApi('cli_couplings')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  mapping = await rows.mapping({}, CUSTOMER_MAPPING)
})
afterAll(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

const accord = (...words: string[]): Promise<Finished> =>
  run(words, {
    ACCORD_DATA: folder,
    ACCORD_API_PORT: new URL(api.url).port,
    ACCORD_API_TOKEN: TOKEN,
  })

test('couple waits for the end and tells what was coupled, and what could not be', async () => {
  const message = 'Failed to couple 1 record(s), because no unique uncoupled matching entity was found.'
  api.runControl.behave(async (runId) => {
    await rows.job(mapping, runId, { coupled: 3, unchanged: 3, failed: 1 })
    await api.database.em
      .fork()
      .nativeUpdate(SynchRun, { id: runId }, { status: 'COMPLETED', message, finishedAt: new Date() })
  })
  const { code, output } = await accord('couple', 'CUSTOMER', '--create-new')
  expect(code).toBe(0)
  expect(output).toMatch(/Coupled {2}Inserted.*\n\s+3 /)
  expect(output).toContain(message)
  const [requested] = await api.database.em.fork().find(SynchRun, {})
  expect(requested).toMatchObject({
    mode: 'COUPLE',
    coupling: { createNew: true, synchronizeAfterwards: false },
  })
})

test('uncouple tells the number and does nothing without --yes', async () => {
  await rows.coupling(mapping)
  await rows.coupling(mapping)
  const asked = await accord('uncouple', 'CUSTOMER')
  expect(asked.code).toBe(2)
  expect(asked.trouble).toContain('CUSTOMER has 2 couplings')
  const done = await accord('uncouple', 'CUSTOMER', '--yes')
  expect(done).toMatchObject({ code: 0 })
  expect(done.output).toContain('Deleted 2 couplings of CUSTOMER.')
  expect((await accord('uncouple', 'NOBODY', '--yes')).code).toBe(1)
})
