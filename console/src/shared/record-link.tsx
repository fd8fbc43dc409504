import { Link } from '@fluentui/react-components'
import { OpenRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

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
  if (record == null) return <>{t('record.none')}</>
  const name = record.name ?? record.id ?? t('record.unnamed')
  if (record.url == null) return <span>{name}</span>
  const hint =
    record.system === undefined
      ? undefined
      : t('record.opensIn', { name, system: t(`record.systems.${record.system}`) })
  return (
    <Link href={record.url} target="_blank" rel="noreferrer" aria-label={hint} title={record.tableCaption}>
      {name} <OpenRegular fontSize={12} aria-hidden="true" />
    </Link>
  )
}
