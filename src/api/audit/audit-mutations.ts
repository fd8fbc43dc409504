import { GraphQLError, isObjectType, type GraphQLSchema } from '../graphql.js'
import type { ApiContext } from '../context.js'
import { ErrorCode } from '../errors.js'

/** Has every mutation noted in the audit log, also one that is refused. Root fields of a mutation are carried out one after the other. */
export function auditMutations(schema: GraphQLSchema): GraphQLSchema {
  const mutation = schema.getMutationType()
  if (!isObjectType(mutation)) return schema
  for (const field of Object.values(mutation.getFields())) {
    const { name, resolve } = field
    if (resolve === undefined) continue
    field.resolve = async (root, given, context: ApiContext, info) => {
      const { audit, logger } = context
      const id = await audit.begin(name, given)
      const end = async (code: string | null): Promise<void> => {
        try {
          await audit.end(id, code)
        } catch (error) {
          // It is done, or refused, already; the entry goes on saying that it is under way.
          logger.error({ err: error, auditEntry: id, action: name }, 'How an action ended was not noted')
        }
      }
      try {
        const result: unknown = await resolve(root, given, context, info)
        await end(null)
        return result
      } catch (error) {
        await end(codeOf(error))
        throw error
      }
    }
  }
  return schema
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof GraphQLError ? error.extensions['code'] : undefined
  return typeof code === 'string' ? code : ErrorCode.internal
}
