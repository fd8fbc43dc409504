import { useTranslation } from 'react-i18next'
import { changeWords, type ToldChange } from './change-words.js'

/** Puts changes of a mapping into the words of the pages that make them. */
export function useChangeWords(): (change: ToldChange) => string {
  const { i18n } = useTranslation('mappings')
  const say = (key: string): string | null =>
    key !== '' && i18n.exists(key, { ns: 'mappings' })
      ? String(i18n.t(key as never, { ns: 'mappings' }))
      : null
  return (change) => changeWords(change, say)
}
