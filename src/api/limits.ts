import type { ApolloServerPlugin } from '@apollo/server'
import { apiError, ErrorCode } from './errors.js'
import {
  getVariableValues,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from './graphql.js'
import { measure } from './operation-size.js'

/** Values in one answer, estimated: 500 rows of 100 values with room to spare. */
const MOST_VALUES = 100_000

const REMEDY = 'Ask for fewer fields, or a smaller `first`.'

/** Refuses an operation that asks for more than one request may, before anything is read. */
export function limits(schema: GraphQLSchema): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          if (operation === undefined) return
          try {
            assertAffordable(schema, document, operation, request.variables ?? {})
          } catch (error) {
            // Without a status it would count as a fault of ours.
            if (error instanceof GraphQLError) error.extensions['http'] = { status: 400 }
            throw error
          }
        },
      }
    },
  }
}

/** Throws QUERY_TOO_COMPLEX for an operation that asks for more than one request may. */
export function assertAffordable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  // The execution refuses such variables, and names each.
  if (given.coerced === undefined) return
  const values = measure(schema, document, operation, given.coerced)
  if (values > MOST_VALUES) {
    throw apiError(
      ErrorCode.queryTooComplex,
      `The operation asks for about ${values} values; at most ${MOST_VALUES} are answered. ${REMEDY}`,
      { what: 'values', limit: MOST_VALUES, found: values, remedy: REMEDY },
    )
  }
}
