import { badRequest, versionMismatch } from './errors.js'
import type { Row } from '../common/table.js'

export const ETAG_SQL = `'W/"' || t.versionnumber || '"'`

export function etagOf(row: Row): string {
  return `W/"${row['versionnumber'] ?? '0'}"`
}

/** What the client demands of the record's present state before anything is done. */
export type Precondition =
  /** Create it or change it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'mustExist' }
  | { readonly kind: 'mustNotExist' }
  | { readonly kind: 'version'; readonly etag: string }

/** Reads If-Match and If-None-Match. Throws for a malformed If-Match. */
export function readPrecondition(headers: Readonly<Record<string, string>>): Precondition {
  const match = headers['if-match']
  if (match === '*') return { kind: 'mustExist' }
  if (match !== undefined) {
    if (!/^(W\/)?"\d+"$/.test(match))
      throw badRequest(`The value '${match}' of the If-Match header is not a valid ETag.`)
    return { kind: 'version', etag: match.startsWith('W/') ? match : `W/${match}` }
  }
  return headers['if-none-match'] === '*' ? { kind: 'mustNotExist' } : { kind: 'none' }
}

/** Throws 412 when the record is no longer at the version that was demanded. */
export function checkVersion(precondition: Precondition, row: Row): void {
  if (precondition.kind === 'version' && precondition.etag !== etagOf(row)) throw versionMismatch()
}
