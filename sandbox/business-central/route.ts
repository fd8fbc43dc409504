import { QueryError } from '../common/odata/errors.js'
import { parseUrl } from '../common/odata/query.js'
import type { Api } from './apis.js'
import { findApi } from './apis.js'
import { BusinessCentralError, notImplemented } from './errors.js'
import type { BusinessCentralTable } from './table.js'

/** The one company of the sandbox. */
export interface Company {
  readonly id: string
  readonly name: string
  readonly currencyCode: string
}

/** What a URL names. `root` is the address of the service as the client wrote it, `scope` the company's part of it. */
export interface Route {
  readonly target:
    | { readonly kind: 'service' }
    | { readonly kind: 'metadata' }
    | { readonly kind: 'batch' }
    | { readonly kind: 'set'; readonly table: BusinessCentralTable }
    | { readonly kind: 'subscriptions'; readonly id: string | null }
    | { readonly kind: 'record'; readonly table: BusinessCentralTable; readonly id: string }
  readonly api: Api
  readonly root: string
  readonly scope: string
  readonly path: string
  readonly options: ReadonlyMap<string, string>
}

const ENVIRONMENT = 'production'
const ROOT = /^((?:\/v2\.0(?:\/[^/]+)?\/([^/]+)|\/[a-z]\w*)?\/api\/(v2\.0|[^/]+\/[^/]+\/[^/]+))(?=\/|$)/i

/**
 * The path of an API at the start of a URL's path: the short form, the one with tenant and environment, or the one with a server
 * instance as on premises; of API v2.0, or of an API that is named by publisher, group and version.
 */
export function serviceRoot(path: string): string | null {
  return ROOT.exec(path)?.[1] ?? null
}

/** Reads an absolute or rooted URL, or one relative to `base`. Throws BusinessCentralError or QueryError. */
export function parseRoute(
  url: string,
  base: string,
  company: Company,
  companyHeader: string | undefined,
): Route {
  const rooted = /^https?:\/\//i.test(url)
    ? url.replace(/^https?:\/\/[^/]*/i, '')
    : url.startsWith('/')
      ? url
      : `${base}/${url}`
  const path = rooted.split('?', 1)[0] ?? ''
  const [, root, environment, apiPath] = ROOT.exec(path) ?? []
  const api = apiPath === undefined ? undefined : findApi(apiPath)
  if (root === undefined || api === undefined) {
    throw new BusinessCentralError(
      404,
      'BadRequest_NotFound',
      `No HTTP resource was found that matches the request URI '${url}'.`,
    )
  }
  if (environment !== undefined && environment.toLowerCase() !== ENVIRONMENT) {
    throw new BusinessCentralError(404, 'NoEnvironment', 'Environment does not exist.')
  }
  const { path: segments, options } = parseUrl(rooted.slice(root.length))
  checkCompany(options.get('company') ?? companyHeader, company)
  const shared = { api, root, path, options }
  const [first, second, ...rest] = segments
  if (first === undefined) return { ...shared, scope: '', target: { kind: 'service' } }
  if (first === '$metadata') return { ...shared, scope: '', target: { kind: 'metadata' } }
  const inCompany = /^companies\(([^)]*)\)$/i.exec(first)
  if (inCompany === null || second === undefined) {
    return {
      ...shared,
      scope: '',
      target: target(
        api,
        [first, second, ...rest].filter((part) => part !== undefined),
        inCompany !== null,
      ),
    }
  }
  checkCompany(inCompany[1], company)
  return { ...shared, scope: `companies(${company.id})/`, target: target(api, [second, ...rest], false) }
}

function target(api: Api, segments: readonly string[], companyRecord: boolean): Route['target'] {
  const [segment = '', ...rest] = segments
  if (segment === '$batch' && rest.length === 0) return { kind: 'batch' }
  const match = /^([A-Za-z]+)(?:\((.*)\))?$/.exec(segment)
  const name = match?.[1] ?? segment
  if (name.toLowerCase() === api.subscriptions?.name && rest.length === 0)
    return { kind: 'subscriptions', id: readQuotedKey(match?.[2]) }
  const table =
    name.toLowerCase() === 'companies'
      ? api.companies
      : api.sets.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  if (table === undefined) {
    if ([...api.unserved].some((set) => set.toLowerCase() === name.toLowerCase())) {
      throw notImplemented(`The sandbox does not serve '${name}'.`)
    }
    throw new BusinessCentralError(
      404,
      'BadRequest_ResourceNotFound',
      `Resource not found for the segment '${name}'.`,
    )
  }
  if (rest.length > 0) throw notImplemented(`The sandbox does not serve '${segments.join('/')}'.`)
  const key = match?.[2]
  if (key === undefined && !companyRecord) return { kind: 'set', table }
  return { kind: 'record', table, id: readKey(key ?? '') }
}

function readKey(key: string): string {
  const text = key.replace(/^id=/i, '').trim()
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new QueryError('syntax', `The key '${key}' is not valid: a GUID without quotes was expected.`)
  }
  return text.toLowerCase()
}

/** Subscriptions alone have a key that is no GUID. */
function readQuotedKey(key: string | undefined): string | null {
  if (key === undefined) return null
  const text = /^(?:subscriptionId=)?'(.*)'$/i.exec(key.trim())?.[1]
  if (text === undefined)
    throw new QueryError('syntax', `The key '${key}' is not valid: text in quotes was expected.`)
  return text.replaceAll("''", "'")
}

function checkCompany(named: string | undefined, company: Company): void {
  if (named === undefined) return
  const wanted = named.toLowerCase()
  if (wanted === company.id || wanted === company.name.toLowerCase()) return
  throw companyNotFound(named)
}

export function companyNotFound(named: string): BusinessCentralError {
  return new BusinessCentralError(404, 'Internal_CompanyNotFound', `The company '${named}' does not exist.`)
}
