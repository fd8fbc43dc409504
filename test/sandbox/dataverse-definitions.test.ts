import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

const get = (path: string): Promise<Reply> => running.dataverse.get(path)
const list = async (path: string): Promise<Entity[]> => records(await get(path))
const ACCOUNT = `EntityDefinitions(LogicalName='account')`
const PICKLIST = 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata'
const labelOf = (value: unknown): unknown =>
  (value as { UserLocalizedLabel: { Label: string; LanguageCode: number } }).UserLocalizedLabel.Label
const optionsOf = (definition: Entity): unknown[] =>
  (definition['OptionSet'] as { Options: { Value: number; Label: unknown }[] }).Options.map((option) => [
    option.Value,
    labelOf(option.Label),
  ])

describe('definitions of tables', () => {
  test('tell their names, keys and abilities', async () => {
    const tables = await list(
      'EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled',
    )
    expect(tables.map((table) => table['EntitySetName'])).toEqual(
      expect.arrayContaining([
        'accounts',
        'contacts',
        'products',
        'systemusers',
        'uoms',
        'uomschedules',
        'teams',
      ]),
    )
    const account = tables.find((table) => table['LogicalName'] === 'account') ?? {}
    expect(account).toMatchObject({
      EntitySetName: 'accounts',
      PrimaryIdAttribute: 'accountid',
      PrimaryNameAttribute: 'name',
      ChangeTrackingEnabled: true,
      IsOptimisticConcurrencyEnabled: true,
    })
    expect(account['DisplayName']).toMatchObject({
      LocalizedLabels: [{ Label: 'Account', LanguageCode: 1033 }],
      UserLocalizedLabel: { Label: 'Account', LanguageCode: 1033 },
    })
    expect(Object.keys(account)).toHaveLength(8)
    const again = await get(`EntityDefinitions(${text(account, 'MetadataId')})?$select=LogicalName`)
    expect(again.json['LogicalName']).toBe('account')
    expect(again.json['@odata.context']).toMatch(
      /\$metadata#EntityDefinitions\(.*\)\(LogicalName\)\/\$entity$/,
    )
  })

  test('are filtered by what they say', async () => {
    const untracked = await list(
      'EntityDefinitions?$select=LogicalName&$filter=ChangeTrackingEnabled eq false',
    )
    expect(untracked.map((table) => table['LogicalName'])).toEqual(['organization'])
    const owned = await list(
      `EntityDefinitions?$select=LogicalName&$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`,
    )
    expect(owned.map((table) => table['LogicalName'])).toEqual(['account', 'contact'])
  })

  test('hold what the records hold: whatever can be read or written is defined', async () => {
    for (const set of ['accounts', 'contacts']) await running.dataverse.call('POST', set, { body: {} })
    for (const table of await list(
      'EntityDefinitions?$select=LogicalName,EntitySetName&$expand=Attributes',
    )) {
      const attributes = (table['Attributes'] as Entity[]).filter((entry) => entry['AttributeOf'] === null)
      const record = (await list(`${text(table, 'EntitySetName')}?$top=1`))[0]
      if (record === undefined) continue
      const members = Object.keys(record).filter((name) => !name.includes('@'))
      const lookups = ['Lookup', 'Owner', 'Customer']
      expect(
        attributes.map((entry) =>
          lookups.includes(text(entry, 'AttributeType'))
            ? `_${text(entry, 'LogicalName')}_value`
            : entry['LogicalName'],
        ),
      ).toEqual(members)
    }
  })
})

describe('definitions of columns', () => {
  test('come with their table', async () => {
    const account = (
      await get(
        `${ACCOUNT}?$select=LogicalName&$expand=Attributes($select=LogicalName,AttributeType,DisplayName,IsValidForCreate,IsValidForUpdate,IsValidForRead,RequiredLevel;$filter=IsValidODataAttribute eq true)`,
      )
    ).json
    const attributes = account['Attributes'] as Entity[]
    const of = (name: string): Entity => attributes.find((entry) => entry['LogicalName'] === name) ?? {}
    expect(of('name')).toMatchObject({
      '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
      IsValidForCreate: true,
      IsValidForUpdate: true,
      RequiredLevel: { Value: 'ApplicationRequired' },
    })
    expect(labelOf(of('name')['DisplayName'])).toBe('Account Name')
    expect(of('address1_composite')).toMatchObject({ IsValidForCreate: false, IsValidForUpdate: false })
    expect(of('overriddencreatedon')).toMatchObject({ IsValidForCreate: true, IsValidForUpdate: false })
    expect(of('ownerid')).toMatchObject({
      AttributeType: 'Owner',
      RequiredLevel: { Value: 'SystemRequired' },
    })
    expect(of('paymenttermscodename')).toEqual({})
    expect(attributes.every((entry) => !('MaxLength' in entry))).toBe(true)
  })

  test('tell by their type how long, how exact and where to', async () => {
    const strings = await list(
      `${ACCOUNT}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength`,
    )
    expect(strings).toContainEqual({
      LogicalName: 'accountnumber',
      MaxLength: 20,
      MetadataId: expect.any(String) as string,
    })
    const decimals = await list(
      `EntityDefinitions(LogicalName='product')/Attributes/Microsoft.Dynamics.CRM.DecimalAttributeMetadata?$select=LogicalName,Precision,MinValue`,
    )
    expect(decimals).toContainEqual(
      expect.objectContaining({ LogicalName: 'stockweight', Precision: 5, MinValue: 0 }),
    )
    const amounts = await list(
      `${ACCOUNT}/Attributes/Microsoft.Dynamics.CRM.MoneyAttributeMetadata?$select=LogicalName,Precision,CalculationOf&$filter=CalculationOf eq null`,
    )
    expect(amounts.map((amount) => [amount['LogicalName'], amount['Precision']])).toEqual([
      ['creditlimit', 4],
      ['revenue', 4],
      ['marketcap', 4],
    ])
    const lookups = await list(
      `EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=LogicalName,Targets`,
    )
    const targets = new Map(lookups.map((lookup) => [lookup['LogicalName'], lookup['Targets']]))
    expect(targets.get('parentcustomerid')).toEqual(['account', 'contact'])
    expect(targets.get('ownerid')).toEqual(['systemuser', 'team'])
    expect(targets.get('transactioncurrencyid')).toEqual(['transactioncurrency'])
    const memo = await get(
      `${ACCOUNT}/Attributes(LogicalName='description')/Microsoft.Dynamics.CRM.MemoAttributeMetadata?$select=MaxLength`,
    )
    expect(memo.json['MaxLength']).toBe(2000)
  })

  test('of choices list their options', async () => {
    const picklists = await list(
      `${ACCOUNT}/Attributes/${PICKLIST}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`,
    )
    const terms = picklists.find((entry) => entry['LogicalName'] === 'paymenttermscode') ?? {}
    expect(optionsOf(terms)).toEqual([
      [1, 'Net 30'],
      [2, '2% 10, Net 30'],
      [3, 'Net 45'],
      [4, 'Net 60'],
    ])
    expect(terms['OptionSet']).toMatchObject({
      Name: 'account_paymenttermscode',
      OptionSetType: 'Picklist',
      IsGlobal: false,
    })
    const freight = await get(
      `${ACCOUNT}/Attributes(LogicalName='address1_freighttermscode')/${PICKLIST}?$expand=OptionSet($select=Options)`,
    )
    expect(optionsOf(freight.json)).toEqual([
      [1, 'FOB'],
      [2, 'No Charge'],
    ])
    expect(Object.keys(freight.json['OptionSet'] as Entity)).toEqual(['Options', 'MetadataId'])
    const alone = await get(
      `${ACCOUNT}/Attributes(LogicalName='address1_shippingmethodcode')/${PICKLIST}/OptionSet?$select=Options`,
    )
    expect((alone.json['Options'] as unknown[]).length).toBe(7)
    const states = await list(
      `EntityDefinitions(LogicalName='product')/Attributes/Microsoft.Dynamics.CRM.StateAttributeMetadata?$select=LogicalName&$expand=OptionSet`,
    )
    expect(optionsOf(states[0] ?? {})).toEqual([
      [0, 'Active'],
      [1, 'Retired'],
      [2, 'Draft'],
      [3, 'Under Revision'],
    ])
  })

  test('relationships tell how a lookup is bound', async () => {
    const relationships = await list(
      `EntityDefinitions(LogicalName='contact')/ManyToOneRelationships?$select=ReferencingAttribute,ReferencingEntityNavigationPropertyName,ReferencedEntity`,
    )
    const ways = relationships.map((entry) => [
      entry['ReferencingAttribute'],
      entry['ReferencingEntityNavigationPropertyName'],
      entry['ReferencedEntity'],
    ])
    expect(ways).toContainEqual(['parentcustomerid', 'parentcustomerid_account', 'account'])
    expect(ways).toContainEqual(['parentcustomerid', 'parentcustomerid_contact', 'contact'])
    expect(ways).toContainEqual(['ownerid', 'ownerid', 'owner'])
    expect(
      await list(
        `${ACCOUNT}/OneToManyRelationships?$select=ReferencingEntity&$filter=ReferencingAttribute eq 'parentcustomerid'`,
      ),
    ).toEqual([expect.objectContaining({ ReferencingEntity: 'contact' })])
  })
})

const REFUSALS: readonly { name: string; path: string; status: number }[] = [
  { name: 'an unknown table', path: `EntityDefinitions(LogicalName='customer')`, status: 404 },
  { name: 'an unknown column', path: `${ACCOUNT}/Attributes(LogicalName='nickname')`, status: 404 },
  {
    name: 'a column of another type',
    path: `${ACCOUNT}/Attributes(LogicalName='name')/${PICKLIST}`,
    status: 404,
  },
  { name: 'a length without the type', path: `${ACCOUNT}/Attributes?$select=MaxLength`, status: 400 },
  { name: 'options without the type', path: `${ACCOUNT}/Attributes?$expand=OptionSet`, status: 400 },
  { name: 'an unknown property', path: 'EntityDefinitions?$select=Nickname', status: 400 },
  { name: 'a page of definitions', path: 'EntityDefinitions?$top=1', status: 501 },
]

describe('refusals of definitions', () => {
  test.each(REFUSALS)('$name', async ({ path, status }) => {
    expect(errorOf(await get(path)).status).toBe(status)
  })
})

describe('options', () => {
  const label = (Label: string): object => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] })
  const act = (action: string, body: object): Promise<Reply> =>
    running.dataverse.call('POST', action, {
      body: { EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode', ...body },
    })
  const terms = async (): Promise<unknown[]> =>
    optionsOf(
      (
        await get(
          `${ACCOUNT}/Attributes(LogicalName='paymenttermscode')/${PICKLIST}?$expand=OptionSet($select=Options)`,
        )
      ).json,
    )
  const setTerms = (value: number): Promise<Reply> =>
    running.dataverse.call('POST', 'accounts', { body: { name: 'Terms', paymenttermscode: value } })

  test('are added, renamed and removed; records take what is there', async () => {
    expect(errorOf(await setTerms(200_000))).toMatchObject({ status: 400, code: '0x8004431a' })
    const inserted = await act('InsertOptionValue', { Value: 200_000, Label: label('Net 90') })
    expect(inserted.status).toBe(200)
    expect(inserted.json).toMatchObject({ NewOptionValue: 200_000 })
    expect((await setTerms(200_000)).status).toBe(204)
    const chosen = await act('InsertOptionValue', { Label: label('Prepaid') })
    expect(chosen.json).toMatchObject({ NewOptionValue: 100_000_000 })
    expect(
      (await act('UpdateOptionValue', { Value: 1, Label: label('30 days'), MergeLabels: false })).status,
    ).toBe(204)
    const expected = [
      [1, '30 days'],
      [2, '2% 10, Net 30'],
      [3, 'Net 45'],
      [4, 'Net 60'],
      [200_000, 'Net 90'],
      [100_000_000, 'Prepaid'],
    ]
    expect(await terms()).toEqual(expected)
    running = await running.restart()
    expect(await terms()).toEqual(expected)
    expect((await act('DeleteOptionValue', { Value: 200_000 })).status).toBe(204)
    expect(await terms()).toEqual(expected.filter(([value]) => value !== 200_000))
    expect((await setTerms(200_000)).status).toBe(400)
  })

  test('are refused twice, without a label, and on what is no choice', async () => {
    expect(errorOf(await act('InsertOptionValue', { Value: 2, Label: label('Again') }))).toMatchObject({
      status: 400,
      code: '0x80044310',
    })
    expect(errorOf(await act('InsertOptionValue', { Value: 7 })).status).toBe(400)
    expect(
      errorOf(await act('UpdateOptionValue', { Value: 77, Label: label('X'), MergeLabels: true })).code,
    ).toBe('0x8004431A')
    expect((await act('InsertOptionValue', { AttributeLogicalName: 'name', Label: label('X') })).status).toBe(
      400,
    )
    expect(
      (await act('InsertOptionValue', { EntityLogicalName: 'customer', Label: label('X') })).status,
    ).toBe(404)
  })
})

describe('$metadata', () => {
  test('names every type, member and set', async () => {
    const reply = await get('$metadata')
    expect(reply.headers.get('content-type')).toContain('application/xml')
    for (const line of [
      '<EntityType Name="account" BaseType="mscrm.crmbaseentity">',
      '<EntityType Name="systemuser" BaseType="mscrm.principal">',
      '<Property Name="creditlimit" Type="Edm.Decimal" />',
      '<Property Name="birthdate" Type="Edm.Date" />',
      '<NavigationProperty Name="parentcustomerid_account" Type="mscrm.account" Nullable="false" Partner="contact_customer_accounts">',
      '<NavigationProperty Name="ownerid" Type="mscrm.principal" Nullable="false" Partner="owner_accounts">',
      '<EntitySet Name="uomschedules" EntityType="Microsoft.Dynamics.CRM.uomschedule">',
    ]) {
      expect(reply.text).toContain(line)
    }
    const opened = [...reply.text.matchAll(/<([\w:]+)(?:\s[^>]*[^/])?>/g)].length
    const closed = [...reply.text.matchAll(/<\/([\w:]+)>/g)].length
    expect(opened - closed).toBe(0)
  })
})
