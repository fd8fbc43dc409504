import { Card, Field, makeStyles, ProgressBar, Select, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { formatNumber } from '../../shared/quantity.js'
import { durationOf } from '../../shared/runs/run-progress.js'
import type { FullSynchAction, FullSynchReviewFragment } from './generated/graphql.js'
import { StatusBadge } from './status-badge.js'

type Line = FullSynchReviewFragment['lines'][number]

const ACTIONS = ['FULL', 'UNCONDITIONAL', 'COUPLE', 'NONE'] as const

const useStyles = makeStyles({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
  },
  line: {
    display: 'grid',
    gridTemplateColumns: 'minmax(180px, 3fr) minmax(150px, 3fr) minmax(200px, 3fr) minmax(130px, 2fr)',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    alignItems: 'center',
    '@media (max-width: 899px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  stack: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2 },
  badge: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
})

export function Lines({
  lines,
  editable,
  actions,
  onChoose,
}: {
  readonly lines: readonly Line[]
  readonly editable: boolean
  readonly actions: Readonly<Record<string, FullSynchAction>>
  onChoose(mapping: string, action: FullSynchAction): void
}): ReactNode {
  const { t, i18n } = useTranslation('full-synch')
  const styles = useStyles()
  const number = (value: number | null): string =>
    value === null ? t('unknown') : formatNumber(value, i18n.language)
  return (
    <ol className={styles.list}>
      {lines
        .toSorted((one, other) => one.position - other.position)
        .map((line) => (
          <li key={line.mapping.id}>
            <Card>
              <div className={styles.line}>
                <div className={styles.stack}>
                  <Text weight="semibold">{line.mapping.name}</Text>
                  <Text size={200} className={styles.quiet}>
                    {line.mapping.localTableCaption} – {line.mapping.integrationTableCaption}
                  </Text>
                  <Text size={200} className={styles.quiet}>
                    {line.dependsOn.length === 0
                      ? t('dependsOnNothing')
                      : t('dependsOn', { mappings: line.dependsOn.join(', ') })}
                  </Text>
                </div>
                <Text size={200} className={styles.quiet}>
                  {t('counts', {
                    local: number(line.localCount),
                    integration: number(line.integrationCount),
                    coupled: number(line.coupledCount),
                  })}
                </Text>
                <Field hint={t('recommended', { action: t(`action.${line.recommendation}`) })}>
                  <Select
                    aria-label={t('actionOf', { name: line.mapping.name })}
                    value={actions[line.mapping.name] ?? line.action}
                    disabled={!editable}
                    onChange={(_event, { value }) => onChoose(line.mapping.name, value as FullSynchAction)}
                  >
                    {ACTIONS.filter(
                      (action) => action !== 'UNCONDITIONAL' || line.mapping.direction !== 'BIDIRECTIONAL',
                    ).map((action) => (
                      <option key={action} value={action}>
                        {t(`action.${action}`)}
                      </option>
                    ))}
                  </Select>
                </Field>
                <Standing line={line} />
              </div>
            </Card>
          </li>
        ))}
    </ol>
  )
}

function Standing({ line }: { readonly line: Line }): ReactNode {
  const { t, i18n } = useTranslation('full-synch')
  const styles = useStyles()
  const { done, total, rate } = line.progress
  const running = line.status === 'RUNNING'
  return (
    <div className={styles.stack}>
      <span className={styles.badge}>
        <StatusBadge status={line.status} />
        {line.estimatedSeconds !== null && line.status === 'WAITING' && (
          <Text size={200} className={styles.quiet}>
            {t('about', { duration: durationOf(line.estimatedSeconds, i18n.language) })}
          </Text>
        )}
      </span>
      {running && (
        <ProgressBar
          aria-label={t('progressOf', { name: line.mapping.name })}
          {...(total === null || total === 0 ? {} : { value: Math.min(done, total), max: total })}
        />
      )}
      {(running || done > 0) && (
        <Text size={200} className={styles.quiet}>
          {total === null
            ? t('done', { done: formatNumber(done, i18n.language) })
            : t('doneOf', {
                done: formatNumber(done, i18n.language),
                total: formatNumber(total, i18n.language),
              })}
          {rate !== null &&
            running &&
            ` · ${t('rate', { rate: formatNumber(rate, i18n.language, { maximumFractionDigits: 1 }) })}`}
        </Text>
      )}
      {line.message != null && <Text size={200}>{line.message}</Text>}
    </div>
  )
}
