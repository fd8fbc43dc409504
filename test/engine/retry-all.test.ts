import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

let demo: Scenario
beforeAll(async () => {
  demo = await Scenario.start()
})
afterAll(() => demo.stop())

interface Retried {
  readonly restored: number
  readonly message: string
  readonly runs: readonly { readonly id: string }[]
}

const retryAll = async (filter: Readonly<Record<string, unknown>> | null): Promise<Retried> => {
  const { retryAllSkippedSynchRecords } = await demo.ask<{ retryAllSkippedSynchRecords: Retried }>(
    `mutation ($filter: SkippedSynchRecordFilter) { retryAllSkippedSynchRecords(filter: $filter) {
      restored message runs { id } } }`,
    { filter },
  )
  for (const run of retryAllSkippedSynchRecords.runs) await demo.ended(run.id)
  return retryAllSkippedSynchRecords
}

test('Retry All lifts what the filter lets in and no more; what is put right is carried, what stands is skipped again', async () => {
  const deleted = await demo.pair()
  const conflict = await demo.pair()
  await demo.person.deleteAccount(deleted.accountId)
  await demo.person.editCustomer(conflict.customerId, { city: 'Mora' })
  await demo.person.editAccount(conflict.accountId, { address1_city: 'Rättvik' })
  await demo.synchronize()
  const before = await demo.allSkipped()
  const ofClass = (errorClass: string) => before.filter((skipped) => skipped.errorClass === errorClass)
  expect(ofClass('DELETED_RECORD')).toHaveLength(1)

  expect(await retryAll({ mapping: 'CUSTOMER', errorClass: ['VALIDATION'] })).toEqual({
    restored: 0,
    message: '0 records have been restored for synchronization.',
    runs: [],
  })

  await demo.update({ deletionConflictPolicy: 'DELETE_COUPLING' })
  expect(await retryAll({ mapping: 'CUSTOMER', errorClass: ['DELETED_RECORD'] })).toMatchObject({
    restored: 1,
    message: 'The record has been restored for synchronization.',
  })
  expect(await demo.skipped(deleted)).toBeNull()
  expect(await demo.skipped(conflict)).not.toBeNull()

  await demo.person.editAccount(conflict.accountId, { address1_city: 'Mora' })
  const conflicts = ofClass('CONFLICT').length
  expect(await retryAll(null)).toMatchObject({ restored: conflicts })
  expect(await demo.skipped(conflict)).toBeNull()
  expect(await demo.allSkipped()).toHaveLength(conflicts - 1)
})
