import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.js'
import { isCarriedOut, type PlanAction } from '../domain/plan.js'
import { isFinished, type RunStatus } from '../domain/run.js'
import { callApi, findApi, type ApiAddress } from './api-client.js'
import { ExpectedError } from './exit-codes.js'
import { formatTable, printLine, printTrouble } from './output.js'
import { describeEnd, describeRun } from './sync.js'
import { waitForRun, type RunRequest } from './runs.js'
import { CAPTIONED_MAPPING, systemNames, type CaptionedMapping } from './system-names.js'

export interface PlanOptions extends RunRequest {
  /** Records without a partner are created, whatever Synch. Only Coupled Records says. */
  readonly includeUncoupled: boolean
  readonly json: boolean
}

interface PlanRow {
  readonly id: string
  readonly status: RunStatus
  readonly message: string | null
  readonly hash: string | null
  readonly mappingVersion: number
  readonly mapping: CaptionedMapping
  readonly estimate: {
    readonly localCalls: number
    readonly integrationCalls: number
    readonly seconds: number | null
  } | null
  readonly counts: readonly { readonly action: PlanAction; readonly count: number }[]
  readonly jobs: readonly { readonly unchanged: number; readonly ignored: number }[]
}

interface ItemRow {
  readonly number: number
  readonly action: string
  readonly direction: string
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly integrationName: string | null
  readonly couples: boolean
  readonly changes: readonly {
    readonly side: string
    readonly caption: string
    readonly before: string | null
    readonly after: string | null
    readonly beforeName: string | null
    readonly afterName: string | null
  }[]
  readonly failure: { readonly errorClass: string; readonly message: string; readonly remedy: string } | null
}

const PLAN_FIELDS = `id status message hash mappingVersion ${CAPTIONED_MAPPING}
  estimate { localCalls integrationCalls seconds } counts { action count } jobs { unchanged ignored }`
const ITEM_FIELDS = `number action direction localId integrationId localName integrationName couples
  changes { side caption before after beforeName afterName } failure { errorClass message remedy }`
const POLL_MILLISECONDS = 500
const ITEMS_AT_ONCE = 500

/**
 * Makes a plan and prints every record of it.
 * @throws ExpectedError when the mapping is unknown, or the plan could not be made
 */
export async function runPlan(config: Config, mapping: string, options: PlanOptions): Promise<void> {
  const api = await findApi(config)
  const plan = await madePlan(api, mapping, options)
  if (options.json) {
    const items: ItemRow[] = []
    for await (const page of itemPages(api, plan.id)) items.push(...page)
    return printLine(JSON.stringify({ ...plan, items }, null, 2))
  }
  const names = systemNames(plan.mapping)
  for await (const page of itemPages(api, plan.id)) {
    for (const item of page) for (const line of describeItem(item, names)) printLine(line)
  }
  for (const line of describePlan(mapping, plan)) printLine(line)
}

async function madePlan(api: ApiAddress, mapping: string, options: PlanOptions): Promise<PlanRow> {
  const { planMapping } = await callApi<{ planMapping: PlanRow }>(
    api,
    `mutation Plan($name: String!, $mode: RunMode!, $direction: PassDirection, $includeUncoupled: Boolean!, $connection: String) {
      planMapping(name: $name, mode: $mode, direction: $direction, includeUncoupled: $includeUncoupled, connection: $connection) { ${PLAN_FIELDS} }
    }`,
    {
      name: mapping,
      mode: options.mode,
      direction: options.direction,
      includeUncoupled: options.includeUncoupled,
      connection: options.connection,
    },
  )
  let plan = planMapping
  if (!isFinished(plan.status)) printTrouble(`Waiting for the plan ${plan.id}`)
  while (!isFinished(plan.status)) {
    await delay(POLL_MILLISECONDS)
    const answer = await callApi<{ plan: PlanRow }>(
      api,
      `query Plan($id: ID!) { plan(id: $id) { ${PLAN_FIELDS} } }`,
      {
        id: plan.id,
      },
    )
    plan = answer.plan
  }
  if (plan.status !== 'COMPLETED') {
    throw new ExpectedError(describeEnd(mapping, plan, 'plan'))
  }
  return plan
}

async function* itemPages(api: ApiAddress, id: string): AsyncGenerator<readonly ItemRow[]> {
  let after: string | null = null
  do {
    const answer: { plan: { items: { nodes: readonly ItemRow[]; endCursor: string | null } } } =
      await callApi(
        api,
        `query Items($id: ID!, $first: Int!, $after: String) {
        plan(id: $id) { items(first: $first, after: $after) { endCursor nodes { ${ITEM_FIELDS} } } }
      }`,
        { id, first: ITEMS_AT_ONCE, after },
      )
    yield answer.plan.items.nodes
    after = answer.plan.items.endCursor
  } while (after !== null)
}

/** One record: what would be done, then its fields. */
function describeItem(item: ItemRow, systems: ReturnType<typeof systemNames>): string[] {
  const names = [item.localName ?? item.localId, item.integrationName ?? item.integrationId]
  const [local, integration] = names.map((name) => name ?? '(new)')
  const coupled = item.couples ? ', coupled with its match' : ''
  const way = item.direction === 'TO_INTEGRATION_TABLE' ? '->' : '<-'
  return [
    `${item.action.toLowerCase().padEnd(8)}  ${local} ${way} ${integration}${coupled}`,
    ...formatTable(
      item.changes.map((change) => [
        change.side === 'LOCAL' ? systems.local : systems.integration,
        change.caption,
        `${quoted(change.beforeName ?? change.before)} -> ${quoted(change.afterName ?? change.after)}`,
      ]),
    ).map((line) => `            ${line}`),
    ...(item.failure === null
      ? []
      : [
          `            ${item.failure.errorClass}: ${item.failure.message}`,
          `            ${item.failure.remedy}`,
        ]),
  ]
}

function quoted(value: string | null): string {
  return value === null ? '(blank)' : JSON.stringify(value)
}

function describePlan(mapping: string, plan: PlanRow): string[] {
  const counts = plan.counts.map(({ action, count }) => `${count} ${action.toLowerCase()}`)
  const left = plan.jobs.reduce((sum, job) => sum + job.unchanged + job.ignored, 0)
  const { estimate } = plan
  const systems = systemNames(plan.mapping)
  const carriedOut = plan.counts.some(({ action }) => isCarriedOut(action))
  return [
    '',
    `Plan ${plan.id} of ${mapping}, version ${plan.mappingVersion}: ${counts.length === 0 ? 'nothing to do' : counts.join(', ')}; ${left} looked at and left as they are.`,
    ...(estimate === null || !carriedOut
      ? []
      : [
          `Calls: ${estimate.localCalls} to ${systems.local}, ${estimate.integrationCalls} to ${systems.integration}${estimate.seconds === null ? '' : `; about ${estimate.seconds} s`}.`,
        ]),
    ...(!carriedOut ? [] : [`Carry it out: accord apply ${plan.id} --hash ${plan.hash ?? ''}`]),
  ]
}

/**
 * Carries out a plan and waits for its end.
 * @throws ExpectedError when it may not be carried out (any more), or the run did not complete
 */
export async function runApply(
  config: Config,
  planId: string,
  options: { readonly hash: string; readonly json: boolean },
): Promise<void> {
  const api = await findApi(config)
  const { applyPlan } = await callApi<{ applyPlan: { id: string } }>(
    api,
    'mutation Apply($id: ID!, $hash: String!) { applyPlan(id: $id, hash: $hash) { id } }',
    { id: planId, hash: options.hash },
  )
  const run = await waitForRun(api, { id: applyPlan.id })
  if (options.json) printLine(JSON.stringify(run, null, 2))
  else for (const line of describeRun(`plan ${planId}`, run)) printLine(line)
  const ignored = run.jobs.reduce((sum, job) => sum + job.ignored, 0)
  if (ignored > 0)
    printTrouble(
      ignored === 1
        ? '1 record was not as it was planned any more and was left alone.'
        : `${ignored} records were not as they were planned any more and were left alone.`,
    )
  if (run.status !== 'COMPLETED') throw new ExpectedError(describeEnd(`the plan ${planId}`, run))
}
