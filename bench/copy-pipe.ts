import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import { CUSTOMER } from '../src/domain/catalog/business-central.js'
import { CUSTOMER_MAPPING } from '../src/domain/catalog/default-mappings.js'
import { fieldOf } from '../src/domain/schema.js'
import type { Cleanup } from './cleanup.js'
import { Person } from './person.js'
import { SANDBOX_SECRET, startSandboxes } from './sandboxes.js'
import { query, type Servers } from './servers.js'

/** What a copy without any state takes between the same sandboxes. */
export interface CopyPipe {
  readonly customers: number
  readonly how: string
  readonly seconds: number
  readonly rowsPerSecond: number
}

const ROWS_IN_PAGE = 2000
const ROWS_IN_BATCH = 250
/** As many as a connector of Accord has under way. */
const CALLS_AT_ONCE = 4

/** Fields that API v2.0 has, and whose values are the same text on both sides. */
const PAIRS = CUSTOMER_MAPPING.fields
  .filter((field) => field.lookupMappings === undefined && field.localCurrencyAmount === undefined)
  .flatMap(({ localField, integrationField }): readonly (readonly [string, string])[] =>
    localField === null || integrationField === null || fieldOf(CUSTOMER, localField).customApi === true
      ? []
      : [[localField, integrationField]],
  )

/**
 * The floor: reads customers page by page and creates an account for each with the bulk call that Accord uses, with no
 * state, no comparison, no currency and no answer looked at beyond its status. Nothing that keeps records in agreement can
 * be faster between these two servers.
 */
export async function measureCopyPipe(
  servers: Servers,
  cleanup: Cleanup,
  customers: number,
): Promise<CopyPipe> {
  const sandboxes = await startSandboxes(servers, cleanup, `copy_pipe_${customers}`, customers)
  const { facts } = sandboxes
  const client = await Person.arrive(facts, facts.clientId, SANDBOX_SECRET)
  const calls = pLimit(CALLS_AT_ONCE)
  const root = new URL(facts.dataverse.url).pathname
  const started = performance.now()
  const sent: Promise<void>[] = []
  const select = ['id', ...PAIRS.map(([local]) => local)].join(',')
  let next: string | null =
    `${facts.businessCentral.url}/companies(${facts.businessCentral.companyId})/customers?$select=${select}`
  while (next !== null) {
    const page: Readonly<Record<string, unknown>> = await client.get(next, {
      prefer: `odata.maxpagesize=${ROWS_IN_PAGE}`,
    })
    const rows = page['value'] as readonly Readonly<Record<string, unknown>>[]
    for (let from = 0; from < rows.length; from += ROWS_IN_BATCH) {
      const bodies = rows.slice(from, from + ROWS_IN_BATCH).map(accountOf)
      sent.push(calls(() => createAccounts(client, facts.dataverse.url, root, bodies)))
    }
    const link = page['@odata.nextLink']
    next = typeof link === 'string' ? link : null
  }
  await Promise.all(sent)
  const seconds = (performance.now() - started) / 1000
  const [count] = await query(
    sandboxes.dataverseDatabase,
    'select count(*)::integer as total from accounts',
    [],
    (row) => Number(row['total']),
  )
  await sandboxes.stop()
  if (count !== customers) throw new Error(`The copy made ${count} accounts of ${customers} customers.`)
  return {
    customers,
    how: `multipart batches of ${ROWS_IN_BATCH} creations, ${CALLS_AT_ONCE} at a time`,
    seconds,
    rowsPerSecond: customers / seconds,
  }
}

function accountOf(row: Readonly<Record<string, unknown>>): string {
  const values = Object.fromEntries(
    PAIRS.map(([local, integration]) => [integration, row[local] === '' ? null : row[local]]),
  )
  return JSON.stringify({ ...values, customertypecode: 3 })
}

async function createAccounts(
  client: Person,
  url: string,
  root: string,
  bodies: readonly string[],
): Promise<void> {
  const boundary = `batch_${randomUUID()}`
  const parts = bodies.map(
    (body) =>
      `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n` +
      `PATCH ${root}/accounts(${randomUUID()}) HTTP/1.1\r\nContent-Type: application/json\r\nIf-None-Match: *\r\n\r\n${body}\r\n`,
  )
  await client.postText(
    `${url}/$batch`,
    `${parts.join('')}--${boundary}--\r\n`,
    `multipart/mixed; boundary=${boundary}`,
  )
}
