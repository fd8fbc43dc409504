import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CUSTOMER_MAPPING, DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { MappingVersion } from '../../src/persistence/entities/mapping-version.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_mapping_changes')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

async function mapping(name: string): Promise<Mapping> {
  return api.database.em.fork().findOneOrFail(Mapping, { name })
}

async function versions(name: string): Promise<readonly MappingVersion[]> {
  const { id } = await mapping(name)
  return api.database.em.fork().find(MappingVersion, { mappingId: id }, { orderBy: { version: 'asc' } })
}

/** Every default mapping, so that what one refers to is there. */
async function defaults(): Promise<string> {
  const connectionId = await rows.connection()
  for (const definition of DEFAULT_MAPPINGS) {
    await rows.mapping({ connectionId, name: definition.name }, definition)
  }
  return connectionId
}

function create(input: object, more = ''): Promise<Answer> {
  return api.ask(
    `mutation ($input: IntegrationTableMappingInput!) {
      createIntegrationTableMapping(input: $input${more}) { name version position fields { name status direction } } }`,
    { input },
  )
}

function change(
  mutation: string,
  selection = '{ version }',
  variables: object = {},
  types = '',
): Promise<Answer> {
  return api.ask(`mutation ${types} { ${mutation} ${selection} }`, { ...variables })
}

const LEADS = {
  name: 'LEADS',
  localTable: 'customers',
  integrationTable: 'accounts',
  direction: 'TO_INTEGRATION_TABLE',
  fields: [
    { localField: 'displayName', integrationField: 'name' },
    { integrationField: 'customertypecode', constant: '3' },
  ],
}

describe('a new mapping', () => {
  test('begins paused where that is asked for: no run of it can begin before', async () => {
    await defaults()
    const { errors } = await create(LEADS, ', paused: true')
    expect(errors).toEqual([])
    expect(await mapping('LEADS')).toMatchObject({ pausedAt: expect.any(Date), pausedBy: 'local' })
  })

  test('has defaults where nothing was said, and is version 1 of its author', async () => {
    await defaults()
    const { data, errors } = await create(LEADS, ', author: "anna", note: "for the fair"')
    expect(errors).toEqual([])
    expect(data['createIntegrationTableMapping']).toMatchObject({
      name: 'LEADS',
      version: 1,
      fields: [
        { name: 'displayName:name', status: 'ENABLED', direction: 'TO_INTEGRATION_TABLE' },
        { name: ':customertypecode', status: 'ENABLED', direction: 'TO_INTEGRATION_TABLE' },
      ],
    })
    const made = await mapping('LEADS')
    expect(made.pausedAt ?? null).toBeNull()
    expect(made.definition).toMatchObject({
      onlyCoupled: true,
      conflictDetection: 'TIMESTAMPS',
      schedule: { kind: 'interval', minutes: 30 },
      deletionReview: { percent: 5, minimum: 10 },
    })
    expect(await versions('LEADS')).toMatchObject([{ version: 1, author: 'anna', note: 'for the fair' }])
  })

  test('keeps every setting that is given', async () => {
    await defaults()
    const { errors } = await create({
      ...LEADS,
      synchOnlyCoupledRecords: false,
      integrationFilter: {
        or: [
          { field: 'statecode', comparison: 'EQUAL', value: '0' },
          { field: 'name', comparison: 'IN', values: ['A', 'B'] },
        ],
      },
      deletionConflictPolicy: 'DELETE_COUPLING',
      deletionReview: { percent: 1 },
      matchRules: [{ priority: 1, pairs: [{ localField: 'displayName', integrationField: 'name' }] }],
      templates: { integration: [{ name: 'T', priority: 1, values: { websiteurl: 'x' } }] },
      matchBasedCoupling: { createNew: true },
      schedule: { cron: '0 6 * * *', timeZone: 'UTC' },
      inactivityTimeoutMinutes: null,
      wakeOnChange: false,
      findDeletedHours: null,
      bulkUpdates: true,
      reconcileSchedule: { cron: '0 3 * * 0', timeZone: 'UTC' },
      dependsOn: ['CURRENCY'],
    })
    expect(errors).toEqual([])
    expect((await mapping('LEADS')).definition).toEqual({
      name: 'LEADS',
      localTable: 'customers',
      integrationTable: 'accounts',
      direction: 'TO_INTEGRATION_TABLE',
      onlyCoupled: false,
      localFilter: null,
      integrationFilter: {
        kind: 'or',
        filters: [
          { kind: 'compare', field: 'statecode', comparison: '=', value: '0' },
          { kind: 'compare', field: 'name', comparison: 'in', value: ['A', 'B'] },
        ],
      },
      conflictDetection: 'TIMESTAMPS',
      updateConflictPolicy: 'NONE',
      deletionConflictPolicy: 'DELETE_COUPLING',
      deletionReview: { percent: 1, minimum: 10 },
      fields: [
        {
          name: 'displayName:name',
          localField: 'displayName',
          integrationField: 'name',
          direction: 'TO_INTEGRATION_TABLE',
        },
        {
          name: ':customertypecode',
          localField: null,
          integrationField: 'customertypecode',
          constant: '3',
          direction: 'TO_INTEGRATION_TABLE',
        },
      ],
      matchRules: [
        {
          priority: 1,
          caseSensitive: false,
          pairs: [{ localField: 'displayName', integrationField: 'name' }],
        },
      ],
      templates: {
        local: [],
        integration: [{ name: 'T', priority: 1, filter: null, values: { websiteurl: 'x' } }],
      },
      coupling: { synchronizeAfterwards: false, createNew: true },
      schedule: { kind: 'cron', expression: '0 6 * * *', timeZone: 'UTC' },
      inactivityTimeoutMinutes: null,
      wakeOnChange: false,
      findDeletedHours: null,
      bulkUpdates: true,
      reconcileSchedule: { kind: 'cron', expression: '0 3 * * 0', timeZone: 'UTC' },
      dependsOn: ['CURRENCY'],
    })
  })

  test('comes behind those it depends on', async () => {
    const connectionId = await rows.connection()
    await rows.mapping({ connectionId, name: 'CUSTOMER', position: 0 }, { dependsOn: ['LEADS'] })
    await create(LEADS)
    expect((await mapping('LEADS')).position).toBeLessThan((await mapping('CUSTOMER')).position)
  })

  test('with everything wrong is refused with every problem, and not made', async () => {
    await defaults()
    const { errors } = await create({
      ...LEADS,
      localFilter: { field: 'city', comparison: 'IN', value: 'Bonn' },
      integrationFilter: { and: [], field: 'x' },
      schedule: { everyMinutes: 5, cron: '* * * * *' },
      templates: { local: [{ name: 'T', priority: 1, values: { city: 7 } }] },
      fields: [{ localField: '', direction: null, optionMap: [{ local: 'a' }] }],
    })
    expect(errors).toHaveLength(1)
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const problems = errors[0]?.extensions['problems'] as { argument: string; message: string }[]
    expect(problems.map((problem) => problem.argument).toSorted()).toEqual([
      'input.fields[0].direction',
      'input.fields[0].localField',
      'input.fields[0].optionMap[0].integration',
      'input.integrationFilter',
      'input.localFilter.value',
      'input.localFilter.values',
      'input.schedule',
      'input.schedule.timeZone',
      'input.templates.local[0].values.city',
    ])
    expect(await api.database.em.fork().count(Mapping, { name: 'LEADS' })).toBe(0)
  })

  test('needs a name that is free, an author, and a connection that is meant', async () => {
    await defaults()
    expect((await create({ ...LEADS, name: 'CUSTOMER' })).errors).toMatchObject([
      { extensions: { problems: [{ argument: 'input.name' }] } },
    ])
    expect((await create(LEADS, ', connection: "Fabrikam"')).errors).toMatchObject([
      { message: expect.stringContaining('Contoso'), extensions: { code: 'NOT_FOUND' } },
    ])
    await rows.connection({ name: 'Fabrikam' })
    expect((await create(LEADS)).errors).toMatchObject([
      { extensions: { problems: [{ argument: 'connection' }] } },
    ])
    expect((await create(LEADS, ', author: " "')).errors).toMatchObject([
      { extensions: { problems: [{ argument: 'author' }] } },
    ])
  })
})

describe('field mappings', () => {
  test('are added disabled, changed, and removed; each is a version', async () => {
    await defaults()
    const name = 'name: "CUSTOMER", author: "anna"'
    const fields = '{ version fields { name status direction truncate } }'
    const added = await change(
      `addIntegrationFieldMapping(${name}, input: { localField: "number", integrationField: "accountnumber" })`,
      fields,
    )
    expect(added.errors).toEqual([])
    const after = added.data['addIntegrationFieldMapping'] as { fields: object[] }
    expect(after.fields.at(-1)).toEqual({
      name: 'number:accountnumber',
      status: 'DISABLED',
      direction: 'BIDIRECTIONAL',
      truncate: false,
    })
    const changed = await change(
      `updateIntegrationFieldMapping(${name}, field: "number:accountnumber", input: { status: ENABLED, direction: TO_INTEGRATION_TABLE, truncate: true })`,
      fields,
    )
    expect(changed.errors).toEqual([])
    expect((changed.data['updateIntegrationFieldMapping'] as { fields: object[] }).fields.at(-1)).toEqual({
      name: 'number:accountnumber',
      status: 'ENABLED',
      direction: 'TO_INTEGRATION_TABLE',
      truncate: true,
    })
    const removed = await change(
      `removeIntegrationFieldMapping(${name}, field: "number:accountnumber")`,
      fields,
    )
    expect(removed.errors).toEqual([])
    expect((await mapping('CUSTOMER')).definition.fields).toEqual(CUSTOMER_MAPPING.fields)
    expect((await versions('CUSTOMER')).map((version) => version.version)).toEqual([1, 2, 3, 4])
  })

  test('that make no sense are refused, with what is wrong with them', async () => {
    await defaults()
    const refused = await change(
      'addIntegrationFieldMapping(name: "CUSTOMER", input: { localField: "nummer", integrationField: "creditlimit", status: ENABLED, notNull: true })',
    )
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: expect.arrayContaining([expect.anything()]) } },
    ])
    const problems = refused.errors[0]?.extensions['problems'] as { argument: string; message: string }[]
    expect(problems).toContainEqual({
      argument: 'input.localField',
      message: expect.stringContaining("has no field 'nummer'"),
    })
    const twice = await change(
      'addIntegrationFieldMapping(name: "CUSTOMER", input: { localField: "displayName", integrationField: "name" })',
    )
    expect(twice.errors[0]?.extensions['problems']).toEqual([
      { argument: 'input', message: expect.stringContaining('fields[0]') },
    ])
    expect(await versions('CUSTOMER')).toHaveLength(1)
  })

  test('that do not exist are told, with those that do', async () => {
    await defaults()
    for (const mutation of [
      'removeIntegrationFieldMapping(name: "CUSTOMER", field: "name")',
      'updateIntegrationFieldMapping(name: "CUSTOMER", field: "name", input: { truncate: true })',
    ]) {
      expect((await change(mutation)).errors).toMatchObject([
        { message: expect.stringContaining('displayName:name'), extensions: { code: 'NOT_FOUND' } },
      ])
    }
  })
})

test('a change on an older version is refused, and says who changed what since', async () => {
  await defaults()
  const update = 'updateIntegrationTableMapping(name: "CUSTOMER", input: { direction: TO_INTEGRATION_TABLE }'
  expect((await change(`${update}, version: 1, author: "anna", note: "one way")`)).errors).toEqual([])
  const { errors } = await change(
    'updateIntegrationTableMapping(name: "CUSTOMER", input: { wakeOnChange: false }, version: 1, author: "bert")',
  )
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('version 2 by anna at 20'),
      extensions: {
        code: 'CONFLICTING_STATE',
        version: 2,
        changes: [
          {
            version: 2,
            author: 'anna',
            note: 'one way',
            changes: [{ path: 'direction', before: 'BIDIRECTIONAL', after: 'TO_INTEGRATION_TABLE' }],
          },
        ],
      },
    },
  ])
  expect((await mapping('CUSTOMER')).definition.wakeOnChange).toBe(true)
  expect((await change(`${update}, version: 7)`)).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'version' }] } },
  ])
})

test('what was wrong before keeps nobody from changing something else', async () => {
  await rows.mapping({ name: 'CUSTOMER' })
  const { data, errors } = await change(
    'updateIntegrationTableMapping(name: "CUSTOMER", input: { wakeOnChange: false })',
    '{ wakeOnChange problems { path message } }',
  )
  expect(errors).toEqual([])
  expect(data['updateIntegrationTableMapping']).toMatchObject({
    wakeOnChange: false,
    problems: expect.arrayContaining([
      { path: 'dependsOn[0]', message: expect.stringContaining('There is no mapping') },
    ]),
  })
})

test('what works and deserves a second look is told beside', async () => {
  await defaults()
  const { data, errors } = await change(
    'updateIntegrationTableMapping(name: "CUSTOMER", input: { deletionConflictPolicy: DELETE_COUPLING, synchOnlyCoupledRecords: false })',
    '{ version warnings { path message } lastChange { consequences } }',
  )
  expect(errors).toEqual([])
  expect(data['updateIntegrationTableMapping']).toMatchObject({
    version: 2,
    warnings: expect.arrayContaining([
      {
        path: 'deletionConflictPolicy',
        message: expect.stringContaining('Synch. Only Coupled Records is unchecked.'),
      },
    ]),
    lastChange: { consequences: [expect.stringContaining('created on the other side')] },
  })
})

test('a change that changes nothing is no version', async () => {
  await defaults()
  await change('updateIntegrationTableMapping(name: "CUSTOMER", input: { wakeOnChange: true })')
  expect(await versions('CUSTOMER')).toHaveLength(1)
})

test('of many who change at once by the version they saw, one succeeds', async () => {
  await defaults()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      change(
        `updateIntegrationTableMapping(name: "CUSTOMER", input: { inactivityTimeoutMinutes: ${index + 1} }, version: 1)`,
      ),
    ),
  )
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
  expect(await versions('CUSTOMER')).toHaveLength(2)
})

describe('the default setup', () => {
  test('replaces own changes only once that is confirmed, and can be undone', async () => {
    await defaults()
    await change(
      'updateIntegrationTableMapping(name: "CUSTOMER", input: { conflictDetection: FIELDS, direction: TO_INTEGRATION_TABLE })',
    )
    const refused = await change('resetIntegrationTableMapping(name: "CUSTOMER")')
    expect(refused.errors).toMatchObject([
      {
        extensions: {
          code: 'CONFIRMATION_REQUIRED',
          changes: [
            { path: 'direction', before: 'TO_INTEGRATION_TABLE', after: 'BIDIRECTIONAL' },
            { path: 'conflictDetection', before: 'FIELDS', after: 'TIMESTAMPS' },
          ],
          consequences: [expect.stringContaining('FROM_INTEGRATION_TABLE')],
        },
      },
    ])
    const reset = await change('resetIntegrationTableMapping(name: "CUSTOMER", confirm: true)')
    expect(reset.errors).toEqual([])
    expect((await mapping('CUSTOMER')).definition).toEqual(CUSTOMER_MAPPING)
    const restored = await change(
      'restoreIntegrationTableMappingVersion(name: "CUSTOMER", restore: 2)',
      '{ version conflictDetection lastChange { note changes { text } } }',
    )
    expect(restored.data['restoreIntegrationTableMappingVersion']).toEqual({
      version: 4,
      conflictDetection: 'FIELDS',
      lastChange: {
        note: 'Version 2 restored.',
        changes: [
          { text: 'direction: BIDIRECTIONAL -> TO_INTEGRATION_TABLE' },
          { text: 'conflictDetection: TIMESTAMPS -> FIELDS' },
        ],
      },
    })
  })

  test('needs no confirmation where nothing is lost', async () => {
    await defaults()
    expect((await change('resetIntegrationTableMapping(name: "CUSTOMER")')).errors).toEqual([])
    expect(await versions('CUSTOMER')).toHaveLength(1)
  })

  test('is not there for a mapping of one’s own', async () => {
    await defaults()
    await create(LEADS)
    expect((await change('resetIntegrationTableMapping(name: "LEADS", confirm: true)')).errors).toMatchObject(
      [{ message: expect.stringContaining('CUSTOMER'), extensions: { code: 'NOT_FOUND' } }],
    )
    expect(
      (await change('restoreIntegrationTableMappingVersion(name: "LEADS", restore: 9)')).errors,
    ).toMatchObject([{ extensions: { problems: [{ argument: 'restore' }] } }])
  })
})

describe('deleting a mapping', () => {
  const remove = (more = ''): Promise<Answer> =>
    change(`deleteIntegrationTableMapping(name: "LEADS"${more})`, '{ name couplings }')

  test('with couplings says how many, and waits for confirmation', async () => {
    const connectionId = await rows.connection()
    const id = await rows.mapping({ connectionId, name: 'LEADS' })
    await rows.coupling(id)
    await rows.coupling(id)
    await rows.error(id)
    expect((await remove()).errors).toMatchObject([
      {
        message: expect.stringContaining('2 couplings'),
        extensions: { code: 'CONFIRMATION_REQUIRED', couplings: 2 },
      },
    ])
    const { data, errors } = await remove(', confirm: true')
    expect(errors).toEqual([])
    expect(data['deleteIntegrationTableMapping']).toEqual({ name: 'LEADS', couplings: 2 })
    expect(await api.database.em.fork().count(Mapping, {})).toBe(0)
  })

  test('is refused while a run is under way, or another mapping refers to it', async () => {
    const connectionId = await rows.connection()
    const id = await rows.mapping({ connectionId, name: 'LEADS' })
    const user = await rows.mapping({ connectionId, name: 'CUSTOMER' }, { dependsOn: ['LEADS'] })
    expect((await remove()).errors).toMatchObject([
      { extensions: { code: 'CONFLICTING_STATE', mappings: ['CUSTOMER'] } },
    ])
    await api.database.em.fork().nativeDelete(Mapping, { id: user })
    await rows.run(id, { status: 'RUNNING', finishedAt: null })
    expect((await remove(', confirm: true')).errors).toMatchObject([
      { extensions: { code: 'CONFLICTING_STATE' } },
    ])
    expect(await api.database.em.fork().count(Mapping, {})).toBe(1)
  })
})

test('the versions of a mapping say who changed what, and what follows', async () => {
  await defaults()
  await change(
    'updateIntegrationTableMapping(name: "CUSTOMER", author: "anna", note: "Sales asked", input: { localFilter: null, dependsOn: ["CURRENCY", "SALESPEOPLE", "PAYMENT TERMS", "SHIPMENT METHOD"], schedule: { everyMinutes: 5 } })',
  )
  await change(
    'updateIntegrationFieldMapping(name: "CUSTOMER", field: "displayName:name", input: { owner: LOCAL })',
  )
  const { data, errors } = await api.ask(`{ integrationTableMappingVersions(name: "CUSTOMER", first: 2) {
    version author note changes { path before after text } consequences document } }`)
  expect(errors).toEqual([])
  expect(data['integrationTableMappingVersions']).toEqual([
    {
      version: 3,
      author: 'local',
      note: null,
      changes: [
        {
          path: 'fields[displayName:name].owner',
          before: null,
          after: 'LOCAL',
          text: 'fields[displayName:name].owner: none -> LOCAL',
        },
      ],
      consequences: [],
      document: expect.objectContaining({ name: 'CUSTOMER' }),
    },
    {
      version: 2,
      author: 'anna',
      note: 'Sales asked',
      changes: [
        {
          path: 'localFilter',
          before: { field: 'blocked', comparison: 'blank' },
          after: null,
          text: 'localFilter: blocked is blank -> no filter',
        },
        {
          path: 'schedule',
          before: { everyMinutes: 30 },
          after: { everyMinutes: 5 },
          text: 'schedule: {"everyMinutes":30} -> {"everyMinutes":5}',
        },
        {
          path: 'dependsOn',
          before: CUSTOMER_MAPPING.dependsOn,
          after: ['CURRENCY', 'SALESPEOPLE', 'PAYMENT TERMS', 'SHIPMENT METHOD'],
          text: `dependsOn: ${CUSTOMER_MAPPING.dependsOn.join(', ')} -> CURRENCY, SALESPEOPLE, PAYMENT TERMS, SHIPMENT METHOD`,
        },
      ],
      consequences: [expect.stringContaining('full synchronization')],
      document: expect.objectContaining({ localFilter: null }),
    },
  ])
  const older = await api.ask(
    '{ integrationTableMappingVersions(name: "CUSTOMER", before: 2) { version changes { path } } }',
  )
  expect(older.data['integrationTableMappingVersions']).toEqual([{ version: 1, changes: [] }])
})

test('runs and jobs say which version they carried out', async () => {
  const id = await rows.mapping()
  await rows.job(id, await rows.run(id, { mappingVersion: 3 }))
  const { data, errors } = await api.ask(
    '{ synchRuns { mappingVersion } integrationSynchJobs { nodes { mappingVersion } } }',
  )
  expect(errors).toEqual([])
  expect(data).toEqual({
    synchRuns: [{ mappingVersion: 3 }],
    integrationSynchJobs: { nodes: [{ mappingVersion: 3 }] },
  })
})
