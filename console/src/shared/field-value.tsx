import { Tooltip } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export interface FieldValueProps {
  readonly value: string
  /** Of a lookup: the name of the record that the value names. */
  readonly name: string | null
  /** Whether the value is the id of another record. */
  readonly lookup: boolean
}

/** A value as people know it: of a lookup the name of its record. The id of a record without a known name shows on hover. */
export function FieldValue({ value, name, lookup }: FieldValueProps): ReactNode {
  const { t } = useTranslation()
  if (name !== null || !isNameless(value, name, lookup)) return <>{name ?? value}</>
  return (
    <Tooltip content={value} relationship="description">
      <em>{t('record.unknown')}</em>
    </Tooltip>
  )
}

/** Whether a value would be shown as a bare id. */
export function isNameless(value: string | null, name: string | null, lookup: boolean): boolean {
  return lookup && name === null && value !== null && ID.test(value)
}
