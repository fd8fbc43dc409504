import { QueryError } from '../common/odata/errors.js'
import { parseUrl } from '../common/odata/query.js'
import { DataverseError, badRequest, notImplemented } from './errors.js'
import { OptionAction } from './metadata/option-action.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES, SYSTEM_TABLES, UNSERVED_SETS } from './tables.js'

export const SERVICE_ROOT = '/api/data/v9.2'

export const BulkAction = {
  createMultiple: 'CreateMultiple',
  updateMultiple: 'UpdateMultiple',
  upsertMultiple: 'UpsertMultiple',
} as const
export type BulkAction = (typeof BulkAction)[keyof typeof BulkAction]

/** What a URL names. */
export interface Route {
  readonly target:
    | { readonly kind: 'service' }
    | { readonly kind: 'batch' }
    | { readonly kind: 'whoAmI' }
    | { readonly kind: 'csdl' }
    | { readonly kind: 'definitions'; readonly segments: readonly string[] }
    | { readonly kind: 'optionAction'; readonly action: OptionAction }
    | { readonly kind: 'set'; readonly table: DataverseTable }
    | { readonly kind: 'count'; readonly table: DataverseTable }
    | { readonly kind: 'record'; readonly table: DataverseTable; readonly id: string }
    | {
        readonly kind: 'association'
        readonly table: DataverseTable
        readonly id: string
        readonly name: string
      }
    | { readonly kind: 'userPrivileges'; readonly id: string }
    | { readonly kind: 'bulk'; readonly table: DataverseTable; readonly action: BulkAction }
  readonly path: string
  readonly options: ReadonlyMap<string, string>
}

export function isServicePath(path: string): boolean {
  return path === SERVICE_ROOT || path.startsWith(`${SERVICE_ROOT}/`)
}

/** Reads an absolute or rooted URL, or one relative to the service. Throws DataverseError or QueryError. */
export function parseRoute(url: string): Route {
  const rooted = /^https?:\/\//i.test(url)
    ? url.replace(/^https?:\/\/[^/]*/i, '')
    : url.startsWith('/')
      ? url
      : `${SERVICE_ROOT}/${url}`
  const path = rooted.split('?', 1)[0] ?? ''
  if (!isServicePath(path)) throw resourceNotFound(path)
  const { path: segments, options } = parseUrl(rooted.slice(SERVICE_ROOT.length))
  return { path, options, target: readTarget(segments) }
}

function readTarget(segments: readonly string[]): Route['target'] {
  const [first, second, ...rest] = segments
  if (first === undefined) return { kind: 'service' }
  if (first === '$metadata' && second === undefined) return { kind: 'csdl' }
  if (/^EntityDefinitions(\(|$)/.test(first)) return { kind: 'definitions', segments }
  const optionAction = Object.values(OptionAction).find((candidate) => candidate === first)
  if (optionAction !== undefined && second === undefined)
    return { kind: 'optionAction', action: optionAction }
  if (first === '$batch' && second === undefined) return { kind: 'batch' }
  if (/^WhoAmI(\(\))?$/.test(first) && second === undefined) return { kind: 'whoAmI' }
  const match = /^([A-Za-z_]+)(?:\((.*)\))?$/.exec(first)
  const name = match?.[1] ?? first
  const table = [...DATAVERSE_TABLES, ...SYSTEM_TABLES].find((candidate) => candidate.name === name)
  if (table === undefined) {
    if (UNSERVED_SETS.has(name)) throw notImplemented(`The sandbox does not serve '${name}'.`)
    throw resourceNotFound(name)
  }
  const key = match?.[2]
  if (key !== undefined) {
    const id = readKey(table, key)
    if (second === undefined) return { kind: 'record', table, id }
    if (rest.length === 0 && (table.name === 'systemusers' || table.name === 'teams')) {
      if (/^(Microsoft\.Dynamics\.CRM\.)?RetrieveUserPrivileges(\(\))?$/.test(second))
        return { kind: 'userPrivileges', id }
      if (/^\w+_association$/.test(second)) return { kind: 'association', table, id, name: second }
    }
    throw notImplemented(`The sandbox does not serve '${segments.join('/')}'.`)
  }
  if (second === undefined) return { kind: 'set', table }
  if (second === '$count' && rest.length === 0) return { kind: 'count', table }
  const action = /^Microsoft\.Dynamics\.CRM\.(\w+)$/.exec(second)?.[1]
  const known = Object.values(BulkAction).find((candidate) => candidate === action)
  if (known !== undefined && rest.length === 0) return { kind: 'bulk', table, action: known }
  throw notImplemented(`The sandbox does not serve '${segments.join('/')}'.`)
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function readKey(table: DataverseTable, key: string): string {
  const named = /^(\w+)=(.*)$/.exec(key)
  const text = named === null ? key : (named[2] ?? '')
  if (named !== null && (named[1] !== table.key || table.name === 'systemusers')) {
    throw badRequest(
      `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table.entity}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.${table.entity}'.`,
    )
  }
  if (!GUID.test(text))
    throw new QueryError('syntax', `Bad Request - Error in query syntax: '${key}' is not a GUID.`)
  return text.toLowerCase()
}

function resourceNotFound(name: string): DataverseError {
  return new DataverseError(404, '0x8006088a', `Resource not found for the segment '${name}'.`)
}
