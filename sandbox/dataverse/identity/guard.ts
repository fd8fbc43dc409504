import type { Answer, ApiRequest } from '../../common/answer.js'
import type { Plan } from '../../common/executor.js'
import { mapReads } from '../../common/executor.js'
import type { Operation } from '../plan.js'
import { parseRoute } from '../route.js'
import type { DataverseTable } from '../tables.js'
import { DATAVERSE_TABLES } from '../tables.js'
import type { Callers } from './callers.js'
import type { UserPermissions } from './permissions.js'

/** A plan that its caller may carry out, with the values hidden that he may not see. Throws DataverseError. */
export function guarded(
  plan: Plan<Operation>,
  request: ApiRequest,
  callers: Callers,
  permissions: UserPermissions,
): Plan<Operation> {
  const user = callers.knownUserOf(request)
  if (user === undefined || permissions.isFree(request, user)) return plan
  const table = tableOf(request)
  permissions.checkPlan(plan, table, request, user)
  if (plan.kind === 'write' || table === null) return plan
  const hidden = permissions.hiddenColumns(request, table.entity)
  if (hidden.length === 0) return plan
  const hide = (answer: Answer): Answer => ({ ...answer, body: withoutValues(answer.body, hidden) })
  return mapReads(plan, hide)
}

/** The table that a request is about; null for anything else. Throws DataverseError or QueryError. */
export function tableOf(request: ApiRequest): DataverseTable | null {
  const { target } = parseRoute(request.url)
  if (!('table' in target)) return null
  return DATAVERSE_TABLES.find(({ name }) => name === target.table.name) ?? null
}

/** A quote within a value is escaped in JSON, so only a member can look like this. */
function withoutValues(json: string, members: readonly string[]): string {
  return json.replaceAll(
    new RegExp(`"(${members.join('|')})":(?:"(?:[^"\\\\]|\\\\.)*"|[^,}\\]]+)`, 'g'),
    '"$1":null',
  )
}
