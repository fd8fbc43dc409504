import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bulkActionWorkflowIdOf } from '../../src/domain/bulk-action.js'
import { Scenario } from '../support/scenario.js'
import { Gate, personDecided } from './support/gate.js'

const PAGE = 5
/** More than both tests come to. */
const REFUSED = 5 * PAGE
const CITY = 'Badlands'

interface Bulk {
  readonly id: string
  readonly status: string
  readonly total: number
  readonly succeeded: number
  readonly unchanged: number
  readonly failed: number
}
const BULK = 'id status total succeeded unchanged failed'

/** A bulk action that is called off while a run of its works on the first of several pages. */
let demo: Scenario
beforeAll(async () => {
  demo = await Scenario.start({ engine: { pageSize: PAGE } })
  await fetch(faults(), {
    method: 'POST',
    body: JSON.stringify({
      method: 'PATCH',
      path: 'accounts',
      times: null,
      action: {
        kind: 'reject',
        field: 'address1_city',
        value: CITY,
        code: '0x80040265',
        message: 'Not in here.',
      },
    }),
  })
  for (let number = 1; number <= REFUSED; number += 1)
    await demo.person.createCustomer({ displayName: `Refused ${number}`, city: CITY })
  await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
  expect(await open()).toBe(REFUSED)
  await demo.clearFaults()
})
afterEach(() => demo.clearFaults())
afterAll(() => demo.stop())

const faults = (): string => `${demo.engine.sandbox.dataverse.origin}/sandbox/faults`
const open = async (): Promise<number> =>
  (await demo.errors({ mapping: 'CUSTOMER', errorClass: ['VALIDATION'], status: 'OPEN' })).length

const bulkAction = async (id: string): Promise<Bulk> =>
  (await demo.ask<{ bulkAction: Bulk }>(`query ($id: ID!) { bulkAction(id: $id) { ${BULK} } }`, { id }))
    .bulkAction

/** Its run stands before its first page is written. */
async function underWay(): Promise<{ readonly id: string; readonly runId: string; readonly gate: Gate }> {
  const gate = await Gate.shut(demo.engine, personDecided)
  const { startBulkAction } = await demo.ask<{ startBulkAction: { bulkAction: Bulk } }>(
    `mutation ($input: StartBulkActionInput!) { startBulkAction(input: $input) {
      ... on BulkActionStarted { bulkAction { ${BULK} } } } }`,
    { input: { action: 'RETRY_NOW', filter: { mapping: 'CUSTOMER', errorClass: ['VALIDATION'] } } },
  )
  await gate.reached()
  const { id } = startBulkAction.bulkAction
  const [target] = await demo.engine.database.em
    .fork()
    .execute<{ run_id: string }[]>('select run_id from bulk_action_target where action_id = ? limit 1', [id])
  return { id, runId: target?.run_id ?? '', gate }
}

/** Its run has been told, stops after the page at hand, and what was done and what was not is counted truly. */
async function expectEnd(
  { id, runId, gate }: Awaited<ReturnType<typeof underWay>>,
  before: number,
): Promise<void> {
  await demo.until(
    async () =>
      demo.engine.database.em
        .fork()
        .execute<{ told: boolean }[]>(
          'select cancel_requested_at is not null as told from synch_run where id = ?',
          [runId],
        ),
    ([run]) => run?.told === true,
    'the run is called off',
  )
  await gate.open()
  const ended = await demo.until(
    () => bulkAction(id),
    ({ status }) => status !== 'RUNNING',
    'the end of the bulk action',
  )
  expect((await demo.ended(runId)).status).toBe('CANCELLED')
  expect(ended).toMatchObject({ status: 'CANCELLED', total: before, unchanged: 0, failed: 0 })
  expect(ended.succeeded).toBeGreaterThan(0)
  expect(ended.succeeded).toBeLessThan(before)
  expect(await open()).toBe(before - ended.succeeded)
}

test('by a person: its run stops after the page at hand, and what it never came to counts as nothing', async () => {
  const begun = await underWay()
  await demo.ask('mutation ($id: ID!) { cancelBulkAction(id: $id) { id } }', { id: begun.id })
  await expectEnd(begun, REFUSED)
})

test('by the tools of Temporal: the same, and it is not taken up again', async () => {
  const left = await open()
  const begun = await underWay()
  await demo.engine.control.client.workflow.getHandle(bulkActionWorkflowIdOf(begun.id)).cancel()
  await expectEnd(begun, left)
  expect(await demo.engine.control.resumeInterruptedRuns()).toEqual([])
})
