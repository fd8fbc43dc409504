import { CUSTOMER_MAPPING } from '../src/domain/catalog/default-mappings.js'
import type { Accord } from './accord.js'
import type { Sandboxes } from './sandboxes.js'
import { query } from './servers.js'

/** What must hold after every run. `false` anywhere makes the measurement worthless. */
export interface Invariants {
  readonly customers: number
  readonly accounts: number
  readonly couplings: number
  readonly different: number
  readonly openErrors: number
  readonly hold: boolean
}

/** Fields whose values are the same text on both sides. */
const PAIRS = CUSTOMER_MAPPING.fields
  .filter((field) => field.lookupMappings === undefined && field.localCurrencyAmount === undefined)
  .flatMap(({ localField, integrationField }) =>
    localField === null || integrationField === null ? [] : [{ localField, integrationField }],
  )

/** Looks into the databases themselves: one account for each customer, coupled, and equal in every text field. */
export async function checkInvariants(accord: Accord, sandboxes: Sandboxes): Promise<Invariants> {
  const customers = await textsOf(
    sandboxes.businessCentralDatabase,
    'customers',
    'id',
    PAIRS.map((field) => field.localField),
  )
  const accounts = await textsOf(
    sandboxes.dataverseDatabase,
    'accounts',
    'accountid',
    PAIRS.map((field) => field.integrationField),
  )
  const couplings = await query(
    accord.stateDatabase,
    `select local_id, integration_id from coupling where local_table = 'customers'`,
  )
  const [errors] = await query(
    accord.stateDatabase,
    'select count(*)::integer as total from integration_synch_error where resolved_at is null',
  )
  const openErrors = Number(errors?.['total'])
  let different = 0
  for (const { local_id: local, integration_id: integration } of couplings) {
    const account = accounts.get(String(integration))
    if (account === undefined || account !== customers.get(String(local))) different += 1
  }
  const hold =
    customers.size === accounts.size &&
    customers.size === couplings.length &&
    different === 0 &&
    openErrors === 0
  return {
    customers: customers.size,
    accounts: accounts.size,
    couplings: couplings.length,
    different,
    openErrors,
    hold,
  }
}

async function textsOf(
  database: string,
  table: string,
  key: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // Blank is the empty text on one side and nothing on the other.
  const values = columns.map((column) => `coalesce("${column}"::text, '')`).join(', ')
  const rows = await query(
    database,
    `select "${key}"::text as key, md5(array[${values}]::text) as digest from "${table}"`,
  )
  return new Map(rows.map((row) => [String(row['key']), String(row['digest'])]))
}
