import {
  Badge,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../../shared/duration.js'
import { Panel } from '../../shared/panel.js'
import { formatNumber } from '../../shared/quantity.js'
import type { FirstPlanFragment } from './generated/graphql.js'

const COLORS = {
  CREATE: 'success',
  UPDATE: 'informative',
  COUPLE: 'success',
  DELETE: 'danger',
  UNCOUPLE: 'warning',
  CONFLICT: 'danger',
  FAIL: 'danger',
  SKIP: 'warning',
} as const

const useStyles = makeStyles({
  counts: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  scroll: { overflowX: 'auto' },
  table: { minWidth: '640px' },
  cell: { verticalAlign: 'top', paddingBlock: tokens.spacingVerticalXS, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** What a plan holds: how many records would be dealt with in which way, what it costs, and the first of them. */
export function PlanView({ plan }: { readonly plan: FirstPlanFragment }): ReactNode {
  const { t, i18n } = useTranslation('connections')
  const styles = useStyles()
  const number = (value: number): string => formatNumber(value, i18n.language)
  const { estimate } = plan
  return (
    <Panel title={t('plan.found')}>
      {plan.message != null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{plan.message}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.counts} role="status">
        {plan.counts.length === 0 && <Text>{t('plan.nothing')}</Text>}
        {plan.counts.map(({ action, count }) => (
          <Badge key={action} size="large" appearance="tint" color={COLORS[action]}>
            {t(`plan.actions.${action}`)}: {number(count)}
          </Badge>
        ))}
      </div>
      {estimate != null && (
        <Text size={200} className={styles.quiet}>
          {t('plan.calls', {
            local: number(estimate.localCalls),
            integration: number(estimate.integrationCalls),
          })}
          {estimate.seconds != null &&
            estimate.seconds > 0 &&
            ` ${t('plan.takes', { time: formatDuration(estimate.seconds, i18n.language) })}`}
        </Text>
      )}
      {plan.items.nodes.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('plan.records')}>
          <Table size="small" className={styles.table} aria-label={t('plan.records')}>
            <TableHeader>
              <TableRow>
                <TableHeaderCell>{t('plan.columns.action')}</TableHeaderCell>
                <TableHeaderCell>{t('plan.columns.local')}</TableHeaderCell>
                <TableHeaderCell>{t('plan.columns.integration')}</TableHeaderCell>
                <TableHeaderCell>{t('plan.columns.changes')}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody>
              {plan.items.nodes.map((item) => (
                <TableRow key={item.number}>
                  <TableCell className={styles.cell}>
                    <Badge appearance="tint" color={COLORS[item.action]}>
                      {t(`plan.actions.${item.action}`)}
                    </Badge>
                  </TableCell>
                  <TableCell className={styles.cell}>{item.localName}</TableCell>
                  <TableCell className={styles.cell}>{item.integrationName}</TableCell>
                  <TableCell className={styles.cell}>
                    {item.failure == null
                      ? item.changes
                          .map(
                            ({ caption, after, afterName }) =>
                              `${caption}: ${afterName ?? after ?? t('plan.blank')}`,
                          )
                          .join(', ')
                      : `${item.failure.message} ${item.failure.remedy}`}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {plan.items.endCursor != null && <Text className={styles.quiet}>{t('plan.more')}</Text>}
    </Panel>
  )
}
