import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConnectorError } from '../../src/connectors/connector.js'
import { BUSINESS_CENTRAL_TABLES, CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT, ACCOUNT_PAYMENT_TERMS, DATAVERSE_TABLES } from '../../src/domain/catalog/dataverse.js'
import { withoutCustomApi } from '../../src/domain/catalog/available.js'
import type { FieldDefinition, TableDefinition } from '../../src/domain/schema.js'
import { failureOf } from './support/failures.js'
import type { Bench, TestSandbox } from './support/sandbox.js'
import { benchFor, startTestSandbox, writeAll } from './support/sandbox.js'

const CUSTOM_API = 'accord/synchronization/v1.0'
let sandbox: TestSandbox
let standard: Bench
let custom: Bench
let dataverse: Bench

beforeAll(async () => {
  sandbox = await startTestSandbox()
  standard = await benchFor('BUSINESS_CENTRAL', sandbox.running)
  custom = await benchFor('BUSINESS_CENTRAL', sandbox.running, { customApi: CUSTOM_API })
  dataverse = await benchFor('DATAVERSE', sandbox.running)
})
afterAll(async () => {
  for (const bench of [standard, custom, dataverse]) await bench.connector.close()
  await sandbox[Symbol.asyncDispose]()
})

const field = (table: TableDefinition, name: string): FieldDefinition | undefined =>
  table.fields.find((candidate) => candidate.name === name)

describe('the catalog is what the systems say of themselves', () => {
  test.each(BUSINESS_CENTRAL_TABLES.map((table) => table.name))('Business Central: %s', async (name) => {
    const known = BUSINESS_CENTRAL_TABLES.find((table) => table.name === name)
    const described = await custom.connector.describeTable(name)
    expect({ ...described, fields: [] }).toEqual({ ...known, fields: [] })
    expect(described.fields.slice(0, known?.fields.length)).toEqual(known?.fields)
  })

  test.each(DATAVERSE_TABLES.map((table) => table.name))('Dataverse: %s', async (name) => {
    const known = DATAVERSE_TABLES.find((table) => table.name === name)
    const described = await dataverse.connector.describeTable(name)
    expect({ ...described, fields: [] }).toEqual({ ...known, fields: [] })
    expect(described.fields.slice(0, known?.fields.length)).toEqual(known?.fields)
  })
})

describe('fields that only a custom API page has', () => {
  test('are there where the settings name the page, and only there', async () => {
    expect(await standard.connector.describeTable('customers')).toMatchObject({
      fields: expect.arrayContaining([...withoutCustomApi(CUSTOMER).fields]) as unknown,
    })
    const table = await standard.connector.describeTable('customers')
    expect(field(table, 'contactName')).toBeUndefined()
    expect(field(await custom.connector.describeTable('customers'), 'contactName')).toMatchObject({
      type: { kind: 'text', maxLength: 100 },
      customApi: true,
    })
  })

  test('are read and written there, by pages, by ids, by values and in bulk', async () => {
    const fields = ['number', 'displayName', 'contactName', 'fax']
    const create = (ref: string, contactName: string) =>
      ({
        kind: 'create',
        ref,
        id: null,
        values: { number: `CU${ref}`, displayName: 'Custom', contactName, fax: '1' },
        deadline: Infinity,
      }) as const
    const created = await writeAll(custom, [create('1', 'Ann'), create('2', 'Ben')], fields)
    const first = created.get('1')
    expect(first).toMatchObject({ kind: 'written', record: { values: { contactName: 'Ann', fax: '1' } } })
    const found = await custom.connector.readByValues(CUSTOMER, fields, 'contactName', ['ann', 'ben'])
    expect(found.map((record) => record.values['contactName']).sort()).toEqual(['Ann', 'Ben'])
    const { changes } = await custom.connector.readChanges({
      table: CUSTOMER,
      fields,
      from: { kind: 'beginning' },
      pageSize: 10,
      track: false,
    })
    expect(changes).toHaveLength(2)
    const ids = found.map((record) => record.id)
    expect([...(await custom.connector.readIds(CUSTOMER, null)).ids].sort()).toEqual([...ids].sort())
    const without = { kind: 'compare', field: 'primaryContactId', comparison: 'blank', value: null } as const
    expect(await custom.connector.countRecords(CUSTOMER, without)).toBe(2)
    expect(await custom.connector.readByIds(CUSTOMER, fields, ids)).toMatchObject(
      found.map((record) => ({ kind: 'found', record })),
    )
  })

  test('a table that the page does not have is served by API v2.0 as ever', async () => {
    const { changes } = await custom.connector.readChanges({
      table: BUSINESS_CENTRAL_TABLES.find((table) => table.name === 'paymentTerms') ?? CUSTOMER,
      fields: ['code'],
      from: { kind: 'beginning' },
      pageSize: 10,
      track: false,
    })
    expect(changes).toEqual([])
  })

  test('a page that is not published is a matter of the settings', async () => {
    const wrong = await benchFor('BUSINESS_CENTRAL', sandbox.running, { customApi: 'accord/other/v1.0' })
    const { failure }: ConnectorError = await failureOf(wrong.connector.readByIds(CUSTOMER, [], []))
    expect(failure).toMatchObject({
      errorClass: 'SETUP',
      remedy: expect.stringContaining('customApi') as unknown,
    })
    await wrong.connector.close()
  })
})

describe('tables that no catalog knows', () => {
  test('are listed and described with what synchronizing them needs', async () => {
    expect(await custom.connector.listTables()).toEqual(
      expect.arrayContaining([
        { name: 'customers', caption: 'Customer' },
        { name: 'itemCategories', caption: 'Item Category' },
      ]),
    )
    expect(await custom.connector.describeTable('itemCategories')).toMatchObject({
      caption: 'Item Category',
      assignedKey: { field: 'code' },
      fields: [
        { name: 'code', type: { kind: 'code', maxLength: 20 } },
        { name: 'displayName', type: { kind: 'text', maxLength: 100 } },
      ],
    })
    expect(await dataverse.connector.listTables()).toEqual(
      expect.arrayContaining([
        { name: 'accounts', caption: 'Account' },
        { name: 'account.paymenttermscode', caption: 'Payment Terms of Accounts' },
        { name: 'teams', caption: 'Team' },
      ]),
    )
    const teams = await dataverse.connector.describeTable('teams')
    expect(teams).toMatchObject({
      keyField: 'teamid',
      stampField: 'modifiedon',
      nameField: 'name',
      page: 'team',
    })
    expect(field(teams, 'name')).toMatchObject({ required: true, type: { kind: 'text', maxLength: 160 } })
    expect(field(teams, 'teamtype')).toMatchObject({
      createOnly: true,
      type: { kind: 'option', members: ['0', '1', '2', '3'] },
    })
    expect(field(teams, 'isdefault')).toMatchObject({ readOnly: true, type: { kind: 'boolean' } })
    expect(field(teams, 'administratorid')).toMatchObject({
      type: { kind: 'lookup', table: 'systemusers' },
      bind: { navigation: 'administratorid', entitySet: 'systemusers' },
    })
  })

  test('money, moments and columns beside those of the catalog', async () => {
    const accounts = await dataverse.connector.describeTable('accounts')
    expect(field(accounts, 'revenue')).toMatchObject({
      type: { kind: 'decimal', scale: 4, nullable: true },
      money: { currencyField: 'transactioncurrencyid' },
    })
    expect(field(accounts, 'revenue_base')).toMatchObject({ readOnly: true })
    expect(field(accounts, 'overriddencreatedon')).toMatchObject({
      createOnly: true,
      type: { kind: 'dateTime' },
    })
    expect(field(accounts, 'accountid')).toBeUndefined()
    expect(field(await dataverse.connector.describeTable('contacts'), 'birthdate')?.type).toEqual({
      kind: 'date',
    })
  })

  test('one that is not there is a matter of the settings', async () => {
    for (const bench of [custom, dataverse]) {
      const { failure } = await failureOf(bench.connector.describeTable('nothings'))
      expect(failure).toMatchObject({
        errorClass: 'SETUP',
        message: expect.stringContaining('nothings') as unknown,
      })
    }
  })
})

describe('the options of a column as a table', () => {
  const terms = ACCOUNT_PAYMENT_TERMS
  const fields = ['value', 'label', 'code']
  const { entity, column } = { entity: 'account', column: 'paymenttermscode' }
  const act = async (action: string, body: object): Promise<void> => {
    await dataverse.of({ ...ACCOUNT, name: action }).person('POST', null, body)
  }
  const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] })
  const common = { EntityLogicalName: entity, AttributeLogicalName: column }

  test('are read by page, by id, by value, as ids and as a number', async () => {
    const { connector } = dataverse
    expect(connector.changeFeed(terms)).toBe('stamp')
    const { changes, next, token } = await connector.readChanges({
      table: terms,
      fields,
      from: { kind: 'stamp', atOrAfter: Date.now() },
      pageSize: 1,
      track: false,
    })
    expect([next, token]).toEqual([null, null])
    const records = changes.map((change) => (change.kind === 'changed' ? change.record : null))
    expect(records.map((record) => record?.values)).toEqual([
      { value: '1', label: 'Net 30', code: 'NET 30' },
      { value: '2', label: '2% 10, Net 30', code: '2% 10, NET' },
      { value: '3', label: 'Net 45', code: 'NET 45' },
      { value: '4', label: 'Net 60', code: 'NET 60' },
    ])
    expect(records.map((record) => record?.id)).toEqual(['1', '2', '3', '4'])
    expect(await connector.readByIds(terms, fields, ['4', '9'])).toEqual([
      { kind: 'found', record: records[3] },
      { kind: 'gone', id: '9' },
    ])
    expect(await connector.readByValues(terms, fields, 'code', ['net 45'])).toEqual([records[2]])
    expect(await connector.readIds(terms, null)).toEqual({ ids: ['1', '2', '3', '4'], next: null })
    expect(await connector.countRecords(terms, null)).toBe(4)
    const filter = { kind: 'compare', field: 'label', comparison: 'beginsWith', value: 'net' } as const
    expect(await connector.countRecords(terms, filter)).toBe(3)
  })

  test('a new label is a new version, a new option a new record, a removed one is gone', async () => {
    const { connector } = dataverse
    const [before] = await connector.readByIds(terms, fields, ['4'])
    await act('UpdateOptionValue', { ...common, Value: 4, Label: label('Net 90'), MergeLabels: true })
    await act('InsertOptionValue', { ...common, Value: 5, Label: label('Prepaid') })
    await act('DeleteOptionValue', { ...common, Value: 3 })
    const answers = await connector.readByIds(terms, fields, ['3', '4', '5'])
    expect(answers).toMatchObject([
      { kind: 'gone' },
      { kind: 'found', record: { values: { label: 'Net 90', code: 'NET 90' } } },
      { kind: 'found', record: { values: { label: 'Prepaid' } } },
    ])
    const versions = [before, answers[1]].map((answer) => answer?.kind === 'found' && answer.record.version)
    expect(versions[0]).not.toBe(versions[1])
  })

  test('refuse to be written', async () => {
    const results = await writeAll({ connector: dataverse.connector, table: terms }, [
      { kind: 'create', ref: '1', id: '6', values: { label: 'Cash' }, deadline: Infinity },
      { kind: 'delete', ref: '2', id: '1', version: 'any', deadline: Infinity },
    ])
    expect([...results.values()]).toMatchObject([
      { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
      { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
    ])
  })

  test('any column of options can be described, and no other', async () => {
    const industries = await dataverse.connector.describeTable('account.industrycode')
    expect(industries).toMatchObject({ optionColumn: { entity: 'account', column: 'industrycode' } })
    expect(await dataverse.connector.countRecords(industries, null)).toBe(33)
    await failureOf(dataverse.connector.describeTable('account.name'))
  })
})
