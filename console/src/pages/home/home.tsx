import {
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  ProgressBar,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useCounters, useLive, type MappingCounters } from '../../api/live.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { Panel } from '../../shared/panel.js'
import { formatNumber, Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { Gauges } from './gauges.js'
import { HomeDocument, SinceDocument, type HomeQuery } from './generated/graphql.js'
import { lastVisit } from './last-visit.js'

const Throughput = lazy(() => import('./throughput.js'))

type Mapping = HomeQuery['integrationTableMappings'][number]

const useStyles = makeStyles({
  figures: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 190px), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  number: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
  },
  good: { color: tokens.colorStatusSuccessForeground1 },
  scroll: { overflowX: 'auto' },
  table: { minWidth: '760px' },
  share: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    paddingInlineEnd: tokens.spacingHorizontalM,
  },
  pair: {
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
    display: 'grid',
    gap: tokens.spacingHorizontalL,
    '@media (max-width: 1099px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  groups: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  group: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    overflowWrap: 'anywhere',
  },
})

/** Are the systems in agreement, and if not: what stands in the way? */
export default function Home(): ReactNode {
  const { t } = useTranslation('home')
  const [{ data, error }, refetch] = useQuery({ query: HomeDocument })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  return (
    <Page title={t('title')} lead={t('lead')}>
      {data !== undefined ? (
        data.integrationTableMappings.length === 0 ? (
          <EmptyState title={t('noMappings')}>
            <Text>{t('noMappingsHint')}</Text>
          </EmptyState>
        ) : (
          <Overview home={data} />
        )
      ) : error !== undefined ? (
        <ErrorState failure={failureOf(error)} retry={again} />
      ) : (
        <LoadingState />
      )}
    </Page>
  )
}

function Overview({ home }: { readonly home: HomeQuery }): ReactNode {
  const { t } = useTranslation('home')
  const styles = useStyles()
  const counters = useCounters()
  const mappings = home.integrationTableMappings.map((mapping) =>
    withCounters(mapping, counters.get(mapping.id)),
  )
  const sum = (of: (mapping: Mapping) => number): number =>
    mappings.reduce((total, one) => total + of(one), 0)
  const all = sum(({ couplings }) => couplings)
  const apart = sum(apartOf)
  const skipped = sum(({ skippedRecords }) => skippedRecords)
  const groups = home.errorGroups
  return (
    <>
      <SinceLastVisit />
      <div className={styles.figures}>
        <Figure title={t('figures.agreement')} good={apart === 0}>
          {all === 0 ? t('figures.noPairs') : <Quantity as="percent" value={(all - apart) / all} />}
        </Figure>
        <Figure title={t('figures.groups')} to="/errors" good={groups.totalCount === 0}>
          <Quantity value={groups.totalCount} />
        </Figure>
        <Figure title={t('figures.skipped')} to="/skipped" good={skipped === 0}>
          <Quantity value={skipped} />
        </Figure>
        <Figure title={t('figures.reviews')} good={home.deletionReviews.totalCount === 0}>
          <Quantity value={home.deletionReviews.totalCount} />
        </Figure>
      </div>
      <Panel title={t('mappings')}>
        <MappingTable mappings={mappings} />
      </Panel>
      <div className={styles.pair}>
        <Panel title={t('throughput.title')}>
          <Suspense fallback={<LoadingState />}>
            <Throughput />
          </Suspense>
        </Panel>
        <Panel title={t('groups.title')}>
          {groups.nodes.length === 0 ? (
            <Text>{t('groups.none')}</Text>
          ) : (
            <ul className={styles.groups}>
              {groups.nodes.map(({ id, message, openCount }) => (
                <li key={id} className={styles.group}>
                  <InnerLink to={`/errors/group/${id}`}>{message}</InnerLink>
                  <Quantity value={openCount} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
      <Gauges />
    </>
  )
}

/** As it is told live, where it was told already. */
function withCounters(mapping: Mapping, counters: MappingCounters | undefined): Mapping {
  if (counters === undefined) return mapping
  const { couplings, openErrors, skipped, pending } = counters
  return { ...mapping, couplings, openErrors, skippedRecords: skipped, pendingRecords: pending }
}

/** Pairs that are not known to agree: they wait for a person, or for the next run. */
function apartOf({ couplings, skippedRecords, pendingRecords }: Mapping): number {
  return Math.min(couplings, skippedRecords + pendingRecords)
}

interface FigureProps {
  readonly title: string
  /** Nothing is left to do. */
  readonly good: boolean
  readonly to?: string
  readonly children: ReactNode
}

function Figure({ title, good, to, children }: FigureProps): ReactNode {
  const styles = useStyles()
  return (
    <Panel title={title}>
      <span className={good ? `${styles.number} ${styles.good}` : styles.number}>
        {to === undefined ? (
          children
        ) : (
          <InnerLink to={to} className={styles.number} title={title}>
            {children}
          </InnerLink>
        )}
      </span>
    </Panel>
  )
}

function MappingTable({ mappings }: { readonly mappings: readonly Mapping[] }): ReactNode {
  const { t, i18n } = useTranslation('home')
  const styles = useStyles()
  const columns = ['name', 'agreement', 'couplings', 'openErrors', 'skipped', 'pending', 'lastRun'] as const
  return (
    // What scrolls has to be reached by keyboard.
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('mappings')}>
      <Table size="small" className={styles.table} aria-label={t('mappings')}>
        <TableHeader>
          <TableRow>
            {columns.map((column) => (
              <TableHeaderCell key={column}>{t(`columns.${column}`)}</TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {mappings.map((mapping) => {
            const { couplings } = mapping
            const share = couplings === 0 ? null : (couplings - apartOf(mapping)) / couplings
            return (
              <TableRow key={mapping.id}>
                <TableCell>
                  <InnerLink
                    to={`/mappings/${encodeURIComponent(mapping.connection.name)}/${encodeURIComponent(mapping.name)}`}
                  >
                    {mapping.name}
                  </InnerLink>
                </TableCell>
                <TableCell>
                  {share !== null && (
                    <div className={styles.share}>
                      <Quantity as="percent" value={share} />
                      <ProgressBar
                        value={share}
                        color={share === 1 ? 'success' : 'warning'}
                        thickness="large"
                        aria-label={t('shareOf', {
                          mapping: mapping.name,
                          share: formatNumber(share, i18n.language, { style: 'percent' }),
                        })}
                      />
                    </div>
                  )}
                </TableCell>
                <TableCell>
                  <Quantity value={couplings} />
                </TableCell>
                <TableCell>
                  <Count
                    of={mapping.openErrors}
                    to={`/errors?mapping=${encodeURIComponent(mapping.name)}`}
                    label={t('openErrorsOf', { mapping: mapping.name })}
                  />
                </TableCell>
                <TableCell>
                  <Count
                    of={mapping.skippedRecords}
                    to={`/skipped?mapping=${encodeURIComponent(mapping.name)}`}
                    label={t('skippedOf', { mapping: mapping.name })}
                  />
                </TableCell>
                <TableCell>
                  <Quantity value={mapping.pendingRecords} />
                </TableCell>
                <TableCell>
                  {mapping.lastRun != null && (
                    <>
                      <OutcomeBadge outcome={mapping.lastRun.status} />{' '}
                      <Instant at={mapping.lastRun.finishedAt} as="ago" />
                    </>
                  )}
                </TableCell>
              </TableRow>
            )
          })}
        </TableBody>
      </Table>
    </div>
  )
}

function Count({
  of,
  to,
  label,
}: {
  readonly of: number
  readonly to: string
  readonly label: string
}): ReactNode {
  if (of === 0) return <Quantity value={0} />
  return (
    <InnerLink to={to} title={label}>
      <Quantity value={of} />
    </InnerLink>
  )
}

/** What changed since whoever uses this browser was here last. */
function SinceLastVisit(): ReactNode {
  const { t, i18n } = useTranslation('home')
  const from = useMemo(() => lastVisit(new Date()), [])
  const [{ data }] = useQuery({ query: SinceDocument, variables: { from: from ?? '' }, pause: from === null })
  if (from === null || data === undefined) return null
  const number = (of: { readonly totalCount: number; readonly totalCountIsExact: boolean }): string =>
    `${formatNumber(of.totalCount, i18n.language)}${of.totalCountIsExact ? '' : '+'}`
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {t('since.title')} <Instant at={from} as="ago" />:
        </MessageBarTitle>
        {t('since.text', {
          writes: number(data.recordWrites),
          errors: number(data.integrationSynchErrors),
          skipped: number(data.skippedSynchRecords),
        })}
      </MessageBarBody>
    </MessageBar>
  )
}
