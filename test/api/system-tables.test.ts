import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import type { TableDefinition } from '../../src/domain/schema.js'
import { ConnectionTableList } from '../../src/persistence/entities/connection-table-list.js'
import { ConnectionTable } from '../../src/persistence/entities/connection-table.js'
import type { DescribeTablesInput } from '../../src/workflows/messages.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_system_tables')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const READ_AT = new Date('2026-03-01T09:00:00Z')

const WIDGET: TableDefinition = {
  system: 'BUSINESS_CENTRAL',
  name: 'widgets',
  caption: 'Widget',
  keyField: 'id',
  stampField: 'lastModifiedDateTime',
  stampResolution: 1,
  nameField: 'displayName',
  page: '',
  fields: [
    { name: 'displayName', caption: 'Name', type: { kind: 'text', maxLength: 50 }, required: true },
    { name: 'price', caption: 'Price', type: { kind: 'decimal', scale: 2, nullable: false } },
    { name: 'state', caption: 'State', type: { kind: 'option', members: ['Open', 'Closed'] } },
    { name: 'customerId', caption: 'Customer', type: { kind: 'lookup', table: 'customers' }, readOnly: true },
    { name: 'picture', caption: 'Picture', type: { kind: 'unsupported', name: 'Edm.Stream' } },
  ],
}

/** A worker as it would read these tables of either system. */
function readsThese(...tables: readonly TableDefinition[]): void {
  api.tableReader.behave(async ({ connectionId, side, table }: DescribeTablesInput) => {
    const em = api.database.em.fork()
    if (table === null) {
      const named = tables.map(({ name, caption }) => ({ name, caption }))
      await em.upsert(ConnectionTableList, { connectionId, side, tables: named, readAt: READ_AT })
      return { failure: null }
    }
    const definition = tables.find((candidate) => candidate.name === table)
    if (definition === undefined) {
      const message = `There is no table ${table}.`
      return { failure: { errorClass: 'SETUP', message, cause: 'Why.', remedy: 'Choose another table.' } }
    }
    await em.upsert(ConnectionTable, { connectionId, side, name: table, definition, readAt: READ_AT })
    return { failure: null }
  })
}

test('the tables of a system are read once, again when asked to, and name their mappings', async () => {
  await rows.mapping()
  readsThese(WIDGET, { ...WIDGET, name: 'customers', caption: 'Customer' })
  const list = '{ systemTables(side: LOCAL) { readAt tables { name caption mappings } } }'
  const { data, errors } = await api.ask(list)
  expect(errors).toEqual([])
  expect(data['systemTables']).toEqual({
    readAt: READ_AT.toISOString(),
    tables: [
      { name: 'widgets', caption: 'Widget', mappings: [] },
      { name: 'customers', caption: 'Customer', mappings: ['CUSTOMER'] },
    ],
  })
  await api.ask(list)
  expect(api.tableReader.asked).toHaveLength(1)
  readsThese(WIDGET)
  const again = await api.ask('{ systemTables(side: LOCAL, refresh: true) { tables { name } } }')
  expect(again.data['systemTables']).toEqual({ tables: [{ name: 'widgets' }] })
})

test('the fields of a table say what they hold, and which cannot be mapped', async () => {
  await rows.connection()
  readsThese(WIDGET)
  const { data, errors } = await api.ask(`{ systemTable(side: LOCAL, name: "widgets") { name caption fields {
    name caption type maxLength scale members lookupTable readOnly createOnly required customApi mappable reasonNotMappable } } }`)
  expect(errors).toEqual([])
  const plain = {
    maxLength: null,
    scale: null,
    members: null,
    lookupTable: null,
    readOnly: false,
    createOnly: false,
    required: false,
    customApi: false,
    mappable: true,
    reasonNotMappable: null,
  }
  expect(data['systemTable']).toEqual({
    name: 'widgets',
    caption: 'Widget',
    fields: [
      { ...plain, name: 'displayName', caption: 'Name', type: 'TEXT', maxLength: 50, required: true },
      { ...plain, name: 'price', caption: 'Price', type: 'DECIMAL', scale: 2 },
      { ...plain, name: 'state', caption: 'State', type: 'OPTION', members: ['Open', 'Closed'] },
      {
        ...plain,
        name: 'customerId',
        caption: 'Customer',
        type: 'LOOKUP',
        lookupTable: 'customers',
        readOnly: true,
      },
      {
        ...plain,
        name: 'picture',
        caption: 'Picture',
        type: 'UNSUPPORTED',
        mappable: false,
        reasonNotMappable: expect.stringContaining('Edm.Stream'),
      },
    ],
  })
})

test('fields of like names and types are suggested, each once', async () => {
  await rows.connection()
  readsThese(WIDGET, ACCOUNT, {
    ...WIDGET,
    name: 'gadgets',
    fields: [
      { name: 'price', caption: 'Amount', type: { kind: 'text', maxLength: 10 } },
      { name: 'state', caption: 'State of it', type: { kind: 'option', members: [] } },
      { name: 'title', caption: 'Name', type: { kind: 'text', maxLength: 10 } },
      { name: 'name', caption: 'Name', type: { kind: 'text', maxLength: 10 } },
      { name: 'picture', caption: 'Picture', type: { kind: 'unsupported', name: 'Image' } },
    ],
  })
  const { data, errors } =
    await api.ask(`{ suggestFieldMappings(localTable: "widgets", integrationTable: "gadgets") {
    localField integrationField reason equal } }`)
  expect(errors).toEqual([])
  expect(data['suggestFieldMappings']).toEqual([
    { localField: 'state', integrationField: 'state', reason: 'Equal names.', equal: true },
    { localField: 'displayName', integrationField: 'title', reason: 'Equal captions.', equal: true },
  ])
})

describe('what cannot be read', () => {
  test('is told with its remedy', async () => {
    await rows.connection()
    readsThese()
    const { errors } = await api.ask('{ systemTable(side: LOCAL, name: "widgets") { name } }')
    expect(errors).toMatchObject([
      {
        message: 'There is no table widgets. Choose another table.',
        extensions: { code: 'SYSTEM_FAILURE', errorClass: 'SETUP', remedy: 'Choose another table.' },
      },
    ])
  })

  test('says that no worker runs', async () => {
    await rows.connection()
    const { errors } = await api.ask('{ systemTables(side: INTEGRATION) { readAt } }')
    expect(errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
    api.tableReader.behave(async () => {
      throw new Error('connect ECONNREFUSED')
    })
    expect((await api.ask('{ systemTables(side: INTEGRATION) { readAt } }')).errors).toMatchObject([
      { message: expect.stringContaining('Temporal'), extensions: { code: 'ENGINE_UNAVAILABLE' } },
    ])
  })
})

describe('a mapping of a table that Accord does not know yet', () => {
  const create = (localTable: string) =>
    api.ask(
      `mutation ($input: IntegrationTableMappingInput!) { createIntegrationTableMapping(input: $input) { localTableCaption } }`,
      {
        input: {
          name: 'WIDGET',
          localTable,
          integrationTable: 'accounts',
          direction: 'TO_INTEGRATION_TABLE',
          fields: [{ localField: 'displayName', integrationField: 'name' }],
        },
      },
    )

  test('has it read first', async () => {
    await rows.connection()
    readsThese(WIDGET)
    const { data, errors } = await create('widgets')
    expect(errors).toEqual([])
    expect(data['createIntegrationTableMapping']).toEqual({ localTableCaption: 'Widget' })
    expect(api.tableReader.asked).toMatchObject([{ side: 'LOCAL', table: 'widgets' }])
  })

  test('is refused with what the system says of it', async () => {
    await rows.connection()
    readsThese(WIDGET)
    expect((await create('gadgets')).errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          problems: [{ argument: 'input.localTable', message: expect.stringContaining('gadgets') }],
        },
      },
    ])
  })
})
