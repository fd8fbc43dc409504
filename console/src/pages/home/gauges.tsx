import { Field, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSubscription } from 'urql'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { formatNumber } from '../../shared/quantity.js'
import { GaugesDocument, type GaugesSubscription } from './generated/graphql.js'

type Gauge = GaugesSubscription['governorChanged'][number]

const useStyles = makeStyles({
  gauges: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
    gap: tokens.spacingHorizontalL,
  },
  gauge: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
})

const LIMITS = ['requests', 'executionMilliseconds', 'concurrency'] as const

/** What is used up of the limits of the systems, as it changes. */
export function Gauges(): ReactNode {
  const { t } = useTranslation('home')
  const styles = useStyles()
  const [{ data }] = useSubscription({ query: GaugesDocument, variables: {} })
  const gauges = data?.governorChanged ?? []
  return (
    <Panel title={t('gauges.title')}>
      {gauges.length === 0 ? (
        <Text>{t('gauges.none')}</Text>
      ) : (
        <div className={styles.gauges}>
          {gauges.map((gauge) => (
            <GaugeView key={`${gauge.endpoint} ${gauge.principal}`} gauge={gauge} />
          ))}
        </div>
      )}
    </Panel>
  )
}

function GaugeView({ gauge }: { readonly gauge: Gauge }): ReactNode {
  const { t, i18n } = useTranslation('home')
  const styles = useStyles()
  const number = (value: number): string => formatNumber(value, i18n.language, { maximumFractionDigits: 0 })
  const waiting = gauge.lanes.reduce((sum, lane) => sum + lane.waiting, 0)
  return (
    <div className={styles.gauge}>
      <Text weight="semibold">{new URL(gauge.endpoint).host}</Text>
      {LIMITS.map((name) => {
        const { used, limit } = gauge[name]
        if (limit == null)
          return <Text key={name}>{t(`gauges.${name}Unlimited`, { used: number(used) })}</Text>
        return (
          <Field
            key={name}
            label={t(`gauges.${name}`, { used: number(used), limit: number(limit) })}
            validationState="none"
          >
            <ProgressBar
              value={Math.min(1, used / limit)}
              color={used / limit > 0.9 ? 'error' : used / limit > 0.7 ? 'warning' : 'brand'}
              thickness="large"
            />
          </Field>
        )
      })}
      {waiting > 0 && <Text size={200}>{t('gauges.waiting', { count: waiting })}</Text>}
      {gauge.blockedUntil != null && (
        <Text size={200}>
          {t('gauges.blocked')} <Instant at={gauge.blockedUntil} as="ago" />
        </Text>
      )}
    </div>
  )
}
