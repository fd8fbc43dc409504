import { requestReconciliation } from '../../../src/persistence/reconciliations.js'
import type { Pair, Scenario } from '../../support/scenario.js'

export interface Item {
  readonly id: string
  readonly verdict: string
  readonly reason: string
  readonly couplingId: string | null
  readonly localId: string | null
  readonly integrationId: string | null
  readonly partnerId: string | null
  readonly fields: readonly {
    readonly name: string
    readonly local: unknown
    readonly integration: unknown
    readonly localBase: unknown
    readonly integrationBase: unknown
    readonly localChanged: boolean
    readonly integrationChanged: boolean
  }[]
  readonly recommended: { readonly action: string | null; readonly text: string }
  readonly repair: Repair | null
}

export interface Repair {
  readonly action: string | null
  readonly outcome: string
  readonly message: string | null
}

export interface Reconciliation {
  readonly id: string
  readonly status: string
  readonly message: string | null
  readonly pairs: number | null
  readonly equal: number | null
  readonly equalPercent: number | null
  readonly summary: string
  readonly examined: number
  readonly localRecords: number
  readonly integrationRecords: number
  readonly counts: readonly { readonly verdict: string; readonly count: number }[]
  readonly items: { readonly nodes: readonly Item[] }
}

const ITEM = `id verdict reason couplingId localId integrationId partnerId
  fields { name local integration localBase integrationBase localChanged integrationChanged }
  recommended { action text } repair { action outcome message }`
const RECONCILIATION = `id status message pairs equal equalPercent summary examined localRecords integrationRecords
  counts { verdict count } items(first: 500) { nodes { ${ITEM} } }`

/** Reconciliations of CUSTOMER, as a person asks for them. */
export class Reconciler {
  constructor(private readonly demo: Scenario) {}

  /** Asks for one and waits for its end. */
  async reconcile(): Promise<Reconciliation> {
    const { reconcileMapping } = await this.demo.ask<{ reconcileMapping: Reconciliation }>(
      `mutation { reconcileMapping(name: "CUSTOMER") { ${RECONCILIATION} } }`,
    )
    return reconcileMapping
  }

  /** Asks for one without waiting for it. */
  async begin(): Promise<string> {
    const { id: mappingId } = await this.demo.engine.mapping('CUSTOMER')
    const { reconciliation } = await this.demo.engine.database.em
      .fork()
      .transactional((em) => requestReconciliation(em, { mappingId, requestedBy: 'test' }))
    await this.demo.engine.control.startReconciliation(reconciliation.id)
    return reconciliation.id
  }

  async look(id: string): Promise<Reconciliation> {
    const { reconciliation } = await this.demo.ask<{ reconciliation: Reconciliation }>(
      `{ reconciliation(id: "${id}") { ${RECONCILIATION} } }`,
    )
    return reconciliation
  }

  /** Waits until a page of accounts is compared. */
  begun(id: string): Promise<Reconciliation> {
    return this.demo.until(
      () => this.look(id),
      (found) => found.integrationRecords > 0,
      'the first page of the reconciliation',
    )
  }

  ended(id: string): Promise<Reconciliation> {
    return this.demo.until(
      () => this.look(id),
      (found) => found.status !== 'RUNNING',
      'the end of the reconciliation',
    )
  }

  async repair(id: string, items: readonly Item[], keep = 'RECOMMENDED'): Promise<readonly Repair[]> {
    const { repairReconciliation } = await this.demo.ask<{
      repairReconciliation: { results: readonly { repair: Repair }[] }
    }>(
      `mutation ($id: ID!, $items: [ID!], $keep: RepairKeep!) { repairReconciliation(id: $id, items: $items, keep: $keep) {
        results { repair { action outcome message } } } }`,
      { id, items: items.map((item) => item.id), keep },
    )
    return repairReconciliation.results.map((result) => result.repair)
  }

  /** Accounts come slowly, until faults are cleared. */
  async slowDown(): Promise<void> {
    await this.demo.fault('dataverse', {
      path: 'accounts',
      times: null,
      action: { kind: 'delay', milliseconds: 300 },
    })
  }
}

export function itemsOf(found: Reconciliation, pair: Pair): readonly Item[] {
  return found.items.nodes.filter((item) => item.couplingId === pair.couplingId)
}

export function itemOf(found: Reconciliation, pair: Pair): Item | undefined {
  return itemsOf(found, pair)[0]
}
