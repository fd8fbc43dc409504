import { randomUUID } from 'node:crypto'
import { markFilled } from '../common/clock.js'
import type { Connection, Database } from '../common/database.js'
import { transaction } from '../common/database.js'
import { insertRows, nextVersions } from '../common/records.js'
import type { Row } from '../common/table.js'
import { blankRow } from '../common/table.js'
import type { DataverseSeedContext } from '../dataverse/open.js'
import { setLookup } from '../dataverse/rules.js'
import type { DataverseTable } from '../dataverse/tables.js'
import { ACCOUNTS, SYSTEM_USERS, TRANSACTION_CURRENCIES } from '../dataverse/tables.js'
import { wholeSecond } from '../dataverse/values.js'
import type { DemoAccount } from './companies.js'
import { demoAccounts, demoCompanies } from './companies.js'
import type { Content } from './content.js'
import type { NorthwindEmployee } from './northwind.js'
import { readEmployees } from './northwind.js'
import { CURRENCIES } from './reference-data.js'

const HOUR = 60 * 60 * 1000
const CUSTOMER_TYPE = '3'

/** Users who are no salespeople any more: one may not sign in, one has no licence. */
const FORMER_USERS = [
  {
    first_name: 'Oliver',
    last_name: 'Hartmann',
    title: 'Sales Representative',
    home_phone: '(206) 555-0114',
    state: { isdisabled: 't' },
  },
  {
    first_name: 'Ingrid',
    last_name: 'Solberg',
    title: 'Sales Representative',
    home_phone: '(206) 555-0127',
    state: { islicensed: 'f' },
  },
] as const

/** Fills an empty Dataverse. Every stamp lies hours in the past. */
export async function seedDataverse(
  database: Database,
  content: Content,
  context: DataverseSeedContext,
): Promise<void> {
  await transaction(database, async (connection) => {
    await markFilled(connection, content.kind)
    const seed = new Seed(connection, context)
    const currencies = await seed.add(
      TRANSACTION_CURRENCIES,
      CURRENCIES.filter((currency) => currency.inSales).map((currency) => ({
        isocurrencycode: currency.code,
        currencyname: currency.name,
        currencysymbol: currency.symbol,
        exchangerate: (1 / Number(currency.dollars)).toFixed(10),
      })),
    )
    await seed.add(
      SYSTEM_USERS,
      (await readEmployees()).map((employee) => userRow(employee, context)),
    )
    if (content.kind === 'generated') return
    const currencyIds = new Map(currencies.map((row) => [row['isocurrencycode'] ?? '', row]))
    const accounts = demoAccounts(await demoCompanies())
    await seed.add(
      ACCOUNTS,
      accounts.map((account) =>
        accountRow(account, context, account.currency === null ? null : currencyIds.get(account.currency)),
      ),
    )
    await seed.add(
      SYSTEM_USERS,
      FORMER_USERS.map(({ state, ...person }) => ({ ...userRow(person, context), ...state })),
    )
  })
  await database.query('analyze')
}

/** An account in the local currency has the base currency and its credit limit; one in a currency that Sales lacks has none. */
function accountRow(
  account: DemoAccount,
  context: DataverseSeedContext,
  currency: Row | null | undefined,
): Row {
  const local = currency === null
  return {
    name: account.name,
    accountnumber: account.accountNumber,
    telephone1: orNull(account.phone),
    fax: orNull(account.fax),
    emailaddress1: orNull(account.email),
    websiteurl: orNull(account.website),
    address1_line1: orNull(account.street),
    address1_city: orNull(account.city),
    address1_stateorprovince: orNull(account.region),
    address1_postalcode: orNull(account.postalCode.toUpperCase()),
    address1_country: orNull(account.country),
    address1_primarycontactname: orNull(account.contact),
    customertypecode: CUSTOMER_TYPE,
    _transactioncurrencyid_value: local
      ? context.baseCurrency
      : (currency?.['transactioncurrencyid'] ?? null),
    exchangerate: local ? '1' : (currency?.['exchangerate'] ?? null),
    creditlimit: local ? account.creditLimit : null,
    creditlimit_base: local ? account.creditLimit : null,
  }
}

function userRow(
  employee: Pick<NorthwindEmployee, 'first_name' | 'last_name' | 'title' | 'home_phone'>,
  context: DataverseSeedContext,
): Row {
  const address = `${employee.first_name}.${employee.last_name}@example.com`.toLowerCase()
  return {
    firstname: employee.first_name,
    lastname: employee.last_name,
    fullname: `${employee.first_name} ${employee.last_name}`,
    internalemailaddress: address,
    domainname: address,
    mobilephone: employee.home_phone,
    address1_telephone1: employee.home_phone,
    jobtitle: employee.title,
    _businessunitid_value: context.businessUnitId,
  }
}

function orNull(text: string): string | null {
  return text === '' ? null : text
}

class Seed {
  private step = 0

  constructor(
    private readonly connection: Connection,
    private readonly context: DataverseSeedContext,
  ) {}

  /** Inserts records of a table, each an hour older than the one before. Returns them with their ids. */
  async add(table: DataverseTable, values: readonly Row[]): Promise<Row[]> {
    // The last of the users is a person: the demo's records were typed in by people.
    const author = this.context.users.at(-1) ?? null
    const versions = await nextVersions(this.connection, values.length)
    const rows = values.map((value, index): Row => {
      this.step += 1
      const stamp = wholeSecond(this.context.now - (this.step + 2) * HOUR)
      const row = { ...blankRow(table), ...value }
      row[table.key] = randomUUID()
      row['createdon'] = stamp
      row['modifiedon'] = stamp
      row['_createdby_value'] = author
      row['_modifiedby_value'] = author
      if ('_ownerid_value' in row) {
        setLookup(table, row, 'ownerid', author === null ? null : { set: 'systemusers', id: author })
        row['_owningbusinessunit_value'] = this.context.businessUnitId
      }
      row['versionnumber'] = versions[index] ?? '0'
      return row
    })
    await insertRows(this.connection, table, rows)
    return rows
  }
}
