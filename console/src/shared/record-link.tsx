import { Link, makeStyles } from '@fluentui/react-components'
import { OpenRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

// The mark is never alone on a line.
const useStyles = makeStyles({ lastWord: { whiteSpace: 'nowrap' } })

/** Characters of a word that is kept together, which an id is not. */
const LONGEST_WORD = 20

/** What is known of a record: `name`, `url`, `tableCaption`, `id`, `system` of the API's RecordReference. */
export interface LinkedRecord {
  readonly name?: string | null
  readonly url?: string | null
  readonly id?: string | null
  readonly tableCaption?: string
  readonly system?: string
}

/** A record by name, which opens in its own system. */
export function RecordLink({ record }: { readonly record: LinkedRecord | null | undefined }): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  if (record == null) return <>{t('record.none')}</>
  const name = record.name ?? record.id ?? t('record.unnamed')
  if (record.url == null) return <span>{name}</span>
  const hint =
    record.system === undefined
      ? undefined
      : t('record.opensIn', { name, system: t(`record.systems.${record.system}`) })
  const begin = name.lastIndexOf(' ') + 1
  const lastWord = name.length - begin > LONGEST_WORD ? name.length : begin
  return (
    <Link href={record.url} target="_blank" rel="noreferrer" aria-label={hint} title={record.tableCaption}>
      {name.slice(0, lastWord)}
      <span className={styles.lastWord}>
        {name.slice(lastWord)} <OpenRegular fontSize={12} aria-hidden="true" />
      </span>
    </Link>
  )
}
