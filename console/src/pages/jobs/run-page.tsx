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
import { ArrowLeftRegular } from '@fluentui/react-icons'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { Duration } from '../../shared/duration.js'
import { Facts } from '../../shared/facts.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { Panel } from '../../shared/panel.js'
import { Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { RunDocument, type RunQuery } from './generated/graphql.js'
import { COUNTERS, secondsOf } from './job-columns.js'
import { PassBar } from './pass-bar.js'
import { RecordResults } from './record-results.js'
import { RunActions } from './run-actions.js'
import { RunErrors } from './run-errors.js'
import { isUnderWay, useRunProgress } from './use-run-progress.js'

type Run = NonNullable<RunQuery['synchRun']>

const useStyles = makeStyles({
  back: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  scroll: { overflowX: 'auto' },
  counters: { minWidth: '420px' },
  end: {
    textAlign: 'end',
    fontVariantNumeric: 'tabular-nums',
    '& .fui-TableHeaderCell__button': { justifyContent: 'flex-end' },
  },
})

export function RunPage(): ReactNode {
  const { t } = useTranslation('jobs')
  const styles = useStyles()
  const { runId = '' } = useParams()
  const [{ data, error }, refetch] = useQuery({ query: RunDocument, variables: { id: runId } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  const run = data?.synchRun
  const back = (
    <InnerLink to="/jobs" className={styles.back}>
      <ArrowLeftRegular aria-hidden="true" /> {t('actions.back')}
    </InnerLink>
  )
  if (run == null) {
    return (
      <Page title={t('title')} actions={back}>
        {error !== undefined ? (
          <ErrorState failure={failureOf(error)} retry={again} />
        ) : data === undefined ? (
          <LoadingState />
        ) : (
          <EmptyState title={t('run.gone')}>{t('run.goneHint')}</EmptyState>
        )}
      </Page>
    )
  }
  return (
    <Page
      title={t('run.title', { mapping: run.mapping.name })}
      lead={t('run.lead', {
        mode: t(`modes.${run.mode}`),
        kind: t(`kinds.${run.kind}`),
        by: run.requestedBy,
      })}
      actions={back}
    >
      <RunSoFar key={run.id} run={run} failed={data?.failed.totalCount ?? 0} again={again} />
    </Page>
  )
}

interface RunSoFarProps {
  readonly run: Run
  /** Open errors that another attempt may resolve. */
  readonly failed: number
  readonly again: () => void
}

function RunSoFar({ run, failed, again }: RunSoFarProps): ReactNode {
  const { t } = useTranslation('jobs')
  const progress = useRunProgress(run.id)
  const head = progress?.run ?? run
  const state = `${head.status} ${head.pausedAt ?? ''}`
  useEffect(() => {
    again()
    // The counters, errors and writes are read again when it comes to another state.
  }, [state])
  return (
    <>
      <Panel
        title={t('run.about')}
        badge={
          head.pausedAt == null || !isUnderWay(head.status) ? (
            <OutcomeBadge outcome={head.status} />
          ) : (
            <Badge appearance="tint" color="warning">
              {t('active.paused')}
            </Badge>
          )
        }
        actions={
          <RunActions
            run={head}
            failed={failed > 0 && run.jobs.some((job) => job.failed > 0)}
            onDone={again}
          />
        }
      >
        {isUnderWay(head.status) &&
          progress?.passes.map((pass) => (
            <PassBar
              key={pass.job.id}
              mapping={run.mapping.name}
              pass={pass}
              paused={head.pausedAt != null}
            />
          ))}
        <RunFacts run={run} />
      </Panel>
      {run.jobs.length > 0 && <Jobs run={run} />}
      {run.recordResults.length > 0 && <RecordResults results={run.recordResults} />}
      <RunErrors key={state} runId={run.id} />
    </>
  )
}

function RunFacts({ run }: { readonly run: Run }): ReactNode {
  const { t } = useTranslation('jobs')
  return (
    <Facts
      facts={[
        [
          t('run.mapping'),
          <InnerLink
            key="mapping"
            to={`/mappings/${encodeURIComponent(run.mapping.connection.name)}/${encodeURIComponent(run.mapping.name)}`}
          >
            {run.mapping.name}
          </InnerLink>,
        ],
        [t('run.version'), <Quantity key="version" value={run.mappingVersion} />],
        [t('run.direction'), t(`directions.${run.direction ?? 'BOTH'}`)],
        [t('run.requested'), <Instant key="requested" at={run.requestedAt} />],
        [t('run.started'), run.startedAt == null ? null : <Instant key="started" at={run.startedAt} />],
        [t('run.finished'), run.finishedAt == null ? null : <Instant key="finished" at={run.finishedAt} />],
        [
          t('run.duration'),
          run.finishedAt == null ? null : (
            <Duration
              key="duration"
              seconds={secondsOf({ start: run.startedAt ?? null, finish: run.finishedAt })}
            />
          ),
        ],
        [
          t('run.retryOf'),
          run.retryOf == null ? null : (
            <InnerLink key="retry" to={`/jobs/${run.retryOf.id}`}>
              {t('run.earlierRun')}
            </InnerLink>
          ),
        ],
        [
          t('run.written'),
          <InnerLink key="writes" to={`/history?run=${run.id}`}>
            <Quantity value={run.writes.totalCount} /> - {t('actions.writes')}
          </InnerLink>,
        ],
        [t('run.workflow'), run.workflowId],
        [t('run.message'), run.message],
      ]}
    />
  )
}

/** The counters of both passes side by side. */
function Jobs({ run }: { readonly run: Run }): ReactNode {
  const { t } = useTranslation('jobs')
  const styles = useStyles()
  const leftOut = run.jobs.flatMap(({ id, direction, ignoredByReason }) =>
    ignoredByReason.map(({ reason, count }) => ({ id: `${id} ${reason}`, direction, reason, count })),
  )
  return (
    <Panel title={t('run.jobs')}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('run.jobs')}>
        <Table size="small" aria-label={t('run.jobs')} className={styles.counters}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t('run.counter')}</TableHeaderCell>
              {run.jobs.map(({ id, direction }) => (
                <TableHeaderCell key={id} className={styles.end}>
                  {t(`directions.${direction}`)}
                </TableHeaderCell>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {COUNTERS.map((counter) => (
              <TableRow key={counter}>
                <TableCell>{t(`columns.${counter}`)}</TableCell>
                {run.jobs.map((job) => (
                  <TableCell key={job.id} className={styles.end}>
                    <Quantity value={job[counter]} />
                  </TableCell>
                ))}
              </TableRow>
            ))}
            <TableRow>
              <TableCell>{t('columns.duration')}</TableCell>
              {run.jobs.map((job) => (
                <TableCell key={job.id} className={styles.end}>
                  <Duration seconds={secondsOf(job)} />
                </TableCell>
              ))}
            </TableRow>
          </TableBody>
        </Table>
      </div>
      {leftOut.length > 0 && (
        <Facts
          facts={leftOut.map(({ id, direction, reason, count }) => [
            `${t(`ignored.${reason}`)} (${t(`directions.${direction}`)})`,
            <Quantity key={id} value={count} />,
          ])}
        />
      )}
      {run.jobs.some(({ message }) => message != null) && (
        <Facts facts={run.jobs.map(({ direction, message }) => [t(`directions.${direction}`), message])} />
      )}
    </Panel>
  )
}
