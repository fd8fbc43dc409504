import type { ApiContext } from './context.js'
import { isObjectType, type GraphQLSchema } from './graphql.js'
import { recentOf } from './recent.js'

/** Has every mutation forget what is kept of requests before it. */
export function forgetRecent(schema: GraphQLSchema): GraphQLSchema {
  const mutation = schema.getMutationType()
  if (!isObjectType(mutation)) return schema
  for (const field of Object.values(mutation.getFields())) {
    const { resolve } = field
    if (resolve === undefined) continue
    field.resolve = async (root, given, context: ApiContext, info) => {
      const recent = recentOf(context.em)
      recent.beginMutation()
      try {
        return (await resolve(root, given, context, info)) as unknown
      } finally {
        recent.endMutation()
      }
    }
  }
  return schema
}
