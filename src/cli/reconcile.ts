import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Config } from '../config.js'
import type { ReconciliationStatus } from '../domain/reconcile.js'
import { callApi, findApi, type ApiAddress } from './api-client.js'
import { ExpectedError } from './exit-codes.js'
import { formatTable, printLine, printTrouble } from './output.js'

interface ReconcileWords {
  readonly wait?: true
  readonly connection?: string
  readonly json?: true
}

interface ReconciliationRow {
  readonly id: string
  readonly status: ReconciliationStatus
  readonly message: string | null
  readonly summary: string
  readonly pairs: number | null
  readonly equal: number | null
  readonly differing: number | null
  readonly equalPercent: number | null
  readonly counts: readonly { readonly verdict: string; readonly count: number }[]
  readonly temporalUrl: string | null
}

interface ItemRow {
  readonly id: string
  readonly verdict: string
  readonly reason: string
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly integrationName: string | null
  readonly fields: readonly {
    readonly localCaption: string
    readonly local: string | boolean | null
    readonly integration: string | boolean | null
    readonly hasBase: boolean
    readonly localBase: string | boolean | null
    readonly integrationBase: string | boolean | null
  }[]
  readonly recommended: { readonly text: string }
}

const RECONCILIATION_FIELDS =
  'id status message summary pairs equal differing equalPercent counts { verdict count } temporalUrl'
const ITEM_FIELDS = `id verdict reason localId integrationId localName integrationName
  fields { localCaption local integration hasBase localBase integrationBase } recommended { action direction text }`
const POLL_MILLISECONDS = 500
const ITEMS_AT_ONCE = 200

/** `accord reconcile`: how far the pairs of a mapping agree. */
export function addReconcileCommand(program: Command, readConfig: () => Config): void {
  program
    .command('reconcile')
    .description('compare all pairs of a mapping without writing anything, and tell which differ and why')
    .argument('<mapping>', 'name of the mapping: CUSTOMER')
    .option('--wait', 'wait for the end, however long it takes; without it, half a minute')
    .option('--connection <name>', 'needed once several connections have a mapping of that name')
    .option('--json', 'write what was found as JSON')
    .action((mapping: string, words: ReconcileWords) => reconcile(readConfig(), mapping, words))
}

/** @throws ExpectedError when the mapping is unknown, or the reconciliation that was waited for did not complete */
async function reconcile(config: Config, mapping: string, words: ReconcileWords): Promise<void> {
  const api = await findApi(config)
  const { reconcileMapping } = await callApi<{ reconcileMapping: ReconciliationRow }>(
    api,
    `mutation Reconcile($name: String!, $connection: String) {
      reconcileMapping(name: $name, connection: $connection) { ${RECONCILIATION_FIELDS} } }`,
    { name: mapping, connection: words.connection ?? null },
  )
  let found = reconcileMapping
  if (words.wait === true && found.status === 'RUNNING') {
    printTrouble(
      `Waiting for the reconciliation ${found.id}${found.temporalUrl === null ? '' : ` (${found.temporalUrl})`}`,
    )
    found = await waitFor(api, found)
  }
  if (words.json === true) {
    const items: ItemRow[] = []
    for await (const page of itemPages(api, found.id)) items.push(...page)
    printLine(JSON.stringify({ ...found, items }, null, 2))
  } else {
    for await (const page of itemPages(api, found.id)) {
      for (const item of page) for (const line of describeItem(item)) printLine(line)
    }
    printLine(found.summary)
    if (found.status === 'RUNNING')
      printLine(`The reconciliation ${found.id} is still under way; --wait waits for its end.`)
  }
  if (found.status === 'FAILED' || found.status === 'CANCELLED') {
    throw new ExpectedError(
      `The reconciliation of ${mapping} ended as ${found.status.toLowerCase()}${found.message === null ? '.' : `: ${found.message}`}`,
    )
  }
}

async function waitFor(api: ApiAddress, asked: ReconciliationRow): Promise<ReconciliationRow> {
  let latest = asked
  while (latest.status === 'RUNNING') {
    await delay(POLL_MILLISECONDS)
    const answer = await callApi<{ reconciliation: ReconciliationRow }>(
      api,
      `query Reconciliation($id: ID!) { reconciliation(id: $id) { ${RECONCILIATION_FIELDS} } }`,
      { id: asked.id },
    )
    latest = answer.reconciliation
  }
  return latest
}

async function* itemPages(api: ApiAddress, id: string): AsyncGenerator<readonly ItemRow[]> {
  let after: string | null = null
  do {
    const answer: {
      reconciliation: { items: { nodes: readonly ItemRow[]; endCursor: string | null } }
    } = await callApi(
      api,
      `query Items($id: ID!, $first: Int!, $after: String) {
        reconciliation(id: $id) { items(first: $first, after: $after) { endCursor nodes { ${ITEM_FIELDS} } } }
      }`,
      { id, first: ITEMS_AT_ONCE, after },
    )
    yield answer.reconciliation.items.nodes
    after = answer.reconciliation.items.endCursor
  } while (after !== null)
}

/** One finding: what, why, its fields with what was last agreed on, and what a repair would do. */
function describeItem(item: ItemRow): string[] {
  const names = [item.localName ?? item.localId, item.integrationName ?? item.integrationId]
    .filter((name) => name !== null)
    .join(' <-> ')
  const fields = item.fields.map((field) => [
    field.localCaption,
    `${shown(field.local)} <-> ${shown(field.integration)}`,
    field.hasBase
      ? `last agreed on: ${shown(field.localBase)} <-> ${shown(field.integrationBase)}`
      : 'never synchronized',
  ])
  return [
    `${item.verdict}  ${names}`,
    `  ${item.reason}`,
    ...formatTable(fields).map((line) => `    ${line}`),
    `  Repair: ${item.recommended.text}`,
    '',
  ]
}

function shown(value: string | boolean | null): string {
  return value === null ? '(blank)' : JSON.stringify(value)
}
