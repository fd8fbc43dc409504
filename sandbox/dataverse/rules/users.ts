import type { Row } from '../../common/table.js'
import { DataverseError } from '../errors.js'
import { APPLICATION_ACCESS_MODE } from '../tables/user.js'

/** An application user is not interactive and stays so. Throws DataverseError. */
export function checkUser(row: Row, before: Row | null): void {
  if (row['applicationid'] === null) return
  if (before === null) row['accessmode'] = APPLICATION_ACCESS_MODE
  else if (row['accessmode'] !== before['accessmode']) {
    throw new DataverseError(400, '0x80040203', 'The access mode of an application user cannot be changed.')
  }
}
