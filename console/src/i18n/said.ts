import { ENGLISH, ENGLISH_PHRASES } from './english.js'
import { GERMAN } from './german.js'
import { createPhrasebook, type Manner, type Phrasebook, type Phrases } from './phrasebook.js'

const PHRASES = import.meta.glob<{ readonly default: Phrases }>('./phrases.*.json')
const MANNERS: Readonly<Record<string, Manner>> = { de: GERMAN }

const books = new Map<string, Phrasebook>([['en', createPhrasebook(ENGLISH_PHRASES, ENGLISH)]])

/** Whether {@link said} knows a language, as far as that is another than the API's. */
export function isPhrased(language: string): boolean {
  return books.has(language) || !(language in MANNERS)
}

/** Makes {@link said} ready for a language. */
export async function loadPhrases(language: string): Promise<void> {
  const [load, manner] = [PHRASES[`./phrases.${language}.json`], MANNERS[language]]
  if (load === undefined || manner === undefined || books.has(language)) return
  books.set(language, createPhrasebook((await load()).default, manner))
}

/** What the API says in English, in a language of the console. */
export function said(text: string, language: string): string {
  return books.get(language)?.(text) ?? text
}

/** The same of a text that may be another system's own: that is quoted, as it said it. */
export function saidOrQuoted(text: string, language: string): string {
  const [book, manner] = [books.get(language), MANNERS[language]]
  if (book === undefined || manner === undefined) return text
  return book(text, true) ?? manner.quotes.join(text)
}
