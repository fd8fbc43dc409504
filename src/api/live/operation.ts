import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from '../graphql.js'
import { DOCUMENT_RULES, MOST_TOKENS, refusalOf } from '../guard/document-rules.js'
import { assertAffordable } from '../limits.js'
import { follow, type Step } from './follow.js'

/** What a client asks for, as the protocols carry it. */
export interface AskedOperation {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** Makes a context for one answer; null: who subscribed is not let in any more. Throws errors that are told to the client. */
export type ContextMaker = () => Promise<ApiContext | null>

export interface LiveOperation extends ExecutionArgs {
  readonly renew: ContextMaker
}

/** Judges an operation as it is judged over HTTP. The errors are the document's, to be told to the client. */
export async function readOperation(
  schema: GraphQLSchema,
  { query, operationName, variables }: AskedOperation,
  renew: ContextMaker,
  hideSuggestions: boolean,
): Promise<LiveOperation | readonly GraphQLError[]> {
  try {
    const document = parse(query, { maxTokens: MOST_TOKENS })
    const errors = validate(schema, document, [...specifiedRules, ...DOCUMENT_RULES], { hideSuggestions })
    if (errors.length > 0)
      return errors.map((error) => refusalOf(error) ?? withCode(error, 'GRAPHQL_VALIDATION_FAILED'))
    const operation = getOperationAST(document, operationName)
    if (operation?.operation !== 'subscription') {
      throw apiError(
        ErrorCode.badUserInput,
        'Only subscriptions are answered here. Send queries and mutations to /graphql by POST.',
      )
    }
    assertAffordable(schema, document, operation, variables ?? {})
    const contextValue = await renew()
    if (contextValue === null) return [signInAgain()]
    return {
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: { ...variables },
      contextValue,
      renew,
      hideSuggestions,
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    return [
      refusalOf(error) ?? ('code' in error.extensions ? error : withCode(error, 'GRAPHQL_PARSE_FAILED')),
    ]
  }
}

/** Faults of the document have the codes that they have over HTTP. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    ...error,
    originalError: error,
    extensions: { ...error.extensions, code },
  })
}

/** Carries a subscription out. Each of its answers has a context of its own, so that all it shows is read at that time. */
export async function subscribe(
  operation: LiveOperation,
): Promise<AsyncGenerator<ExecutionResult, undefined> | ExecutionResult> {
  const source = await createSourceEventStream(operation)
  if (!(Symbol.asyncIterator in source)) return source
  const answers = source[Symbol.asyncIterator]() as AsyncIterableIterator<unknown>
  return follow(answers, async (rootValue): Promise<Step<ExecutionResult>> => {
    let contextValue: ApiContext | null
    try {
      contextValue = await operation.renew()
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      return { value: { data: null, errors: [error] }, last: true }
    }
    if (contextValue === null) return { value: { data: null, errors: [signInAgain()] }, last: true }
    return { value: await execute({ ...operation, rootValue, contextValue }) }
  })
}

function signInAgain(): GraphQLError {
  return apiError(ErrorCode.unauthenticated, 'Your token or session is not valid any more. Sign in again.')
}
