import { BusinessCentralError, entityChanged } from './errors.js'
import { VERSION } from './table.js'
import type { Row } from '../common/table.js'
import { quoted } from '../common/table.js'

/** Added to a version so that the number has as many digits as the real one. */
const BASE = 1_225_500_000_000_000_000n

/** SQL of the ETag over the alias `t`. */
export const ETAG_SQL = `'W/"' || translate(encode(convert_to('''20;' || (${BASE} + t.${quoted(VERSION)}) || '1;00;''', 'UTF8'), 'base64'), E'\\n', '') || '"'`

export function etagOf(row: Row): string {
  const number = BASE + BigInt(row[VERSION] ?? '0')
  return `W/"${Buffer.from(`'20;${number}1;00;'`).toString('base64')}"`
}

/**
 * The rules of If-Match. A change needs a token; a deletion may go without one unless `strictDelete`; `*` is no check.
 * Throws 400 for a missing or malformed token, 409 for a stale one.
 */
export function checkIfMatch(
  method: 'PATCH' | 'DELETE',
  header: string | undefined,
  row: Row,
  strictDelete: boolean,
): void {
  if (header === undefined && method === 'DELETE' && !strictDelete) return
  if (header === '*') return
  if (header === undefined || !isEtag(header)) throw invalidToken()
  if (header !== etagOf(row)) {
    throw entityChanged()
  }
}

/** The check that needs no record: it comes before the record is looked for. */
export function checkIfMatchForm(
  method: 'PATCH' | 'DELETE',
  header: string | undefined,
  strictDelete: boolean,
): void {
  if (header === undefined) {
    if (method === 'PATCH' || strictDelete) throw invalidToken()
  } else if (header !== '*' && !isEtag(header)) throw invalidToken()
}

function isEtag(header: string): boolean {
  const encoded = /^W\/"([A-Za-z0-9+/=]+)"$/.exec(header)?.[1]
  return encoded !== undefined && /^'\d+;\d+;00;'$/.test(Buffer.from(encoded, 'base64').toString('latin1'))
}

function invalidToken(): BusinessCentralError {
  return new BusinessCentralError(
    400,
    'BadRequest_InvalidToken',
    'Could not validate the client concurrency token required by the service. Please provide a valid token in the client request.',
  )
}
