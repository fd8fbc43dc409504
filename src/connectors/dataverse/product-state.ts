import type { TableDefinition } from '../../domain/schema.js'
import type { WriteRequest } from '../connector.js'
import { queryOption } from '../http/odata.js'
import type { ReadRows } from './definitions.js'

/** State of a product that can be sold. */
const ACTIVE = '0'
/** The organisation's setting that new products are no drafts. */
const SETTING = 'createproductswithoutparentinactivestate'

/** Requests in which no product is made active that is so as soon as it is made: Dataverse refuses to do it once more. */
export async function withoutNeedlessState(
  table: TableDefinition,
  requests: readonly WriteRequest[],
  readRows: ReadRows,
): Promise<readonly WriteRequest[]> {
  const isActivated = (request: WriteRequest): boolean =>
    table.name === 'products' && request.kind === 'create' && request.values['statecode'] === ACTIVE
  if (!requests.some(isActivated)) return requests
  const [organization] = await readRows(`organizations?${queryOption('$select', SETTING)}`)
  if (organization?.[SETTING] !== true) return requests
  return requests.map((request) => {
    if (request.kind !== 'create' || !isActivated(request)) return request
    const { statecode: _active, ...values } = request.values
    return { ...request, values }
  })
}
