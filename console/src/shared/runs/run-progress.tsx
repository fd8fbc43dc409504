import {
  Card,
  Link,
  makeStyles,
  MessageBar,
  MessageBarBody,
  ProgressBar,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation, useSubscription } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../allowed-button.js'
import { InnerLink } from '../inner-link.js'
import { OutcomeBadge } from '../outcome-badge.js'
import { formatNumber } from '../quantity.js'
import { CancelRunDocument, RunProgressDocument, type RunProgressSubscription } from './generated/graphql.js'

export type RunSeen = RunProgressSubscription['runProgress']
type Pass = RunSeen['passes'][number]

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])

/** Whether a run does nothing more. */
export function hasEnded(status: string): boolean {
  return ENDED.has(status)
}

/** The counters that say what a pass has done, in the order in which people ask for them. */
const COUNTERS = [
  'inserted',
  'modified',
  'deleted',
  'coupled',
  'uncoupled',
  'unchanged',
  'ignored',
  'conflicts',
  'skipped',
  'failed',
] as const

const useStyles = makeStyles({
  // Beside a list that takes the height that is left, a card is cut off where it may shrink.
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, flexShrink: 0 },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  title: { flexGrow: 1 },
  pass: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    columnGap: tokens.spacingHorizontalL,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export interface RunProgressProps {
  readonly runId: string
  readonly title: string
  /** Called once, when the run has ended. */
  readonly onEnded?: (run: RunSeen['run']) => void
}

/** A run as it goes on: records done, rate and time left of each pass, and a way to stop it. */
export function RunProgress({ runId, title, onEnded }: RunProgressProps): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const [{ data, error }] = useSubscription({ query: RunProgressDocument, variables: { runId } })
  const [cancelling, cancel] = useMutation(CancelRunDocument)
  const seen = data?.runProgress.run.id === runId ? data.runProgress : undefined
  const failure = error ?? cancelling.error
  const told = useRef<string | null>(null)
  const ended = seen !== undefined && hasEnded(seen.run.status)
  const notWritten = (seen?.passes ?? []).reduce((sum, { job }) => sum + job.failed + job.conflicts, 0)
  useEffect(() => {
    if (!ended || told.current === runId) return
    told.current = runId
    onEnded?.(seen.run)
  }, [ended, onEnded, runId, seen])
  return (
    <Card className={styles.card} role="region" aria-label={title}>
      <div className={styles.head}>
        <Text as="h2" size={400} weight="semibold" className={styles.title}>
          {title}
        </Text>
        <span role="status">
          {seen === undefined ? <Spinner size="tiny" /> : <OutcomeBadge outcome={seen.run.status} />}
        </span>
        {seen?.run.temporalUrl != null && (
          <Link href={seen.run.temporalUrl} target="_blank" rel="noreferrer">
            {t('run.workflow')}
          </Link>
        )}
        {seen !== undefined && !ended && (
          <AllowedButton
            needs="OPERATOR"
            size="small"
            disabled={cancelling.fetching}
            onClick={() => void cancel({ id: runId })}
          >
            {t('run.cancel')}
          </AllowedButton>
        )}
      </div>
      {seen?.run.status === 'QUEUED' && <Text className={styles.quiet}>{t('run.queued')}</Text>}
      {seen?.passes.map((pass) => (
        <PassLine key={pass.job.id} pass={pass} />
      ))}
      {ended && seen.passes.length === 0 && <Text className={styles.quiet}>{t('run.nothing')}</Text>}
      {ended && notWritten > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {t('run.notWritten', { count: notWritten })}{' '}
            <InnerLink to={`/jobs/${runId}`}>{t('run.open')}</InnerLink>
          </MessageBarBody>
        </MessageBar>
      )}
      {seen?.run.message != null && (
        <MessageBar intent={seen.run.status === 'FAILED' ? 'error' : 'info'} layout="multiline">
          <MessageBarBody>{seen.run.message}</MessageBarBody>
        </MessageBar>
      )}
      {failure !== undefined && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{failureOf(failure).message}</MessageBarBody>
        </MessageBar>
      )}
    </Card>
  )
}

function PassLine({ pass }: { readonly pass: Pass }): ReactNode {
  const { t, i18n } = useTranslation()
  const styles = useStyles()
  const { job, done, total, rate, secondsLeft } = pass
  const number = (value: number): string => formatNumber(value, i18n.language, { maximumFractionDigits: 1 })
  const running = !hasEnded(job.status)
  const direction = t(`run.directions.${job.direction}`)
  const told = COUNTERS.filter((counter) => job[counter] > 0).map(
    (counter) => `${t(`run.counters.${counter}`)} ${number(job[counter])}`,
  )
  return (
    <div className={styles.pass}>
      <div className={styles.line}>
        <Text weight="semibold">{direction}</Text>
        <Text className={styles.quiet}>
          {total == null
            ? t('run.done', { done: number(done) })
            : t('run.doneOf', { done: number(done), total: number(total) })}
          {running && rate != null && ` · ${t('run.rate', { rate: number(rate) })}`}
          {running &&
            secondsLeft != null &&
            ` · ${t('run.left', { duration: durationOf(secondsLeft, i18n.language) })}`}
        </Text>
      </div>
      {running && (
        <ProgressBar
          aria-label={direction}
          thickness="large"
          {...(total == null || total === 0 ? {} : { value: Math.min(done, total), max: total })}
        />
      )}
      <Text size={200} className={styles.quiet}>
        {told.length === 0 ? t(running ? 'run.nothingYet' : 'run.nothingDone') : told.join(' · ')}
      </Text>
    </div>
  )
}

/** `3 min 20 sec`, as the language writes it. */
export function durationOf(seconds: number, language: string): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const rounded = Math.round(seconds)
  if (rounded < 60) return unit(rounded, 'second')
  if (rounded < 3_600) return `${unit(Math.floor(rounded / 60), 'minute')} ${unit(rounded % 60, 'second')}`
  return `${unit(Math.floor(rounded / 3_600), 'hour')} ${unit(Math.floor((rounded % 3_600) / 60), 'minute')}`
}
