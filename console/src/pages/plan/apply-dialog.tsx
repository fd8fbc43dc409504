import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { formatNumber } from '../../shared/quantity.js'
import { useNotify } from '../../shared/toasts.js'
import { ApplyPlanDocument, type PlanAction } from './generated/graphql.js'
import type { Plan } from './plan-page.js'

/** What writes something. */
export const WRITES: ReadonlySet<PlanAction> = new Set(['CREATE', 'UPDATE', 'DELETE', 'COUPLE', 'UNCOUPLE'])

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** Carries the plan out by its hash: exactly what was looked at, with deletions confirmed by themselves. */
export function ApplyDialog({
  plan,
  onClose,
  onApplied,
}: {
  readonly plan: Plan
  readonly onClose: () => void
  readonly onApplied: () => void
}): ReactNode {
  const { t, i18n } = useTranslation('plan')
  const styles = useStyles()
  const notify = useNotify()
  const [confirmed, setConfirmed] = useState(false)
  const [, apply] = useMutation(ApplyPlanDocument)
  const deletions = plan.counts.find(({ action }) => action === 'DELETE')?.count ?? 0
  const writes = plan.counts.filter(({ action }) => WRITES.has(action))
  const number = (value: number): string => formatNumber(value, i18n.language)
  return (
    <ConfirmDialog
      open
      title={t('applyTitle', { name: plan.mapping.name })}
      confirm={t('apply', { count: writes.reduce((sum, { count }) => sum + count, 0) })}
      disabled={deletions > 0 && !confirmed}
      onClose={onClose}
      onConfirm={async () => {
        const { error } = await apply({ id: plan.id, hash: plan.hash ?? '', allowDeletions: confirmed })
        if (error !== undefined) notify({ intent: 'error', title: failureOf(error).message })
        onClose()
        onApplied()
      }}
    >
      <div className={styles.content}>
        <Text>{t('applyText')}</Text>
        <ul style={{ margin: 0 }}>
          {writes.map(({ action, count }) => (
            <li key={action}>
              {t(`actions.${action}`)} {number(count)}
            </li>
          ))}
        </ul>
        <Text className={styles.quiet}>{t('applyLeft')}</Text>
        {deletions > 0 && (
          <Checkbox
            label={t('confirmDeletions', { count: deletions })}
            checked={confirmed}
            onChange={(_event, { checked }) => setConfirmed(checked === true)}
          />
        )}
      </div>
    </ConfirmDialog>
  )
}
