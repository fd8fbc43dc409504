import { Decimal } from 'decimal.js'
import type { Row } from '../common/table.js'
import { blankRow } from '../common/table.js'
import type { Changes } from './changes.js'
import { DataverseError } from './errors.js'
import type { DataverseTable } from './tables.js'

/** What the rules need to know beside the record. */
export interface RuleContext {
  readonly baseCurrency: string
  /** The user whom the caller acts as. */
  readonly user: string
  /** ISO time to the whole second. */
  readonly stamp: string
  /** Exchange rate of a currency by id. */
  readonly rateOf: (currency: string) => string | undefined
}

/** A new record with what the client sent and what the system adds. Throws DataverseError. */
export function createdRow(table: DataverseTable, id: string, changes: Changes, context: RuleContext): Row {
  for (const name of table.required) {
    if ((changes.values.get(name) ?? null) === null) {
      throw new DataverseError(
        400,
        '0x80040203',
        `The attribute '${name}' of the '${table.entity}' entity is required.`,
      )
    }
  }
  const row = blankRow(table)
  row[table.key] = id
  row['_createdby_value'] = context.user
  if ('_ownerid_value' in row) row['_ownerid_value'] = context.user
  row['createdon'] = changes.values.get('overriddencreatedon') ?? context.stamp
  return changedRow(table, row, changes, context)
}

/** A record with the changes and everything that follows from them. Throws DataverseError. */
export function changedRow(table: DataverseTable, row: Row, changes: Changes, context: RuleContext): Row {
  const next: Row = { ...row }
  for (const [name, value] of changes.values) {
    const initial = table.columns.find((column) => column.name === name)?.initial
    next[name] = value ?? initial ?? null
  }
  setLookups(table, next, changes)
  setState(table, next, changes)
  setNames(next, changes)
  if (table.name === 'transactioncurrencies') checkCurrency(next, row, context)
  setMoney(table, next, changes, context)
  next['modifiedon'] = context.stamp
  next['_modifiedby_value'] = context.user
  return next
}

function setLookups(table: DataverseTable, row: Row, changes: Changes): void {
  for (const [navigation, target] of changes.lookups) {
    if (navigation.startsWith('parentcustomerid_')) {
      row['_parentcustomerid_value'] = target?.id ?? null
      row['_parentcustomerid_type'] =
        target === null ? null : target.set === 'accounts' ? 'account' : 'contact'
      row['_accountid_value'] = target?.set === 'accounts' ? target.id : null
      row['_parentcontactid_value'] = target?.set === 'contacts' ? target.id : null
    } else {
      const column = table.columns.find((candidate) => candidate.lookup?.navigation === navigation)
      if (column !== undefined) row[column.name] = target?.id ?? null
    }
  }
}

/** State and status go together: 0 with 1 (active), 1 with 2 (inactive). */
function setState(table: DataverseTable, row: Row, changes: Changes): void {
  if (!('statecode' in row)) return
  const state = changes.values.get('statecode') ?? undefined
  const status = changes.values.get('statuscode') ?? undefined
  if (state !== undefined && status === undefined) row['statuscode'] = String(Number(state) + 1)
  if (state === undefined && status !== undefined) row['statecode'] = String(Number(status) - 1)
  if (Number(row['statecode']) + 1 !== Number(row['statuscode'])) {
    throw new DataverseError(
      400,
      '0x80048408',
      `${row['statuscode']} is not a valid status code for state code ${row['statecode']} of '${table.entity}'.`,
    )
  }
}

function setNames(row: Row, changes: Changes): void {
  if ('fullname' in row && (changes.values.has('firstname') || changes.values.has('lastname'))) {
    row['fullname'] = joined([row['firstname'], row['lastname']], ' ')
  }
  if (
    'address1_composite' in row &&
    [...changes.values.keys()].some((name) => name.startsWith('address1_'))
  ) {
    const place = joined(
      [row['address1_city'], joined([row['address1_stateorprovince'], row['address1_postalcode']], ' ')],
      ', ',
    )
    row['address1_composite'] = joined(
      [row['address1_line1'], row['address1_line2'], row['address1_line3'], place, row['address1_country']],
      '\r\n',
    )
  }
}

function joined(parts: readonly (string | null | undefined)[], separator: string): string | null {
  const present = parts.filter((part) => part !== null && part !== undefined && part !== '')
  return present.length === 0 ? null : present.join(separator)
}

function checkCurrency(row: Row, before: Row, context: RuleContext): void {
  if (row['transactioncurrencyid'] !== context.baseCurrency) return
  if (!new Decimal(row['exchangerate'] ?? '1').equals(before['exchangerate'] ?? '1')) {
    throw new DataverseError(400, '0x80048cf5', 'The exchange rate of the base currency cannot be modified.')
  }
}

/** An amount takes the base currency where none is set, and has its value in the base currency beside it. */
function setMoney(table: DataverseTable, row: Row, changes: Changes, context: RuleContext): void {
  const sent = table.money.some((name) => changes.values.has(name))
  if (table.money.length === 0 || (!sent && !changes.lookups.has('transactioncurrencyid'))) return
  const amounts = table.money.filter((name) => row[name] !== null)
  if (sent && amounts.length > 0) row['_transactioncurrencyid_value'] ??= context.baseCurrency
  const currency = row['_transactioncurrencyid_value'] ?? null
  const rate = currency === null ? undefined : context.rateOf(currency)
  row['exchangerate'] = rate ?? null
  for (const name of table.money) {
    const amount = row[name] ?? null
    row[`${name}_base`] = amount === null ? null : new Decimal(amount).div(rate ?? '1').toFixed(4)
  }
}
