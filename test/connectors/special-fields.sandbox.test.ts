import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WriteResult } from '../../src/connectors/connector.js'
import { CUSTOMER, SALESPERSON } from '../../src/domain/catalog/business-central.js'
import {
  ACCOUNT,
  CONTACT,
  PRODUCT,
  SYSTEM_USER,
  UNIT,
  UNIT_GROUP,
} from '../../src/domain/catalog/dataverse.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import type { TableDefinition } from '../../src/domain/schema.js'
import type { Values } from '../../src/domain/value.js'
import type { Bench, TestSandbox } from './support/sandbox.js'
import { benchFor, startTestSandbox, writeAll } from './support/sandbox.js'

let sandbox: TestSandbox
let businessCentral: Bench
let dataverse: Bench

beforeAll(async () => {
  sandbox = await startTestSandbox()
  businessCentral = await benchFor('BUSINESS_CENTRAL', sandbox.running)
  dataverse = await benchFor('DATAVERSE', sandbox.running)
})
afterAll(async () => {
  await businessCentral.connector.close()
  await dataverse.connector.close()
  await sandbox[Symbol.asyncDispose]()
})

async function send(
  bench: Bench,
  table: TableDefinition,
  values: Values,
  fields: readonly string[] = Object.keys(values),
  record: RecordSnapshot | null = null,
): Promise<WriteResult> {
  const id = bench.kind === 'DATAVERSE' ? randomUUID() : null
  const common = { ref: '1', values, deadline: Infinity }
  const results = await writeAll(
    { connector: bench.connector, table },
    [
      record === null
        ? { kind: 'create', id, ...common }
        : { kind: 'update', id: record.id, version: record.version, ...common },
    ],
    fields,
  )
  const result = results.get('1')
  if (result === undefined) throw new Error('There was no result.')
  return result
}

async function make(
  bench: Bench,
  table: TableDefinition,
  values: Values,
  fields?: readonly string[],
): Promise<RecordSnapshot> {
  const result = await send(bench, table, values, fields)
  if (result.kind !== 'written') throw new Error(`Not written: ${JSON.stringify(result)}`)
  return result.record
}

async function read(
  bench: Bench,
  table: TableDefinition,
  id: string,
  fields: readonly string[],
): Promise<RecordSnapshot> {
  const [answer] = await bench.connector.readByIds(table, fields, [id])
  if (answer?.kind !== 'found') throw new Error(`Not found: ${JSON.stringify(answer)}`)
  return answer.record
}

describe('a reference that Business Central holds as a code', () => {
  const fields = ['displayName', 'salespersonId', 'salespersonCode']

  test('is an id to everybody else, wherever it is read', async () => {
    const person = await make(businessCentral, SALESPERSON, { code: 'AF', displayName: 'Andrew Fuller' })
    const values = { number: 'REF1', displayName: 'Referring', salespersonId: person.id }
    const customer = await make(businessCentral, CUSTOMER, values, fields)
    const expected = { displayName: 'Referring', salespersonId: person.id, salespersonCode: 'AF' }
    expect(customer.values).toEqual(expected)
    const { connector } = businessCentral
    expect((await read(businessCentral, CUSTOMER, customer.id, fields)).values).toEqual(expected)
    const found = await connector.readByValues(CUSTOMER, fields, 'salespersonId', [person.id, randomUUID()])
    expect(found.map((record) => record.values)).toEqual([expected])
    const { changes } = await connector.readChanges({
      table: CUSTOMER,
      fields,
      from: { kind: 'beginning' },
      pageSize: 10,
      track: false,
    })
    expect(changes).toContainEqual({
      kind: 'changed',
      record: expect.objectContaining({ values: expected }) as unknown,
    })
    const cleared = await send(businessCentral, CUSTOMER, { salespersonId: null }, fields, customer)
    expect(cleared).toMatchObject({ record: { values: { salespersonId: null, salespersonCode: null } } })
  })

  test('to a record that is not there is refused, and stops no other', async () => {
    const values = (number: string, salespersonId: string | null): Values => ({
      number,
      displayName: 'Referring',
      salespersonId,
    })
    const results = await writeAll({ connector: businessCentral.connector, table: CUSTOMER }, [
      { kind: 'create', ref: '1', id: null, values: values('REF2', randomUUID()), deadline: Infinity },
      { kind: 'create', ref: '2', id: null, values: values('REF3', null), deadline: Infinity },
    ])
    expect(results.get('1')).toMatchObject({
      kind: 'refused',
      failure: { errorClass: 'VALIDATION', field: 'salespersonId' },
    })
    expect(results.get('2')).toMatchObject({ kind: 'written' })
  })
})

describe('a lookup of several tables', () => {
  const fields = ['lastname', 'parentcustomerid', 'parentcustomeridtype', 'ownerid', 'owneridtype']

  test('shows the accounts it leads to, and takes no contact for one', async () => {
    const account = await make(dataverse, ACCOUNT, { name: 'Parent' })
    const child = await make(dataverse, CONTACT, { lastname: 'Child', parentcustomerid: account.id }, fields)
    expect(child.values).toMatchObject({ parentcustomerid: account.id, parentcustomeridtype: 'account' })
    const grandchild = await make(dataverse, CONTACT, { lastname: 'Grandchild' }, fields)
    expect(grandchild.values).toMatchObject({ parentcustomerid: null, parentcustomeridtype: null })
    await dataverse.of(CONTACT).person('PATCH', grandchild.id, {
      'parentcustomerid_contact@odata.bind': `/contacts(${child.id})`,
    })
    const seen = { parentcustomerid: null, parentcustomeridtype: 'contact' }
    expect((await read(dataverse, CONTACT, grandchild.id, fields)).values).toMatchObject(seen)
    for (const track of [true, false]) {
      const { changes } = await dataverse.connector.readChanges({
        table: CONTACT,
        fields,
        from: { kind: 'beginning' },
        pageSize: 100,
        track,
      })
      const values = changes.map((change) => (change.kind === 'changed' ? change.record.values : {}))
      expect(values).toContainEqual(expect.objectContaining({ lastname: 'Grandchild', ...seen }))
      expect(values).toContainEqual(
        expect.objectContaining({ lastname: 'Child', parentcustomerid: account.id }),
      )
    }
  })

  test('shows owners who are users, and keeps saying what it leads to in a delta', async () => {
    const first = await dataverse.connector.readChanges({
      table: ACCOUNT,
      fields: ['name', 'ownerid', 'owneridtype'],
      from: { kind: 'beginning' },
      pageSize: 100,
      track: true,
    })
    const [user] = await dataverse.connector.readByValues(SYSTEM_USER, ['fullname'], 'accessmode', ['4'])
    const owned = await make(dataverse, ACCOUNT, { name: 'Owned', ownerid: user?.id ?? null }, [
      'ownerid',
      'owneridtype',
    ])
    expect(owned.values).toEqual({ ownerid: user?.id, owneridtype: 'systemuser' })
    const [team] = (
      await dataverse.connector.readIds({ ...ACCOUNT, name: 'teams', keyField: 'teamid' }, null)
    ).ids
    await dataverse.person('PATCH', owned.id, { 'ownerid@odata.bind': `/teams(${String(team)})` })
    const { changes } = await dataverse.connector.readChanges({
      table: ACCOUNT,
      fields: ['name', 'ownerid', 'owneridtype'],
      from: { kind: 'token', token: first.token ?? '' },
      pageSize: 100,
      track: true,
    })
    expect(changes).toMatchObject([
      { record: { id: owned.id, values: { name: 'Owned', ownerid: null, owneridtype: 'team' } } },
    ])
  })
})

describe('units and products', () => {
  const fields = ['name', 'code', 'baseuomname']
  let group: RecordSnapshot

  beforeAll(async () => {
    group = await make(dataverse, UNIT_GROUP, { code: 'PCS', baseuomname: 'PCS' }, fields)
  })

  test('the code of a unit group stands behind a prefix in its name', async () => {
    expect(group.values).toEqual({ name: 'NAV PCS', code: 'PCS', baseuomname: 'PCS' })
    const other = await make(dataverse, UNIT_GROUP, { name: 'Hours', baseuomname: 'Hour' }, fields)
    expect(other.values).toEqual({ name: 'Hours', code: null, baseuomname: 'Hour' })
    const found = await dataverse.connector.readByValues(UNIT_GROUP, fields, 'code', ['pcs', 'Hours'])
    expect(found.map((record) => record.id)).toEqual([group.id])
    const renamed = await send(dataverse, UNIT_GROUP, { code: 'BOX', baseuomname: 'BOX' }, fields, other)
    // The name of the primary unit is given with the group, once.
    expect(renamed).toMatchObject({
      record: { values: { name: 'NAV BOX', code: 'BOX', baseuomname: 'Hour' } },
    })
  })

  const product = (productnumber: string): Values => ({
    productnumber,
    name: 'Chai',
    defaultuomscheduleid: group.id,
    quantitydecimal: '2',
    producttypecode: '1',
    statecode: '0',
  })

  test('a product is given the primary unit of its group and is active as soon as it is there', async () => {
    const made = await make(dataverse, PRODUCT, product('P1'), ['defaultuomid', 'statecode', 'name'])
    expect(made.values).toMatchObject({ statecode: '0', name: 'Chai' })
    const unit = await read(dataverse, UNIT, String(made.values['defaultuomid']), [
      'uomscheduleid',
      'isschedulebaseuom',
    ])
    expect(unit.values).toEqual({ uomscheduleid: group.id, isschedulebaseuom: true })
    // The version is that of the second step, so that the next update is not stale.
    const update = await send(dataverse, PRODUCT, { name: 'Chang' }, ['name', 'statecode'], made)
    expect(update).toMatchObject({ kind: 'written', record: { values: { name: 'Chang', statecode: '0' } } })
  })

  test('either all of it is there or nothing', async () => {
    const values = { ...product('P2'), statecode: '3' }
    const refused = await send(dataverse, PRODUCT, values)
    expect(refused).toMatchObject({ kind: 'refused', failure: { errorClass: 'VALIDATION' } })
    expect(await dataverse.connector.readByValues(PRODUCT, ['name'], 'productnumber', ['P2'])).toEqual([])
  })

  test('a creation that is sent once more finds its record there', async () => {
    const id = randomUUID()
    const request = { kind: 'create', ref: '1', id, values: product('P3'), deadline: Infinity } as const
    const table = { connector: dataverse.connector, table: PRODUCT }
    expect((await writeAll(table, [request])).get('1')).toMatchObject({ kind: 'written' })
    expect((await writeAll(table, [request])).get('1')).toMatchObject({ kind: 'exists' })
  })

  test('where new products are active anyway nothing is done twice', async () => {
    const organizations = { ...ACCOUNT, name: 'organizations', keyField: 'organizationid' }
    const [organization] = (await dataverse.connector.readIds(organizations, null)).ids
    const setting = (active: boolean) =>
      dataverse.of(organizations).person('PATCH', organization ?? '', {
        createproductswithoutparentinactivestate: active,
      })
    await setting(true)
    try {
      expect((await make(dataverse, PRODUCT, product('P4'), ['statecode'])).values).toEqual({
        statecode: '0',
      })
    } finally {
      await setting(false)
    }
  })
})
