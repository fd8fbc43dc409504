import type { ApiRequest } from '../common/answer.js'
import { QueryError } from '../common/odata/errors.js'
import { decodeCursor, encodeCursor } from '../common/odata/query.js'
import { expiredVersion } from './errors.js'
import { linkWith } from './read.js'
import type { Route } from './route.js'

/** Tells the cursor of a tracked read from that of a plain one. */
const MARK = 'track-'

/** Place within a tracked read. `to` is the version up to which it reads, fixed on its first page. */
export type Cursor =
  | {
      readonly kind: 'all'
      readonly size: number
      readonly to: string
      readonly after: readonly (string | null)[]
    }
  | {
      readonly kind: 'changed' | 'deleted'
      readonly size: number
      readonly from: string
      readonly to: string
      readonly after: string
    }

export interface Tracking {
  readonly now: number
  /** Days after which a token is no longer accepted. */
  readonly expiryDays: number
}

export function deltaLink(
  request: ApiRequest,
  route: Route,
  version: string,
  tracking: Tracking,
): { name: string; url: string } {
  const options = selectOnly(route)
  options.set('$deltatoken', `${version}!${tokenTime(tracking.now)}`)
  return { name: '@odata.deltaLink', url: linkWith(request, route, options) }
}

export function continueLink(
  request: ApiRequest,
  route: Route,
  cursor: Cursor,
): { name: string; url: string } {
  const options = selectOnly(route)
  options.set('$skiptoken', `${MARK}${encodeCursor(cursor)}`)
  return { name: '@odata.nextLink', url: linkWith(request, route, options) }
}

function selectOnly(route: Route): Map<string, string> {
  const select = route.options.get('$select')
  return new Map(select === undefined ? [] : [['$select', select]])
}

/** The version of a token. Throws 0x80044352 when it is too old. */
export function readToken(token: string, tracking: Tracking): string {
  const match = /^(\d{1,18})!(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(token)
  if (match === null) throw new QueryError('syntax', `The delta token '${token}' is not valid.`)
  const [, version = '0', month, day, year, hours, minutes, seconds] = match
  const made = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`)
  if (tracking.now - made > tracking.expiryDays * 24 * 60 * 60 * 1000) {
    throw expiredVersion()
  }
  return version
}

function tokenTime(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${month}/${day}/${year} ${time.slice(0, 8)}`
}

/** The place that a nextLink of a tracked read carries; null when the link is of another kind. Throws QueryError. */
export function cursorOf(route: Route): Cursor | null {
  const token = route.options.get('$skiptoken')
  return token?.startsWith(MARK) === true ? readCursor(token.slice(MARK.length)) : null
}

function readCursor(token: string): Cursor {
  const value = decodeCursor(token)
  if (typeof value !== 'object' || value === null || !('kind' in value))
    throw new QueryError('syntax', 'The skip token is not valid.')
  return value as Cursor
}
