import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CURRENCY_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { MappingVersion } from '../../src/persistence/entities/mapping-version.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_apply_mappings')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  await rows.mapping({ name: 'CURRENCY' }, CURRENCY_MAPPING)
})
afterAll(() => api.close())

function apply(mappings: readonly unknown[], more = ''): Promise<Answer> {
  return api.ask(
    `mutation ($mappings: [JSONObject!]!) { applyIntegrationTableMappings(mappings: $mappings${more}) {
      name action version changes { text } } }`,
    { mappings },
  )
}

async function document(name: string): Promise<Record<string, unknown>> {
  const { data } = await api.ask<{ integrationTableMapping: { document: Record<string, unknown> } }>(
    `{ integrationTableMapping(name: "${name}") { document } }`,
  )
  return data.integrationTableMapping.document
}

async function names(): Promise<readonly string[]> {
  const found = await api.database.em.fork().find(Mapping, {}, { orderBy: { position: 'asc' } })
  return found.map((mapping) => mapping.name)
}

/** Refers to one another: each can be judged only together with the other. */
const FIRST = {
  name: 'FIRST',
  localTable: 'customers',
  integrationTable: 'accounts',
  direction: 'TO_INTEGRATION_TABLE',
  fields: [{ localField: 'displayName', integrationField: 'name' }],
}
const SECOND = { ...FIRST, name: 'SECOND', dependsOn: ['FIRST'] }

test('documents are applied together, in whatever order they refer to one another', async () => {
  const { data, errors } = await apply([SECOND, FIRST])
  expect(errors).toEqual([])
  expect(data['applyIntegrationTableMappings']).toEqual([
    { name: 'SECOND', action: 'CREATED', version: 1, changes: [] },
    { name: 'FIRST', action: 'CREATED', version: 1, changes: [] },
  ])
  expect(await names()).toEqual(['CURRENCY', 'FIRST', 'SECOND'])
})

test('what is shown is what can be applied, and changes nothing', async () => {
  const { data } = await apply([await document('CURRENCY')])
  expect(data['applyIntegrationTableMappings']).toEqual([
    { name: 'CURRENCY', action: 'UNCHANGED', version: 1, changes: [] },
  ])
})

test('one wrong document keeps all from being applied, and every problem of all is told', async () => {
  const currency = { ...(await document('CURRENCY')), wakeOnChange: false }
  const { errors } = await apply([
    currency,
    { ...FIRST, dependsOn: ['NOBODY'], schedule: { everyMinutes: 0 } },
    { ...SECOND, fields: [{ localField: 'nummer', integrationField: 'name' }] },
  ])
  const problems = errors[0]?.extensions['problems'] as { argument: string }[]
  expect(problems.map(({ argument }) => argument)).toEqual([
    'mappings[1].schedule.everyMinutes',
    'mappings[1].dependsOn[0]',
    'mappings[2].fields[0].localField',
  ])
  expect(await names()).toEqual(['CURRENCY'])
  expect(await api.database.em.fork().count(MappingVersion, {})).toBe(1)
})

test('a choice that there is not hides no other problem, in its own document or another one', async () => {
  const { errors } = await apply([
    {
      ...FIRST,
      direction: 'BOTH',
      updateConflictPolicy: 'WHOEVER',
      dependsOn: ['NOBODY'],
      fields: [{ localField: 'nummer', integrationField: 'name', status: 'ON' }],
    },
    { ...SECOND, fields: [{ localField: 'numer', integrationField: 'name' }] },
  ])
  const problems = errors[0]?.extensions['problems'] as { argument: string }[]
  expect(problems.map(({ argument }) => argument).sort()).toEqual([
    'mappings[0].dependsOn[0]',
    'mappings[0].direction',
    'mappings[0].fields[0].localField',
    'mappings[0].fields[0].status',
    'mappings[0].updateConflictPolicy',
    'mappings[1].fields[0].localField',
  ])
  expect(await names()).toEqual(['CURRENCY'])
})

test('a dry run tells the same, and does nothing', async () => {
  const currency = { ...(await document('CURRENCY')), wakeOnChange: false }
  const { data } = await apply([currency, FIRST], ', dryRun: true')
  expect(data['applyIntegrationTableMappings']).toEqual([
    { name: 'CURRENCY', action: 'CHANGED', version: 2, changes: [{ text: 'wakeOnChange: true -> false' }] },
    { name: 'FIRST', action: 'CREATED', version: 1, changes: [] },
  ])
  expect(await names()).toEqual(['CURRENCY'])
  expect(await api.database.em.fork().count(MappingVersion, {})).toBe(1)
})

test('a mapping given twice, none at all, and another table are refused', async () => {
  expect((await apply([FIRST, FIRST])).errors).toMatchObject([
    { extensions: { problems: [{ argument: 'mappings[1].name' }] } },
  ])
  expect((await apply([])).errors).toMatchObject([{ extensions: { problems: [{ argument: 'mappings' }] } }])
  expect((await apply([{ ...FIRST, name: 'CURRENCY' }])).errors).toMatchObject([
    {
      extensions: {
        problems: [{ argument: 'mappings[0].localTable' }, { argument: 'mappings[0].integrationTable' }],
      },
    },
  ])
})

test('text that PostgreSQL cannot hold is refused where it stands', async () => {
  const { errors } = await apply([
    { ...FIRST, fields: [{ integrationField: 'name', constant: 'a\0b' }], dependsOn: ['\ud800'] },
  ])
  expect(errors).toMatchObject([
    {
      extensions: {
        code: 'BAD_USER_INPUT',
        problems: expect.arrayContaining([
          { argument: 'mappings[0].fields[0].constant', message: expect.any(String) },
          { argument: 'mappings[0].dependsOn[0]', message: expect.any(String) },
        ]),
      },
    },
  ])
})
