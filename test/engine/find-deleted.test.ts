import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { counted, Scenario } from '../support/scenario.js'

describe('deletions that no feed reports', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const findDeleted = async () => {
    const { findDeletedRecords } = await demo.ask<{ findDeletedRecords: { id: string } }>(
      `mutation { findDeletedRecords(name: "CUSTOMER") { id } }`,
    )
    return demo.ended(findDeletedRecords.id)
  }
  const database = () => demo.engine.database.em.fork()

  test('a customer deleted alone is found when asked for, and by nothing else', async () => {
    const pair = await demo.pair()
    await demo.person.deleteCustomer(pair.customerId)
    const quiet = await demo.synchronize()
    expect([counted(quiet, 'TO')['conflicts'], counted(quiet, 'FROM')['conflicts']]).toEqual([
      undefined,
      undefined,
    ])
    const run = await findDeleted()
    expect(counted(run, 'TO')).toEqual({ conflicts: 1 })
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'DELETED_RECORD' })
    expect((await demo.records(pair)).account).not.toBeNull()
    expect(counted(await findDeleted(), 'TO')).toEqual({})
    expect(await demo.openErrors(pair)).toHaveLength(1)
  })

  test('when the hours have gone by a run searches by itself, once', async () => {
    const pair = await demo.pair()
    await demo.person.deleteCustomer(pair.customerId)
    await execute(
      database(),
      sql`update integration_table_mapping set deletions_found_at = now() - interval '25 hours' where name = 'CUSTOMER'`,
    )
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ conflicts: 1 })
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'DELETED_RECORD' })
    const [found] = await execute<{ recent: boolean }>(
      database(),
      sql`select deletions_found_at > now() - interval '1 hour' as recent from integration_table_mapping where name = 'CUSTOMER'`,
    )
    expect(found?.recent).toBe(true)
  })

  test('a customer that may not be read is not taken for a deleted one', async () => {
    const pair = await demo.pair()
    await demo.person.deleteCustomer(pair.customerId)
    await demo.fault('businessCentral', {
      method: 'GET',
      path: `customers\\(${pair.customerId}\\)`,
      times: null,
      action: { kind: 'status', status: 403, code: 'Authorization_RequestDenied', message: 'Not this one.' },
    })
    expect(counted(await findDeleted(), 'TO')).toEqual({ failed: 1 })
    expect(await demo.openErrors(pair)).toMatchObject([{ errorClass: 'PERMISSION' }])
    expect(await demo.skipped(pair)).toBeNull()
    await demo.clearFaults()
    await demo.synchronize()
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'DELETED_RECORD' })
  })

  test('of an account deleted while the delta token ran out the deletion is found all the same', async () => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    await demo.clock('dataverse', 8 * 24 * 3_600_000)
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'FROM')).toMatchObject({ conflicts: 1 })
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'DELETED_RECORD' })
  })
})
