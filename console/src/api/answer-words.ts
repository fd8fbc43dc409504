import { CombinedError, formatDocument, makeOperation, type Operation } from 'urql'
import { MAY_QUOTE, SAID } from './said-fields.js'

export type Say = (text: string) => string

/** How sentences are put into a language: those of Accord, and those that may be another system's own. */
export interface Words {
  readonly said: Say
  readonly saidOrQuoted: Say
}

/** An operation that asks for the type of everything: what is said is known by it. The cache does so with queries and mutations alone. */
export function withTypes(operation: Operation): Operation {
  return makeOperation(
    operation.kind,
    { ...operation, query: formatDocument(operation.query) },
    operation.context,
  )
}

/** Data of the API with its sentences in a language. */
export function dataInWords(value: unknown, words: Words): unknown {
  if (Array.isArray(value)) return value.map((one) => dataInWords(one, words))
  if (!isObject(value)) return value
  const { __typename: type } = value
  const fields = typeof type === 'string' ? (SAID[type] ?? []) : []
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (!fields.includes(name)) return [name, dataInWords(member, words)]
      const mayQuote = name === 'message' && MAY_QUOTE.has(String(type))
      return [name, inSentences(member, mayQuote ? words.saidOrQuoted : words.said)]
    }),
  )
}

function inSentences(value: unknown, say: Say): unknown {
  if (Array.isArray(value)) return value.map((one) => inSentences(one, say))
  return typeof value === 'string' ? say(value) : value
}

/** Members of an error's extensions that are said to people, one sentence or several; `problems`, `findings` and `changes` hold more of them. */
const SAID_OF_ERRORS = ['message', 'cause', 'remedy', 'what', 'text', 'note', 'consequences']

/** An error of the API with its sentences in a language. */
export function errorInWords(error: CombinedError, say: Say): CombinedError {
  return new CombinedError({
    ...(error.networkError === undefined ? {} : { networkError: error.networkError }),
    graphQLErrors: error.graphQLErrors.map(({ message, path, extensions }) => {
      const told = inExtensions(extensions, say) as Readonly<Record<string, unknown>>
      return {
        message: ofProblems(told['problems']) ?? say(message),
        ...(path === undefined ? {} : { path }),
        extensions: told,
      }
    }),
    response: error.response,
  })
}

/** The message of an error that lists what is wrong argument by argument, as the API puts it together. */
function ofProblems(problems: unknown): string | null {
  if (!Array.isArray(problems)) return null
  return problems
    .filter(isObject)
    .map(({ argument, message }) => `${String(argument)}: ${String(message)}`)
    .join(' ')
}

function inExtensions(value: unknown, say: Say): unknown {
  if (Array.isArray(value)) return value.map((one) => inExtensions(one, say))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SAID_OF_ERRORS.includes(name) && isSentences(member)
        ? inSentences(member, say)
        : inExtensions(member, say),
    ]),
  )
}

function isSentences(value: unknown): boolean {
  return [value].flat().every((one) => typeof one === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
