import {
  Badge,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WriteFragment } from './generated/graphql.js'

const useStyles = makeStyles({
  cell: { overflowWrap: 'anywhere', verticalAlign: 'middle', paddingBlock: tokens.spacingVerticalXS },
  before: { color: tokens.colorNeutralForeground2, textDecorationLine: 'line-through' },
  after: { color: tokens.colorStatusSuccessForeground1 },
  blank: { color: tokens.colorNeutralForeground3, fontStyle: 'italic' },
})

/** What stood in each field before, and what was written over it. */
export function WrittenFields({ fields }: { readonly fields: WriteFragment['fields'] }): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  return (
    <Table size="small" aria-label={t('write.fields')}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t('write.field')}</TableHeaderCell>
          <TableHeaderCell>{t('write.before')}</TableHeaderCell>
          <TableHeaderCell>{t('write.after')}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {fields.map(({ field, caption, before, after, lost }) => (
          <TableRow key={field}>
            <TableCell className={styles.cell}>{caption}</TableCell>
            <TableCell className={styles.cell}>
              {before == null ? (
                <span className={styles.blank}>{t('write.blank')}</span>
              ) : (
                <del className={styles.before}>{before}</del>
              )}{' '}
              {lost && (
                <Badge appearance="tint" color="warning">
                  {t('write.lost')}
                </Badge>
              )}
            </TableCell>
            <TableCell className={styles.cell}>
              {after == null ? (
                <span className={styles.blank}>{t('write.blank')}</span>
              ) : (
                <span className={styles.after}>{after}</span>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
