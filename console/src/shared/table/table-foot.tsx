import { Button, Spinner, Text } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../quantity.js'
import type { Pages } from '../use-pages.js'
import { useTableStyles } from './styles.js'

/** How many rows there are, and whether more are being read. */
export function TableFoot({ pages }: { readonly pages: Pages<unknown> }): ReactNode {
  const { t, i18n } = useTranslation()
  const styles = useTableStyles()
  const { total, rows, loading, failure, hasMore } = pages
  const count = total?.count ?? (hasMore ? null : rows.length)
  return (
    <div className={styles.foot} role="status">
      {count !== null && (
        <Text size={200}>
          {total === null || total.isExact
            ? t('table.rows', { count })
            : t('table.rowsAtLeast', { number: formatNumber(count, i18n.language) })}
        </Text>
      )}
      {loading && <Spinner size="extra-tiny" label={<Text size={200}>{t('table.loadingMore')}</Text>} />}
      {failure !== null && (
        <>
          <Text size={200}>{failure.message}</Text>
          <Button size="small" onClick={pages.retry}>
            {t('state.retry')}
          </Button>
        </>
      )}
    </div>
  )
}
