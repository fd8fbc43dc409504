import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, jobOf, Scenario, type Pair } from '../support/scenario.js'

interface Review {
  readonly id: string
  readonly status: string
  readonly couplings: number
  readonly deletionsFound: number
  readonly deletionsWaiting: number
  readonly deletions: readonly { readonly couplingId: string; readonly goneSide: string }[]
}

const REVIEW = `id status couplings deletionsFound deletionsWaiting decidedBy
  deletions(first: 50) { couplingId goneSide localRecord { name } integrationRecord { id } }`
/** More than the demo lets pass: five in a hundred, and ten. */
const MANY = 12

describe('many deletions at once', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ sandbox: { demo: false, customers: 140 } })
    await demo.update({ deletionConflictPolicy: 'DELETE_COUPLING' })
  })
  afterAll(() => demo.stop())

  const reviews = async (status: string) => {
    const { deletionReviews } = await demo.ask<{ deletionReviews: { nodes: readonly Review[] } }>(
      `query ($status: [DeletionReviewStatus!]) { deletionReviews(filter: { mapping: "CUSTOMER", status: $status }) {
        nodes { ${REVIEW} } } }`,
      { status: [status] },
    )
    return deletionReviews.nodes
  }
  const pairs = async (count: number): Promise<readonly Pair[]> => {
    const taken: Pair[] = []
    while (taken.length < count) taken.push(await demo.pair())
    return taken
  }
  const pendingReason = async (pair: Pair): Promise<string | null> => {
    const { coupling } = await demo.ask<{ coupling: { pendingReason: string | null } }>(
      `query ($id: ID!) { coupling(id: $id) { pendingReason } }`,
      { id: pair.couplingId },
    )
    return coupling.pendingReason
  }
  const ignored = (run: Parameters<typeof jobOf>[0]) => jobOf(run, 'FROM')?.ignoredByReason

  test('they wait for a person, the rest of the run goes on, and those allowed are decided after another look', async () => {
    const gone = await pairs(MANY)
    const other = await demo.pair()
    for (const pair of gone) await demo.person.deleteAccount(pair.accountId)
    await demo.person.editCustomer(other.customerId, { city: 'Ystad' })
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(ignored(run)).toEqual([{ reason: 'DELETION_REVIEW', count: MANY }])
    expect(counted(run, 'FROM')['deleted']).toBeUndefined()
    expect((await demo.records(other)).account).toMatchObject({ address1_city: 'Ystad' })
    const [review, second] = await reviews('OPEN')
    expect(second).toBeUndefined()
    expect(review).toMatchObject({ deletionsFound: MANY, deletionsWaiting: MANY })
    expect(new Set(review?.deletions.map((deletion) => deletion.couplingId))).toEqual(
      new Set(gone.map((pair) => pair.couplingId)),
    )
    expect(review?.deletions.every((deletion) => deletion.goneSide === 'INTEGRATION')).toBe(true)

    // While they wait nothing happens to them, also when a survivor is edited; what is deleted meanwhile joins them.
    const [edited] = gone
    if (edited === undefined) throw new Error('There is no deletion.')
    await demo.person.editCustomer(edited.customerId, { city: 'Falun' })
    const late = await demo.pair()
    await demo.person.deleteAccount(late.accountId)
    const next = await demo.synchronize()
    expect(jobOf(next, 'TO')?.ignoredByReason).toEqual([{ reason: 'DELETION_REVIEW', count: 1 }])
    expect(ignored(next)).toEqual([{ reason: 'DELETION_REVIEW', count: 1 }])
    expect(await pendingReason(edited)).toBe('DELETION_REVIEW')
    expect((await reviews('OPEN'))[0]).toMatchObject({ deletionsFound: MANY + 1 })

    const { allowDeletions } = await demo.ask<{ allowDeletions: { id: string } }>(
      `mutation ($id: ID!) { allowDeletions(id: $id) { id } }`,
      { id: review?.id },
    )
    const decided = await demo.ended(allowDeletions.id)
    expect(decided.status).toBe('COMPLETED')
    expect(counted(decided, 'TO')).toEqual({ deleted: MANY + 1 })
    expect(await reviews('OPEN')).toEqual([])
    expect((await reviews('ALLOWED'))[0]).toMatchObject({ deletionsFound: MANY + 1, deletionsWaiting: 0 })
    await expect(
      demo.ask(`mutation ($id: ID!) { rejectDeletions(id: $id) { id } }`, { id: review?.id }),
    ).rejects.toThrow('CONFLICTING_STATE')
  })

  test('rejected, they are skipped records, each with one error; a few at once are not reviewed', async () => {
    const gone = await pairs(MANY)
    for (const pair of gone) await demo.person.deleteAccount(pair.accountId)
    await demo.synchronize()
    const [review] = await reviews('OPEN')
    await demo.ask(`mutation ($id: ID!) { rejectDeletions(id: $id) { status } }`, { id: review?.id })
    expect((await reviews('REJECTED'))[0]).toMatchObject({ deletionsWaiting: 0 })
    for (const pair of gone) {
      expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'DELETED_RECORD' })
      expect(await demo.openErrors(pair)).toMatchObject([
        { errorClass: 'DELETED_RECORD', cause: expect.stringContaining('rejected') },
      ])
    }
    const few = await pairs(3)
    for (const pair of few) await demo.person.deleteAccount(pair.accountId)
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject({ deleted: 3 })
    expect(await reviews('OPEN')).toEqual([])
    for (const pair of gone) expect(await demo.openErrors(pair)).toHaveLength(1)

    // Tried again all at once, they are reviewed once more: nobody has looked at each of them.
    const { startBulkAction } = await demo.ask<{ startBulkAction: { bulkAction: { id: string } } }>(
      `mutation { startBulkAction(input: { action: RETRY_NOW, filter: {} }) { ... on BulkActionStarted { bulkAction { id } } } }`,
    )
    await demo.until(
      () =>
        demo.ask<{ bulkAction: { status: string } }>(`query ($id: ID!) { bulkAction(id: $id) { status } }`, {
          id: startBulkAction.bulkAction.id,
        }),
      ({ bulkAction }) => bulkAction.status === 'COMPLETED',
      'the end of the bulk action',
    )
    await demo.synchronize()
    expect((await reviews('OPEN'))[0]).toMatchObject({ deletionsFound: MANY, deletionsWaiting: MANY })
  })
})
