import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../shared/quantity.js'
import type { Pages } from '../../shared/use-pages.js'

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

export interface SelectionBarProps {
  /** How many rows are ticked. */
  readonly selected: number
  /** All that the filter lets in are meant, loaded or not. */
  readonly everything: boolean
  readonly total: Pages<unknown>['total']
  selectEverything(everything: boolean): void
  clear(): void
}

/** What is selected, and a way to mean all that the filter lets in, of which no more than some are loaded. */
export function SelectionBar(props: SelectionBarProps): ReactNode {
  const { selected, everything, total, selectEverything, clear } = props
  const { t, i18n } = useTranslation('skipped')
  const styles = useStyles()
  if (total?.count === 0 || (total === null && selected === 0)) return null
  const number = formatNumber(total?.count ?? 0, i18n.language)
  return (
    <div className={styles.bar} role="status">
      {everything && total !== null ? (
        <Text>
          {total.isExact
            ? t('bulk.allSelected', { count: total.count })
            : t('bulk.allSelectedAtLeast', { number })}
        </Text>
      ) : (
        selected > 0 && <Text>{t('bulk.selected', { count: selected })}</Text>
      )}
      {!everything && total !== null && (!total.isExact || selected < total.count) && (
        <Button size="small" onClick={() => selectEverything(true)}>
          {total.isExact
            ? t('bulk.selectAll', { count: total.count })
            : t('bulk.selectAllAtLeast', { number })}
        </Button>
      )}
      {(everything || selected > 0) && (
        <Button size="small" appearance="subtle" onClick={clear}>
          {t('bulk.clear')}
        </Button>
      )}
    </div>
  )
}
