import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const SOURCE = join(import.meta.dirname, '..', '..', '..', 'console', 'src')
/** Shorter ones are words that other texts hold too. */
const SHORTEST = 14

type Texts = { readonly [key: string]: string | Texts }

function read(path: string): Texts {
  return JSON.parse(readFileSync(join(SOURCE, path), 'utf8')) as Texts
}

function flat(texts: Texts): readonly string[] {
  return Object.values(texts).flatMap((text) => (typeof text === 'string' ? [text] : flat(text)))
}

/** German texts: what stands in them is no English. */
const GERMAN = new Set(flat(read('i18n/phrases.de.json')))

/** Every piece of a sentence that the console or the API says in English, as long as it is telling. */
function englishPieces(): readonly string[] {
  const pages = readdirSync(join(SOURCE, 'pages'), { withFileTypes: true }).filter((one) => one.isDirectory())
  const folders = ['i18n', ...pages.map(({ name }) => `pages/${name}`)]
  const german = folders.flatMap((folder) => flat(read(`${folder}/de.json`)))
  const texts = [
    ...Object.keys(read('i18n/phrases.de.json')),
    ...folders.flatMap((folder) => flat(read(`${folder}/en.json`))),
  ]
  const all = [...german, ...GERMAN].join('\n')
  const pieces = texts
    .flatMap((text) => text.split(/\{\{?\w+(?:, \w+)?\}?\}/))
    .map((piece) => piece.trim())
    .filter((piece) => piece.length >= SHORTEST && piece.includes(' ') && !all.includes(piece))
  return [...new Set(pieces)]
}

const PIECES = englishPieces()

/** In the page: all that is read or read out, whether it is seen now or when the mouse rests on it. */
const TEXT = `[document.body.innerText, ...[...document.querySelectorAll('[aria-label], [title], [placeholder]')]
  .flatMap((one) => ['aria-label', 'title', 'placeholder'].map((name) => one.getAttribute(name) ?? ''))].join('\\n')`

/** English that stands on a page that should have none. */
export async function englishOn(page: Page): Promise<readonly string[]> {
  const text = (await page.evaluate(TEXT)) as string
  return PIECES.filter((piece) => text.includes(piece))
}
