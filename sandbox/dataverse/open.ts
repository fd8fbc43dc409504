import type { Connection, Database } from '../common/database.js'
import { openDatabase, transaction } from '../common/database.js'
import { SETTING_STATEMENT, isUnfilled, openClock } from '../common/clock.js'
import { Faults } from '../common/faults.js'
import { Metrics } from '../common/metrics.js'
import { schemaStatements } from '../common/schema-statements.js'
import type { RunningServer } from '../common/server.js'
import { startServer } from '../common/server.js'
import type { Directory } from '../common/directory.js'
import { VERSION_STATEMENT, insertRows } from '../common/records.js'
import type { Row, Table } from '../common/table.js'
import { blankRow, quoted } from '../common/table.js'
import type { Tokens } from '../common/tokens.js'
import { privilegeRows } from './identity/privileges.js'
import { ROLES } from './identity/roles.js'
import { TOMBSTONE_STATEMENTS } from './change-tracking.js'
import { OPTION_STATEMENTS, OptionSets } from './options.js'
import { SERVICE_ROOT } from './route.js'
import { stableId } from './stable-id.js'
import type { Organization } from './parts.js'
import { dataverseSystem } from './system.js'
import { DATAVERSE_TABLES, ROLES_TABLE, SYSTEM_TABLES } from './tables.js'
import { MESSAGE_FILTERS, PRIVILEGES_TABLE, messageFilterRows } from './tables/system.js'

const ORGANIZATION_ID = '0b9cf1ae-52f3-4d3e-9b56-3f1f4dd0a1b2'
const BUSINESS_UNIT_ID = '7c1c7ad9-43d2-4f0c-8c0f-6a5d3b0c9e01'
const BASE_CURRENCY_ID = 'd2a1f5c3-0b3e-4f9a-8f1d-1c2b3a4d5e6f'
const DEFAULT_TEAM_ID = '7c1c7ad9-43d2-4f0c-8c0f-6a5d3b0c9e02'
const DEFAULT_SCHEDULE_ID = '4e2d1b6a-8c55-4e0b-9a0c-2f6b1d7c8e01'
const DEFAULT_UNIT_ID = '4e2d1b6a-8c55-4e0b-9a0c-2f6b1d7c8e02'
const NAME = 'Northwind Sales'
const EXPIRY_DAYS = 7
/** What the organisation starts with was there before anything else happened. */
const AGE_AT_START = 24 * 60 * 60 * 1000

export interface DataverseUser {
  /** Null: somebody who signs in with a name and a password. */
  readonly clientId: string | null
  /** The name to sign in with; a made-up one where it is left out. */
  readonly username?: string
  readonly firstName: string
  readonly lastName: string
  /** Of an application: not interactive, as an integration user should be. */
  readonly application: boolean
}

export interface DataverseSeedContext {
  readonly baseCurrency: string
  /** The system user of each of the clients, in their order. */
  readonly users: readonly string[]
  readonly businessUnitId: string
  readonly now: number
}

export interface DataverseOptions {
  readonly databaseUrl: string
  /** 0: any free port. */
  readonly port: number
  readonly tokens: Tokens
  readonly directory: Directory
  readonly users: readonly DataverseUser[]
  /** Fills a database that holds no accounts yet. */
  readonly seed?: (database: Database, context: DataverseSeedContext) => Promise<void>
}

export interface RunningDataverse {
  /** Ends in `/api/data/v9.2`. */
  readonly url: string
  readonly origin: string
  close(): Promise<void>
}

/** Opens the database, creates what is missing and starts the server. Throws when the port is taken. */
export async function startDataverse(options: DataverseOptions): Promise<RunningDataverse> {
  const database = await openDatabase(options.databaseUrl, 'Dataverse')
  let server: RunningServer
  try {
    await transaction(database, createSchema)
    const clock = await openClock(database)
    const now = clock.now()
    const users = await transaction(database, (connection) =>
      createOrganization(connection, options.users, now - AGE_AT_START),
    )
    if (options.seed !== undefined && (await isUnfilled(database, 'accounts'))) {
      await options.seed(database, {
        baseCurrency: BASE_CURRENCY_ID,
        users,
        businessUnitId: BUSINESS_UNIT_ID,
        now,
      })
    }
    const faults = new Faults()
    const metrics = new Metrics()
    const organization: Organization = {
      id: ORGANIZATION_ID,
      businessUnitId: BUSINESS_UNIT_ID,
      baseCurrency: BASE_CURRENCY_ID,
      trackingExpiryDays: EXPIRY_DAYS,
    }
    const optionSets = await OptionSets.open(database)
    const system = dataverseSystem({
      database,
      clock,
      faults,
      metrics,
      organization,
      optionSets,
      directory: options.directory,
      applications: new Set(
        options.users.flatMap((user) =>
          user.application ? [(user.clientId ?? user.username ?? '').toLowerCase()] : [],
        ),
      ),
    })
    server = await startServer(
      { system, clock, tokens: options.tokens, directory: options.directory, faults, metrics },
      options.port,
      '--dataverse-port',
    )
  } catch (error) {
    await database.end()
    throw error
  }
  return {
    url: `${server.origin}${SERVICE_ROOT}`,
    origin: server.origin,
    async close() {
      await server.close()
      await database.end()
    },
  }
}

async function createSchema(connection: Connection): Promise<void> {
  // Two processes may start on one database at the same moment.
  await connection.query(`select pg_advisory_xact_lock(hashtext('sandbox schema'))`)
  const statements = [
    SETTING_STATEMENT,
    VERSION_STATEMENT,
    ...schemaStatements([...DATAVERSE_TABLES, ...SYSTEM_TABLES]),
    // An older sandbox kept them apart by an index.
    'drop index if exists systemusers_applicationid_unique',
    ...TOMBSTONE_STATEMENTS,
    ...OPTION_STATEMENTS,
  ]
  await connection.query(statements.join(';\n'))
  await fillSystemTable(
    connection,
    ROLES_TABLE,
    ROLES.map((role) => ({
      roleid: role.id,
      name: role.name,
      _roletemplateid_value: role.templateId,
      _businessunitid_value: BUSINESS_UNIT_ID,
    })),
  )
  await fillSystemTable(connection, PRIVILEGES_TABLE, privilegeRows())
  await fillSystemTable(connection, MESSAGE_FILTERS, messageFilterRows(DATAVERSE_TABLES))
}

/** The rows of a table about the service are those that this sandbox knows, whatever an older one left. */
async function fillSystemTable(connection: Connection, table: Table, rows: readonly Row[]): Promise<void> {
  await connection.query(`delete from ${quoted(table.name)}`)
  await insertRows(
    connection,
    table,
    rows.map((row) => ({ ...blankRow(table), ...row })),
  )
}

/** The organisation, its base currency and the users behind the clients, where they are missing. Returns the users' ids. */
async function createOrganization(
  connection: Connection,
  users: readonly DataverseUser[],
  at: number,
): Promise<string[]> {
  await connection.query(`select pg_advisory_xact_lock(hashtext('record_version'))`)
  const stamp = new Date(Math.floor(at / 1000) * 1000).toISOString()
  const ids = users.map((user) =>
    stableId(`systemuser ${(user.clientId ?? user.username ?? '').toLowerCase()}`),
  )
  for (const [index, user] of users.entries()) {
    await connection.query(
      `insert into systemusers (systemuserid, firstname, lastname, fullname, internalemailaddress, domainname, _businessunitid_value,
         accessmode, isintegrationuser, applicationid, createdon, modifiedon, versionnumber)
       values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $10, nextval('record_version')) on conflict do nothing`,
      [
        ids[index],
        user.firstName,
        user.lastName,
        `${user.firstName} ${user.lastName}`.trim(),
        user.username ??
          `${user.firstName}.${user.lastName}@example.com`.toLowerCase().replaceAll(/[^a-z.@]/g, ''),
        BUSINESS_UNIT_ID,
        user.application ? 4 : 0,
        user.application,
        user.clientId?.toLowerCase() ?? null,
        stamp,
      ],
    )
  }
  await createDefaults(connection, ids[0] ?? null, stamp)
  return ids
}

/** What every organisation has from its first day. */
async function createDefaults(connection: Connection, author: string | null, stamp: string): Promise<void> {
  await connection.query(
    `insert into businessunits (businessunitid, name, createdon, modifiedon, _createdby_value, _modifiedby_value, versionnumber)
     values ($1, $2, $3, $3, $4, $4, nextval('record_version')) on conflict do nothing`,
    [BUSINESS_UNIT_ID, NAME, stamp, author],
  )
  await connection.query(
    `insert into teams (teamid, name, isdefault, _administratorid_value, _businessunitid_value,
       createdon, modifiedon, _createdby_value, _modifiedby_value, versionnumber)
     values ($1, $2, true, $4, $3, $5, $5, $4, $4, nextval('record_version')) on conflict do nothing`,
    [DEFAULT_TEAM_ID, NAME, BUSINESS_UNIT_ID, author, stamp],
  )
  await connection.query(
    `insert into uomschedules (uomscheduleid, name, baseuomname, createdon, modifiedon, _createdby_value, _modifiedby_value, versionnumber)
     values ($1, 'Default Unit', 'Primary Unit', $2, $2, $3, $3, nextval('record_version')) on conflict do nothing`,
    [DEFAULT_SCHEDULE_ID, stamp, author],
  )
  await connection.query(
    `insert into uoms (uomid, name, quantity, _uomscheduleid_value, isschedulebaseuom,
       createdon, modifiedon, _createdby_value, _modifiedby_value, versionnumber)
     values ($1, 'Primary Unit', 1, $2, true, $3, $3, $4, $4, nextval('record_version')) on conflict do nothing`,
    [DEFAULT_UNIT_ID, DEFAULT_SCHEDULE_ID, stamp, author],
  )
  await connection.query(
    `insert into transactioncurrencies (transactioncurrencyid, isocurrencycode, currencyname, currencysymbol, currencyprecision, exchangerate,
       createdon, modifiedon, _createdby_value, _modifiedby_value, versionnumber)
     values ($1, 'USD', 'US Dollar', '$', 2, 1, $2, $2, $3, $3, nextval('record_version')) on conflict do nothing`,
    [BASE_CURRENCY_ID, stamp, author],
  )
  await connection.query(
    `insert into organizations (organizationid, name, _basecurrencyid_value, basecurrencysymbol, expirechangetrackingindays,
       createdon, modifiedon, versionnumber)
     values ($1, $2, $3, '$', $4, $5, $5, nextval('record_version')) on conflict do nothing`,
    [ORGANIZATION_ID, NAME, BASE_CURRENCY_ID, EXPIRY_DAYS, stamp],
  )
}
