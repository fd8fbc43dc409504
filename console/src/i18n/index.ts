import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import de from './de.json'
import en from './en.json'
import { loadPhrases } from './said.js'

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]
/** A text in every language, for what is known before the texts of its page are loaded. */
export type Texts = Readonly<Record<Language, string>>

const KEPT_AS = 'accord.language'

type Texted = { readonly default: Readonly<Record<string, unknown>> }
const PAGES: Readonly<Record<string, () => Promise<Texted>>> = import.meta.glob<Texted>(
  '../pages/*/{en,de}.json',
)

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT_AS), ...navigator.languages.map((tag) => tag.slice(0, 2))]
  return (
    LANGUAGES.find((language) => language === wanted.find((tag) => LANGUAGES.some((one) => one === tag))) ??
    'en'
  )
}

/** Loads the texts of pages when they are first shown. */
const backend = {
  type: 'backend' as const,
  init: (): void => undefined,
  async read(language: string, namespace: string): Promise<Readonly<Record<string, unknown>>> {
    const load = PAGES[`../pages/${namespace}/${language}.json`]
    if (load === undefined) throw new Error(`There are no texts ${namespace} in ${language}.`)
    return (await load()).default
  },
}

/** Begins to load the texts of a page; whoever shows it waits for them, and tells what fails. */
export function preloadTexts(namespace: string): void {
  void PAGES[`../pages/${namespace}/${firstLanguage()}.json`]?.().catch(() => undefined)
}

export async function startTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      supportedLngs: [...LANGUAGES],
      fallbackLng: 'en',
      ns: ['console'],
      defaultNS: 'console',
      partialBundledLanguages: true,
      resources: { en: { console: en }, de: { console: de } },
      interpolation: { escapeValue: false },
    })
}

/** Also what the API has said already is put into the language. */
export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language)
  // Without them the console speaks the language all the same, and the API English until they are there.
  await loadPhrases(language).catch(() => undefined)
  await i18next.changeLanguage(language)
}

export function languageOf(tag: string): Language {
  return LANGUAGES.find((language) => tag.startsWith(language)) ?? 'en'
}
