import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { DirectionMark } from './direction-mark.js'
import { mappingPath } from './mapping-path.js'
import type { ListedMapping } from './list.js'

const useStyles = makeStyles({
  stack: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXXS,
    paddingBlock: tokens.spacingVerticalS,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: {
    color: tokens.colorBrandForegroundLink,
    fontWeight: tokens.fontWeightSemibold,
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
  },
})

export function NameLink({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.stack}>
      <Link to={mappingPath(mapping.connection.name, mapping.name)} className={styles.link}>
        {mapping.name}
      </Link>
      <Text size={200} className={styles.quiet}>
        <Tables mapping={mapping} />
      </Text>
    </div>
  )
}

function Tables({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const styles = useStyles()
  return (
    <span className={styles.line}>
      {mapping.localTableCaption ?? mapping.localTable}
      <DirectionMark direction={mapping.direction} />
      {mapping.integrationTableCaption ?? mapping.integrationTable}
    </span>
  )
}

export function StateOf({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { connection, pausedAt, pausedBy, sleepsUntil, nextScheduledAt } = mapping
  if (connection.disabledAt != null)
    return (
      <Badge appearance="tint" color="warning">
        {t('state.disabled')}
      </Badge>
    )
  if (pausedAt != null || connection.pausedAt != null)
    return (
      <div className={styles.stack}>
        <span>
          <Badge appearance="tint" color="warning">
            {t(pausedAt == null ? 'state.connectionPaused' : 'state.paused')}
          </Badge>
        </span>
        <Text size={200} className={styles.quiet}>
          {pausedBy} <Instant at={pausedAt ?? connection.pausedAt} as="ago" />
        </Text>
      </div>
    )
  return (
    <div className={styles.stack}>
      <span>
        <Badge appearance="tint" color={sleepsUntil == null ? 'success' : 'informative'}>
          {t(sleepsUntil == null ? 'state.awake' : 'state.asleep')}
        </Badge>
      </span>
      {nextScheduledAt != null && (
        <Text size={200} className={styles.quiet}>
          {t(sleepsUntil == null ? 'state.next' : 'state.looks')} <Instant at={nextScheduledAt} as="ago" />
        </Text>
      )}
    </div>
  )
}

export function LastJobs({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if (mapping.lastJobs.length === 0) return <Text className={styles.quiet}>{t('noJobs')}</Text>
  return (
    <div className={styles.stack}>
      {mapping.lastJobs.map((job) => (
        <span key={job.id} className={styles.line}>
          <DirectionMark direction={job.direction} />
          <OutcomeBadge outcome={job.status} />
          <Text size={200} className={styles.quiet}>
            <Instant at={job.finish ?? job.start} as="ago" />
          </Text>
        </span>
      ))}
    </div>
  )
}

export function Watermarks({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const shown = [
    ['TO_INTEGRATION_TABLE', mapping.toWatermark],
    ['FROM_INTEGRATION_TABLE', mapping.fromWatermark],
  ] as const
  return (
    <div className={styles.stack}>
      {shown
        .filter(([direction]) => mapping.direction === 'BIDIRECTIONAL' || mapping.direction === direction)
        .map(([direction, at]) => (
          <span key={direction} className={styles.line}>
            <DirectionMark direction={direction} />
            <Text size={200}>
              <Instant at={at} as="ago" none={t('watermark.none')} />
            </Text>
          </span>
        ))}
    </div>
  )
}
