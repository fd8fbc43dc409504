import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { MappingDefinition } from '../../src/domain/mapping.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { ConnectionTable } from '../../src/persistence/entities/connection-table.js'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_mapping_settings')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const SETTINGS: Partial<MappingDefinition> = {
  onlyCoupled: true,
  localFilter: {
    kind: 'and',
    filters: [
      { kind: 'compare', field: 'blocked', comparison: 'blank', value: null },
      {
        kind: 'or',
        filters: [
          { kind: 'compare', field: 'city', comparison: 'in', value: ['Bonn', "L'Aquila"] },
          { kind: 'compare', field: 'displayName', comparison: 'beginsWith', value: 'A' },
        ],
      },
    ],
  },
  integrationFilter: null,
  deletionConflictPolicy: 'RESTORE_RECORDS',
  deletionReview: { percent: 2.5, minimum: 3 },
  templates: {
    local: [
      { name: 'DOMESTIC', priority: 1, filter: null, values: { type: 'Company' } },
      {
        name: 'OTHERS',
        priority: 2,
        filter: { kind: 'compare', field: 'name', comparison: '<>', value: null },
        values: { city: null },
      },
    ],
    integration: [],
  },
  coupling: { synchronizeAfterwards: true, createNew: false },
  schedule: { kind: 'cron', expression: '0 6 * * 1-5', timeZone: 'Europe/Berlin' },
  inactivityTimeoutMinutes: null,
  wakeOnChange: false,
  findDeletedHours: 12,
  reconcileSchedule: { kind: 'interval', minutes: 1440 },
  fields: [
    {
      name: 'displayName:name',
      localField: 'displayName',
      integrationField: 'name',
      direction: 'BIDIRECTIONAL',
      transformTo: [{ type: 'TRIM' }],
      owner: 'LOCAL',
      truncate: true,
    },
    {
      name: ':customertypecode',
      localField: null,
      integrationField: 'customertypecode',
      constant: '3',
      direction: 'TO_INTEGRATION_TABLE',
      status: 'DISABLED',
    },
    {
      name: 'type:accountcategorycode',
      localField: 'type',
      integrationField: 'noSuchColumn',
      direction: 'TO_INTEGRATION_TABLE',
      optionMap: [
        { local: 'Company', integration: '1' },
        { local: null, integration: '2' },
      ],
    },
  ],
}

const CUSTOM_FIELDS: MappingDefinition['fields'] = [
  {
    name: 'displayName:name',
    localField: 'displayName',
    integrationField: 'name',
    direction: 'BIDIRECTIONAL',
  },
  { name: 'fax:fax', localField: 'fax', integrationField: 'fax', direction: 'BIDIRECTIONAL' },
]

test('every setting of a mapping is shown, filters as a tree and in words', async () => {
  await rows.mapping({}, SETTINGS)
  const { data, errors } = await api.ask(`{ integrationTableMapping(name: "CUSTOMER") {
    version synchOnlyCoupledRecords localTableCaption integrationTableCaption
    localFilter { and { field comparison value or { field comparison value values } } } localFilterText
    integrationFilter { field } integrationFilterText
    deletionConflictPolicy deletionReview { percent minimum }
    matchRules { priority caseSensitive pairs { localField integrationField } }
    templates { local { name priority filterText values } localText integrationText }
    matchBasedCoupling { synchronizeAfterwards createNew }
    schedule { everyMinutes cron timeZone text } inactivityTimeoutMinutes wakeOnChange findDeletedHours
    reconcileSchedule { everyMinutes cron text }
    userDefined
  } }`)
  expect(errors).toEqual([])
  expect(data['integrationTableMapping']).toEqual({
    version: 1,
    synchOnlyCoupledRecords: true,
    localTableCaption: 'Customer',
    integrationTableCaption: 'Account',
    localFilter: {
      and: [
        { field: 'blocked', comparison: 'BLANK', value: null, or: null },
        {
          field: null,
          comparison: null,
          value: null,
          or: [
            { field: 'city', comparison: 'IN', value: null, values: ['Bonn', "L'Aquila"] },
            { field: 'displayName', comparison: 'BEGINS_WITH', value: 'A', values: null },
          ],
        },
      ],
    },
    localFilterText: "Blocked is blank and (City in ('Bonn', 'L''Aquila') or Name begins with 'A')",
    integrationFilter: null,
    integrationFilterText: null,
    deletionConflictPolicy: 'RESTORE_RECORDS',
    deletionReview: { percent: 2.5, minimum: 3 },
    matchRules: [
      {
        priority: 1,
        caseSensitive: false,
        pairs: [{ localField: 'number', integrationField: 'accountnumber' }],
      },
      { priority: 2, caseSensitive: false, pairs: [{ localField: 'displayName', integrationField: 'name' }] },
    ],
    templates: {
      local: [
        { name: 'DOMESTIC', priority: 1, filterText: null, values: { type: 'Company' } },
        { name: 'OTHERS', priority: 2, filterText: 'Account Name is not blank', values: { city: null } },
      ],
      localText: '2 templates',
      integrationText: '0 templates',
    },
    matchBasedCoupling: { synchronizeAfterwards: true, createNew: false },
    schedule: {
      everyMinutes: null,
      cron: '0 6 * * 1-5',
      timeZone: 'Europe/Berlin',
      text: 'Cron 0 6 * * 1-5 (Europe/Berlin)',
    },
    inactivityTimeoutMinutes: null,
    wakeOnChange: false,
    findDeletedHours: 12,
    reconcileSchedule: { everyMinutes: 1440, cron: null, text: 'Every 1440 minutes' },
    userDefined: false,
  })
})

test('every setting of a field mapping is shown, and why one cannot be carried', async () => {
  const mapping = await rows.mapping({}, SETTINGS)
  const { connectionId } = await api.database.em.fork().findOneOrFail(Mapping, { id: mapping })
  await api.database.em.fork().insert(ConnectionTable, {
    connectionId,
    side: 'INTEGRATION',
    name: 'accounts',
    definition: ACCOUNT,
    readAt: new Date('2026-03-01T09:00:00Z'),
  })
  const { data, errors } = await api.ask<{ integrationTableMapping: { fields: object[] } }>(`{
    integrationTableMapping(name: "CUSTOMER") { fields {
      name localField localCaption integrationField integrationCaption constant direction status unavailable userDefined
      lookupMappings clearValueOnFailedSync notNull transformTo transformFrom optionMap { local integration } owner truncate
      timeZone localCurrencyAmount { currencyField } } } }`)
  expect(errors).toEqual([])
  const plain = {
    constant: null,
    unavailable: null,
    lookupMappings: [],
    clearValueOnFailedSync: false,
    notNull: false,
    transformTo: [],
    transformFrom: [],
    optionMap: null,
    owner: null,
    truncate: false,
    timeZone: null,
    localCurrencyAmount: null,
    status: 'ENABLED',
  }
  expect(data.integrationTableMapping.fields).toMatchObject([
    {
      ...plain,
      name: 'displayName:name',
      localCaption: 'Name',
      integrationCaption: 'Account Name',
      direction: 'BIDIRECTIONAL',
      transformTo: [{ type: 'TRIM' }],
      owner: 'LOCAL',
      truncate: true,
      userDefined: false,
    },
    { ...plain, localField: null, localCaption: null, constant: '3', status: 'DISABLED' },
    {
      ...plain,
      integrationCaption: null,
      unavailable:
        'The table accounts has no field noSuchColumn. Its metadata was read at 2026-03-01T09:00:00.000Z.',
      optionMap: [
        { local: 'Company', integration: '1' },
        { local: null, integration: '2' },
      ],
      userDefined: true,
    },
  ])
})

test('the default mappings have no problems', async () => {
  const connectionId = await rows.connection()
  for (const definition of DEFAULT_MAPPINGS) {
    await rows.mapping({ connectionId, name: definition.name }, definition)
  }
  const { data, errors } = await api.ask<{ integrationTableMappings: { problems: object[] }[] }>(
    '{ integrationTableMappings { name userDefined problems { path message } fields { unavailable } } }',
  )
  expect(errors).toEqual([])
  expect(data.integrationTableMappings).toHaveLength(DEFAULT_MAPPINGS.length)
  for (const mapping of data.integrationTableMappings) {
    expect(mapping).toMatchObject({ userDefined: false, problems: [] })
  }
})

test('a field that only a custom API page has is no problem without one, but told', async () => {
  await rows.mapping({}, { dependsOn: [], fields: CUSTOM_FIELDS })
  const { data, errors } = await api.ask(
    '{ integrationTableMapping(name: "CUSTOMER") { problems { path } warnings { path message } fields { unavailable } } }',
  )
  expect(errors).toEqual([])
  expect(data['integrationTableMapping']).toEqual({
    problems: [],
    warnings: [{ path: 'fields[1]', message: expect.stringContaining('fax:fax is left out of runs') }],
    fields: [{ unavailable: null }, { unavailable: expect.stringContaining('custom API page') }],
  })
})

test('a mapping whose tables are not known says so, and shows the rest', async () => {
  await rows.mapping({ name: 'OWN' }, { localTable: 'widgets' })
  const { data, errors } = await api.ask(
    '{ integrationTableMapping(name: "OWN") { localTableCaption userDefined fields { name localCaption } problems { path message } } }',
  )
  expect(errors).toEqual([])
  expect(data['integrationTableMapping']).toMatchObject({
    localTableCaption: null,
    userDefined: true,
    fields: expect.arrayContaining([{ name: 'displayName:name', localCaption: null }]),
    problems: [{ path: 'localTable', message: expect.stringContaining('systemTables') }],
  })
})
