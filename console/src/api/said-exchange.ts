import i18next from 'i18next'
import {
  CombinedError,
  mapExchange,
  type Client,
  type Exchange,
  type Operation,
  type OperationResult,
} from 'urql'
import { isPhrased, loadPhrases, said, saidOrQuoted } from '../i18n/said.js'
import { MAY_QUOTE, SAID } from './said-fields.js'

type Say = (text: string) => string

/** Operations that are told anew in another language: more are on no page at a time. */
const MOST_SHOWN = 500

/**
 * Puts what the API says into the language of the console, whichever way it comes: in data or as an error. Pages need not think of it.
 * What is shown is told anew when somebody chooses another language. `client`: the one that this exchange belongs to.
 */
export function saidExchange(client: () => Client): { readonly exchange: Exchange; stop(): void } {
  const asked = new Map<number, Operation>()
  const tellAnew = (): void => {
    // The client leaves alone what is no longer shown.
    for (const operation of asked.values()) {
      const context = { ...operation.context, requestPolicy: 'cache-first' as const }
      client().reexecuteOperation({ ...operation, context })
    }
  }
  i18next.on('languageChanged', tellAnew)
  const exchange = mapExchange({
    onOperation(operation) {
      if (operation.kind !== 'query') return
      asked.delete(operation.key)
      asked.set(operation.key, operation)
      const [oldest] = asked.keys()
      if (asked.size > MOST_SHOWN && oldest !== undefined) asked.delete(oldest)
    },
    onResult(result) {
      const { language } = i18next
      if (isPhrased(language)) return translated(result, language)
      return loadPhrases(language).then(
        () => translated(result, language),
        // English is better than no answer.
        () => result,
      )
    },
  })
  return { exchange, stop: () => i18next.off('languageChanged', tellAnew) }
}

function translated(result: OperationResult, language: string): OperationResult {
  return {
    ...result,
    data: inData(result.data, language),
    ...(result.error === undefined ? {} : { error: inError(result.error, (text) => said(text, language)) }),
  }
}

function inData(value: unknown, language: string): unknown {
  if (Array.isArray(value)) return value.map((one) => inData(one, language))
  if (!isObject(value)) return value
  const { __typename: type } = value
  const fields = typeof type === 'string' ? (SAID[type] ?? []) : []
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (!fields.includes(name)) return [name, inData(member, language)]
      const mayQuote = name === 'message' && MAY_QUOTE.has(String(type))
      return [name, inSentences(member, (text) => (mayQuote ? saidOrQuoted : said)(text, language))]
    }),
  )
}

function inSentences(value: unknown, say: Say): unknown {
  if (Array.isArray(value)) return value.map((one) => inSentences(one, say))
  return typeof value === 'string' ? say(value) : value
}

/** Members of an error's extensions that are said to people; `problems` and `findings` hold more of them. */
const SAID_OF_ERRORS = ['message', 'cause', 'remedy', 'what']

function inError(error: CombinedError, say: Say): CombinedError {
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
      SAID_OF_ERRORS.includes(name) && typeof member === 'string' ? say(member) : inExtensions(member, say),
    ]),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
