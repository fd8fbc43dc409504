import { LineChart, type LineChartPoints } from '@fluentui/react-charts'
import {
  Field,
  makeStyles,
  Select,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { DataTrendingRegular } from '@fluentui/react-icons'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { CHART_MARGINS } from '../../shared/chart-margins.js'
import { Duration } from '../../shared/duration.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { linesOf, type Statistics } from './chart-lines.js'
import { StatisticsDocument } from './generated/graphql.js'
import { useMappings } from './use-runs-change.js'

const HOUR = 3_600_000
const SPANS = {
  day: { hours: 24, interval: 'HOUR' },
  week: { hours: 168, interval: 'HOUR' },
  month: { hours: 720, interval: 'DAY' },
} as const
type Span = keyof typeof SPANS

const useStyles = makeStyles({
  choices: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  chart: { width: '100%', height: '300px', position: 'relative', overflow: 'hidden' },
  hint: { color: tokens.colorNeutralForeground2 },
  scroll: { overflowX: 'auto' },
  table: { minWidth: '760px' },
})

/** Throughput and lag over time. Loaded when it is first shown: charts weigh more than all else of the page. */
export default function Charts(): ReactNode {
  const { t } = useTranslation(['jobs', 'console'])
  const styles = useStyles()
  const mappings = useMappings()
  const [span, setSpan] = useState<Span>('day')
  const [chosen, setChosen] = useState('')
  const { hours, interval } = SPANS[span]
  const time = useMemo(() => ({ from: new Date(Date.now() - hours * HOUR).toISOString() }), [hours])
  const mapping = mappings.find(({ id }) => id === chosen)
  const [{ data, error }, refetch] = useQuery({
    query: StatisticsDocument,
    variables: {
      interval,
      time,
      mapping: mapping?.name ?? null,
      connection: mapping?.connection.name ?? null,
    },
  })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters'], again)
  return (
    <>
      <div className={styles.choices}>
        <Field label={t('charts.span')}>
          <Select value={span} onChange={(_event, { value }) => setSpan(value as Span)}>
            {Object.keys(SPANS).map((one) => (
              <option key={one} value={one}>
                {t(`charts.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('charts.mapping')}>
          <Select value={chosen} onChange={(_event, { value }) => setChosen(value)}>
            <option value="">{t('console:filter.all')}</option>
            {mappings.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {data === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={again} />
        )
      ) : data.synchStatistics.length === 0 ? (
        <EmptyState title={t('charts.none')} icon={<DataTrendingRegular />} />
      ) : (
        <Shown
          statistics={data.synchStatistics}
          since={time.from}
          step={interval === 'HOUR' ? HOUR : 24 * HOUR}
        />
      )}
    </>
  )
}

interface ShownProps {
  readonly statistics: readonly Statistics[]
  readonly since: string
  /** Milliseconds of a span. */
  readonly step: number
}

function Shown({ statistics, since, step }: ShownProps): ReactNode {
  const { t } = useTranslation('jobs')
  const styles = useStyles()
  const throughput = useMemo(
    () => linesOf(statistics, since, step, ({ written }) => written, 0),
    [statistics, since, step],
  )
  const lag = useMemo(
    () =>
      linesOf(
        statistics,
        since,
        step,
        ({ longestLagSeconds }) => (longestLagSeconds == null ? null : longestLagSeconds / 60),
        null,
      ),
    [statistics, since, step],
  )
  return (
    <>
      <Chart title={t('charts.throughput')} hint={t('charts.throughputHint')} lines={throughput} />
      {lag.length > 0 && <Chart title={t('charts.lag')} hint={t('charts.lagHint')} lines={lag} />}
      <Panel title={t('charts.table')}>
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('charts.table')}>
          <Table size="small" className={styles.table} aria-label={t('charts.table')}>
            <TableHeader>
              <TableRow>
                {(
                  [
                    'from',
                    'mapping',
                    'written',
                    'unchanged',
                    'apart',
                    'jobs',
                    'failedJobs',
                    'lagColumn',
                  ] as const
                ).map((column) => (
                  <TableHeaderCell key={column}>{t(`charts.${column}`)}</TableHeaderCell>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              {statistics.toReversed().map((row) => (
                <TableRow key={`${row.from} ${row.mapping.id}`}>
                  <TableCell>
                    <Instant at={row.from} />
                  </TableCell>
                  <TableCell>{row.mapping.name}</TableCell>
                  <TableCell>
                    <Quantity value={row.written} />
                  </TableCell>
                  <TableCell>
                    <Quantity value={row.unchanged} />
                  </TableCell>
                  <TableCell>
                    <Quantity value={row.apart} />
                  </TableCell>
                  <TableCell>
                    <Quantity value={row.jobs} />
                  </TableCell>
                  <TableCell>
                    <Quantity value={row.failedJobs} />
                  </TableCell>
                  <TableCell>
                    <Duration seconds={row.longestLagSeconds ?? null} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      </Panel>
    </>
  )
}

interface ChartProps {
  readonly title: string
  readonly hint: string
  readonly lines: readonly LineChartPoints[]
}

function Chart({ title, hint, lines }: ChartProps): ReactNode {
  const { i18n } = useTranslation()
  const styles = useStyles()
  return (
    <Panel title={title}>
      <Text className={styles.hint}>{hint}</Text>
      <div className={styles.chart}>
        <LineChart
          culture={i18n.language}
          data={{ chartTitle: title, lineChartData: [...lines] }}
          height={300}
          yMinValue={0}
          margins={CHART_MARGINS}
          allowMultipleShapesForPoints
          enablePerfOptimization
          legendProps={{ canSelectMultipleLegends: true, allowFocusOnLegends: true }}
        />
      </div>
    </Panel>
  )
}
