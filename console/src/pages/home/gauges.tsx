import { Field, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useSubscription } from 'urql'
import { failureOf } from '../../api/failure.js'
import { formatDuration } from '../../shared/duration.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { formatNumber } from '../../shared/quantity.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import {
  GaugesDocument,
  GaugeSystemsDocument,
  type GaugesSubscription,
  type GaugeSystemsQuery,
} from './generated/graphql.js'

type Gauge = GaugesSubscription['governorChanged'][number]

const useStyles = makeStyles({
  gauges: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
    gap: tokens.spacingHorizontalL,
  },
  head: { display: 'flex', flexDirection: 'column' },
  name: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  gauge: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
})

/** By origin: what the systems there are called, each with its connection where there are several. */
function systemsAt(connections: GaugeSystemsQuery['connections']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { name, localSystem, integrationSystem } of connections) {
    for (const { caption, settings } of [localSystem, integrationSystem]) {
      const url: unknown = settings['url']
      if (typeof url !== 'string' || !URL.canParse(url)) continue
      const { origin } = new URL(url)
      const called = connections.length === 1 ? caption : `${caption} (${name})`
      found.set(origin, [...(found.get(origin) ?? []), called])
    }
  }
  return found
}

const LIMITS = ['requests', 'executionMilliseconds', 'concurrency'] as const

/** What is used up of the limits of the systems, as it changes. */
export function Gauges(): ReactNode {
  const { t } = useTranslation('home')
  const styles = useStyles()
  const [{ data, error }] = useSubscription({ query: GaugesDocument, variables: {} })
  const [{ data: systems }] = useQuery({ query: GaugeSystemsDocument })
  const gauges = data?.governorChanged
  const names = systemsAt(systems?.connections ?? [])
  return (
    <Panel title={t('gauges.title')}>
      {gauges === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} />
        )
      ) : gauges.length === 0 ? (
        <Text>{t('gauges.none')}</Text>
      ) : (
        <div className={styles.gauges}>
          {gauges.map((gauge) => (
            <GaugeView
              key={`${gauge.endpoint} ${gauge.principal}`}
              gauge={gauge}
              names={names.get(gauge.endpoint) ?? []}
            />
          ))}
        </div>
      )}
    </Panel>
  )
}

interface GaugeViewProps {
  readonly gauge: Gauge
  /** What people call the system; more than one where connections share its address. */
  readonly names: readonly string[]
}

function GaugeView({ gauge, names }: GaugeViewProps): ReactNode {
  const { t, i18n } = useTranslation('home')
  const styles = useStyles()
  const number = (value: number): string => formatNumber(value, i18n.language, { maximumFractionDigits: 0 })
  const told = (name: (typeof LIMITS)[number], value: number): string =>
    name === 'executionMilliseconds' ? formatDuration(value / 1000, i18n.language) : number(value)
  const { host } = new URL(gauge.endpoint)
  const waiting = gauge.lanes.reduce((sum, lane) => sum + lane.waiting, 0)
  return (
    <div className={styles.gauge}>
      <div className={styles.head}>
        <Text as="h3" weight="semibold" className={styles.name}>
          {names.length === 0 ? host : names.join(', ')}
        </Text>
        <Text size={200} className={styles.quiet} title={t('gauges.principal', { who: gauge.principal })}>
          {names.length === 0 ? gauge.principal : host}
        </Text>
      </div>
      {LIMITS.map((name) => {
        const { used, limit } = gauge[name]
        if (limit == null)
          return <Text key={name}>{t(`gauges.${name}Unlimited`, { used: told(name, used) })}</Text>
        return (
          <Field
            key={name}
            label={t(`gauges.${name}`, { used: told(name, used), limit: told(name, limit) })}
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
