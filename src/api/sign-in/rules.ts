import { getMetadataStorage, type AuthCheckerFn } from 'type-graphql'
import { includesRole, type Role } from '../../domain/role.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import type { GraphQLSchema } from '../graphql.js'
import { assertInScope } from './connection-scope.js'
import type { Principal } from './principal.js'

/** Judges the rule of a field (`@Authorized`). Throws FORBIDDEN, which says what was refused, which role it needs and who gives it. */
export const checkRule: AuthCheckerFn<ApiContext, Role> = async (
  { context: { principal, em }, args, info },
  [needed],
) => {
  const isRoot = info.path.prev === undefined
  if (needed === undefined || includesRole(principal.role, needed)) {
    const { connectionId } = principal
    if (isRoot && connectionId !== null)
      await assertInScope(em, principal, connectionId, info.fieldName, args)
    return true
  }
  const what = isRoot ? info.fieldName : `${info.parentType.name}.${info.fieldName}`
  const { message, extensions } = refusal(principal, what, needed)
  throw apiError(ErrorCode.forbidden, message, extensions)
}

/** Throws where somebody could ask for something that has no rule: then nothing is served at all. */
export function assertRules(schema: GraphQLSchema): void {
  const { queries, mutations, subscriptions } = getMetadataStorage()
  const ruled = new Set(
    [...queries, ...mutations, ...subscriptions].flatMap(({ roles, schemaName }) =>
      roles?.length === 1 ? [schemaName] : [],
    ),
  )
  const open = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) => Object.keys(type?.getFields() ?? {}).filter((name) => !ruled.has(name)),
  )
  if (open.length > 0) throw new Error(`Without a rule, @Authorized(Role...): ${open.join(', ')}.`)
}

/** How somebody is told that his role does not do. */
export function refusal(
  principal: Principal,
  what: string,
  needed: Role,
): { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> } {
  return {
    message: `${what} needs the role ${needed}; ${principal.name} has ${principal.role}. An administrator gives roles.`,
    extensions: { needs: needed, has: principal.role },
  }
}
