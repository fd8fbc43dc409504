import { makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDocument } from './document.js'

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** One end of a field mapping: a field, or the constant that stands for it. */
export function End({
  field,
  constant,
  caption,
}: {
  readonly field: string | null
  readonly constant: FieldDocument['constant']
  caption(name: string): string
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if (field === null)
    return (
      <Text italic className={styles.quiet}>
        {t('fields.constantOf', { value: constant === null ? t('blank') : String(constant) })}
      </Text>
    )
  return <span title={field}>{caption(field)}</span>
}

/** What is done to the values on their way, in a few words. */
export function Extras({ field }: { readonly field: FieldDocument }): ReactNode {
  const { t } = useTranslation('mappings')
  const rules = field.transformTo.length + field.transformFrom.length
  const told = [
    rules > 0 && t('fields.rules', { count: rules }),
    field.optionMap !== null && t('fields.optionMap', { count: field.optionMap.length }),
    field.lookupMappings.length > 0 && t('fields.lookup', { mappings: field.lookupMappings.join(', ') }),
    field.clearValueOnFailedSync && t('fields.clearValueOnFailedSync'),
    field.notNull && t('fields.notNull'),
    field.truncate && t('fields.truncate'),
    field.timeZone !== null && field.timeZone,
    field.localCurrencyAmount !== null && t('fields.localCurrencyAmount'),
  ].filter((text) => text !== false)
  return <>{told.join(' · ')}</>
}
