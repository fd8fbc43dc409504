import { Checkbox, Field, Text } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { leadsThrough, type PairedTables } from './create/pair.js'
import type { TableField } from './use-tables.js'

export interface LookupPickerProps {
  /** Those of the connection. */
  readonly mappings: readonly PairedTables[]
  readonly local: TableField | undefined
  readonly integration: TableField | undefined
  readonly chosen: readonly string[]
  readonly readOnly: boolean
  onChange(chosen: readonly string[]): void
}

/** The mappings through whose couplings a reference is translated: those that pair the tables it leads to. */
export function LookupPicker(props: LookupPickerProps): ReactNode {
  const { mappings, local, integration, chosen, readOnly, onChange } = props
  const { t } = useTranslation('mappings')
  const offered = mappings
    .filter((mapping) => chosen.includes(mapping.name) || leadsThrough(local, integration, mapping))
    .map(({ name }) => name)
  // One that was named and is gone stays to be seen.
  const names = [...offered, ...chosen.filter((name) => !offered.includes(name))]
  return (
    <Field label={t('editor.lookups')} hint={t('editor.lookupsHint')}>
      <div role="group" aria-label={t('editor.lookups')}>
        {names.length === 0 && <Text>{t('create.refused.NO_MAPPING')}</Text>}
        {names.map((name) => (
          <Checkbox
            key={name}
            label={name}
            checked={chosen.includes(name)}
            disabled={readOnly}
            onChange={(_event, { checked }) =>
              onChange(checked === true ? [...chosen, name] : chosen.filter((one) => one !== name))
            }
          />
        ))}
      </div>
    </Field>
  )
}
