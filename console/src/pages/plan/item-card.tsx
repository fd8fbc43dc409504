import { Badge, makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ChangeTable } from '../../shared/change-table.js'
import type { PlanAction } from './generated/graphql.js'
import type { Item, Plan } from './plan-page.js'

export const ACTION_COLORS = {
  CREATE: 'success',
  UPDATE: 'brand',
  DELETE: 'danger',
  COUPLE: 'success',
  UNCOUPLE: 'warning',
  CONFLICT: 'warning',
  FAIL: 'danger',
  SKIP: 'subtle',
} as const satisfies Readonly<Record<PlanAction, string>>

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
})

/** One record of a plan: what would be written where, with the value that stands there, or why nothing would. */
export function ItemCard({ item, plan }: { readonly item: Item; readonly plan: Plan }): ReactNode {
  const { t } = useTranslation('plan')
  const styles = useStyles()
  const { localSystem, integrationSystem } = plan.mapping.connection
  const sides = [
    ['LOCAL', localSystem.caption, item.localName ?? item.localId],
    ['INTEGRATION', integrationSystem.caption, item.integrationName ?? item.integrationId],
  ] as const
  return (
    <div className={styles.root}>
      <div className={styles.head}>
        <Text as="h2" size={400} weight="semibold">
          {item.localName ?? item.integrationName ?? item.localId ?? item.integrationId}
        </Text>
        <Badge appearance="tint" color={ACTION_COLORS[item.action]}>
          {t(`actions.${item.action}`)}
        </Badge>
        {item.refused && (
          <Badge appearance="tint" color="warning">
            {t('refused')}
          </Badge>
        )}
      </div>
      <Text>{t(`explain.${item.action}`)}</Text>
      {item.couples && <Text className={styles.quiet}>{t('couples')}</Text>}
      <Text size={200} className={styles.quiet}>
        {sides.map(([side, system, name]) => (
          <Fragment key={side}>
            {system}: {name ?? t('none')}
            <br />
          </Fragment>
        ))}
        {t(`directions.${item.direction}`)} · {t('row', { row: item.decisionRow })}
      </Text>
      {item.failure != null && (
        <MessageBar intent={item.action === 'FAIL' ? 'error' : 'warning'} layout="multiline">
          <MessageBarBody>
            <Text block>{item.failure.message}</Text>
            <Text block>{item.failure.remedy}</Text>
          </MessageBarBody>
        </MessageBar>
      )}
      {item.changes.length > 0 && (
        <ChangeTable
          columns={[t('columns.field'), t('columns.before'), t('columns.after')]}
          blank={t('blank')}
          rows={item.changes.map((change) => ({
            key: change.side + change.field,
            what: (
              <>
                {change.caption}
                <Text size={200} block className={styles.quiet}>
                  {change.side === 'LOCAL' ? localSystem.caption : integrationSystem.caption}
                </Text>
              </>
            ),
            before: change.beforeName ?? change.before,
            after: change.afterName ?? change.after,
          }))}
        />
      )}
      {item.couplingId != null && (
        <Link to={`/couplings/${item.couplingId}`} className={styles.link}>
          {t('openCoupling')}
        </Link>
      )}
    </div>
  )
}
