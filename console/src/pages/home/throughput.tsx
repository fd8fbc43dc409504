import { DataVizPalette, getColorFromToken, LineChart } from '@fluentui/react-charts'
import { makeStyles, Text } from '@fluentui/react-components'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { useLive } from '../../api/live.js'
import { CHART_MARGINS } from '../../shared/chart-margins.js'
import { failureOf } from '../../api/failure.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useIsDark } from '../../shell/preferences.js'
import { ThroughputDocument } from './generated/graphql.js'

const HOUR = 3_600_000
const HOURS = 24

const useStyles = makeStyles({
  chart: { width: '100%', height: '240px', position: 'relative', overflow: 'hidden' },
})

/** What was written by the hour, and the longest lag, over the last day. Loaded by itself: charts weigh more than the whole page. */
export default function Throughput(): ReactNode {
  const { t, i18n } = useTranslation('home')
  const styles = useStyles()
  const isDark = useIsDark()
  const time = useMemo(() => ({ from: new Date(Date.now() - HOURS * HOUR).toISOString() }), [])
  const [{ data, error }, refetch] = useQuery({ query: ThroughputDocument, variables: { time } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters'], again)
  if (data === undefined) {
    return error === undefined ? <LoadingState /> : <ErrorState failure={failureOf(error)} retry={again} />
  }
  if (data.synchStatistics.length === 0) return <Text>{t('throughput.none')}</Text>
  const first = Math.floor(Date.parse(time.from) / HOUR) * HOUR
  const hours = Array.from({ length: HOURS + 1 }, (_, index) => first + index * HOUR)
  const rowsAt = (at: number) => data.synchStatistics.filter(({ from }) => Date.parse(from) === at)
  const written = hours.map((at) => ({
    x: new Date(at),
    y: rowsAt(at).reduce((sum, row) => sum + row.written, 0),
  }))
  const lag = hours.flatMap((at) => {
    const lags = rowsAt(at).flatMap(({ longestLagSeconds }) => longestLagSeconds ?? [])
    return lags.length === 0 ? [] : [{ x: new Date(at), y: Math.round(Math.max(...lags) / 6) / 10 }]
  })
  const lines = [
    {
      legend: t('throughput.written'),
      data: written,
      color: getColorFromToken(DataVizPalette.color1, isDark),
    },
    ...(lag.length === 0
      ? []
      : [
          { legend: t('throughput.lag'), data: lag, color: getColorFromToken(DataVizPalette.color2, isDark) },
        ]),
  ]
  return (
    <div className={styles.chart}>
      <LineChart
        culture={i18n.language}
        customDateTimeFormatter={(at) =>
          at.toLocaleString(i18n.language, { weekday: 'short', hour: 'numeric' })
        }
        data={{ chartTitle: t('throughput.title'), lineChartData: lines }}
        height={240}
        yMinValue={0}
        margins={CHART_MARGINS}
        legendProps={{ canSelectMultipleLegends: true, allowFocusOnLegends: true }}
      />
    </div>
  )
}
