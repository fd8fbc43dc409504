import { createPhrasebook, type Phrasebook, type Phrases } from './phrasebook.js'
import type { FilterWords } from './filter-words.js'

/** English is how the API says it. */
const PHRASES = import.meta.glob<{ readonly default: Phrases }>('./phrases.*.json')
const FILTER_WORDS: Readonly<Record<string, FilterWords>> = {
  de: {
    and: 'und',
    or: 'oder',
    blank: 'leer',
    isBlank: 'ist leer',
    isNotBlank: 'ist nicht leer',
    isOneOf: 'ist eines von',
    beginsWith: 'beginnt mit',
    contains: 'enthält',
  },
}

/** How a language quotes: the words of a system, in whatever language it speaks. */
const QUOTES: Readonly<Record<string, readonly [string, string]>> = { de: ['„', '“'] }

const books = new Map<string, Phrasebook>()

/** Whether {@link said} knows a language, as far as that is another than the API's. */
export function isPhrased(language: string): boolean {
  return books.has(language) || !(language in FILTER_WORDS)
}

/** Makes {@link said} ready for a language. */
export async function loadPhrases(language: string): Promise<void> {
  const [load, words] = [PHRASES[`./phrases.${language}.json`], FILTER_WORDS[language]]
  if (load === undefined || words === undefined || books.has(language)) return
  books.set(language, createPhrasebook((await load()).default, words))
}

/** What the API says in English, in a language of the console. */
export function said(text: string, language: string): string {
  return books.get(language)?.(text) ?? text
}

/** The same of a text that may be another system's own: that is quoted, as it said it. */
export function saidOrQuoted(text: string, language: string): string {
  const book = books.get(language)
  if (book === undefined) return text
  const [open = '', close = ''] = QUOTES[language] ?? []
  return book(text) ?? `${open}${text}${close}`
}
