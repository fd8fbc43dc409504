import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { compilableWith } from './compilable.js'
import type { ApiContext } from './context.js'
import {
  execute,
  getVariableValues,
  GraphQLError,
  valueFromASTUntyped,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from './graphql.js'

/** Times that a document is interpreted before it is compiled: compiled is one that a front end asks again and again. */
const TIMES_BEFORE = 5

type Gateway = NonNullable<ApolloServerOptionsWithGateway<ApiContext>['gateway']>
type Values = Readonly<Record<string, unknown>>

interface Compiled {
  /** Whether it answers with these variables as the reference implementation does, which is the one to tell of wrong ones. */
  fits(variables: Values): boolean
  run(context: ApiContext, variables: Values): Promise<ExecutionResult>
}

/** What is known of one operation of a document. */
interface Known {
  times: number
  /** Null: it cannot be compiled, or was not yet. */
  compiled: Compiled | null
}

/**
 * Executes operations. Queries that come again are compiled into code of their own first, which makes their answers in a third of the time;
 * everything else is interpreted, also what {@link compilableWith} refuses. `times`: how often a query is interpreted before that. Apollo takes another executor from a gateway alone.
 */
export function runCompiled(schema: GraphQLSchema, times = TIMES_BEFORE): Gateway {
  // Apollo keeps documents that come again, a bounded number; what was made of one goes with it.
  const documents = new WeakMap<DocumentNode, Map<string, Known>>()
  return {
    load: async () => ({
      executor: async ({ document, operation, operationName, context, request }) => {
        const variables = request.variables ?? {}
        const known = knownOf(documents, document, operationName ?? '')
        if (known.times === times && operation.operation === 'query')
          known.compiled = compile(schema, document, operation)
        known.times += 1
        return known.compiled?.fits(variables) === true
          ? known.compiled.run(context as ApiContext, variables)
          : execute({ schema, document, operationName, contextValue: context, variableValues: variables })
      },
    }),
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => undefined
    },
    stop: async () => undefined,
  }
}

function knownOf(
  documents: WeakMap<DocumentNode, Map<string, Known>>,
  document: DocumentNode,
  name: string,
): Known {
  const operations = documents.get(document) ?? new Map<string, Known>()
  documents.set(document, operations)
  const known = operations.get(name) ?? { times: 0, compiled: null }
  operations.set(name, known)
  return known
}

/** Null: it cannot be compiled. */
function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Compiled | null {
  const needed = compilableWith(schema, document, operation)
  const made = needed === null ? null : compileQuery(schema, document, operation.name?.value)
  if (needed === null || made === null || !isCompiledQuery(made)) return null
  const defaults = defaultsOf(operation)
  return {
    fits: (variables) => {
      const given: Values = { ...defaults, ...variables }
      return (
        [...needed.given].every((name) => Object.hasOwn(given, name)) &&
        [...needed.decided].every((name) => typeof given[name] === 'boolean') &&
        getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors === undefined
      )
    },
    async run(context, variables) {
      const result = await made.query(undefined, context, { ...defaults, ...variables })
      return result.errors === undefined
        ? result
        : { ...result, errors: result.errors.map((error) => located(error, document)) }
    },
  }
}

/** Of variables, as they would be sent: graphql-jit 0.8 refuses a required variable that is left to its default. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Values {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  )
}

/** The error as the reference implementation makes it; graphql-jit has a class of its own. */
function located(error: GraphQLError, { loc }: DocumentNode): GraphQLError {
  const { message, path, originalError } = error
  const source = loc?.source
  const positions = source === undefined ? undefined : positionsOf(error, source.body)
  return new GraphQLError(message, { source, positions, path, originalError })
}

function positionsOf({ locations }: GraphQLError, text: string): readonly number[] | undefined {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/)
  return locations?.map(
    ({ line, column }) =>
      lines.slice(0, line - 1).reduce((length, each) => length + each.length, 0) + column - 1,
  )
}
