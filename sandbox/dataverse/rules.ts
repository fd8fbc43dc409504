import { Decimal } from 'decimal.js'
import type { Row } from '../common/table.js'
import { blankRow, columnOf } from '../common/table.js'
import type { Changes } from './changes.js'
import { DataverseError } from './errors.js'
import { checkProduct, initialProductState } from './rules/products.js'
import { checkUnit } from './rules/units.js'
import { checkUser } from './rules/users.js'
import type { DataverseTable } from './tables.js'
import { entityOfSet } from './tables.js'

/** What the rules need to know beside the record. */
export interface RuleContext {
  readonly baseCurrency: string
  /** The only business unit. */
  readonly businessUnit: string
  /** The user whom the caller acts as. */
  readonly user: string
  /** ISO time to the whole second. */
  readonly stamp: string
  /** Exchange rate of a currency by id. */
  readonly rateOf: (currency: string) => string | undefined
  /** A unit by id. */
  readonly unitOf: (unit: string) => Unit | undefined
  /** Id of a schedule's primary unit. */
  readonly primaryUnitOf: (schedule: string) => string | undefined
  readonly isDisabledUser: (user: string) => boolean
  /** The organisation's setting that new products need not be published. */
  readonly newProductsAreActive: boolean
}

export interface Unit {
  readonly id: string
  readonly schedule: string
  /** Of its schedule. */
  readonly primary: boolean
}

/** A new record with what the client sent and what the system adds. Throws DataverseError. */
export function createdRow(table: DataverseTable, id: string, changes: Changes, context: RuleContext): Row {
  const row = blankRow(table)
  row[table.key] = id
  row['_createdby_value'] = context.user
  row['createdon'] = changes.values.get('overriddencreatedon') ?? context.stamp
  if (columnOf(table, '_ownerid_value') !== undefined) {
    setLookup(table, row, 'ownerid', { set: 'systemusers', id: context.user })
    row['_owningbusinessunit_value'] = context.businessUnit
  }
  if (table.name === 'teams') row['_administratorid_value'] = context.user
  if (table.name === 'products') initialProductState(row, changes, context)
  return completed(table, row, changes, context, true)
}

/** A record with the changes and everything that follows from them. Throws DataverseError. */
export function changedRow(table: DataverseTable, row: Row, changes: Changes, context: RuleContext): Row {
  return completed(table, row, changes, context, false)
}

function completed(
  table: DataverseTable,
  before: Row,
  changes: Changes,
  context: RuleContext,
  creating: boolean,
): Row {
  const next: Row = { ...before }
  for (const [name, value] of changes.values) {
    next[name] = value ?? columnOf(table, name)?.initial ?? null
  }
  for (const [attribute, target] of changes.lookups) setLookup(table, next, attribute, target)
  checkRequired(table, next, changes, creating)
  checkOwner(next, changes, context)
  setState(table, next, changes)
  setNames(next, changes)
  switch (table.name) {
    case 'transactioncurrencies':
      checkCurrency(next, before, context)
      break
    case 'products':
      checkProduct(next, before, creating, changes, context)
      break
    case 'uoms':
      checkUnit(next, creating ? null : before, changes, context)
      break
    case 'systemusers':
      checkUser(next, creating ? null : before)
      break
  }
  setMoney(table, next, changes, context)
  next['modifiedon'] = context.stamp
  next['_modifiedby_value'] = context.user
  return next
}

/** Sets or clears a lookup, with what depends on where it leads. */
export function setLookup(
  table: DataverseTable,
  row: Row,
  attribute: string,
  target: { readonly set: string; readonly id: string } | null,
): void {
  const column = columnOf(table, `_${attribute}_value`)
  if (column?.lookup === undefined) throw new Error(`${table.name} has no lookup ${attribute}.`)
  const { ways, kindColumn } = column.lookup
  row[column.name] = target?.id ?? null
  if (kindColumn !== undefined) {
    row[kindColumn] =
      target === null ? (columnOf(table, kindColumn)?.initial ?? null) : entityOfSet(target.set)
  }
  for (const { mirror, target: set } of ways) {
    if (mirror !== undefined) row[mirror] = target?.set === set ? target.id : null
  }
}

function checkRequired(table: DataverseTable, row: Row, changes: Changes, creating: boolean): void {
  for (const name of table.required) {
    const isLookup = columnOf(table, name) === undefined
    if (!creating && !(isLookup ? changes.lookups.has(name) : changes.values.has(name))) continue
    if ((row[isLookup ? `_${name}_value` : name] ?? null) !== null) continue
    const own = table.refusals.blank?.[name]
    throw new DataverseError(
      400,
      own?.code ?? '0x80040203',
      own?.message('') ?? `The attribute '${name}' of the '${table.entity}' entity is required.`,
    )
  }
}

function checkOwner(row: Row, changes: Changes, context: RuleContext): void {
  const owner = row['_owninguser_value'] ?? null
  if (!changes.lookups.has('ownerid') || owner === null || !context.isDisabledUser(owner)) return
  throw new DataverseError(
    403,
    '0x80040225',
    'The specified user is either disabled or is not a member of any business unit.',
  )
}

/** State and status go together: each status belongs to one state, and a state brings its usual status. */
function setState(table: DataverseTable, row: Row, changes: Changes): void {
  if (table.states.length === 0) return
  const sentState = changes.values.get('statecode') ?? undefined
  const sentStatus = changes.values.get('statuscode') ?? undefined
  const stateOfStatus = table.states.find((state) =>
    state.statuses.some((status) => String(status.value) === row['statuscode']),
  )
  if (sentState !== undefined && sentStatus === undefined) {
    const state = table.states.find(({ value }) => String(value) === sentState)
    if (stateOfStatus !== state) row['statuscode'] = String(state?.statuses[0]?.value)
  } else if (sentState === undefined && sentStatus !== undefined) {
    row['statecode'] = String(stateOfStatus?.value)
  } else if (String(stateOfStatus?.value) !== row['statecode']) {
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
