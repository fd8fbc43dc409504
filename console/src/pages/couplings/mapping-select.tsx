import { Field, Select } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChosenMapping } from './use-mappings.js'

/** Chooses a mapping; `all`: what none of them is called, where there may be none. */
export function MappingSelect({
  chosen,
  all,
  className,
}: {
  readonly chosen: ChosenMapping
  readonly all?: string
  readonly className?: string
}): ReactNode {
  const { t } = useTranslation('couplings')
  return (
    <Field
      label={t('mapping')}
      {...(className === undefined ? { style: { maxWidth: '420px' } } : { className })}
    >
      <Select
        value={chosen.chosen?.id ?? ''}
        onChange={(_event, { value }) =>
          chosen.choose(chosen.mappings.find(({ id }) => id === value) ?? null)
        }
      >
        <option value="">{all ?? t('chooseMapping')}</option>
        {chosen.mappings.map((mapping) => (
          <option key={mapping.id} value={mapping.id}>
            {mapping.name} ({mapping.connection.name})
          </option>
        ))}
      </Select>
    </Field>
  )
}
