import { run, sql } from '../../../src/persistence/sql.js'
import type { Stage } from './stage.js'

type Row = Readonly<Record<string, unknown>>

const TEXTS: Readonly<Record<string, string>> = {
  displayName: 'name',
  addressLine1: 'address1_line1',
  addressLine2: 'address1_line2',
  postalCode: 'address1_postalcode',
  city: 'address1_city',
  country: 'address1_country',
  state: 'address1_stateorprovince',
  email: 'emailaddress1',
  website: 'websiteurl',
  phoneNumber: 'telephone1',
}

/** A blank currency and the local currency's code mean the same. */
const LOCAL_CURRENCY = 'USD'

export interface PairsReport {
  readonly customers: number
  readonly accounts: number
  readonly couplings: number
  readonly withoutPartner: readonly string[]
  readonly differing: readonly string[]
  readonly duplicateNames: readonly string[]
}

/**
 * Reads both systems whole over their own APIs and compares every pair on every mapped field, with nothing of Accord's but
 * the list of couplings.
 */
export async function comparePairs(stage: Stage): Promise<PairsReport> {
  const { sandbox, person, database } = stage.engine
  const everything = async (url: string): Promise<readonly Row[]> => {
    const rows: Row[] = []
    for (let next: string | undefined = url; next !== undefined;) {
      const page: Row = await person.send('GET', next, null)
      rows.push(...(page['value'] as readonly Row[]))
      next = page['@odata.nextLink'] as string | undefined
    }
    return rows
  }
  const [customers, accounts, currencies] = await Promise.all([
    everything(`${sandbox.businessCentral.url}/companies(${sandbox.businessCentral.companyId})/customers`),
    everything(`${sandbox.dataverse.url}/accounts`),
    everything(`${sandbox.dataverse.url}/transactioncurrencies`),
  ])
  const codes = new Map(currencies.map((row) => [row['transactioncurrencyid'], row['isocurrencycode']]))
  const couplings = await run<{ local_id: string; integration_id: string }>(
    database.em.fork(),
    sql`select local_id, integration_id from coupling where local_table = 'customers'`,
  )
  const customerById = new Map(customers.map((row) => [String(row['id']), row]))
  const accountById = new Map(accounts.map((row) => [String(row['accountid']), row]))
  const differing: string[] = []
  for (const { local_id: localId, integration_id: integrationId } of couplings) {
    const [customer, account] = [customerById.get(localId), accountById.get(integrationId)]
    if (customer === undefined || account === undefined) {
      differing.push(`${localId} / ${integrationId}: one side is gone`)
      continue
    }
    for (const [local, integration] of Object.entries(TEXTS)) {
      const [left, right] = [String(customer[local] ?? ''), String(account[integration] ?? '')]
      if (left !== right) differing.push(`${String(customer['number'])} ${local}: "${left}" / "${right}"`)
    }
    const [left, right] = [
      customer['currencyCode'],
      codes.get(account['_transactioncurrencyid_value']) ?? LOCAL_CURRENCY,
    ]
    if (left !== right)
      differing.push(`${String(customer['number'])} currency: ${String(left)} / ${String(right)}`)
  }
  const coupledCustomers = new Set(couplings.map((pair) => pair.local_id))
  const coupledAccounts = new Set(couplings.map((pair) => pair.integration_id))
  return {
    customers: customers.length,
    accounts: accounts.length,
    couplings: couplings.length,
    withoutPartner: [
      ...customers
        .filter((row) => !coupledCustomers.has(String(row['id'])))
        .map((row) => `customer ${String(row['displayName'])}`),
      ...accounts
        .filter((row) => !coupledAccounts.has(String(row['accountid'])))
        .map((row) => `account ${String(row['name'])}`),
    ],
    differing,
    duplicateNames: [...repeated(customers, 'displayName'), ...repeated(accounts, 'name')],
  }
}

function repeated(rows: readonly Row[], field: string): readonly string[] {
  return [...Map.groupBy(rows, (row) => String(row[field]))]
    .filter(([, group]) => group.length > 1)
    .map(([name]) => name)
}
