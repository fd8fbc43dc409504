import { Decimal } from 'decimal.js'
import type { Row } from '../../common/table.js'
import { blankRow } from '../../common/table.js'
import type { Changes } from '../changes.js'
import { DataverseError } from '../errors.js'
import type { RuleContext } from '../rules.js'
import { UNITS } from '../tables/unit.js'

/** The primary unit, which comes with a new schedule. */
export function primaryUnit(id: string, schedule: Row): Row {
  const stamps = ['createdon', 'modifiedon', '_createdby_value', '_modifiedby_value']
  return {
    ...blankRow(UNITS),
    ...Object.fromEntries(stamps.map((name) => [name, schedule[name] ?? null])),
    uomid: id,
    name: schedule['baseuomname'] ?? null,
    quantity: '1',
    _uomscheduleid_value: schedule['uomscheduleid'] ?? null,
    isschedulebaseuom: 't',
  }
}

/** Units of one schedule count in units of the same. Throws DataverseError. */
export function checkUnit(row: Row, before: Row | null, changes: Changes, context: RuleContext): void {
  if (before === null)
    row['_baseuom_value'] ??= context.primaryUnitOf(row['_uomscheduleid_value'] ?? '') ?? null
  const base = row['_baseuom_value'] ?? null
  if (base !== null && context.unitOf(base)?.schedule !== row['_uomscheduleid_value']) {
    throw new DataverseError(400, '0x80043b16', 'The unit does not exist in the specified unit schedule.')
  }
  if (before?.['isschedulebaseuom'] !== 't' || !changes.values.has('quantity')) return
  if (!new Decimal(row['quantity'] ?? '0').equals(before['quantity'] ?? '0')) {
    throw new DataverseError(
      400,
      '0x80043b18',
      'Do not modify the Quantity field when you update the primary unit.',
    )
  }
}
