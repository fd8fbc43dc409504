import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RehearsalReport } from '../../src/domain/rehearsal-report.js'
import { Rehearsal } from '../../src/persistence/entities/rehearsal.js'
import { startTestApi, TOKEN, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { until } from '../chaos/support/until.js'
import { run, start, type Finished } from './support.js'

let api: TestApi
let folder: string
beforeAll(async () => {
  api = await startTestApi('cli_rehearse')
  folder = mkdtempSync(join(tmpdir(), 'accord-rehearse-'))
  await new Rows(api.database).mapping()
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await api.close()
})

const settings = () => ({
  ACCORD_DATA: folder,
  ACCORD_API_PORT: new URL(api.url).port,
  ACCORD_API_TOKEN: TOKEN,
})

async function exported(change: (text: string) => string): Promise<string> {
  const path = join(folder, 'customer.yaml')
  const { output } = await run(['mappings', 'export', '--mapping', 'CUSTOMER'], settings())
  writeFileSync(path, change(output))
  return path
}

const REPORT: RehearsalReport = {
  changes: 12,
  differing: 2,
  from: '2026-03-01T10:00:00.000Z',
  to: '2026-03-02T10:00:00.000Z',
  entersFilter: 0,
  leavesFilter: 1,
  fields: [
    {
      side: 'INTEGRATION',
      field: 'address1_city',
      kind: 'VALUE',
      count: 2,
      examples: [
        {
          writeId: '11111111-2222-3333-4444-000000000001',
          localId: '11111111-2222-3333-4444-000000000002',
          integrationId: '11111111-2222-3333-4444-000000000003',
          localName: 'Adatum',
          integrationName: 'Adatum',
          field: 'address1_city',
          kind: 'VALUE',
          before: 'Bergen',
          after: null,
          failure: null,
          readNow: false,
        },
      ],
    },
  ],
  decided: 4,
  decisions: [{ kind: 'NEW_CONFLICT', count: 3, examples: [] }],
  notRehearsed: [{ reason: 'Decisions about creations.', count: 8 }],
}

test('a file is rehearsed: what would differ is printed, and the mapping stays as it is', async () => {
  const path = await exported((text) => text)
  const command = start(['rehearse', path, '--last', '12'], settings())
  const em = () => api.database.em.fork()
  await until('the rehearsal is asked for', async () => (await em().count(Rehearsal, { last: 12 })) === 1)
  await em().nativeUpdate(Rehearsal, { last: 12 }, { status: 'COMPLETED', result: REPORT })

  const { code, output, trouble } = await command.ended

  expect(trouble).toBe('')
  expect(code).toBe(0)
  expect(output).toContain('CUSTOMER, beside version 1: 2 of 12 recorded changes differ')
  expect(output).toContain("  Address 1: City: another value, 2\n    Adatum: 'Bergen' -> blank")
  expect(output).toContain('  would be a conflict: 3')
  expect(output).toContain('  1 of records that leave the filter')
  expect(output).toContain('  Not rehearsed, 8: Decisions about creations.')
})

test('a file with a mistake is refused at its place', async () => {
  const path = await exported((text) => text.replace(/^direction: \w+/m, 'direction: SIDEWAYS'))
  const refused: Finished = await run(['rehearse', path], settings())
  expect(refused.code).toBe(2)
  expect(refused.trouble).toMatch(/customer\.yaml:\d+:\d+: direction: /)
})
