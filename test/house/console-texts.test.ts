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
