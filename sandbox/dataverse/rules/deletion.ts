import type { Row } from '../../common/table.js'
import { DataverseError } from '../errors.js'
import type { DataverseTable } from '../tables.js'

/** What stays whoever wants it gone. Throws DataverseError. */
export function checkDeletion(table: DataverseTable, row: Row): void {
  const refused = reason(table, row)
  if (refused !== null) throw new DataverseError(405, '0x80040800', refused)
}

function reason(table: DataverseTable, row: Row): string | null {
  switch (table.name) {
    case 'systemusers':
      return row['isdisabled'] === 't' ? null : 'Only a disabled user can be deleted.'
    case 'teams':
      return row['isdefault'] === 't' ? 'The default team of a business unit cannot be deleted.' : null
    case 'uoms':
      return row['isschedulebaseuom'] === 't'
        ? 'The primary unit of a unit group cannot be deleted without the group.'
        : null
    default:
      return null
  }
}
