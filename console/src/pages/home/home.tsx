import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useCounters, useLive } from '../../api/live.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Page } from '../../shared/page.js'
import { Panel } from '../../shared/panel.js'
import { Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { apartOf, withCounters, type Mapping } from './agreement.js'
import { DeletionReviews } from './deletion-reviews.js'
import { Figure } from './figure.js'
import { Gauges } from './gauges.js'
import { HomeDocument, type HomeQuery } from './generated/graphql.js'
import { MappingTable } from './mapping-table.js'
import { SinceLastVisit } from './since-last-visit.js'

const Throughput = lazy(() => import('./throughput.js'))

const useStyles = makeStyles({
  figures: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 150px), 1fr))',
    gap: tokens.spacingHorizontalM,
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
          <Overview home={data} again={again} />
        )
      ) : error !== undefined ? (
        <ErrorState failure={failureOf(error)} retry={again} />
      ) : (
        <LoadingState />
      )}
    </Page>
  )
}

function Overview({ home, again }: { readonly home: HomeQuery; readonly again: () => void }): ReactNode {
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
      {home.deletionReviews.nodes.length > 0 && (
        <DeletionReviews reviews={home.deletionReviews.nodes} onDecided={again} />
      )}
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
