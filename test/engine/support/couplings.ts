import type { Scenario } from '../../support/scenario.js'

type Row = Readonly<Record<string, unknown>>

/** What a person does with couplings, as answers of the API. */
export class Couplings {
  constructor(private readonly demo: Scenario) {}

  /** A customer and an account of the same or other names that nobody has coupled. */
  async strangers(
    customer: Row,
    account: Row,
  ): Promise<{ readonly localId: string; readonly integrationId: string }> {
    return { localId: await this.customer(customer), integrationId: await this.account(account) }
  }

  async customer(values: Row): Promise<string> {
    return String((await this.demo.person.createCustomer(values))['id'])
  }

  async account(values: Row): Promise<string> {
    const made = await this.demo.person.createAccount({ customertypecode: 3, ...values })
    return String(made['accountid'])
  }

  async couple(
    pair: { readonly localId: string; readonly integrationId: string },
    options: { readonly synchronize?: string; readonly recouple?: boolean; readonly mapping?: string } = {},
  ): Promise<Row> {
    const { coupleRecords } = await this.demo.ask<{ coupleRecords: Row }>(
      `mutation ($mapping: String!, $localId: ID!, $integrationId: ID!, $synchronize: CoupleSynchronize!, $recouple: Boolean!) {
        coupleRecords(mapping: $mapping, localId: $localId, integrationId: $integrationId, synchronize: $synchronize,
          recouple: $recouple) {
          __typename
          ... on RecordsCoupled { couplingId written synchronized message runId }
          ... on RecordsNotCoupled { message fields { name local integration equal } } } }`,
      { mapping: 'CUSTOMER', synchronize: 'NONE', recouple: false, ...pair, ...options },
    )
    return coupleRecords
  }

  async create(
    side: 'LOCAL' | 'INTEGRATION',
    ids: readonly string[],
    evenIfMatched = false,
  ): Promise<readonly Row[]> {
    const { createRecords } = await this.demo.ask<{ createRecords: readonly Row[] }>(
      `mutation ($side: Side!, $ids: [ID!]!, $evenIfMatched: Boolean!) {
        createRecords(mapping: "CUSTOMER", side: $side, ids: $ids, evenIfMatched: $evenIfMatched) {
          __typename
          ... on RecordCreated { id couplingId createdId }
          ... on RecordNotCreated { id message } } }`,
      { side, ids, evenIfMatched },
    )
    return createRecords
  }

  async match(
    options: { readonly createNew?: boolean; readonly synchronizeAfterwards?: boolean } = {},
  ): Promise<Row> {
    const { coupleByMatching } = await this.demo.ask<{ coupleByMatching: { id: string } }>(
      `mutation ($createNew: Boolean, $synchronizeAfterwards: Boolean) {
        coupleByMatching(mapping: "CUSTOMER", createNew: $createNew, synchronizeAfterwards: $synchronizeAfterwards) { id } }`,
      { ...options },
    )
    await this.demo.ended(coupleByMatching.id)
    return this.log(coupleByMatching.id)
  }

  /** What the log says of a run: its message, and of its jobs the counters that are not zero. */
  async log(runId: string): Promise<Row> {
    const { synchRun } = await this.demo.ask<{
      synchRun: {
        id: string
        status: string
        mode: string
        message: string | null
        jobs: readonly (Row & { ignoredByReason: readonly { reason: string; count: number }[] })[]
      }
    }>(
      `query ($id: ID!) { synchRun(id: $id) { id status mode message jobs { direction coupled uncoupled inserted modified
        deleted unchanged skipped failed conflicts ignoredByReason { reason count } } } }`,
      { id: runId },
    )
    return {
      ...synchRun,
      jobs: synchRun.jobs.map(({ ignoredByReason, ...job }) => ({
        ...Object.fromEntries(Object.entries(job).filter(([, value]) => value !== 0)),
        ...Object.fromEntries(ignoredByReason.map(({ reason, count }) => [reason, count])),
      })),
    }
  }

  async uncouple(ids: readonly string[]): Promise<Row> {
    const { deleteCouplings } = await this.demo.ask<{ deleteCouplings: Row }>(
      'mutation ($ids: [ID!]) { deleteCouplings(ids: $ids) { removed busy unknown runIds } }',
      { ids },
    )
    return deleteCouplings
  }

  async repair(ids: readonly string[] | null = null): Promise<Row> {
    const { repairCouplings } = await this.demo.ask<{ repairCouplings: Row }>(
      `mutation ($ids: [ID!]) { repairCouplings(mapping: "CUSTOMER", ids: $ids) { examined repaired
        run { recordResults { couplingId localId integrationId outcome message } } } }`,
      { ids },
    )
    return repairCouplings
  }

  /** The coupling of a record, or null. */
  async of(record: { readonly localId?: string; readonly integrationId?: string }): Promise<{
    readonly id: string
    readonly status: string
    readonly pendingReason: string | null
    readonly localRecord: { readonly id: string }
    readonly integrationRecord: { readonly id: string }
  } | null> {
    const { couplings } = await this.demo.ask<{ couplings: { nodes: readonly never[] } }>(
      `query ($filter: CouplingFilter) { couplings(filter: $filter) { nodes { id status pendingReason
        localRecord { id } integrationRecord { id } } } }`,
      { filter: record },
    )
    return couplings.nodes[0] ?? null
  }
}
