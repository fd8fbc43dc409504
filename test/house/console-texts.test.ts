import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCE = join(import.meta.dirname, '..', '..', 'console', 'src')
const PAGES = join(SOURCE, 'pages')
const FOLDERS = [
  join(SOURCE, 'i18n'),
  ...readdirSync(PAGES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(PAGES, name)),
]

type Texts = { readonly [key: string]: string | Texts }

function read(folder: string, language: string): ReadonlyMap<string, string> {
  const texts = JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Texts
  return new Map(flat(texts))
}

function flat(texts: Texts, above = ''): readonly (readonly [string, string])[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[`${above}${key}`, text] as const] : flat(text, `${above}${key}.`),
  )
}

const placeholders = (text: string): readonly string[] => (text.match(/\{\{\w+/g) ?? []).toSorted()

describe.each(FOLDERS)('the texts of %s', (folder) => {
  const english = read(folder, 'en')
  const german = read(folder, 'de')

  test('are the same in both languages, key by key', () => {
    expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  })

  test('say something, and put the same values into it', () => {
    for (const [key, text] of english) {
      const translated = german.get(key) ?? ''
      expect({ key, isBlank: text.trim() === '' || translated.trim() === '' }).toEqual({
        key,
        isBlank: false,
      })
      expect({ key, values: placeholders(translated) }).toEqual({ key, values: placeholders(text) })
    }
  })
})

describe('a text that a page asks for', () => {
  const shared = read(join(SOURCE, 'i18n'), 'en')
  const forms = (key: string): readonly string[] => [key, `${key}_one`, `${key}_other`]

  /** Keys that stand whole in the source; those that are put together there are not looked at. */
  test.each(FOLDERS.slice(1))('is there: %s', (folder) => {
    const own = read(folder, 'en')
    const missing = readdirSync(folder)
      .filter((name) => /\.tsx?$/.test(name))
      .flatMap((name) => {
        const source = readFileSync(join(folder, name), 'utf8')
        const isShared = /useTranslation\(\)/.test(source)
        return [...source.matchAll(/\bt\(\s*'([\w.:-]+)'/g)]
          .map(([, key = '']) => key)
          .filter((key) => {
            if (key.startsWith('console:'))
              return !forms(key.slice('console:'.length)).some((one) => shared.has(one))
            return !forms(key).some((one) => own.has(one) || (isShared && shared.has(one)))
          })
          .map((key) => `${name}: ${key}`)
      })
    expect(missing).toEqual([])
  })
})
