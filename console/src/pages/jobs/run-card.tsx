import { Badge, makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { InnerLink } from '../../shared/inner-link.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import type { RunHeadFragment } from './generated/graphql.js'
import { PassBar } from './pass-bar.js'
import { RunActions } from './run-actions.js'
import { isUnderWay, useRunProgress } from './use-run-progress.js'

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusMedium,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  name: { flexGrow: 1, color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
})

export interface RunCardProps {
  readonly run: RunHeadFragment
  readonly onEnd: () => void
}

/** A run under way: how far it is, how fast, how long it will take; and what can be done with it. */
export function RunCard({ run: first, onEnd }: RunCardProps): ReactNode {
  const { t } = useTranslation('jobs')
  const styles = useStyles()
  const progress = useRunProgress(first.id)
  const run = progress?.run ?? first
  const ended = !isUnderWay(run.status)
  useEffect(() => {
    if (ended) onEnd()
    // Once, when it ends.
  }, [ended])
  return (
    <article className={styles.card} aria-label={t('run.title', { mapping: run.mapping.name })}>
      <div className={styles.head}>
        <InnerLink to={`/jobs/${run.id}`} className={styles.name}>
          {run.mapping.name}
        </InnerLink>
        <Text size={200}>{t(`modes.${run.mode}`)}</Text>
        {run.pausedAt == null ? (
          <OutcomeBadge outcome={run.status} />
        ) : (
          <Badge appearance="tint" color="warning">
            {t('active.paused')}
          </Badge>
        )}
      </div>
      {(progress?.passes ?? []).map((pass) => (
        <PassBar key={pass.job.id} mapping={run.mapping.name} pass={pass} paused={run.pausedAt != null} />
      ))}
      {run.status === 'QUEUED' && <Text size={200}>{t('active.waiting')}</Text>}
      <RunActions run={run} />
    </article>
  )
}
