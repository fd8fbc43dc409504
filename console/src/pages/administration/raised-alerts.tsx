import { Badge, Button, Checkbox, makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import { CheckmarkCircleRegular } from '@fluentui/react-icons'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSubscription } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useAction } from '../../shared/use-action.js'
import { usePages } from '../../shared/use-pages.js'
import { AcknowledgeAlertDocument, AlertsChangedDocument, AlertsDocument } from './generated/graphql.js'

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  alert: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
  },
  text: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    flexBasis: '300px',
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  well: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  good: { color: tokens.colorStatusSuccessForeground1, fontSize: '20px' },
})

/** Alerts that are open, and where asked for those that have recovered. */
export function RaisedAlerts(): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const { act, busy } = useAction()
  const [all, setAll] = useState(false)
  const pages = usePages({
    query: AlertsDocument,
    variables: { open: all ? null : true },
    connection: ({ alerts }) => alerts,
    pageSize: 50,
  })
  const { reload } = pages
  const [{ data: changed }] = useSubscription({ query: AlertsChangedDocument, variables: {} })
  useEffect(() => {
    if (changed !== undefined) reload()
    // What was told, not how the list is read.
  }, [changed])

  async function acknowledge(id: string): Promise<void> {
    const done = await act(AcknowledgeAlertDocument, { id }, { done: t('alerts.told') })
    if (done !== null) pages.reload()
  }

  return (
    <Panel
      title={t(all ? 'alerts.all' : 'alerts.open')}
      actions={
        <Checkbox
          label={t('alerts.showAll')}
          checked={all}
          onChange={(_event, { checked }) => setAll(checked === true)}
        />
      }
    >
      {pages.failure !== null && pages.rows.length === 0 ? (
        <ErrorState failure={pages.failure} retry={pages.reload} />
      ) : pages.rows.length === 0 ? (
        pages.loading ? (
          <LoadingState />
        ) : (
          <div className={styles.well}>
            <CheckmarkCircleRegular className={styles.good} aria-hidden="true" />
            <Text>{t(all ? 'alerts.noneAtAll' : 'alerts.none')}</Text>
          </div>
        )
      ) : (
        <ul className={styles.list}>
          {pages.rows.map((alert) => (
            <li key={alert.id} className={styles.alert}>
              <Badge appearance="tint" color={alert.recoveredAt == null ? 'danger' : 'success'}>
                {alert.rule == null ? t('alerts.rule') : t(`alerts.kinds.${alert.rule.kind}`)}
              </Badge>
              <div className={styles.text}>
                <Text weight="semibold">{alert.subject}</Text>
                <Text>{alert.message}</Text>
                <Text size={200} className={styles.quiet}>
                  {t('alerts.fired')} <Instant at={alert.firedAt} />
                  {alert.recoveredAt != null && (
                    <>
                      , {t('alerts.recovered')} <Instant at={alert.recoveredAt} />
                    </>
                  )}
                  {alert.acknowledgedBy != null &&
                    `, ${t('alerts.acknowledged', { by: alert.acknowledgedBy })}`}
                </Text>
              </div>
              {alert.recoveredAt == null && alert.acknowledgedAt == null && (
                <AllowedButton
                  needs="OPERATOR"
                  size="small"
                  disabled={busy}
                  onClick={() => void acknowledge(alert.id)}
                >
                  {t('alerts.acknowledge')}
                </AllowedButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <div>
          <Button onClick={pages.loadMore}>{t('alerts.all')}</Button>
        </div>
      )}
    </Panel>
  )
}
