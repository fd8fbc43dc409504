import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { MappingVersion } from '../../src/persistence/entities/mapping-version.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { startTestApi, TOKEN, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { run, type Finished } from './support.js'

let api: TestApi
let rows: Rows
let folder: string

beforeAll(async () => {
  api = await startTestApi('cli_mappings')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'accord-mappings-'))
  await api.reset()
  const connectionId = await rows.connection()
  for (const definition of DEFAULT_MAPPINGS) {
    await rows.mapping({ connectionId, name: definition.name }, definition)
  }
  return () => rmSync(folder, { recursive: true, force: true })
})
afterAll(() => api.close())

/** The command line of another machine: it knows the API's address and token, and nothing else. */
function accord(...words: string[]): Promise<Finished> {
  return run(['mappings', ...words], {
    ACCORD_DATA: folder,
    ACCORD_API_PORT: new URL(api.url).port,
    ACCORD_API_TOKEN: TOKEN,
  })
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function exported(name: string): Promise<string> {
  const path = join(folder, `${name}.yaml`)
  expect(await accord('export', '--mapping', name, '-o', path)).toMatchObject({ code: 0 })
  return path
}

function edit(path: string, ...changes: readonly (readonly [string, string])[]): void {
  const text = changes.reduce(
    (before, [from, to]) => {
      expect(before).toContain(from)
      return before.replace(from, to)
    },
    readFileSync(path, 'utf8'),
  )
  writeFileSync(path, text)
}

async function versions(name: string): Promise<readonly MappingVersion[]> {
  const em = api.database.em.fork()
  const { id } = await em.findOneOrFail(Mapping, { name })
  return em.find(MappingVersion, { mappingId: id }, { orderBy: { version: 'asc' } })
}

describe('what was exported', () => {
  test('to a folder is a file each, equal to the mappings, and applying it changes nothing', async () => {
    const place = join(folder, 'mappings')
    expect(await accord('export', '-o', place)).toMatchObject({ code: 0 })
    const files = readdirSync(place).map((name) => join(place, name))
    expect(files).toHaveLength(DEFAULT_MAPPINGS.length)
    const compared = await accord('diff', ...files)
    expect(compared.trouble).toBe('')
    expect(compared.code).toBe(0)
    expect(compared.output).toContain('CUSTOMER: equal')
    const applied = await accord('apply', ...files)
    expect(applied.code).toBe(0)
    expect(applied.output).toContain('CUSTOMER: unchanged, version 1')
    expect(await versions('CUSTOMER')).toHaveLength(1)
  })

  test('to the screen is one stream that is read back', async () => {
    const { output, code } = await accord('export', '--mapping', 'CUSTOMER', 'CURRENCY')
    expect(code).toBe(0)
    const compared = await accord('diff', file('all.yaml', output))
    expect(compared.code).toBe(0)
    expect(compared.output.split('\n').toSorted()).toEqual(['', 'CURRENCY: equal', 'CUSTOMER: equal'])
  })
})

describe('a file that was changed', () => {
  test('differs, which the exit code tells, and changes nothing yet', async () => {
    const path = await exported('CUSTOMER')
    edit(path, ['direction: BIDIRECTIONAL\n\n', 'direction: TO_INTEGRATION_TABLE\n\n'])
    const { code, output, trouble } = await accord('diff', path)
    expect(code).toBe(1)
    expect(output).toContain('CUSTOMER:\n  direction: BIDIRECTIONAL -> TO_INTEGRATION_TABLE')
    expect(trouble).toContain('1 of 1 mapping differ')
    expect(await versions('CUSTOMER')).toHaveLength(1)
  })

  test('becomes a version of its author; a dry run only tells', async () => {
    const path = await exported('CUSTOMER')
    edit(path, ['# findDeletedHours: 24', 'findDeletedHours: 6'])
    const dry = await accord('apply', path, '--dry-run')
    expect(dry).toMatchObject({ code: 0 })
    expect(dry.output).toContain('CUSTOMER: would become version 2\n  findDeletedHours: 24 -> 6')
    expect(await versions('CUSTOMER')).toHaveLength(1)
    const { code, output } = await accord('apply', path, '--author', 'anna', '--note', 'asked for')
    expect(code).toBe(0)
    expect(output).toContain('CUSTOMER: now version 2')
    expect(await versions('CUSTOMER')).toMatchObject([
      { version: 1 },
      { version: 2, author: 'anna', note: 'asked for', definition: { findDeletedHours: 6 } },
    ])
  })

  test('of a mapping that is not there creates it, with defaults for what it leaves out', async () => {
    const path = file(
      'leads.yaml',
      `name: LEADS
localTable: customers
integrationTable: accounts
direction: TO_INTEGRATION_TABLE
fields:
  - { localField: displayName, integrationField: name }
`,
    )
    expect((await accord('diff', path)).output).toBe('LEADS: there is no such mapping yet\n')
    expect((await accord('apply', path)).output).toContain('LEADS: created')
    expect((await accord('diff', path)).code).toBe(0)
  })
})

describe('what is wrong is told at its place in the file', () => {
  test('in structure and in sense, in every file, and nothing is applied', async () => {
    const right = await exported('CURRENCY')
    edit(right, ['# findDeletedHours: 24', 'findDeletedHours: 6'])
    const wrong = file(
      'wrong.yaml',
      `name: LEADS
localTable: customers
integrationTable: accounts
direction: SIDEWAYS
wakeOnchange: true
localFilter:
  and:
    - { field: city, comparison: '=', value: 5 }
fields:
  - localField: displayName
    integrationField: name
    notNull: often
`,
    )
    const { code, trouble } = await accord('apply', right, wrong)
    expect(code).toBe(2)
    expect(
      trouble
        .split('\n')
        .filter((line) => line !== '')
        .toSorted(),
    ).toEqual([
      `${wrong}:12:5: fields[0].notNull: Expected true or false, got "often".`,
      `${wrong}:4:1: direction: Expected one of BIDIRECTIONAL, TO_INTEGRATION_TABLE, FROM_INTEGRATION_TABLE; got "SIDEWAYS".`,
      `${wrong}:5:1: wakeOnchange: There is no such setting.`,
      expect.stringContaining(`${wrong}:8:39: localFilter.and[0].value: Expected text`),
    ])
    expect(await versions('CURRENCY')).toHaveLength(1)
  })

  test('as the validation of mappings sees it', async () => {
    const path = await exported('CUSTOMER')
    edit(
      path,
      ['- localField: displayName', '- localField: nummer'],
      ["value: '3' }\n\n", 'value: Gold }\n\n'],
    )
    const { code, trouble } = await accord('apply', path)
    expect(code).toBe(2)
    const lines = readFileSync(path, 'utf8').split('\n')
    const at = (text: string): string => {
      const line = lines.findIndex((candidate) => candidate.includes(text))
      return `${path}:${line + 1}:${(lines[line] ?? '').indexOf(text) + 1}`
    }
    expect(trouble).toContain(`${at('localField: nummer')}: fields[0].localField: `)
    expect(trouble).toContain(`${at('value: Gold')}: integrationFilter.and[1].value: `)
  })

  test('where it is not YAML, not a mapping, or not there', async () => {
    const broken = file('broken.yaml', 'name: A\n  direction: B\n')
    const list = file('list.yaml', '- CUSTOMER\n')
    const empty = file('empty.yaml', '# nothing\n')
    const { code, trouble } = await accord('diff', broken, list, empty, join(folder, 'none.yaml'))
    expect(code).toBe(2)
    expect(trouble).toContain(`${broken}:1:7: `)
    expect(trouble).toContain(`${list}:1:1: Expected the settings of a mapping`)
    expect(trouble).toContain(`${empty}: There is no mapping in it.`)
    expect(trouble).toContain(`${join(folder, 'none.yaml')}: It cannot be read`)
  })
})

describe('wrong usage', () => {
  test('an unknown mapping is told with those that exist', async () => {
    const { code, trouble } = await accord('export', '--mapping', 'CUSTOMERS')
    expect(code).toBe(1)
    expect(trouble).toContain('There is no mapping CUSTOMERS. Mappings: ')
  })

  test('several connections ask for one', async () => {
    await rows.mapping({ connectionId: await rows.connection({ name: 'Fabrikam' }) })
    expect(await accord('export')).toMatchObject({
      code: 2,
      trouble: expect.stringContaining('Name one with --connection'),
    })
    const { code, output } = await accord('export', '--connection', 'Fabrikam')
    expect(code).toBe(0)
    expect(output).toContain('name: CUSTOMER')
  })

  test('nothing that answers is no difference', async () => {
    const path = await exported('CUSTOMER')
    const { code, trouble } = await run(['mappings', 'diff', path], {
      ACCORD_DATA: folder,
      ACCORD_API_PORT: '9',
      ACCORD_API_TOKEN: TOKEN,
    })
    expect(code).toBe(2)
    expect(trouble).toContain('does not answer')
  })
})
