import i18next from 'i18next'
import { mapExchange, type Client, type Exchange, type Operation, type OperationResult } from 'urql'
import { isPhrased, loadPhrases, said, saidOrQuoted } from '../i18n/said.js'
import { dataInWords, errorInWords, withTypes } from './answer-words.js'

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
      if (operation.kind === 'subscription') return withTypes(operation)
      if (operation.kind !== 'query') return undefined
      asked.delete(operation.key)
      asked.set(operation.key, operation)
      const [oldest] = asked.keys()
      if (asked.size > MOST_SHOWN && oldest !== undefined) asked.delete(oldest)
      return undefined
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
  const words = {
    said: (text: string) => said(text, language),
    saidOrQuoted: (text: string) => saidOrQuoted(text, language),
  }
  return {
    ...result,
    data: dataInWords(result.data, words),
    ...(result.error === undefined ? {} : { error: errorInWords(result.error, words.said) }),
  }
}
